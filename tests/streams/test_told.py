"""Periods that come near, notifications, and every subscription of the schema asked from every place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, text

from core.cases.jobs import NOTICE_PERIODS
from core.cases.period_notices import PeriodStage, notice_due_periods
from core.cases.tables import Period
from core.clock import SHANGHAI, FrozenClock
from core.db.session import Database
from core.jobs.enqueue import enqueue
from core.jobs.job import NoPayload
from core.jobs.records import depths
from tests.streams.conftest import Served
from tests.streams.test_delivery import case_id, now
from tests.support.city import City
from tests.support.processes import processes, until
from tests.support.sockets import Line, line

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DUE = """subscription($after: String) { periodDue(after: $after) {
  event period { dueOn kind status case { number } } subject { __typename } } }"""
RECEIVED = """subscription($after: String) { notificationReceived(after: $after) {
  event notification { id kind readAt case { number } } } }"""
GRANT = (
    """mutation($input: CaseGrantInput!) { caseGrant(input: $input) { caseGrant { id } errors { code message } } }"""
)
READ = """mutation($input: NotificationReadInput!) {
  notificationRead(input: $input) { notification { readAt } errors { code } } }"""


async def period(database: Database, city: City, place: str, due_on: date, status: str = "OPEN") -> UUID:
    async with database.system() as session:
        found = await session.row(
            text("select code, agency_id, case_id from response where id = :id"), {"id": city.responses[place]}
        )
        assert found is not None
        made: UUID = await session.scalar(
            insert(Period)
            .values(
                shard=found.code // 100000, code=found.code, agency_id=found.agency_id, case_id=found.case_id,
                response_id=city.responses[place], kind="DEFENCE", starts_on=date(2026, 11, 1), due_on=due_on,
                earliest_due_on=due_on, provisional=False, status=status,
            )
            .returning(Period.id)
        )  # fmt: skip
    return made


async def sweep(database: Database, instant: datetime = NOW) -> int:
    async with database.system() as session:
        return await notice_due_periods(session, FrozenClock(instant))


async def stages(database: Database, period_id: UUID) -> list[str]:
    async with database.system() as session:
        found = await session.rows(
            text("select stage from period_notice where period_id = :id order by noticed_at, id"), {"id": period_id}
        )
    return [row.stage for row in found]


async def test_each_period_is_told_once_for_each_last_day_and_stage(database: Database, city: City) -> None:
    near = await period(database, city, "town", TODAY + timedelta(days=7))
    far = await period(database, city, "town", TODAY + timedelta(days=8))
    met = await period(database, city, "town", TODAY, "MET")
    assert await sweep(database) == 1
    assert await sweep(database) == 0
    assert await stages(database, near) == ["WEEK_BEFORE"]
    for days, expected in ((5, 1), (6, 1), (7, 2), (8, 2), (9, 1), (20, 0)):
        assert await sweep(database, NOW + timedelta(days=days)) == expected, days
    assert await stages(database, near) == [stage.value for stage in PeriodStage]
    assert await stages(database, far) == [stage.value for stage in PeriodStage]
    assert await stages(database, met) == []
    async with database.system() as session:
        await session.execute(
            text("update period set due_on = :day where id = :id"), {"day": date(2026, 12, 30), "id": near}
        )
    assert await sweep(database, datetime(2026, 12, 29, 16, 30, tzinfo=UTC)) == 1  # half past midnight in Shanghai
    assert (await stages(database, near))[-1] == "TODAY"
    async with database.system() as session:
        await session.execute(text("update period set status = 'MET'"))


async def test_a_period_is_told_once_by_the_scheduled_job_however_many_run_it(
    served: Served, database: Database, database_url: str, city: City, tmp_path: Path
) -> None:
    """Two workers and two schedulers, as the operator starts them."""
    today = datetime.now(UTC).astimezone(SHANGHAI).date()
    async with processes(database_url, tmp_path) as beside, line(served.processes[0].url) as socket:
        await socket.init(served.tokens["agency"])
        await socket.subscribe("1", DUE)
        made = await period(database, city, "huangpu", today + timedelta(days=3))
        other = await period(database, city, "tianhe", today + timedelta(days=3))
        for command in ("worker", "worker", "scheduler", "scheduler"):
            await beside.start(command)
        async with database.system() as session:
            for key in ("a", "a", "b", "c"):
                await enqueue(session, NOTICE_PERIODS, NoPayload(), key=key)
        told = await socket.event()
        assert told["event"] == "WEEK_BEFORE"
        assert told["period"]["case"] == {"number": "（2026）粤7101行初3号"}
        assert told["subject"] == {"__typename": "Period"}

        async def idle() -> bool:
            async with database.system() as session:
                return all(depth.empty for depth in (await depths(session)).values())

        await until(idle)
        for one in (made, other):
            assert await stages(database, one) == ["WEEK_BEFORE"]
        await quiet(socket)


async def quiet(socket: Line) -> None:
    """That nothing was sent before a query, asked now, is answered."""
    await socket.send({"id": "q", "type": "subscribe", "payload": {"query": "{ viewer { subject } }"}})
    assert (await socket.message())["id"] == "q"


async def test_a_member_is_told_of_a_case_that_is_given_to_them(served: Served, database: Database, city: City) -> None:
    case = await case_id(served, "city_bureau", 1)
    members = await served.post("auditor", "{ members(first: 100) { nodes { id displayName } } }")
    mediator = next(one["id"] for one in members["members"]["nodes"] if one["displayName"] == "mediator")
    start = await now(served, "mediator")
    async with line(served.processes[0].url) as socket, line(served.processes[1].url) as bureau:
        await socket.init(served.tokens["mediator"])
        await bureau.init(served.tokens["city_bureau"])
        await socket.subscribe("1", RECEIVED)
        await bureau.subscribe("1", RECEIVED)
        done = await served.post("city_bureau", GRANT, input={"caseId": case, "memberId": mediator})
        assert done["caseGrant"]["errors"] == []
        told = (await socket.event())["notification"]
        assert told["kind"] == "CASE_GRANTED"
        assert told["readAt"] is None
        assert told["case"] == {"number": "（2026）粤7101行初1号"}
        await quiet(bureau)
    listed = "{ notifications { nodes { id readAt } } }"
    assert [one["id"] for one in (await served.post("mediator", listed))["notifications"]["nodes"]] == [told["id"]]
    assert (await served.post("city_bureau", listed))["notifications"]["nodes"] == []
    assert (await served.post("auditor", listed))["notifications"]["nodes"] == []
    foreign = await served.post("city_bureau", READ, input={"notificationId": told["id"]})
    assert foreign["notificationRead"]["errors"] == [{"code": "NOT_FOUND"}]
    for _ in range(2):
        own = await served.post("mediator", READ, input={"notificationId": told["id"]})
        assert own["notificationRead"]["notification"]["readAt"]
    async with line(served.processes[1].url) as socket:
        await socket.init(served.tokens["mediator"])
        await socket.subscribe("1", RECEIVED, after=start)
        again = await socket.event()
        assert (again["notification"]["id"], again["notification"]["readAt"] is None) == (told["id"], False)


@pytest.mark.parametrize("who", ["court_liaison", "mediator", "secretary", "platform_admin"])
async def test_who_may_not_read_periods_is_told_so(served: Served, who: str) -> None:
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens[who])
        await socket.send({"id": "1", "type": "subscribe", "payload": {"query": DUE}})
        assert (await socket.message())["payload"][0]["extensions"]["permission"] == "periods.read"
