"""Where in all cities a plugin is effective, and with which settings: for jobs of the system that work set by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Generic
from uuid import UUID

from sqlalchemy import Row, select

from core.audit.tables import AuditEntry
from core.db.session import SystemSession
from core.extension.enablement import Choice, Policy
from core.extension.records import root_code
from core.extension.settings import S, SettingsInvalid, SettingsVersion, read_settings
from core.extension.since import Statement, enabled_since
from core.extension.tables import PluginEnablement, PluginSetting

ACTS: Final = ("pluginChoose", "pluginSetPolicy")


@dataclass(frozen=True, slots=True)
class Area:
    """A range of codes of one city in which a plugin is effective, and since when without a break.

    `away` is since when it had not been effective before that; None where it never was before.
    """

    shard: int
    low: int
    high: int
    since: datetime
    away: datetime | None = None


async def enabled_areas(session: SystemSession, plugin: str, requires: Mapping[str, Iterable[str]]) -> list[Area]:
    """Every area in which a plugin, and all that it requires, is effective. An area ends where its beginning differs."""
    row, entry = PluginEnablement, AuditEntry
    found = await session.rows(
        select(row.id, row.shard, row.plugin, row.code, row.high, row.policy, row.choice, row.changed_at)
    )
    # One look into the trail for each row, by the index of its subjects.
    changes = await session.rows(
        select(row.id, entry.at, entry.before, entry.after)
        .join(entry, (entry.shard == row.shard) & (entry.subject_id == row.id) & entry.act.in_(ACTS))
        .order_by(entry.at, entry.id)
    )
    by_row: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for one in changes:
        by_row[one.id].append(one)
    by_shard: dict[int, list[Statement]] = defaultdict(list)
    for one in found:
        by_shard[one.shard].extend(_statements(one, by_row[one.id]))
    return [area for shard, said in sorted(by_shard.items()) for area in _areas(shard, plugin, said, requires)]


def _statements(row: Row[Any], changes: list[Row[Any]]) -> Iterable[Statement]:
    """What a tenant's row has said in turn; only what it says now where nobody has recorded how that came about."""
    whole = (row.plugin, row.code, row.high)
    stands = {"policy": row.policy, "choice": row.choice}
    recorded = {"policy": Policy.ALLOWED.value, "choice": Choice.INHERIT.value}
    if changes:
        recorded |= {name: value for name, value in (changes[0].before or {}).items() if name in recorded}
    for one in changes:
        recorded |= {name: value for name, value in (one.after or {}).items() if name in recorded}
        yield Statement(one.at, *whole, Policy[recorded["policy"]], Choice[recorded["choice"]])
    if recorded != stands or not changes:
        yield Statement(row.changed_at, *whole, Policy[row.policy], Choice[row.choice])


def _areas(shard: int, plugin: str, said: list[Statement], requires: Mapping[str, Iterable[str]]) -> Iterable[Area]:
    root = root_code(shard)
    low = min(root, *(one.low for one in said))
    high = max(root + 10 ** (9 - len(str(shard))), *(one.high for one in said))
    for one in enabled_since(shard, said, plugin, requires, (low, high)):
        yield Area(shard, one.low, one.high, one.since, one.away)


@dataclass(slots=True)
class SettingsBook(Generic[S]):
    """The settings of a plugin in every tenant on a day. A stored version that does not fit the model gives the defaults."""

    model: type[S]
    on_day: date
    versions: Mapping[int, list[SettingsVersion]]
    _known: dict[tuple[int, int], S] = field(default_factory=dict)

    def of(self, shard: int, code: int) -> S:
        """The settings of the tenant `code`."""
        versions = self.versions.get(shard, [])
        if not versions:
            return self._of(shard, 0, [])
        return self._of(shard, code, versions)

    def _of(self, shard: int, code: int, versions: list[SettingsVersion]) -> S:
        known = self._known.get((shard, code))
        if known is None:
            try:
                known = read_settings(self.model, versions, code, self.on_day)
            except SettingsInvalid:
                known = self.model()
            self._known[shard, code] = known
        return known


async def settings_everywhere(session: SystemSession, model: type[S], on_day: date) -> SettingsBook[S]:
    """A plugin's settings on a day, in all cities."""
    row = PluginSetting
    found = await session.rows(
        select(row.shard, row.code, row.high, row.version, row.valid_from, row.data).where(row.plugin == model.plugin)
    )
    versions: dict[int, list[SettingsVersion]] = defaultdict(list)
    for one in found:
        versions[one.shard].append(SettingsVersion(one.code, one.high, one.version, one.valid_from, one.data))
    return SettingsBook(model, on_day, versions)
