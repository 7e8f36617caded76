"""Performs acts in tests as the engine does: one transaction, one clock, one actor; and reads back what an act left behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from core.acting import ActContext, Actor, Event
from core.audit.tables import AuditEntry, DomainEvent
from core.calendar.calendar_file import shipped_calendar
from core.cases.tables import CaseShell
from core.clock import FrozenClock
from core.db.scope import Scope
from core.db.session import Database, SystemSession
from core.errors import ActRefused
from core.identity.roles import Role
from core.identity.tables import Member
from schema.act import Act
from tests.support.city import AGENCIES, NOW, TODAY, City


@dataclass(slots=True)
class Desk:
    """Somebody at work: a database, the scope they see, the clock on their wall, and what they are."""

    database: Database
    scope: Scope
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOW))
    role: Role = Role.CITY_BUREAU
    subject: str = "u-1"
    heard: list[Event] = field(default_factory=list)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[ActContext]:
        """The context of one act, in a transaction of its own; its events are heard by `heard` alone."""

        async def hear(_: ActContext, event: Event) -> None:
            self.heard.append(event)

        self.heard.clear()
        async with self.database.write(self.scope) as session:
            actor = Actor(self.subject, "张三", self.role.value, self.scope.member_id)
            yield ActContext(session, self.clock, actor, shipped_calendar(), subscribers=_Everything([hear]))

    async def perform(self, act: Act, **given: Any) -> Any:
        """Perform an act with this input, and commit it."""
        async with self.at_work() as context:
            return await act.perform(context, act.given(**given))

    async def refused(self, act: Act, code: Enum, *path: str, **given: Any) -> ActRefused:
        """Perform an act that must be refused with this code at this input field (snake case: as the path shows it)."""
        with pytest.raises(ActRefused) as caught:
            await self.perform(act, **given)
        assert caught.value.code is code, f"{caught.value.code} {caught.value.message}"
        if path:
            assert caught.value.path == ("input", *path)
        assert caught.value.message
        assert caught.value.message_zh
        return caught.value


class _Everything(dict[str, Any]):
    """Subscribers of every event there is."""

    def __init__(self, subscribers: list[Any]) -> None:
        super().__init__()
        self.subscribers = subscribers

    def get(self, _name: str, _default: Any = None) -> Any:
        return self.subscribers


async def row_of(database: Database, table: Any, row_id: UUID) -> Any:
    """The row as it stands."""
    async with database.system() as session:
        return await session.row(select(table.__table__).where(table.id == row_id))


async def rows_of(database: Database, table: Any, **equal: Any) -> list[Any]:
    """The rows with these values, oldest first."""
    async with database.system() as session:
        found = select(table.__table__).where(*(getattr(table, name) == value for name, value in equal.items()))
        return list(await session.rows(found.order_by(table.id)))


async def trail(database: Database, subject_id: UUID) -> list[Any]:
    """The audit entries about a row, oldest first."""
    return await rows_of(database, AuditEntry, subject_id=subject_id)


async def written_events(database: Database, subject_id: UUID) -> list[str]:
    """The names of the events about a row, in order."""
    async with database.system() as session:
        found = select(DomainEvent.name).where(DomainEvent.subject_id == subject_id).order_by(DomainEvent.sequence)
        return [row.name for row in await session.rows(found)]


@dataclass(slots=True)
class Docket:
    """Makes cases to act on, each with a number of its own."""

    database: Database
    city: City
    serial: int = 1000

    async def case(
        self,
        *agencies: str,
        filed_on: date = date(2026, 3, 2),
        received_on: date | None = None,
        number_type: str = "行初",
        court: str = "粤7101",
        **given: Any,
    ) -> tuple[UUID, list[UUID]]:
        """A case that these agencies answer: its id, and their responses' ids in order."""
        from core.cases.acts.registration import CASE_REGISTER
        from core.cases.tables import Response

        self.serial += 1
        number = f"（{filed_on.year}）{court}{number_type}{self.serial}号"
        for agency in agencies:
            root = AGENCIES[agency][1] // 100000 * 100000
            desk = Desk(self.database, self.city.scope(root))
            case_id = await desk.perform(
                CASE_REGISTER,
                agency_id=self.city.agencies[agency],
                cause_code="0101",
                filed_on=filed_on,
                number=number,
                received_on=received_on,
                **given,
            )
        responses = await rows_of(self.database, Response, case_id=case_id)
        return case_id, [row.id for row in sorted(responses, key=lambda row: row.ordinal)]

    async def state(self, case_id: UUID) -> Any:
        """The case's own row."""
        return await row_of(self.database, CaseShell, case_id)


async def add_member(session: SystemSession, code: int, role: Role, **more: Any) -> UUID:
    """A member, known to the test's issuer by a name of its own."""
    values = {
        "shard": code // 100000,
        "code": code,
        "issuer": "https://issuer.test",
        "subject": f"{role.value}-{code}",
        "role": role.value,
        "display_name": role.zh,
        "valid_from": date(2025, 1, 1),
        "created_at": NOW,
    }
    return await session.scalar(insert(Member).values(values | more).returning(Member.id))


__all__ = ["NOW", "TODAY", "Desk", "Docket", "add_member", "row_of", "rows_of", "trail", "written_events"]
