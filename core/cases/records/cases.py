"""Cases and responses: attaching, the first visible response, links, and what shared reference data knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Row, bindparam, exists, func, select, text, union_all
from sqlalchemy.dialects.postgresql import insert

from core.cases.tables import CaseLink, CaseShell, Hearing, Holding, Judgment, Party, Response
from core.db.session import TenantSession
from core.reference.tables import Cause, Court

_ATTACH = text(
    "select case_id, response_id, created from case_attach(:agency, :court, :year, :special, :type, :serial, :text,"
    " :as_written, :organ_reference, :kind, :compensation, :form, :cause, :act_number, :filed_on, :received_on, :dispute,"
    " :now)"
).bindparams(bindparam("now", type_=DateTime(timezone=True)))


async def attach(session: TenantSession, values: Mapping[str, Any]) -> Row[Any]:
    """Find or make the shell and add the response: (case_id, response_id, created). Refuses with SQLSTATE YS001."""
    found = await session.row(_ATTACH, values)
    if found is None:
        raise LookupError("case_attach answered nothing")
    return found


async def one_at_a_time(session: TenantSession, *key: object) -> None:
    """Wait here for whoever does the same thing at this moment, until the transaction ends."""
    name = "/".join(map(str, (session.scope.shard, *key)))
    await session.scalar(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def cause_exists(session: TenantSession, code: str) -> bool:
    """Whether the code is a cause (案由)."""
    return bool(await session.scalar(select(exists().where(Cause.code == code))))


async def court_exists(session: TenantSession, code: str) -> bool:
    """Whether the code is a court's."""
    return bool(await session.scalar(select(exists().where(Court.code == code))))


async def first_response(session: TenantSession, case_id: UUID) -> Row[Any] | None:
    """The first response of the case in the session's scope."""
    return await session.row(
        select(Response.__table__)
        .where(Response.shard == session.scope.shard, Response.case_id == case_id)
        .order_by(Response.ordinal)
        .limit(1)
    )


async def responses(session: TenantSession, case_id: UUID) -> list[Row[Any]]:
    """The responses of the case in the session's scope, first respondent first."""
    return list(
        await session.rows(
            select(Response.__table__)
            .where(Response.shard == session.scope.shard, Response.case_id == case_id)
            .order_by(Response.ordinal)
        )
    )


async def respondents(session: TenantSession, case_id: UUID) -> int:
    """How many agencies answer the case, also those that the session does not see: each is a party of the shell."""
    return int(
        await session.scalar(
            select(func.count()).where(
                Party.shard == session.scope.shard, Party.case_id == case_id, Party.agency_id.is_not(None)
            )
        )
    )


async def same_reference(
    session: TenantSession, agency_id: UUID, kind: str, reference: str, filed_on: date
) -> UUID | None:
    """A response of the agency in a procedure of this kind, with this reference of an organ, filed on this day."""
    return await session.scalar(  # type: ignore[no-any-return]
        select(Response.id)
        .join(CaseShell, (CaseShell.shard == Response.shard) & (CaseShell.id == Response.case_id))
        .where(
            Response.shard == session.scope.shard,
            Response.agency_id == agency_id,
            Response.filed_on == filed_on,
            Response.procedure_kind == kind,
            CaseShell.organ_reference == reference,
        )
    )


async def next_ordinal(session: TenantSession, case_id: UUID, side: str) -> int:
    """The next place among the parties of one side."""
    return int(
        await session.scalar(
            select(func.coalesce(func.max(Party.ordinal) + 1, 0)).where(
                Party.shard == session.scope.shard, Party.case_id == case_id, Party.side == side
            )
        )
    )


async def link(session: TenantSession, from_case: UUID, to_case: UUID, kind: str) -> UUID | None:
    """Link two cases; None if they are linked in this way already."""
    return await session.scalar(  # type: ignore[no-any-return]
        insert(CaseLink)
        .values(shard=session.scope.shard, from_case_id=from_case, to_case_id=to_case, kind=kind)
        .on_conflict_do_nothing(index_elements=["shard", "from_case_id", "to_case_id", "kind"])
        .returning(CaseLink.id)
    )


async def linked_cases(session: TenantSession, case_id: UUID, kinds: frozenset[str]) -> list[Row[Any]]:
    """Cases that follow from this one by a link of these kinds, as far as the session sees them."""
    return list(
        await session.rows(
            select(CaseShell.__table__)
            .join(CaseLink, (CaseLink.shard == CaseShell.shard) & (CaseLink.to_case_id == CaseShell.id))
            .where(
                CaseLink.shard == session.scope.shard,
                CaseLink.from_case_id == case_id,
                CaseLink.kind.in_(sorted(kinds)),
            )
        )
    )


async def earlier_verdicts(session: TenantSession, case_id: UUID, agency_id: UUID) -> list[bool]:
    """Whether the agency lost in the visible procedures that this case follows from, where that is stated."""
    found = await session.rows(
        select(Response.lost)
        .join(CaseLink, (CaseLink.shard == Response.shard) & (CaseLink.from_case_id == Response.case_id))
        .where(
            CaseLink.shard == session.scope.shard,
            CaseLink.to_case_id == case_id,
            Response.agency_id == agency_id,
            Response.lost.is_not(None),
        )
        .order_by(Response.filed_on.desc())
    )
    return [row.lost for row in found]


async def earliest_fact(session: TenantSession, case_id: UUID) -> date | None:
    """The earliest day of the case's hearings, judgments and receipts: it cannot have been filed after it."""
    shard = session.scope.shard
    days = union_all(
        select(Hearing.held_on.label("on_day")).where(Hearing.shard == shard, Hearing.case_id == case_id),
        select(Judgment.decided_on).where(Judgment.shard == shard, Judgment.case_id == case_id),
        select(Response.received_on).where(Response.shard == shard, Response.case_id == case_id),
    ).subquery()
    return await session.scalar(select(func.min(days.c.on_day)))  # type: ignore[no-any-return]


async def has_holding(session: TenantSession, response_id: UUID) -> bool:
    """Whether a judgment's holding on the response is stated."""
    stated = exists().where(
        Holding.shard == session.scope.shard, Holding.response_id == response_id, Holding.outcome.is_not(None)
    )
    return bool(await session.scalar(select(stated)))
