"""One message: its effect once, in its own tenant, or its failure written down."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.acting import ActContext, Actor
from core.calendar import shipped_calendar
from core.clock import FrozenClock
from core.db.session import Database
from core.jobs.enqueue import TenantMissing, enqueue, message_of
from core.jobs.job import Job, NoPayload
from core.jobs.running import JobRunner, Outcome
from tests.support.city import City
from tests.support.jobs import CHAIN, COUNT, JOBS, MARK, Mark, letters, marks, queued

TIANHE, HUANGPU, CITY_CODE, SHENZHEN = 440106000, 440112000, 440100000, 440300000


async def test_a_job_is_enqueued_with_the_transaction_or_not_at_all(
    database: Database, city: City, clock: FrozenClock
) -> None:
    async with database.write(city.scope(TIANHE)) as session:
        context = ActContext(session, clock, Actor("a", "b", "c"), shipped_calendar())
        await enqueue(context, MARK, Mark("kept", TIANHE))
    with suppress(LookupError):
        async with database.write(city.scope(TIANHE)) as session:
            await enqueue(session, MARK, Mark("dropped", TIANHE))
            raise LookupError
    (message,) = await queued(database, clear=True)
    assert (message.payload["text"], message.tenant, message.queue) == ("kept", TIANHE, MARK.queue)


async def test_a_job_of_a_tenant_is_refused_without_one(database: Database, city: City) -> None:
    async with database.system() as session:
        with pytest.raises(TenantMissing):
            await enqueue(session, MARK, Mark("no tenant", TIANHE))
        with pytest.raises(TenantMissing):
            await enqueue(session, COUNT, NoPayload(), tenant=TIANHE)
        with pytest.raises(TypeError):
            await enqueue(session, MARK, NoPayload(), tenant=TIANHE)
    assert await queued(database) == []


async def test_nobody_enqueues_for_another_city_and_nobody_reads_the_queue(database: Database, city: City) -> None:
    with pytest.raises(DBAPIError, match="TENANT_NOT_FOUND"):
        async with database.write(city.scope(TIANHE)) as session:
            await enqueue(session, MARK, Mark("foreign", SHENZHEN), tenant=SHENZHEN)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.read(city.scope(CITY_CODE)) as session:
            await session.rows(text("select * from job_queue"))
    assert await queued(database) == []


async def test_a_key_has_its_effect_once_in_each_city(database: Database, city: City, runner: JobRunner) -> None:
    first = message_of(MARK, Mark("once", TIANHE), tenant=TIANHE, key="k")
    again = replace(first, id=uuid4())
    other = message_of(MARK, Mark("elsewhere", SHENZHEN), tenant=SHENZHEN, key="k")
    assert [await runner.run(one) for one in (first, again, first, other)] == [
        Outcome.DONE,
        Outcome.ALREADY_DONE,
        Outcome.ALREADY_DONE,
        Outcome.DONE,
    ]
    assert await marks(database) == ["once", "elsewhere"]


async def test_of_many_that_run_side_by_side_one_has_its_effect(
    database: Database, city: City, runner: JobRunner
) -> None:
    message = message_of(MARK, Mark("side by side", TIANHE), tenant=TIANHE, key="side")
    outcomes = await asyncio.gather(*(runner.run(replace(message, id=uuid4())) for _ in range(4)))
    assert sorted(outcomes) == [Outcome.ALREADY_DONE] * 3 + [Outcome.DONE]
    assert (await marks(database)).count("side by side") == 1


async def test_a_failure_takes_its_effect_with_it_and_is_tried_again_under_the_same_id(
    database: Database, city: City, runner: JobRunner
) -> None:
    message = message_of(MARK, Mark("second time", TIANHE, "once"), tenant=TIANHE, key="twice")
    assert await runner.run(message) is Outcome.RETRIED
    assert await runner.run(message) is Outcome.RETRIED
    assert "second time" not in await marks(database)
    (retry,) = await queued(database, clear=True)
    assert (retry.id, retry.attempt, retry.key) == (message.id, 2, "twice")
    assert await runner.run(retry) is Outcome.DONE
    assert (await marks(database)).count("second time") == 1


async def test_after_its_last_attempt_it_is_a_dead_letter_that_says_nothing_unsafe(
    database: Database, city: City, runner: JobRunner
) -> None:
    message = message_of(MARK, Mark("never", TIANHE, "always"), tenant=TIANHE, key="never")
    outcomes = []
    for _ in range(3):
        outcomes.append(await runner.run(message))
        message = next(iter(await queued(database, clear=True)), message)
    assert outcomes == [Outcome.RETRIED, Outcome.RETRIED, Outcome.DIED]
    (letter,) = [one for one in await letters(database) if one.key == "never"]
    assert (letter.shard, letter.code, letter.tenant, letter.attempts) == (4401, TIANHE, TIANHE, 3)
    assert (letter.error_class, letter.error_message, letter.status) == ("Trouble", "", "DEAD")
    assert letter.payload == {"text": "never", "code": TIANHE, "fail": "always"}
    assert "never" not in await marks(database)
    # Somebody mends what was wrong, and the same key succeeds: the letter is settled in that transaction.
    mended = message_of(MARK, Mark("never", TIANHE), tenant=TIANHE, key="never")
    assert await runner.run(mended) is Outcome.DONE
    assert [one.status for one in await letters(database) if one.key == "never"] == ["DONE"]
    # A late failure of the same key changes nothing any more.
    assert await runner.run(replace(message, attempt=3)) is Outcome.ALREADY_DONE


async def test_what_no_attempt_can_help_dies_at_once(database: Database, city: City, runner: JobRunner) -> None:
    good = message_of(MARK, Mark("x", TIANHE), tenant=TIANHE)
    hopeless = [
        replace(good, id=uuid4(), key="unknown", job="core.gone"),
        replace(good, id=uuid4(), key="misfit", payload={"other": 1}),
        replace(good, id=uuid4(), key="no tenant", tenant=None),
        replace(good, id=uuid4(), key="nowhere", tenant=999999000),
    ]
    assert [await runner.run(one) for one in hopeless] == [Outcome.DIED] * 4
    told = {one.key: one.error_message for one in await letters(database)}
    assert told["unknown"] == "there is no such job"
    assert told["misfit"] == "the payload does not fit"
    assert told["no tenant"] == "a job of a tenant carries a tenant, a system job none"
    assert told["nowhere"] == "there is no such tenant"
    assert await queued(database) == []


async def test_a_job_writes_nothing_outside_its_tenant(database: Database, city: City, runner: JobRunner) -> None:
    stray = message_of(MARK, Mark("stray", HUANGPU), tenant=TIANHE, key="stray")
    assert await runner.run(stray) is Outcome.RETRIED
    assert "stray" not in await marks(database)
    await queued(database, clear=True)


async def test_what_a_job_enqueues_goes_with_its_transaction(database: Database, city: City, runner: JobRunner) -> None:
    failing = message_of(CHAIN, Mark("failing", TIANHE, "always"), tenant=TIANHE, key="failing")
    assert await runner.run(failing) is Outcome.DIED
    assert await queued(database) == []
    assert await runner.run(message_of(CHAIN, Mark("going", TIANHE), tenant=TIANHE, key="going")) is Outcome.DONE
    (asked,) = await queued(database, clear=True)
    assert (asked.job, asked.key, asked.tenant) == ("core.mark", "going then", TIANHE)


async def test_a_system_job_sees_all_and_cannot_act_in_one(database: Database, city: City, runner: JobRunner) -> None:
    assert await runner.run(message_of(COUNT, NoPayload(), tenant=None)) is Outcome.DONE

    async def acts(context: object, _: NoPayload) -> None:
        context.act_context  # type: ignore[attr-defined]  # noqa: B018

    acting = Job("core.acting", "行事", "acting", NoPayload, acts, retries=0, system=True)
    able = replace(runner, jobs={**JOBS, acting.name: acting})
    assert await able.run(message_of(acting, NoPayload(), tenant=None, key="acting")) is Outcome.DIED
    (letter,) = [one for one in await letters(database) if one.key == "acting"]
    # Two cities share this installation: a system job's letter is neither's.
    assert (letter.code, letter.shard, letter.error_class) == (0, 0, "LookupError")


async def test_a_job_that_takes_too_long_has_failed(database: Database, city: City, runner: JobRunner) -> None:
    async def sleeps(_context: object, _: NoPayload) -> None:
        await asyncio.sleep(60)

    slow = Job("core.slow", "慢", "slow", NoPayload, sleeps, retries=0, system=True)
    hasty = replace(runner, jobs={slow.name: slow}, timeout=0.3)
    assert await hasty.run(message_of(slow, NoPayload(), tenant=None, key="slow")) is Outcome.DIED
    assert [one.error_class for one in await letters(database) if one.key == "slow"] == ["TimeoutError"]


async def test_the_time_is_that_of_the_clock(
    database: Database, city: City, runner: JobRunner, clock: FrozenClock
) -> None:
    clock.instant += timedelta(days=400)
    assert await runner.run(message_of(MARK, Mark("later", TIANHE), tenant=TIANHE, key="later")) is Outcome.DONE
    async with database.system() as session:
        done = await session.scalar(text("select done_at from job_done where key = 'later'"))
        marked = await session.scalar(text("select at from audit_entry where reason = 'later'"))
    assert done == marked == clock.instant
