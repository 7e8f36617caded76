"""Supervision at work in a small city: cases registered and moved on as clients do it, on a day of the test's choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, text

from core.sdk.hooks import Role
from core.sdk.rules import SHANGHAI
from core.sdk.testing import Laboratory, Visitor
from plugins.reminders.tables import Reminder, ReminderEvent, Report, SupervisedObligation, Timer

CITY = Visitor("city")
_SERIALS = count(1001)


def liaison(place: str) -> Visitor:
    """机关联络员 of the place's agency."""
    return Visitor(place, Role.AGENCY, "liaison")


def legal(place: str) -> Visitor:
    """机关法制机构."""
    return Visitor(place, Role.AGENCY_LEGAL, "legal")


def head(place: str) -> Visitor:
    """机关负责人."""
    return Visitor(place, Role.AGENCY_HEAD, "head")


def bureau(place: str = "huangpu") -> Visitor:
    """区司法局."""
    return Visitor(place, Role.DISTRICT_BUREAU, "bureau")


@dataclass
class Filed:
    """A case and its response, by global id."""

    case: str
    response: str


@dataclass
class Desk:
    """Whoever works in the laboratory, at its frozen hour."""

    lab: Laboratory

    def at(self, day: date | str, hour: int = 10, minute: int = 0) -> None:
        """Put the clock to an hour in Shanghai."""
        on = date.fromisoformat(day) if isinstance(day, str) else day
        self.lab.clock.instant = datetime.combine(on, time(hour, minute), SHANGHAI)

    async def do(self, who: Visitor, name: str, given: dict[str, Any], selection: str = "") -> dict[str, Any]:
        """One mutation; its payload, which may hold refusals."""
        stem = name[0].upper() + name[1:]
        query = f"mutation ($input: {stem}Input!) {{ {name}(input: $input) {{ {selection} errors {{ code path messageZh }} }} }}"
        answer = await self.lab.ask(who, query, {"input": given})
        assert "errors" not in answer, answer
        payload: dict[str, Any] = answer["data"][name]
        return payload

    async def done(self, who: Visitor, name: str, given: dict[str, Any], selection: str = "") -> dict[str, Any]:
        """One mutation that succeeds."""
        payload = await self.do(who, name, given, selection)
        assert payload["errors"] == [], payload
        return payload

    async def refused(self, who: Visitor, name: str, given: dict[str, Any]) -> str:
        """One mutation that is refused; the code."""
        (error, *more) = (await self.do(who, name, given))["errors"]
        assert not more
        code: str = error["code"]
        return code

    async def file(self, place: str = "huangpu", filed_on: str = "2026-01-05", who: Visitor | None = None) -> Filed:
        """A case of first instance against the place's agency."""
        given = {
            "agencyId": self.lab.id("Agency", self.lab.city.agencies[place]),
            "causeCode": "01",
            "filedOn": filed_on,
            "number": f"（2026）粤7101行初{next(_SERIALS)}号",
        }
        selection = "case { id responses { id } }"
        case = (await self.done(who or CITY, "caseRegister", given, selection))["case"]
        return Filed(case["id"], case["responses"][0]["id"])

    async def receive(
        self, filed: Filed, doc_type: str, received_on: str, who: Visitor | None = None, **more: Any
    ) -> str:
        """A document that the agency received; its id."""
        given = {"responseId": filed.response, "docType": doc_type, "receivedOn": received_on, **more}
        document = await self.done(who or CITY, "documentRegister", given, "document { id }")
        found: str = document["document"]["id"]
        return found

    async def rows(self, table: type[Any], filed: Filed | None = None) -> list[Any]:
        """The plugin's rows of a case, or all, as the system sees them."""
        statement = select(table.__table__).order_by(table.id)
        if filed is not None:
            key = self.lab.house.catalogue.id_codec(b"the laboratory's own secret, of no use elsewhere").decode(
                filed.case
            )
            statement = statement.where(table.case_id == key.key)
        async with self.lab.database.system() as session:
            return list(await session.rows(statement))

    async def obligations(self, filed: Filed | None = None) -> list[Any]:
        """督办义务."""
        return await self.rows(SupervisedObligation, filed)

    async def reports(self, filed: Filed | None = None) -> list[Any]:
        """报备."""
        return await self.rows(Report, filed)

    async def events(self, filed: Filed | None = None) -> list[Any]:
        """督办记录."""
        found = await self.rows(ReminderEvent, filed)
        return sorted(found, key=lambda one: (str(one.obligation_id), one.ordinal))

    async def timers(self, filed: Filed, *states: str) -> list[Any]:
        """计时 of the obligations, in order of firing."""
        found = [one for one in await self.rows(Timer, filed) if one.state in (states or ("ARMED",))]
        return sorted(found, key=lambda one: (one.fires_at, -one.offset_days))

    async def reminders(self, filed: Filed) -> list[Any]:
        """提醒记录."""
        return await self.rows(Reminder, filed)

    async def write(self, statement: str, **values: Any) -> None:
        """What a job of the system would write."""
        async with self.lab.database.system() as session:
            await session.execute(text(statement), values)


def local(instant: datetime) -> str:
    """An instant as people in Guangzhou read it: `03-18 09:00`; midnight as the end of the day before."""
    shown = instant.astimezone(SHANGHAI)
    return f"{shown - timedelta(days=1):%m-%d} 24:00" if shown.time() == time(0) else f"{shown:%m-%d %H:%M}"


async def judged(desk: Desk, filed: Filed, effective_on: str, outcome: str = "REVOKED") -> str:
    """A judgment against the agency, in effect; its id."""
    given = {
        "caseId": filed.case,
        "kind": "JUDGMENT",
        "outcome": outcome,
        "decidedOn": "2026-04-20",
        "holdings": [{"responseId": filed.response, "outcome": outcome}],
    }
    judgment = (await desk.done(CITY, "judgmentRecord", given, "judgment { id }"))["judgment"]["id"]
    await desk.done(CITY, "judgmentBecomeEffective", {"judgmentId": judgment, "effectiveOn": effective_on})
    found: str = judgment
    return found
