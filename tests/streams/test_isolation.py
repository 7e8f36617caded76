"""Nobody hears of what they may not see: each subscription of the schema, from every place, at the moment of telling."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import insert, text, update

from core.db.session import Database
from core.identity.tables import CaseGrant, Member
from tests.streams.conftest import Served
from tests.streams.test_delivery import SCHEDULE, now, tell
from tests.support.city import NOW, City
from tests.support.sockets import line

NOTE = "mutation($input: NoteWriteInput!) { noteWrite(input: $input) { note { id } errors { code message } } }"
NAMES = ("city", "tianhe", "huangpu", "town", "shenzhen", "shared")
SEES = {
    "city_bureau": {"city", "tianhe", "huangpu", "town", "shared"},
    "district_bureau": {"huangpu", "town", "shared"},
    "sibling_bureau": {"tianhe", "shared"},
    "town": {"town"},
    "agency": {"huangpu", "shared"},
    "co_respondent": {"tianhe", "shared"},
    "court_liaison": {"city", "tianhe", "huangpu", "town", "shared"},
    "mediator": set(),
    "auditor": {"city", "tianhe", "huangpu", "town", "shared"},
    "other_city": {"shenzhen"},
}


@pytest.mark.parametrize("who", SEES)
async def test_everybody_hears_of_the_cases_that_they_see(
    served: Served, database: Database, city: City, who: str
) -> None:
    """Live through one process and replayed by another; what is heard is exactly what is expected, in order."""
    start = await now(served, who)
    async with line(served.processes[1].url) as live, line(served.processes[0].url) as late:
        await live.init(served.tokens[who])
        await live.subscribe("1")
        for name in NAMES:
            await tell(database, city.responses[name])
        await late.init(served.tokens[who])
        await late.subscribe("1", after=start)
        numbers = {f"（2026）粤7101行初{serial}号": name for serial, name in enumerate(NAMES, start=1)}
        expected = [name for name in NAMES if name in SEES[who]]
        for socket in (live, late):
            told = [numbers[(await socket.event())["case"]["number"]] for _ in expected]
            assert told == expected
            await socket.send({"id": "q", "type": "subscribe", "payload": {"query": "{ viewer { subject } }"}})
            assert (await socket.message())["id"] == "q"


async def test_a_co_respondent_hears_of_the_hearing_and_not_of_the_note(
    served: Served, database: Database, city: City
) -> None:
    shared = await served.post(
        "agency", 'query { caseByNumber(number: "（2026）粤7101行初6号") { id responses { id } } }'
    )
    case, response = shared["caseByNumber"]["id"], shared["caseByNumber"]["responses"][0]["id"]
    async with (
        line(served.processes[0].url) as own,
        line(served.processes[1].url) as other,
        line(served.processes[1].url) as court,
    ):
        for socket, who in ((own, "agency"), (other, "co_respondent"), (court, "court_liaison")):
            await socket.init(served.tokens[who])
            await socket.subscribe("1", case=case)
        assert (await served.post("agency", NOTE, input={"responseId": response, "body": "x"}))["noteWrite"]["note"]
        done = await served.post("agency", SCHEDULE, input={"caseId": case, "heldOn": "2026-12-30"})
        assert done["hearingSchedule"]["errors"] == []
        assert [(await own.event())["event"] for _ in range(2)] == ["NOTE_WRITTEN", "HEARING_SCHEDULED"]
        for socket in (other, court):
            told = await socket.event()
            assert told["event"] == "HEARING_SCHEDULED"
            assert told["subject"]["__typename"] == "Hearing"


async def test_a_grant_lets_hear_as_long_as_it_runs(served: Served, database: Database, city: City) -> None:
    async with database.system() as session:
        member = await session.scalar(text("select id from member where subject = 'dev:mediator'"))
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["mediator"])
        await socket.subscribe("1")
        await tell(database, city.responses["tianhe"])
        grant = await _grant(database, city.cases["city"], member)
        await tell(database, city.responses["city"])
        assert (await socket.event())["case"]["number"] == "（2026）粤7101行初1号"
        async with database.system() as session:
            await session.execute(update(CaseGrant).where(CaseGrant.id == grant).values(valid_until=date(2026, 6, 1)))
        await tell(database, city.responses["city"])
        again = await _grant(database, city.cases["tianhe"], member)
        await tell(database, city.responses["tianhe"])
        assert (await socket.event())["case"]["number"] == "（2026）粤7101行初2号"
        async with database.system() as session:
            await session.execute(update(CaseGrant).where(CaseGrant.id == again).values(valid_until=date(2026, 6, 1)))


async def _grant(database: Database, case: UUID, member: UUID) -> UUID:
    async with database.system() as session:
        granted: UUID = await session.scalar(
            insert(CaseGrant)
            .values(
                shard=4401, code=440100000, case_id=case, member_id=member, valid_from=date(2026, 1, 1),
                granted_by="test", granted_at=NOW,
            )
            .returning(CaseGrant.id)
        )  # fmt: skip
    return granted


async def test_a_membership_that_ended_closes_the_socket(served: Served, database: Database, city: City) -> None:
    async with database.system() as session:
        member = await session.scalar(
            insert(Member)
            .values(
                shard=4401, code=440100000, issuer="https://yingsu.dev", subject="dev:secretary", role="CITY_BUREAU",
                display_name="x", valid_from=date(2026, 1, 1), created_at=NOW,
            )
            .returning(Member.id)
        )  # fmt: skip
        issuer = await session.scalar(text("select issuer from member where subject = 'dev:agency'"))
        await session.execute(update(Member).where(Member.id == member).values(issuer=issuer))
    memberships = await served.post("secretary", "{ viewer { memberships { id role } } }")
    chosen = next(one["id"] for one in memberships["viewer"]["memberships"] if one["role"] == "CITY_BUREAU")
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["secretary"], membership=chosen)
        await socket.subscribe("1")
        await tell(database, city.responses["city"])
        assert await socket.event()
        async with database.system() as session:
            await session.execute(update(Member).where(Member.id == member).values(valid_until=date(2026, 6, 1)))
        await tell(database, city.responses["city"])
        assert await socket.closed() == (4403, "NOT_YOUR_MEMBERSHIP")
