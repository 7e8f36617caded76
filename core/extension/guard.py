"""A plugin acts only where it is enabled: its acts are refused PLUGIN_NOT_ENABLED elsewhere, its subscriptions are silent.

Both hang on what every act does anyway: it records itself on a row, and events have a row as their subject. The tenant code
of that row decides. So no author has to remember the check; an act that records nothing is an error of its author.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from core.acting import ActContext, Event, Subject, Subscriber
from core.db.session import ReadSession
from core.errors import ActRefused
from core.extension.enablement import effective_everywhere
from core.extension.manifest import PluginError, Subscription
from core.extension.records import said_at
from core.labels import Labelled
from schema.act import Act

NOT_ENABLED = "PLUGIN_NOT_ENABLED"
"""The refusal code that every act of a plugin must have."""


async def is_enabled(
    session: ReadSession, shard: int, plugin: str, code: int, requires: Mapping[str, Iterable[str]]
) -> bool:
    """Whether a plugin, and all that it requires, is effective for the tenant `code`."""
    said = await said_at(session, shard, code)
    return bool(effective_everywhere(said, requires, code, code + 1)[plugin])


@dataclass(slots=True)
class PluginActContext(ActContext):
    """The context of a plugin's act: what it records, and the events that it emits, are checked."""

    plugin: str = ""
    refusal: Labelled | None = None
    requires: Mapping[str, Iterable[str]] = field(default_factory=dict)
    recorded: bool = False

    async def require_enabled(self, code: int) -> None:
        """Refuse the act where its plugin is not effective for the tenant `code`."""
        if await is_enabled(self.session, self.shard, self.plugin, code, self.requires):
            return
        if self.refusal is None:
            raise PluginError(f"an act of {self.plugin} has no {NOT_ENABLED} to refuse with")
        raise ActRefused(self.refusal, f"The tenant has not enabled {self.plugin}", f"该地区未启用插件 {self.plugin}")

    async def record(
        self,
        act: str,
        subject: Subject,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        """Write the audit entry, where the plugin is enabled for the subject's tenant."""
        await self.require_enabled(subject.code)
        self.recorded = True
        await ActContext.record(self, act, subject, before=before, after=after, reason=reason)

    async def emit(self, event: Event) -> None:
        """Emit an event, where the plugin is enabled for its subject's tenant."""
        await self.require_enabled(event.subject.code)
        await ActContext.emit(self, event)


@dataclass(slots=True)
class CityContext(ActContext):
    """The context of a reaction in the scope of the whole city."""

    plugin: str = ""
    requires: Mapping[str, Iterable[str]] = field(default_factory=dict)


async def enabled_at(context: ActContext, code: int) -> bool:
    """Whether the plugin that reacts, or acts, is effective for the tenant `code`."""
    if not isinstance(context, CityContext | PluginActContext):
        raise PluginError("enabled_at is asked in an act or a reaction of a plugin")
    return await is_enabled(context.session, context.shard, context.plugin, code, context.requires)


async def require_enabled(context: ActContext, code: int) -> None:
    """Refuse a plugin's act early, before it does any work, where the plugin is not effective for the tenant `code`.

    Raises `ActRefused` with the act's own PLUGIN_NOT_ENABLED. Without it the act is refused when it records itself.
    """
    if not isinstance(context, PluginActContext):
        raise PluginError("require_enabled is asked in an act of a plugin")
    await context.require_enabled(code)


def guarded_act(plugin: str, act: Act, requires: Mapping[str, Iterable[str]]) -> Act:
    """The same act, refused where its plugin is not enabled. `PluginError` if its refusals lack PLUGIN_NOT_ENABLED."""
    refusal = act.refusals.__members__.get(NOT_ENABLED)
    if refusal is None:
        raise PluginError(f"plugin {plugin}: the refusals of {act.name} lack {NOT_ENABLED}")

    async def perform(context: ActContext, given: Any) -> Any:
        base = {each.name: getattr(context, each.name) for each in fields(ActContext)}
        checked = PluginActContext(**base, plugin=plugin, refusal=refusal, requires=requires)
        done = await act.perform(checked, given)
        if not checked.recorded:
            raise PluginError(f"{act.name} of {plugin} changed state without recording itself")
        return done

    return replace(act, perform=perform)


def guarded_subscriber(plugin: str, subscription: Subscription, requires: Mapping[str, Iterable[str]]) -> Subscriber:
    """The same reaction, silent for rows of a tenant that has not enabled the plugin."""

    async def react(context: ActContext, event: Event) -> None:
        if await is_enabled(context.session, context.shard, plugin, event.subject.code, requires):
            await subscription.react(context, event)

    async def react_in_city(context: ActContext, event: Event) -> None:
        async with context.session.of_city() as session:
            base = {each.name: getattr(context, each.name) for each in fields(ActContext)} | {"session": session}
            await subscription.react(CityContext(**base, plugin=plugin, requires=requires), event)

    return react_in_city if subscription.of_city else react
