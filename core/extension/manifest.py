"""What a plugin says of itself, and the declared things that it brings beside its tables and its part of the schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from core.acting import Event, Subscriber

NAME = re.compile(r"[a-z][a-z_]{1,30}[a-z]")
"""A plugin's name: it prefixes tables and jobs, labels a migration branch and stands in the schema's lists."""
RESERVED = frozenset({"core", "schema", "plugins", "public"})


class PluginError(Exception):
    """A plugin that cannot be used; the message names it, and its distribution where that is known. Raised at start."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """插件清单: who a plugin is. What it does is told by its other hooks.

    `name` is the name of its entry point. `requires` names plugins without which it makes no sense: it is not loaded without
    them, and effective only where they are. `migrations` is the folder of its Alembic revisions, None if it has no table.
    """

    name: str
    version: str
    zh: str
    en: str
    description: str
    requires: tuple[str, ...] = ()
    migrations: Path | None = None

    def __post_init__(self) -> None:
        """`PluginError` for a name, a label or a folder that cannot be right."""
        if not NAME.fullmatch(self.name) or self.name in RESERVED:
            raise PluginError(f"{self.name!r} is no plugin's name: 3 to 32 lower-case letters and underscores")
        if not (self.version and self.zh.strip() and self.en.strip() and self.description.strip()):
            raise PluginError(f"plugin {self.name} needs a version, a Chinese and an English label and a description")
        if self.name in self.requires:
            raise PluginError(f"plugin {self.name} requires itself")
        if self.migrations is not None and not self.migrations.is_dir():
            raise PluginError(f"plugin {self.name}: there is no migrations folder {self.migrations}")


@dataclass(frozen=True, slots=True)
class Subscription:
    """订阅: a reaction to a domain event, inside the transaction of the act that caused it.

    `event` is the event's class, or the name of an event that another plugin emits. The reaction is not called for rows of a
    tenant that has not enabled the plugin.

    With `of_city`, the reaction is called wherever the plugin is installed, in the scope of the whole city: an event of a case
    concerns each of its agencies, also one whom the author of the act cannot see. It asks `enabled_at` for each row that
    it writes.
    """

    event: type[Event] | str
    react: Subscriber
    of_city: bool = False

    @property
    def event_name(self) -> str:
        """The name that the event is stored and dispatched by."""
        return self.event if isinstance(self.event, str) else self.event.__name__
