"""Dead letters, asked for as a client asks: by the platform administrators of the tenant, and by nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.identity.roles import Role
from core.jobs.enqueue import message_of
from core.jobs.job import Job, NoPayload
from core.jobs.message import JobMessage
from core.jobs.running import JobRunner, Outcome
from core.sdk.testing import Laboratory, Visitor, laboratory
from tests.support.jobs import JOBS, MARK, Mark, letters, marks, queued

TIANHE, CITY_CODE = 440106000, 440100000
ADMIN = Visitor("city", Role.PLATFORM_ADMIN)
LIST = """{ deadLetters { totalCount nodes { id job key queue status attempts errorClass errorMessage payload slot diedAt
  settledAt reason version tenant { name } } } }"""
RERUN = """mutation ($input: DeadLetterRerunInput!) { deadLetterRerun(input: $input) {
  deadLetter { status reason version } errors { code path } } }"""
DISCARD = RERUN.replace("Rerun", "Discard")


@pytest.fixture(scope="module")
async def lab() -> AsyncIterator[Laboratory]:
    async with laboratory() as opened:
        yield opened


def runner(lab: Laboratory, *jobs: Job) -> JobRunner:
    return JobRunner(database=lab.database, jobs=JOBS | {job.name: job for job in jobs}, clock=lab.clock)


async def dead(lab: Laboratory, key: str, code: int = TIANHE) -> UUID:
    """A letter of a tenant; its row's id."""
    message = message_of(MARK, Mark(key, code), tenant=code, key=key)
    lost = JobMessage.of({**message.carried(), "job": "core.gone"})
    assert await runner(lab).run(lost) is Outcome.DIED
    (found,) = [one.id for one in await letters(lab.database) if one.key == key]
    return found


async def listed(lab: Laboratory, visitor: Visitor) -> list[dict[str, Any]]:
    answer = await lab.ask(visitor, LIST)
    assert "errors" not in answer, answer
    nodes: list[dict[str, Any]] = answer["data"]["deadLetters"]["nodes"]
    return nodes


async def settle(lab: Laboratory, visitor: Visitor, mutation: str, letter: UUID, **more: Any) -> dict[str, Any]:
    given = {"deadLetterId": lab.id("DeadLetter", letter), "reason": "已修复", **more}
    answer = await lab.ask(visitor, mutation, {"input": given})
    assert "errors" not in answer, answer
    payload: dict[str, Any] = next(iter(answer["data"].values()))
    return payload


async def test_administrators_see_the_letters_of_their_tenant_with_all_that_is_known(lab: Laboratory) -> None:
    await dead(lab, "a letter")
    (seen,) = await listed(lab, ADMIN)
    assert await listed(lab, Visitor("tianhe", Role.PLATFORM_ADMIN)) == [seen]
    assert await listed(lab, Visitor("huangpu", Role.PLATFORM_ADMIN)) == []
    assert (seen["job"], seen["key"], seen["queue"], seen["status"]) == ("core.gone", "a letter", "URGENT", "DEAD")
    assert (seen["errorClass"], seen["errorMessage"], seen["attempts"]) == ("Hopeless", "there is no such job", 1)
    assert '"text": "a letter"' in str(seen["payload"]).replace("'", '"')
    assert seen["tenant"] == {"name": "天河区人民政府"} or "天河" in seen["tenant"]["name"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PLATFORM_ADMIN])
async def test_nobody_else_sees_one_or_does_anything_about_it(lab: Laboratory, role: Role) -> None:
    letter = next(one.id for one in await letters(lab.database))
    visitor = Visitor("city", role)
    answer = await lab.ask(visitor, LIST)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    given = {"deadLetterId": lab.id("DeadLetter", letter), "reason": "x"}
    for mutation in (RERUN, DISCARD):
        refused = await lab.ask(visitor, mutation, {"input": given})
        assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    one = await lab.ask(visitor, "query ($id: ID!) { node(id: $id) { id } }", {"id": given["deadLetterId"]})
    assert (one.get("data") or {}).get("node") is None
    assert await queued(lab.database) == []


async def test_a_letter_is_run_again_under_its_key_and_settled_by_its_success(lab: Laboratory) -> None:
    letter = await dead(lab, "again")
    async with lab.database.system() as session:  # what was missing is there now
        await session.execute(text("update dead_letter set job = 'core.mark' where key = 'again'"))
    done = await settle(lab, ADMIN, RERUN, letter, expectedVersion=1)
    assert done == {"deadLetter": {"status": "RERUN", "reason": "已修复", "version": 2}, "errors": []}
    twice = await settle(lab, ADMIN, RERUN, letter)
    assert twice["errors"] == [{"code": "SETTLED", "path": ["input", "deadLetterId"]}]
    (message,) = await queued(lab.database, clear=True)
    assert (message.job, message.key, message.tenant, message.attempt) == ("core.mark", "again", TIANHE, 1)
    assert await runner(lab).run(message) is Outcome.DONE
    assert (await marks(lab.database)).count("again") == 1
    (seen,) = [one for one in await listed(lab, ADMIN) if one["key"] == "again"]
    assert (seen["status"], seen["settledAt"] is None) == ("DONE", False)
    async with lab.database.system() as session:
        (entry,) = await session.rows(text("select * from audit_entry where act = 'deadLetterRerun'"))
    assert (entry.reason, entry.subject_id, entry.after["status"]) == ("已修复", letter, "RERUN")


async def test_a_letter_that_dies_again_is_open_again(lab: Laboratory) -> None:
    letter = await dead(lab, "stubborn")
    assert (await settle(lab, ADMIN, RERUN, letter))["errors"] == []
    (message,) = await queued(lab.database, clear=True)
    assert await runner(lab).run(message) is Outcome.DIED
    (seen,) = [one for one in await listed(lab, ADMIN) if one["key"] == "stubborn"]
    assert (seen["status"], seen["reason"], seen["version"]) == ("DEAD", None, 3)


async def test_a_letter_is_given_up_with_a_reason_and_stays(lab: Laboratory) -> None:
    letter = await dead(lab, "given up")
    blank = await settle(lab, ADMIN, DISCARD, letter, reason=" ")
    assert blank["errors"] == [{"code": "INVALID_INPUT", "path": ["input", "reason"]}]
    stale = await settle(lab, ADMIN, DISCARD, letter, expectedVersion=7)
    assert stale["errors"][0]["code"] == "CONFLICT"
    elsewhere = await settle(lab, Visitor("huangpu", Role.PLATFORM_ADMIN), DISCARD, letter)
    assert elsewhere["errors"][0]["code"] == "NOT_FOUND"
    assert (await settle(lab, ADMIN, DISCARD, letter))["deadLetter"]["status"] == "DISCARDED"
    assert (await settle(lab, ADMIN, RERUN, letter))["errors"][0]["code"] == "SETTLED"
    assert await queued(lab.database) == []


async def test_the_slot_of_a_system_job_is_kept_and_carried_again(lab: Laboratory) -> None:
    """Where there is one city only, a system job's letter is the business of its administrators, not of a district's."""
    async with lab.database.system() as session:
        await session.execute(text("update tenant set valid_to = date '2026-01-01' where code = 440300000"))

    async def fails(_context: Any, _: NoPayload) -> None:
        raise LookupError

    sweep = Job("core.sweep", "清扫", "sweep", NoPayload, fails, retries=0, system=True)
    slot = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
    message = message_of(sweep, NoPayload(), tenant=None, key="slot", slot=slot)
    assert await runner(lab, sweep).run(message) is Outcome.DIED
    (letter,) = [one for one in await letters(lab.database) if one.key == "slot"]
    assert "slot" not in {one["key"] for one in await listed(lab, Visitor("tianhe", Role.PLATFORM_ADMIN))}
    assert (await settle(lab, ADMIN, RERUN, letter.id))["errors"] == []
    (again,) = await queued(lab.database, clear=True)
    assert (again.job, again.tenant, again.slot) == ("core.sweep", None, slot)
