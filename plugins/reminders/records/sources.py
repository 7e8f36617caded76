"""The core's rows that obligations hang on: read only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, func, select

from core.sdk.acts import TenantSession
from core.sdk.tables import CaseShell, Document, Hearing, Holding, Judgment, Period, Response

_RESPONSE = cast("Table", Response.__table__)
_HEARING = cast("Table", Hearing.__table__)
_PERIOD = cast("Table", Period.__table__)
_EFFECTIVE_DOCUMENTS = ("EFFECTIVE_DOC", "EFFECTIVE_DOC_PERF")


async def responses_of_case(session: TenantSession, case_id: UUID) -> Sequence[Row[Any]]:
    """The case's agencies' parts, first respondent first."""
    columns = _RESPONSE.c
    statement = select(_RESPONSE).where(columns.shard == session.scope.shard, columns.case_id == case_id)
    return await session.rows(statement.order_by(columns.ordinal))


async def number_of(session: TenantSession, case_id: UUID | None) -> str | None:
    """案号, or the organ's own reference; None without a case, or where it has neither yet."""
    if case_id is None:
        return None
    number = func.coalesce(CaseShell.number_text, CaseShell.organ_reference)
    statement = select(number).where(CaseShell.shard == session.scope.shard, CaseShell.id == case_id)
    return cast("str | None", await session.scalar(statement))


async def hearings_to_come(session: TenantSession, case_id: UUID, today: date) -> Sequence[Row[Any]]:
    """The hearings of a case that are scheduled for today or later."""
    columns = _HEARING.c
    statement = select(_HEARING).where(
        columns.shard == session.scope.shard,
        columns.case_id == case_id,
        columns.status == "SCHEDULED",
        columns.held_on >= today,
    )
    return await session.rows(statement.order_by(columns.held_on, columns.id))


async def running_periods(session: TenantSession, case_id: UUID) -> Sequence[Row[Any]]:
    """The periods of a case that run."""
    columns = _PERIOD.c
    statement = select(_PERIOD).where(
        columns.shard == session.scope.shard, columns.case_id == case_id, columns.status == "OPEN"
    )
    return await session.rows(statement.order_by(columns.due_on, columns.id))


async def lost_holdings(session: TenantSession, judgment_id: UUID) -> Sequence[Row[Any]]:
    """The agencies that lost by a judgment that is in effect: (holding's owner columns, effective_on)."""
    statement = (
        select(
            Holding.shard,
            Holding.code,
            Holding.agency_id,
            Holding.case_id,
            Holding.response_id,
            Judgment.effective_on,
        )
        .join(Judgment, (Judgment.shard == Holding.shard) & (Judgment.id == Holding.judgment_id))
        .where(
            Holding.shard == session.scope.shard,
            Holding.judgment_id == judgment_id,
            Holding.lost.is_(True),
            Judgment.effective_on.is_not(None),
        )
    )
    return await session.rows(statement.order_by(Holding.id))


async def effective_document_received_on(session: TenantSession, response_id: UUID, since: date) -> date | None:
    """When the agency received the document in effect, if that is registered: the earliest since the day of effect."""
    statement = select(func.min(Document.received_on)).where(
        Document.shard == session.scope.shard,
        Document.response_id == response_id,
        Document.doc_type.in_(_EFFECTIVE_DOCUMENTS),
        Document.received_on >= since,
    )
    return cast("date | None", await session.scalar(statement))
