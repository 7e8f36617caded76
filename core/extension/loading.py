"""From entry points to plugins: find, import, ask every hook once. What cannot be used is an error that names its distribution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from core.extension import hookspecs
from core.extension.hookspecs import PROJECT
from core.extension.manifest import Manifest, PluginError, Subscription
from core.extension.settings import PluginSettings
from core.feeds.entries import FeedSource
from core.identity.permissions import Permission
from core.jobs.job import Job, Schedule
from core.notifications.channel import Channel
from core.notifications.declared import NotificationKind
from schema.declared.types import Contribution

GROUP = "yingsu.plugins"
BUILT_IN = "yingsu"
"""The distribution that the built-in plugins come with: our own."""
HOOKS = (
    "manifest",
    "tables",
    "graphql",
    "permissions",
    "settings",
    "subscriptions",
    "jobs",
    "schedules",
    "notifications",
    "channels",
    "feeds",
)


@dataclass(frozen=True, slots=True)
class Plugin:
    """A loaded plugin: who it is, where it comes from, and what its hooks answered."""

    manifest: Manifest
    distribution: str
    tables: tuple[type[Any], ...] = ()
    contribution: Contribution | None = None
    permissions: tuple[Permission, ...] = ()
    settings: type[PluginSettings] | None = None
    subscriptions: tuple[Subscription, ...] = ()
    jobs: tuple[Job, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    notifications: tuple[NotificationKind, ...] = ()
    channels: tuple[Channel, ...] = ()
    feeds: tuple[FeedSource, ...] = ()

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.manifest.name


@dataclass(frozen=True, slots=True)
class Found:
    """An imported plugin module, not yet asked anything."""

    name: str
    distribution: str
    module: Any


def installed() -> list[Found]:
    """Every plugin that is installed beside us, imported; built-in and foreign alike."""
    return [_import(point) for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value))]


def _import(point: EntryPoint) -> Found:
    distribution = point.dist.name if point.dist is not None else point.value
    try:
        module = point.load()
    except Exception as error:
        raise PluginError(f"plugin {point.name} of {distribution} cannot be imported: {error!r}") from error
    return Found(point.name, distribution, module)


def load(found: Iterable[Found]) -> list[Plugin]:
    """Ask every hook of every plugin, in the order of their names."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    sources: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: (one.name, one.distribution)):
        if one.name in sources:
            raise PluginError(
                f"two plugins are called {one.name}: of {sources[one.name].distribution} and of {one.distribution}"
            )
        sources[one.name] = one
        _register(manager, one)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        broken = next((one for one in sources.values() if one.module is error.plugin), None)
        named = f"plugin {broken.name} of {broken.distribution}" if broken else "a plugin"
        raise PluginError(f"{named} implements a hook that does not exist: {error}") from error
    return [_ask(manager, one) for one in sources.values()]


def _register(manager: pluggy.PluginManager, found: Found) -> None:
    try:
        manager.register(found.module, name=found.name)
    except (pluggy.PluginValidationError, ValueError) as error:
        raise PluginError(f"plugin {found.name} of {found.distribution} cannot be registered: {error}") from error


def _ask(manager: pluggy.PluginManager, found: Found) -> Plugin:
    who = f"plugin {found.name} of {found.distribution}"
    answers: dict[str, Any] = {}
    for hook in HOOKS:
        caller = getattr(manager.hook, f"yingsu_{hook}")
        implementation = next((each for each in caller.get_hookimpls() if each.plugin_name == found.name), None)
        if implementation is None:
            continue
        try:
            answers[hook] = implementation.function()
        except Exception as error:
            raise PluginError(f"{who}: its hook yingsu_{hook} failed: {error}") from error
    manifest = answers.get("manifest")
    if not isinstance(manifest, Manifest):
        raise PluginError(f"{who} gives no Manifest")
    if manifest.name != found.name:
        raise PluginError(f"{who} calls itself {manifest.name} in its manifest")
    return Plugin(
        manifest=manifest,
        distribution=found.distribution,
        tables=_each(who, "tables", answers, type),
        contribution=_one(who, "graphql", answers, Contribution),
        permissions=_each(who, "permissions", answers, Permission),
        settings=_model(who, answers),
        subscriptions=_each(who, "subscriptions", answers, Subscription),
        jobs=_each(who, "jobs", answers, Job),
        schedules=_each(who, "schedules", answers, Schedule),
        notifications=_each(who, "notifications", answers, NotificationKind),
        channels=_each(who, "channels", answers, Channel),
        feeds=_each(who, "feeds", answers, FeedSource),
    )


def _each(who: str, hook: str, answers: dict[str, Any], kind: type[Any]) -> tuple[Any, ...]:
    answer = answers.get(hook, ())
    if not isinstance(answer, Sequence) or not all(isinstance(item, kind) for item in answer):
        raise PluginError(f"{who}: its hook yingsu_{hook} answers a sequence of {kind.__name__}")
    return tuple(answer)


def _one(who: str, hook: str, answers: dict[str, Any], kind: type[Any]) -> Any:
    answer = answers.get(hook)
    if answer is not None and not isinstance(answer, kind):
        raise PluginError(f"{who}: its hook yingsu_{hook} answers one {kind.__name__}")
    return answer


def _model(who: str, answers: dict[str, Any]) -> type[PluginSettings] | None:
    model = answers.get("settings")
    if model is None:
        return None
    if not (isinstance(model, type) and issubclass(model, PluginSettings)):
        raise PluginError(f"{who}: its hook yingsu_settings answers a class derived from PluginSettings")
    return model
