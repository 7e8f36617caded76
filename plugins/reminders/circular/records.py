"""The SQL of circulars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Executable, Row, func, select, text, update

from core.sdk.acts import TenantSession
from core.sdk.tables import Tenant
from plugins.reminders.circular.publication import Month
from plugins.reminders.circular.tables import (
    Circular,
    CircularCorrection,
    CircularFile,
    CircularLine,
    CircularMiss,
)
from plugins.reminders.circular.vocabulary import CircularState

OWN_AGENCIES: Final = "市直单位"
"""What the city's own agencies are called among the districts."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the one statement of a snapshot has written."""

    lines: int
    misses: int
    corrections: int


@cache
def _frozen() -> Executable:
    return text(files("plugins.reminders.circular").joinpath("frozen.sql").read_text(encoding="utf-8"))


async def take_snapshot(
    session: TenantSession,
    circular_id: UUID,
    month: Month,
    known_at: datetime,
    enabled: tuple[tuple[int, int], ...],
) -> Snapshot:
    """Add to a draft all that it says, by one statement in the city's own scope."""
    given = {
        "shard": session.scope.shard,
        "code": session.scope.code,
        "circular": circular_id,
        "first": month.first,
        "last": month.last,
        "over_at": month.over_at,
        "known_at": known_at,
        "lows": [low for low, _ in enabled],
        "highs": [high for _, high in enabled],
        "own": OWN_AGENCIES,
    }
    row = await session.row(_frozen(), given)
    if row is None:
        raise LookupError("a statement that counts answers one row")
    return Snapshot(row.lines, row.misses, row.corrections)


async def newest_published(session: TenantSession) -> Month | None:
    """The last month whose circular is published."""
    newest: date | None = await session.scalar(
        select(func.max(Circular.month)).where(*_own(session), Circular.state == CircularState.PUBLISHED.value)
    )
    return None if newest is None else Month(newest)


async def draft_of(session: TenantSession, month: Month) -> Row[Any] | None:
    """The draft of a month, locked until the act ends."""
    return await session.row(
        select(Circular.__table__)
        .where(*_own(session), Circular.month == month.first, Circular.state == CircularState.DRAFT.value)
        .with_for_update()
    )


async def supersede(session: TenantSession, month: Month) -> None:
    """Put the draft of a month aside, if there is one."""
    await session.execute(
        update(Circular)
        .where(*_own(session), Circular.month == month.first, Circular.state == CircularState.DRAFT.value)
        .values(state=CircularState.SUPERSEDED.value, version=Circular.version + 1)
    )


async def next_serial(session: TenantSession, series: str, year: int) -> int:
    """The next number of a year's series; that two take the same one is refused by a unique key."""
    last: int | None = await session.scalar(
        select(func.max(Circular.number_serial)).where(
            *_own(session), Circular.number_series == series, Circular.number_year == year
        )
    )
    return (last or 0) + 1


async def city_name(session: TenantSession) -> str:
    """The name of the session's tenant."""
    return cast("str", await session.scalar(select(Tenant.name_zh).where(Tenant.code == session.scope.code)))


async def figures_by(session: TenantSession, circular_id: UUID, *columns: str) -> list[Row[Any]]:
    """The lines of an issue summed by some of their columns, in the order of codes and names."""
    table = CircularLine.__table__.c
    keys = [table[name] for name in columns]
    sums = [
        func.sum(table[name]).label(name)
        for name in ("due", "void", "on_time", "late", "missed", "open", "was_missed", "remedied")
    ]
    statement = select(*keys, *sums).where(table.shard == session.scope.shard, table.circular_id == circular_id)
    return list(await session.rows(statement.group_by(*keys).order_by(*keys)))


async def misses(session: TenantSession, circular_id: UUID) -> list[Row[Any]]:
    """Who is listed in an issue."""
    table = CircularMiss.__table__.c
    return list(
        await session.rows(
            select(CircularMiss.__table__)
            .where(table.shard == session.scope.shard, table.circular_id == circular_id)
            .order_by(table.district_code, table.agency_name, table.violation_on, table.kind, table.subject_id)
        )
    )


async def corrections(session: TenantSession, circular_id: UUID) -> list[Row[Any]]:
    """What an issue corrects."""
    table = CircularCorrection.__table__.c
    order = (table.month, table.district_code, table.agency_name, table.agency_id, table.kind, table.measure)
    return list(
        await session.rows(
            select(CircularCorrection.__table__)
            .where(table.shard == session.scope.shard, table.circular_id == circular_id)
            .order_by(*order)
        )
    )


async def file_of(session: TenantSession, circular_id: UUID, file_format: str) -> Row[Any] | None:
    """The file of an issue in a format."""
    table = CircularFile.__table__.c
    return await session.row(
        select(CircularFile.__table__).where(
            table.shard == session.scope.shard, table.circular_id == circular_id, table.format == file_format
        )
    )


def _own(session: TenantSession) -> tuple[Any, ...]:
    return Circular.shard == session.scope.shard, Circular.code == session.scope.code


def published_values(series: str, year: int, serial: int, number: str) -> Mapping[str, Any]:
    """The columns of a number."""
    return {"number_series": series, "number_year": year, "number_serial": serial, "number_text": number}
