"""Every plugin that is installed, checked against the core and against each other; and what the house takes from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from pydantic import ValidationError
from sqlalchemy import Table

from core.acting import Subscriber
from core.db.branches import MigrationBranch
from core.extension.cache import EnablementCache
from core.extension.guard import guarded_act, guarded_subscriber
from core.extension.loading import Found, Plugin, installed, load
from core.extension.manifest import PluginError
from core.extension.settings import PluginSettings
from core.extension.table_rules import table_faults
from core.feeds.entries import FeedSource
from core.identity.permissions import CORE_PERMISSIONS, Permission, PermissionClash, PermissionRegistry
from core.jobs.job import Job, Schedule
from core.notifications.channel import Channel
from core.notifications.declared import NotificationKind
from schema.declared.types import Contribution


class Registry:
    """The plugins of a process, by name. `PluginError` names what is wrong, and both plugins where two clash."""

    def __init__(self, plugins: Iterable[Plugin] = ()) -> None:
        self.plugins: dict[str, Plugin] = {one.name: one for one in sorted(plugins, key=lambda one: one.name)}
        self.requires: dict[str, tuple[str, ...]] = {
            name: plugin.manifest.requires for name, plugin in self.plugins.items()
        }
        self._check_requirements()
        for plugin in self.plugins.values():
            _check_alone(plugin)
        self._check_clashes()
        self._subscribers: dict[frozenset[str], Mapping[str, Sequence[Subscriber]]] = {}

    @classmethod
    def load(cls, found: Iterable[Found] | None = None) -> Self:
        """The registry of what is installed, or of given modules (tests)."""
        return cls(load(installed() if found is None else found))

    # -- what the house takes ------------------------------------------------------------------------------------------

    def contributions(self) -> tuple[Contribution, ...]:
        """What plugins put into the schema; their acts refuse where the plugin is not enabled."""
        return tuple(
            replace(part, acts=tuple(guarded_act(name, act, self.requires) for act in part.acts))
            for name, part in self._parts().items()
        )

    def permissions(self) -> dict[str, tuple[Permission, ...]]:
        """What each plugin declares, by its name."""
        return {name: plugin.permissions for name, plugin in self.plugins.items()}

    def migration_branches(self) -> tuple[MigrationBranch, ...]:
        """The folders of the plugins' revisions, one branch each."""
        return tuple(
            MigrationBranch(name, plugin.manifest.migrations)
            for name, plugin in self.plugins.items()
            if plugin.manifest.migrations is not None
        )

    def subscribers(self, enabled: frozenset[str]) -> Mapping[str, Sequence[Subscriber]]:
        """By event name, the reactions of enabled plugins, and those of a whole city, in the order of the plugins' names."""
        if enabled not in self._subscribers:
            by_event: dict[str, list[Subscriber]] = {}
            for name, plugin in self.plugins.items():
                for one in plugin.subscriptions:
                    if name in enabled or one.of_city:
                        react = guarded_subscriber(name, one, self.requires)
                        by_event.setdefault(one.event_name, []).append(react)
            self._subscribers[enabled] = by_event
        return self._subscribers[enabled]

    def settings_model(self, name: str) -> type[PluginSettings] | None:
        """The settings model of a plugin; None if it has none, or is not installed."""
        plugin = self.plugins.get(name)
        return plugin.settings if plugin else None

    def jobs(self) -> dict[str, Job]:
        """Every job, by name."""
        return {job.name: job for plugin in self.plugins.values() for job in plugin.jobs}

    def schedules(self) -> tuple[Schedule, ...]:
        """Every schedule."""
        return tuple(schedule for plugin in self.plugins.values() for schedule in plugin.schedules)

    def notifications(self) -> dict[str, NotificationKind]:
        """Every kind of message that plugins declare, by name."""
        return {kind.name: kind for plugin in self.plugins.values() for kind in plugin.notifications}

    def channels(self) -> dict[str, Channel]:
        """Every channel that plugins bring, by name."""
        return {channel.name: channel for plugin in self.plugins.values() for channel in plugin.channels}

    def feeds(self) -> tuple[FeedSource, ...]:
        """What plugins add to members' calendars."""
        return tuple(source for plugin in self.plugins.values() for source in plugin.feeds)

    def enablement(self) -> EnablementCache:
        """What tells a request which of these plugins its viewer has; make one per process."""
        return EnablementCache(self.requires)

    # -- checks --------------------------------------------------------------------------------------------------------

    def _parts(self) -> dict[str, Contribution]:
        return {name: one.contribution for name, one in self.plugins.items() if one.contribution is not None}

    def _check_requirements(self) -> None:
        for name, required in self.requires.items():
            for other in required:
                if other not in self.plugins:
                    raise PluginError(f"plugin {name} requires {other}, which is not installed")
        for name in self.plugins:
            _refuse_cycle(name, self.requires, ())

    def _check_clashes(self) -> None:
        _unique(self.plugins, "mutation", lambda one: [act.name for act in _acts(one)])
        _unique(self.plugins, "field", _field_names)
        _unique(self.plugins, "type", _type_names)
        _unique(self.plugins, "table", lambda one: [table.name for table in _tables(one)])
        _unique(self.plugins, "job", lambda one: [job.name for job in one.jobs])
        try:
            known = PermissionRegistry.of({"core": CORE_PERMISSIONS, **self.permissions()})
        except PermissionClash as clash:
            raise PluginError(f"permission {clash}") from None
        for plugin in self.plugins.values():
            for act in _acts(plugin):
                if act.permission not in known:
                    raise PluginError(f"plugin {plugin.name}: {act.name} needs {act.permission}, which nobody declares")


def _acts(plugin: Plugin) -> tuple[Any, ...]:
    return plugin.contribution.acts if plugin.contribution else ()


def _tables(plugin: Plugin) -> list[Table]:
    return [one.__table__ for one in plugin.tables]


def _type_names(plugin: Plugin) -> list[str]:
    part = plugin.contribution
    if part is None:
        return []
    return [
        *(node.name for node in part.nodes),
        *(enum.__name__ for enum in part.enums),
        *(act.refusals.__name__ for act in part.acts),
        *(act.given.__name__ for act in part.acts),
        *(told.type_name for told in part.subscriptions.values()),
        *(told.kinds.__name__ for told in part.subscriptions.values()),
    ]


def _field_names(plugin: Plugin) -> list[str]:
    part = plugin.contribution
    if part is None:
        return []
    added = [f"{extension.type_name}.{name}" for extension in part.extensions for name in extension.fields]
    told = [f"Subscription.{name}" for name in part.subscriptions]
    return [*added, *(f"Query.{name}" for name in part.queries), *told]


def _unique(plugins: Mapping[str, Plugin], what: str, names: Callable[[Plugin], Iterable[str]]) -> None:
    owners: dict[str, Plugin] = {}
    for plugin in plugins.values():
        for name in names(plugin):
            other = owners.setdefault(name, plugin)
            if other is not plugin:
                raise PluginError(
                    f"{what} {name} is declared by {other.name} (of {other.distribution})"
                    f" and by {plugin.name} (of {plugin.distribution})"
                )


def _refuse_cycle(name: str, requires: Mapping[str, Iterable[str]], path: tuple[str, ...]) -> None:
    if name in path:
        raise PluginError(f"plugins require each other: {' -> '.join((*path, name))}")
    for other in requires[name]:
        _refuse_cycle(other, requires, (*path, name))


def _check_alone(plugin: Plugin) -> None:
    """What is wrong with a plugin whatever else is installed."""
    who = f"plugin {plugin.name} of {plugin.distribution}"
    for cls in plugin.tables:
        table: Table | None = getattr(cls, "__table__", None)
        if table is None:
            raise PluginError(f"{who}: {cls.__name__} is no declarative class")
        if table.name != plugin.name and not table.name.startswith(f"{plugin.name}_"):
            raise PluginError(f"{who}: its table {table.name} is not prefixed with {plugin.name}_")
        for fault in table_faults(table):
            raise PluginError(f"{who}: {fault}")
    if plugin.tables and plugin.manifest.migrations is None:
        raise PluginError(f"{who} has tables and no migrations")
    if plugin.contribution is not None and plugin.contribution.owner != plugin.name:
        raise PluginError(f"{who} contributes to the schema in the name of {plugin.contribution.owner}")
    for act in _acts(plugin):
        guarded_act(plugin.name, act, {})
    _check_settings(plugin, who)
    _check_jobs(plugin, who)
    _check_notifications(plugin, who)


def _check_settings(plugin: Plugin, who: str) -> None:
    model = plugin.settings
    if model is None:
        return
    if getattr(model, "plugin", None) != plugin.name:
        raise PluginError(f"{who}: its settings model must say plugin = {plugin.name!r}")
    try:
        model()
    except ValidationError as error:
        raise PluginError(f"{who}: its settings have no valid default: {error}") from None


def _check_jobs(plugin: Plugin, who: str) -> None:
    names = {job.name for job in plugin.jobs}
    for name in names:
        if not name.startswith(f"{plugin.name}."):
            raise PluginError(f"{who}: its job {name} must be called {plugin.name}.<what>")
    for schedule in plugin.schedules:
        if schedule.job.name not in names:
            raise PluginError(f"{who} schedules {schedule.job.name}, which is no job of its own")


def _check_notifications(plugin: Plugin, who: str) -> None:
    for what, names in (
        ("kind of message", [kind.name for kind in plugin.notifications]),
        ("channel", [channel.name for channel in plugin.channels]),
        ("source of a feed", [source.name for source in plugin.feeds]),
    ):
        for name in names:
            if not name.startswith(f"{plugin.name}."):
                raise PluginError(f"{who}: its {what} {name} must be called {plugin.name}.<what>")
            if names.count(name) > 1:
                raise PluginError(f"{who} declares the {what} {name} twice")
