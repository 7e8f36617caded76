"""Acts that lose to another transaction: they are performed again, and end as if they had come one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import text

from core.acting import ActContext, Actor
from core.calendar.calendar_file import shipped_calendar
from core.cases.acts.refusing import refusing
from core.cases.refusals.cases import NoteWriteRefusal
from core.clock import FrozenClock
from core.db.contention import ATTEMPTS
from core.db.session import Database, TenantSession
from core.house import CORE_CONTRIBUTIONS
from core.identity import permissions
from schema.act import Act
from schema.compose import House
from schema.context import OperationContext
from schema.declared.types import Contribution
from schema.describe import Doc, Ref
from schema.execution import Engine, Operation
from schema.planner.compiler import View
from tests.support.city import NOW, City
from tests.support.house import ALL, IDS


@dataclass(frozen=True, slots=True)
class TwoCases:
    """两案."""

    first: Annotated[UUID, Ref("Case"), Doc("先", "first")]
    second: Annotated[UUID, Ref("Case"), Doc("后", "second")]


@dataclass(slots=True)
class Trial:
    """An act whose work a test decides; it counts how often it was begun."""

    work: Callable[[ActContext, TwoCases, int], Awaitable[None]]
    begun: dict[UUID, int] = field(default_factory=dict)

    def act(self, *, refuses: bool) -> Act:
        async def perform(context: ActContext, given: TwoCases) -> UUID:
            self.begun[given.first] = self.begun.get(given.first, 0) + 1
            await self.work(context, given, self.begun[given.first])
            return given.first

        return Act(
            name="trialRun",
            given=TwoCases,
            perform=refusing(NoteWriteRefusal)(perform) if refuses else perform,
            returns="Case",
            refusals=NoteWriteRefusal,
            permission=permissions.INTERNAL_NOTES_WRITE.name,
            doc=Doc("试验", "trial"),
        )


async def run(database: Database, city: City, act: Act, first: UUID, second: UUID) -> dict[str, Any]:
    scope = city.scope(440100000)

    async def begin_act(session: TenantSession) -> ActContext:
        return ActContext(session, FrozenClock(NOW), Actor("u", "张三", "CITY_BUREAU"), shipped_calendar())

    house = House((*CORE_CONTRIBUTIONS, Contribution("core", acts=(act,))))
    context = OperationContext(View(scope, ALL, {}), database, IDS, begin_act, None, 10_000)
    given = {"first": IDS.encode("Case", 4401, first), "second": IDS.encode("Case", 4401, second)}
    query = "mutation($input: TrialRunInput!) { trialRun(input: $input) { case { id } errors { code } } }"
    done = await Engine().execute(house.schema(()), Operation(query, None, {"input": given}, "r"), context)
    answer: dict[str, Any] = orjson.loads(done.body)
    return answer


LOCK = text("update case_shell set version = version + 1 where id = :id")


@pytest.mark.parametrize("refuses", [True, False])
async def test_of_two_that_lock_each_other_out_both_are_done(database: Database, city: City, refuses: bool) -> None:
    both_hold_one = asyncio.Barrier(2)

    async def cross(context: ActContext, given: TwoCases, attempt: int) -> None:
        await context.session.execute(LOCK, {"id": given.first})
        if attempt == 1:
            await both_hold_one.wait()
        await context.session.execute(LOCK, {"id": given.second})

    trial = Trial(cross)
    one, two = city.cases["huangpu"], city.cases["tianhe"]
    async with database.system() as session:
        version = text("select sum(version) from case_shell where id in (:one, :two)")
        before = await session.scalar(version, {"one": one, "two": two})
    act = trial.act(refuses=refuses)
    answers = await asyncio.gather(run(database, city, act, one, two), run(database, city, act, two, one))
    assert [answer["data"]["trialRun"]["errors"] for answer in answers] == [[], []]
    assert sorted(trial.begun.values()) == [1, 2]
    async with database.system() as session:
        assert await session.scalar(version, {"one": one, "two": two}) == before + 4


def losing(times: int) -> Callable[[ActContext, TwoCases, int], Awaitable[None]]:
    """Work that PostgreSQL ends as a serialisation failure, so many times."""

    async def work(context: ActContext, given: TwoCases, attempt: int) -> None:
        await context.session.execute(LOCK, {"id": given.first})
        if attempt <= times:
            await context.session.execute(text("do $$ begin raise exception using errcode = '40001'; end $$"))

    return work


async def test_what_failed_before_has_left_nothing(database: Database, city: City) -> None:
    trial = Trial(losing(ATTEMPTS - 1))
    one = city.cases["huangpu"]
    async with database.system() as session:
        before = await session.scalar(text("select version from case_shell where id = :id"), {"id": one})
    answer = await run(database, city, trial.act(refuses=True), one, one)
    assert answer["data"]["trialRun"]["errors"] == []
    assert trial.begun[one] == ATTEMPTS
    async with database.system() as session:
        assert await session.scalar(text("select version from case_shell where id = :id"), {"id": one}) == before + 1


@pytest.mark.parametrize("refuses", [True, False])
async def test_who_always_loses_is_told_so(database: Database, city: City, refuses: bool) -> None:
    trial = Trial(losing(ATTEMPTS))
    one = city.cases["huangpu"]
    answer = await run(database, city, trial.act(refuses=refuses), one, one)
    assert trial.begun[one] == ATTEMPTS
    if refuses:
        assert answer["data"]["trialRun"] == {"case": None, "errors": [{"code": "CONFLICT"}]}
    else:
        assert answer["errors"][0]["extensions"]["code"] == "CONFLICT"
        assert answer["data"]["trialRun"] is None


async def test_other_faults_are_not_tried_again(database: Database, city: City) -> None:
    async def divide(context: ActContext, given: TwoCases, attempt: int) -> None:
        await context.session.scalar(text("select 1 / (select 0)"))

    trial = Trial(divide)
    answer = await run(database, city, trial.act(refuses=True), city.cases["huangpu"], city.cases["huangpu"])
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert list(trial.begun.values()) == [1]
