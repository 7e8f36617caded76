"""The core's entries: hearings, and the due days of open periods, obligations and suggestions, as the member may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from core.cases.states import HearingStatus, PeriodKind
from core.cases.vocabulary import HearingMode
from core.db.session import TenantReadSession
from core.feeds.entries import MOST, FeedEntry, Window
from core.identity.permissions import HEARINGS_READ, OBLIGATIONS_READ, PERIODS_READ, SUGGESTIONS_READ

# Hearings are found by the agencies' side of them, which has the day and the indexes of every scope.
_HEARINGS = text("""
select distinct on (a.held_on, h.id) h.id, h.held_on as day, h.starts_at, h.place, h.mode, h.status, h.version, a.code,
       c.number_text, c.organ_reference, t.name_zh as court
  from appearance a
  join hearing h on h.shard = a.shard and h.id = a.hearing_id
  join case_shell c on c.shard = h.shard and c.id = h.case_id
  left join court t on t.code = c.court_code
 where a.shard = :shard and a.held_on between :first and :last
 order by a.held_on, h.id limit :most
""")
_DUE = """
select p.id, p.{day} as day, p.version, p.code, {kind} as kind, c.number_text, c.organ_reference, t.name_zh as court
  from {table} p
  left join case_shell c on c.shard = p.shard and c.id = p.case_id
  left join court t on t.code = c.court_code
 where p.shard = :shard and p.status = 'OPEN' and p.{day} between :first and :last
 order by p.{day}, p.id limit :most
"""
_PERIODS = text(_DUE.format(table="period", day="due_on", kind="p.kind"))
_OBLIGATIONS = text(_DUE.format(table="obligation", day="due_on", kind="null::text"))
_SUGGESTIONS = text(_DUE.format(table="suggestion", day="reply_due_on", kind="null::text"))
_DUE_DAYS: Final[Mapping[str, tuple[Any, str, str]]] = {
    PERIODS_READ.name: (_PERIODS, "period", ""),
    OBLIGATIONS_READ.name: (_OBLIGATIONS, "obligation", "履行义务期限"),
    SUGGESTIONS_READ.name: (_SUGGESTIONS, "suggestion", "建议回复期限"),
}


async def core_entries(session: TenantReadSession, window: Window, permissions: frozenset[str]) -> Sequence[FeedEntry]:
    """What the member may see under the session's scope, by what their role may read."""
    given = {"shard": session.scope.shard, "first": window.first, "last": window.last, "most": MOST}
    found: list[FeedEntry] = []
    if HEARINGS_READ.name in permissions:
        found += [_hearing(row) for row in await session.rows(_HEARINGS, given)]
    for permission, (statement, what, label) in _DUE_DAYS.items():
        if permission in permissions:
            found += [_due(row, what, label) for row in await session.rows(statement, given)]
    return found


def _number(row: Row[Any]) -> str:
    return row.number_text or row.organ_reference or "（无案号）"


def _hearing(row: Row[Any]) -> FeedEntry:
    mode = HearingMode[row.mode].zh if row.mode in HearingMode.__members__ else None
    return FeedEntry(
        uid=f"core-hearing-{row.id}",
        row_id=row.id,
        code=row.code,
        day=row.day,
        starts_at=row.starts_at,
        title=f"开庭：{_number(row)}",
        place=row.place,
        notes=tuple(one for one in (row.court, mode) if one),
        sequence=row.version - 1,
        cancelled=row.status == HearingStatus.CANCELLED.value,
    )


def _due(row: Row[Any], what: str, label: str) -> FeedEntry:
    kind = PeriodKind[row.kind].zh if row.kind in PeriodKind.__members__ else label
    return FeedEntry(
        uid=f"core-{what}-{row.id}",
        row_id=row.id,
        code=row.code,
        day=row.day,
        title=f"{kind}届满：{_number(row)}",
        notes=(row.court,) if row.court else (),
        sequence=row.version - 1,
    )
