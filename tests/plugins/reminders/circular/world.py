"""Duties as rows: what `figures.Duty` says, written into the tables that the statement of a snapshot reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from core.cases.tables import Document
from core.db.session import Database, SystemSession
from plugins.reminders.circular.figures import Duty
from plugins.reminders.tables import ReminderEvent, Report, SupervisedObligation
from tests.plugins.reminders.circular.duties import at
from tests.support.city import City

PLACES = {"city": 440100000, "tianhe": 440106000, "huangpu": 440112000, "town": 440112001}


async def write(database: Database, city: City, duties: Sequence[tuple[str, Duty]]) -> None:
    """Each duty is one of the agency in a place of the small city."""
    async with database.system() as session:
        for place, duty in duties:
            owner = {"shard": 4401, "code": PLACES[place], "agency_id": city.agencies[place]}
            if duty.kind == "REPORT":
                await _report(session, city, place, owner, duty)
            else:
                await _obligation(session, owner, duty)


async def _report(session: SystemSession, city: City, place: str, owner: dict[str, Any], duty: Duty) -> None:
    response = {"case_id": city.cases[place], "response_id": city.responses[place]}
    document = {"doc_type": "RESPONSE_NOTICE", "title": "应诉通知书", "registered_at": at(duty.due_on)}
    document |= {"received_on": duty.due_on, "direction": "RECEIVED", "internal": False}
    columns = {column.name for column in Document.__table__.columns}
    kept = {name: value for name, value in document.items() if name in columns}
    document_id = await session.scalar(insert(Document).values(**owner, **response, **kept).returning(Document.id))
    await session.execute(
        insert(Report).values(
            id=duty.id,
            **owner,
            **response,
            document_id=document_id,
            doc_type="RESPONSE_NOTICE",
            received_on=duty.due_on,
            due_on=duty.due_on,
            trace=[],
            state="RECEIVED",
            registered_at=_early(),
            overdue_at=duty.missed_at,
            submitted_at=duty.acted_at,
        )
    )


async def _obligation(session: SystemSession, owner: dict[str, Any], duty: Duty) -> None:
    state = "VOID" if duty.void_at else "SUSPENDED" if duty.suspended_at else "TRACKING"
    await session.execute(
        insert(SupervisedObligation).values(
            id=duty.id,
            **owner,
            kind=duty.kind,
            source_type="PERIOD",
            source_id=uuid4(),
            state=state,
            due_on=duty.due_on,
            earliest_due_on=duty.due_on,
            registered_on=_early().date(),
            registered_at=_early(),
            acted_on=duty.acted_on,
            acted_at=duty.acted_at,
            missed_at=duty.missed_at,
            violation_date=duty.violation_on,
            closed_at=duty.void_at,
        )
    )
    marks = [("SUSPENDED", duty.suspended_at), ("REMEDIED", duty.remedied_at)]
    for ordinal, (to_state, instant) in enumerate([each for each in marks if each[1]]):
        await session.execute(
            insert(ReminderEvent).values(
                **owner,
                obligation_id=duty.id,
                ordinal=ordinal,
                transition="X",
                to_state=to_state,
                actor="x",
                at=instant,
            )
        )


def _early() -> datetime:
    return datetime.fromisoformat("2026-01-05T10:00:00+08:00")


async def rows_of(database: Database, table: Any, circular_id: UUID) -> list[Any]:
    async with database.system() as session:
        return list(
            await session.rows(
                select(table.__table__).where(table.__table__.c.circular_id == circular_id).order_by("id")
            )
        )
