"""Hearings, appearances and judgments of a case."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, select

from core.cases.states import HearingStatus
from core.cases.tables import Appearance, Hearing, Holding, Judgment
from core.db.session import TenantSession


async def next_sequence(session: TenantSession, case_id: UUID) -> int:
    """The next number among the hearings of a case, from 1; the case must be locked."""
    return int(
        await session.scalar(
            select(func.coalesce(func.max(Hearing.sequence), 0) + 1).where(
                Hearing.shard == session.scope.shard, Hearing.case_id == case_id
            )
        )
    )


async def taken(session: TenantSession, case_id: UUID, day: date, starts_at: time | None) -> bool:
    """Whether the case has a hearing at this time that is not cancelled."""
    same = exists().where(
        Hearing.shard == session.scope.shard,
        Hearing.case_id == case_id,
        Hearing.held_on == day,
        Hearing.starts_at.is_not_distinct_from(starts_at),
        Hearing.status != HearingStatus.CANCELLED.value,
    )
    return bool(await session.scalar(select(same)))


async def appearance(session: TenantSession, hearing_id: UUID, response_id: UUID) -> Row[Any] | None:
    """The agency's row for a hearing, locked. The hearing made it, or the response if it came later."""
    return await session.row(
        select(Appearance.__table__)
        .where(
            Appearance.shard == session.scope.shard,
            Appearance.hearing_id == hearing_id,
            Appearance.response_id == response_id,
        )
        .with_for_update()
    )


async def holding(session: TenantSession, judgment_id: UUID, response_id: UUID) -> Row[Any] | None:
    """The agency's row for a judgment, locked. The judgment made it, or the response if it came later."""
    return await session.row(
        select(Holding.__table__)
        .where(
            Holding.shard == session.scope.shard,
            Holding.judgment_id == judgment_id,
            Holding.response_id == response_id,
        )
        .with_for_update()
    )


async def same_judgment(
    session: TenantSession, case_id: UUID, kind: str, decided_on: date, number_text: str | None
) -> bool:
    """Whether the case has a judgment of this kind, day and number."""
    same = exists().where(
        Judgment.shard == session.scope.shard,
        Judgment.case_id == case_id,
        Judgment.kind == kind,
        Judgment.decided_on == decided_on,
        Judgment.number_text.is_not_distinct_from(number_text),
    )
    return bool(await session.scalar(select(same)))


async def later_holding(session: TenantSession, response_id: UUID, decided_on: date, holding_id: UUID) -> bool:
    """Whether a later judgment has its holding on the response stated."""
    later = exists().where(
        Holding.shard == session.scope.shard,
        Holding.response_id == response_id,
        Holding.decided_on > decided_on,
        Holding.outcome.is_not(None),
        Holding.id != holding_id,
    )
    return bool(await session.scalar(select(later)))
