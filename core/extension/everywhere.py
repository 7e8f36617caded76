"""Where in all cities a plugin is effective, and with which settings: for jobs of the system that work set by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Generic

from sqlalchemy import Row, select

from core.db.session import SystemSession
from core.extension.enablement import effective_everywhere
from core.extension.records import said_of
from core.extension.settings import S, SettingsInvalid, SettingsVersion, read_settings
from core.extension.tables import PluginEnablement, PluginSetting


@dataclass(frozen=True, slots=True)
class Area:
    """A range of codes of one city in which a plugin is effective, and when anything was last said of it there."""

    shard: int
    low: int
    high: int
    since: datetime


async def enabled_areas(session: SystemSession, plugin: str, requires: Mapping[str, Iterable[str]]) -> list[Area]:
    """Every area in which a plugin, and all that it requires, is effective. An area ends where what was said differs."""
    row = PluginEnablement
    found = await session.rows(
        select(row.shard, row.plugin, row.code, row.high, row.policy, row.choice, row.changed_at).order_by(row.shard)
    )
    by_shard: dict[int, list[Row[Any]]] = defaultdict(list)
    for one in found:
        by_shard[one.shard].append(one)
    return [area for shard, said in by_shard.items() for area in _areas(shard, plugin, said, requires)]


def _areas(shard: int, plugin: str, said: list[Row[Any]], requires: Mapping[str, Iterable[str]]) -> Iterable[Area]:
    spoken = said_of(shard, [(one.plugin, one.code, one.high, one.policy, one.choice) for one in said])
    root = int(str(shard).ljust(9, "0"))
    low = min(root, *(one.code for one in said))
    high = max(root + 10 ** (9 - len(str(shard))), *(one.high for one in said))
    own = [one for one in said if one.plugin == plugin]
    for start, end in effective_everywhere(spoken, requires, low, high)[plugin]:
        inside = {edge for one in own for edge in (one.code, one.high) if start < edge < end}
        cuts = [start, *sorted(inside), end]
        for first, after in pairwise(cuts):
            since = max(one.changed_at for one in own if one.code <= first < one.high)
            yield Area(shard, first, after, since)


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
