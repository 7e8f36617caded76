"""What is committed through one process is told by another: once, in order, from wherever the client left off."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from core.db.session import Database
from core.events.snapshot import Cursor, Snapshot
from tests.streams.conftest import Served
from tests.support.city import City
from tests.support.sockets import CASES, Line, line

FIND = "query($number: String!) { caseByNumber(number: $number) { id } }"
SCHEDULE = """mutation($input: HearingScheduleInput!) {
  hearingSchedule(input: $input) { hearing { id } errors { code message } } }"""
TELL = text(
    "insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)"
    " select r.shard, r.code, r.agency_id, 'CaseCorrected', 'Case', r.case_id,"
    "        jsonb_build_object('case_id', r.case_id, 'changed', cast(:mark as text)), now()"
    "   from response r where r.id = :response"
)
"""An event as an act writes it."""


async def case_id(served: Served, who: str, serial: int) -> str:
    found = await served.post(who, FIND, number=f"（2026）粤7101行初{serial}号")
    return found["caseByNumber"]["id"]  # type: ignore[no-any-return]


async def schedule(served: Served, who: str, case: str, day: str, process: int = 0) -> None:
    done = await served.post(who, SCHEDULE, process, input={"caseId": case, "heldOn": day})
    assert done["hearingSchedule"]["errors"] == []


async def tell(database: Database, response: UUID, mark: str = "x") -> None:
    async with database.system() as session:
        assert await session.execute(TELL, {"mark": mark, "response": response}) == 1


async def now(served: Served, who: str = "city_bureau") -> str:
    return (await served.post(who, "{ eventCursor }"))["eventCursor"]  # type: ignore[no-any-return]


async def events(socket: Line, count: int) -> list[str]:
    return [(await socket.event())["event"] for _ in range(count)]


async def test_an_act_through_one_process_is_told_by_the_other(served: Served) -> None:
    case = await case_id(served, "agency", 3)
    async with line(served.processes[1].url) as socket:
        await socket.init(served.tokens["agency"])
        await socket.subscribe("1")
        await schedule(served, "agency", case, "2026-12-24")
        told = await socket.event()
        assert told["event"] == "HEARING_SCHEDULED"
        assert told["case"] == {
            "id": case,
            "number": "（2026）粤7101行初3号",
            "status": "OPEN",
            "firstHearingOn": "2026-12-24",
        }
        assert told["subject"]["__typename"] == "Hearing"
        subject = await served.post("agency", "query($id: ID!) { node(id: $id) { id } }", id=told["subject"]["id"])
        assert subject["node"] == {"id": told["subject"]["id"]}


async def test_only_the_case_and_the_events_that_are_asked_for(served: Served, database: Database, city: City) -> None:
    case = await case_id(served, "city_bureau", 1)
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["city_bureau"])
        await socket.subscribe("1", case=case)
        await socket.subscribe("2", events=["HEARING_SCHEDULED"])
        await tell(database, city.responses["tianhe"])
        await tell(database, city.responses["city"])
        assert (await socket.event("1"))["case"]["id"] == case
        await schedule(served, "city_bureau", case, "2026-12-25")
        two = {(await socket.message())["id"] for _ in range(2)}
        assert two == {"1", "2"}


async def test_a_subscription_goes_on_from_its_cursor(served: Served, database: Database, city: City) -> None:
    response = city.responses["tianhe"]
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["city_bureau"])
        await socket.subscribe("1", after=await now(served))
        await tell(database, response)
        seen = await socket.event()
    for _ in range(3):
        await tell(database, response)
    async with line(served.processes[1].url) as socket:
        await socket.init(served.tokens["city_bureau"])
        await socket.subscribe("1", after=seen["cursor"])
        missed = [await socket.event() for _ in range(3)]
        assert len({one["eventId"] for one in (*missed, seen)}) == 4
        assert [one["occurredAt"] for one in missed] == sorted(one["occurredAt"] for one in missed)
        await tell(database, response)
        live = await socket.event()
        assert live["eventId"] not in {one["eventId"] for one in missed}
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["city_bureau"])
        await socket.subscribe("1", after=missed[1]["cursor"])
        assert [(await socket.event())["eventId"] for _ in range(2)] == [missed[2]["eventId"], live["eventId"]]


async def test_what_commits_late_is_told_late_and_not_lost(
    served: Served, database: Database, database_url: str, city: City
) -> None:
    """The lower number is committed after the higher one: a cursor on numbers would step over it."""
    late = await asyncpg.connect(database_url)
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["city_bureau"])
        await socket.subscribe("1", after=await now(served))
        transaction = late.transaction()
        await transaction.start()
        await late.execute(
            "insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)"
            " select shard, code, agency_id, 'CaseReopened', 'Case', case_id, jsonb_build_object('case_id', case_id), now()"
            "   from response where id = $1",
            city.responses["city"],
        )
        await tell(database, city.responses["city"])
        early = await socket.event()
        assert early["event"] == "CASE_CORRECTED"
        await transaction.commit()
        assert (await socket.event())["event"] == "CASE_REOPENED"
    await late.close()
    async with line(served.processes[1].url) as socket:
        await socket.init(served.tokens["city_bureau"])
        await socket.subscribe("1", after=early["cursor"])
        assert await events(socket, 1) == ["CASE_REOPENED"]


async def test_a_gap_of_the_listener_is_caught_up(
    served: Served, database: Database, database_url: str, city: City
) -> None:
    """The process loses its ear, events are written, and it hears of them all the same."""
    async with line(served.processes[0].url) as socket, line(served.processes[1].url) as other:
        for one in (socket, other):
            await one.init(served.tokens["city_bureau"])
            await one.subscribe("1")
        administrator = await asyncpg.connect(database_url)
        killed = await administrator.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where application_name = 'yingsu-listen' and datname = current_database()"
        )
        await administrator.close()
        assert killed == 2
        for _ in range(5):
            await tell(database, city.responses["town"])
        for one in (socket, other):
            assert await events(one, 5) == ["CASE_CORRECTED"] * 5


async def test_many_events_at_once_come_in_order(served: Served, database: Database, city: City) -> None:
    """More than one reading of the feed, all in one transaction."""
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["city_bureau"])
        start = await now(served)
        async with database.system() as session:
            for number in range(60):
                await session.execute(TELL, {"mark": str(number), "response": city.responses["town"]})
        query = "subscription($after: String) { caseChanged(after: $after) { eventId cursor case { number } } }"
        await socket.subscribe("1", query, after=start)
        seen = [(await socket.event())["eventId"] for _ in range(60)]
    async with database.system() as session:
        written = await session.rows(text("select id from domain_event order by sequence desc limit 60"))
    assert seen == [str(row.id) for row in reversed(written)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _: "nonsense", "CURSOR_MALFORMED"),
        (lambda cursor: Cursor(cursor.cluster, 1_000, cursor.before, cursor.upto), "CURSOR_TOO_OLD"),
        (lambda cursor: Cursor(cursor.cluster + 1, cursor.taken_at, cursor.before, cursor.upto), "CURSOR_UNKNOWN"),
        (lambda cursor: Cursor.at(Snapshot(2**40, 2**40), cursor.cluster, cursor.taken_at), "CURSOR_UNKNOWN"),
    ],
    ids=["nonsense", "old", "another database", "the future"],
)
async def test_a_cursor_that_cannot_be_resumed_from_says_why(served: Served, change, reason: str) -> None:
    cursor = change(Cursor.decode(await now(served)))
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["city_bureau"])
        given = cursor if isinstance(cursor, str) else cursor.encode()
        await socket.send({"id": "1", "type": "subscribe", "payload": {"query": CASES, "variables": {"after": given}}})
        refused = await socket.message()
        assert refused["type"] == "error"
        assert refused["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert refused["payload"][0]["extensions"]["reason"] == reason


async def test_more_than_is_replayed_is_refused(served: Served, database: Database, city: City) -> None:
    start = await now(served)
    for _ in range(4):
        await tell(database, city.responses["town"])
    async with (
        served.another(YINGSU_STREAM_RESUME_EVENTS="3") as process,
        line(process.url) as socket,
    ):
        await socket.init(served.tokens["city_bureau"])
        await socket.send({"id": "1", "type": "subscribe", "payload": {"query": CASES, "variables": {"after": start}}})
        refused = await socket.message()
        assert refused["payload"][0]["extensions"]["reason"] == "TOO_MANY_MISSED"


async def test_the_process_stops_with_a_goodbye(served: Served) -> None:
    async with served.another() as process, line(process.url) as socket, line(process.url) as idle:
        await socket.init(served.tokens["city_bureau"])
        await socket.subscribe("1")
        stopping = asyncio.create_task(process.stop())
        assert await socket.message() == {"id": "1", "type": "complete"}
        assert await socket.closed() == (1001, "Going away")
        assert (await idle.closed())[0] == 1001
        assert await asyncio.wait_for(stopping, timedelta(seconds=8).total_seconds()) == 0
