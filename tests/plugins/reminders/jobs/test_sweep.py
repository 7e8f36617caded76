"""The sweep on a real database: what is due fires on its day, once, and where the plugin is effective."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from core.sdk.hooks import Role
from core.sdk.jobs import NoPayload, Outcome
from plugins.reminders.jobs import ARM, SWEEP, sweeping
from plugins.reminders.jobs.sweeping import Sweep
from tests.support.acting import add_member
from tests.support.supervision import CITY, Desk, Filed, liaison, local

RECEIPT = [{"kind": "COURT_RECEIPT", "note": "法院收件回执"}]


async def swept(desk: Desk, day: str, hour: int = 0, minute: int = 0) -> None:
    """Sweep at an hour."""
    desk.at(day, hour, minute)
    assert await desk.lab.run(SWEEP, NoPayload()) is Outcome.DONE


async def told(desk: Desk, kind: str, subject: Any) -> list[Any]:
    async with desk.lab.database.system() as session:
        return list(
            await session.rows(
                text("select * from notification where kind = :kind and subject_id = :id order by created_at, id"),
                {"kind": f"reminders.{kind}", "id": subject},
            )
        )


@pytest.fixture(scope="module", autouse=True)
async def people(desk: Desk) -> None:
    """One liaison officer of the agency in Huangpu, and one officer of the bureau there."""
    async with desk.lab.database.system() as session:
        await add_member(session, 440112000, Role.AGENCY, agency_id=desk.lab.city.agencies["huangpu"])
        await add_member(session, 440112000, Role.DISTRICT_BUREAU)


async def notice(desk: Desk, received: str, place: str = "huangpu") -> tuple[Filed, Any]:
    desk.at(received)
    filed = await desk.file(place, filed_on=received)
    await desk.receive(filed, "RESPONSE_NOTICE", received)
    (obligation,) = await desk.obligations(filed)
    return filed, obligation


async def transitions(desk: Desk, filed: Filed) -> list[str]:
    return [one.transition for one in await desk.events(filed) if one.obligation_id]


async def test_reminders_go_out_on_their_mornings_and_the_unread_last_one_becomes_a_call(desk: Desk) -> None:
    filed, obligation = await notice(desk, "2026-04-08")
    assert obligation.due_on == date(2026, 4, 23)
    await swept(desk, "2026-04-16", 8, 59)
    assert await desk.reminders(filed) == []
    await swept(desk, "2026-04-16", 9)
    await swept(desk, "2026-04-16", 9, 2)
    await swept(desk, "2026-04-22", 9)
    reminders = await desk.reminders(filed)
    assert [(one.kind, one.sent_on.isoformat(), one.due_version) for one in reminders] == [
        ("REMIND_7", "2026-04-16", 1),
        ("REMIND_1", "2026-04-22", 1),
    ]
    messages = await told(desk, "remind", obligation.id)
    assert {one.key.rpartition(":")[2] for one in messages} == {"2026-04-16", "2026-04-22"}
    assert len({(one.member_id, one.key) for one in messages}) == len(messages)
    assert all(one.message_id is not None for one in reminders)
    await swept(desk, "2026-04-22", 12)
    last = (await desk.reminders(filed))[-1]
    assert last.phone_task == "OPEN"
    assert await transitions(desk, filed) == ["BEAR", "REMIND", "REMIND", "PHONE_TASK"]


async def test_a_reminder_that_was_confirmed_or_read_needs_no_call(desk: Desk) -> None:
    filed, obligation = await notice(desk, "2026-05-06")
    await swept(desk, "2026-05-20", 9)
    confirmed = (await desk.reminders(filed))[-1]
    await desk.done(liaison("huangpu"), "reminderConfirm", {"reminderId": desk.lab.id("ReminderRecord", confirmed.id)})
    read, other = await notice(desk, "2026-05-06")
    await swept(desk, "2026-05-20", 9, 30)
    # What its reading in the inbox comes to: tests/e2e/test_read_receipts.py reads it there.
    receipt = "update reminders_reminder set read_at = :at where obligation_id = :id"
    await desk.write(receipt, at=desk.lab.clock.now(), id=other.id)
    await swept(desk, "2026-05-20", 12)
    assert [one.phone_task for one in await desk.reminders(filed)] == [None, None]
    assert [one.phone_task for one in await desk.reminders(read)] == [None, None]
    settled = {one.kind: (one.state, one.reason) for one in await desk.timers(read, "CANCELLED", "FIRED")}
    assert settled["PHONE_TASK"] == ("CANCELLED", "READ")
    assert obligation.due_on == other.due_on == date(2026, 5, 21)


async def test_two_reminders_on_one_day_are_two_records_and_one_message(desk: Desk) -> None:
    desk.at("2026-09-10")
    filed = await desk.file(filed_on="2026-09-10")
    await desk.receive(filed, "SUMMONS", "2026-09-10")
    hearing = {"caseId": filed.case, "heldOn": "2026-10-08"}
    await desk.done(CITY, "hearingSchedule", hearing)
    (obligation,) = await desk.obligations(filed)
    await swept(desk, "2026-09-30", 9)
    reminders = await desk.reminders(filed)
    assert [(one.kind, one.nominal_on.isoformat()) for one in sorted(reminders, key=lambda one: one.kind)] == [
        ("REMIND_1", "2026-10-07"),
        ("REMIND_7", "2026-10-01"),
    ]
    assert len({one.key for one in await told(desk, "remind", obligation.id)}) == 1


async def test_a_miss_that_an_act_finds_before_the_sweep_does_is_told_of_alike_and_once(desk: Desk) -> None:
    """Registered too late, or acted on after a night without a worker."""
    _filed, obligation = await notice(desk, "2026-07-01")
    desk.at("2026-07-20")
    met = {"periodId": desk.lab.id("Period", obligation.source_id), "metOn": "2026-07-17"}
    await desk.done(CITY, "periodMeet", met)
    late = await desk.file(filed_on="2026-07-01")
    await desk.receive(late, "RESPONSE_NOTICE", "2026-07-01")
    (missed_at_once,) = await desk.obligations(late)
    for one in (obligation, missed_at_once):
        words = [(word.agency_id is None, word.key) for word in await told(desk, "missed", one.id)]
        assert sorted(words) == [
            (False, f"reminders.missed:{one.id}:1:MISS:0"),
            (True, f"reminders.missed:{one.id}:1:MISS:0"),
        ]
    await swept(desk, "2026-07-20", 23)
    assert [len(await told(desk, "missed", one.id)) for one in (obligation, missed_at_once)] == [2, 2]


async def test_a_missed_last_day_is_marked_at_midnight_with_its_remedy(desk: Desk) -> None:
    filed, obligation = await notice(desk, "2026-07-01")
    assert obligation.due_on == date(2026, 7, 16)
    await swept(desk, "2026-07-16", 23, 59)
    assert (await desk.obligations(filed))[0].state == "RECEIVED"
    await swept(desk, "2026-07-17")
    (row,) = await desk.obligations(filed)
    assert (row.state, row.violation_date, row.remedy_due_on) == ("MISSED", date(2026, 7, 17), date(2026, 7, 21))
    assert (local(row.missed_at), row.missed_meanwhile) == ("07-16 24:00", False)
    assert [(one.kind, local(one.fires_at)) for one in await desk.timers(filed) if one.subject_id == row.id] == [
        ("REMEDY_OVERDUE", "07-21 24:00")
    ]
    await swept(desk, "2026-07-17", 0, 30)
    await swept(desk, "2026-07-16", 23, 45)  # the clock jumped back
    await swept(desk, "2026-07-22")
    (row,) = await desk.obligations(filed)
    assert local(row.remedy_overdue_at) == "07-21 24:00"
    # Nobody swept on their days: they went out late, but before the last day was over.
    assert await transitions(desk, filed) == ["BEAR", "REMIND", "REMIND", "PHONE_TASK", "MISS", "REMEDY_LAPSE"]
    assert {one.key for one in await told(desk, "missed", row.id)} == {f"reminders.missed:{row.id}:1:MISS:0"}


async def test_an_overdue_report_is_asked_for_each_day_and_told_to_the_bureau_on_the_third(desk: Desk) -> None:
    filed, _ = await notice(desk, "2026-07-06")
    (report,) = await desk.reports(filed)
    assert report.due_on == date(2026, 7, 8)
    await swept(desk, "2026-07-09")
    (report,) = await desk.reports(filed)
    assert (report.state, local(report.overdue_at)) == ("REPORT_OVERDUE", "07-08 24:00")
    assert await told(desk, "report_nag", report.id) == []
    for day in ("2026-07-09", "2026-07-10", "2026-07-11"):
        await swept(desk, day, 9)
    assert len({one.key for one in await told(desk, "report_nag", report.id)}) == 3
    assert len({one.key for one in await told(desk, "report_overdue", report.id)}) == 1
    submitted = {"reportId": desk.lab.id("CaseReport", report.id), "summary": "补报", "contact": "李四"}
    await desk.done(liaison("huangpu"), "reportSubmit", submitted)
    await swept(desk, "2026-07-12", 9)
    assert len({one.key for one in await told(desk, "report_nag", report.id)}) == 3


async def test_four_workers_at_once_fire_each_timer_once(desk: Desk) -> None:
    filed = [(await notice(desk, "2026-08-03"))[0] for _ in range(6)]
    desk.at("2026-08-17", 12)
    outcomes = await asyncio.gather(*(desk.lab.run(SWEEP, NoPayload(), key=f"at once {n}") for n in range(4)))
    assert set(outcomes) == {Outcome.DONE}
    await swept(desk, "2026-08-17", 12, 2)
    for one in filed:
        assert sorted(await transitions(desk, one)) == ["BEAR", "PHONE_TASK", "REMIND", "REMIND"]
        assert len(await desk.reminders(one)) == 2


async def test_much_that_is_due_is_done_in_transactions_of_bounded_size(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a long standstill one transaction would pass a job's time limit, be rolled back, and never come to an end."""
    filed = [(await notice(desk, "2026-09-07"))[0] for _ in range(3)]
    small = partial(Sweep, batch=2, most=1)
    monkeypatch.setattr(sweeping, "Sweep", small)
    desk.at("2026-09-16", 9)
    assert await desk.lab.run(SWEEP, NoPayload(), key="standstill") is Outcome.DONE
    follower = "select count(*) from job_queue where message::text like '%\"standstill+\"%'"
    async with desk.lab.database.system() as session:
        assert await session.scalar(text(follower)) == 1
    monkeypatch.setattr(sweeping, "Sweep", Sweep)
    assert await desk.lab.run(SWEEP, NoPayload(), key="standstill+") is Outcome.DONE
    for one in filed:
        assert (await transitions(desk, one)).count("REMIND") == 1


async def test_where_the_plugin_is_disabled_nothing_fires_and_enabling_it_floods_nobody(desk: Desk) -> None:
    filed, obligation = await notice(desk, "2026-11-02")
    late, missed = await notice(desk, "2026-10-30")
    assert (obligation.due_on, missed.due_on) == (date(2026, 11, 17), date(2026, 11, 16))
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    desk.at("2026-11-03")
    unborn = await desk.file(filed_on="2026-11-03")
    await desk.receive(unborn, "RESPONSE_NOTICE", "2026-11-03")
    assert await desk.obligations(unborn) == []
    for day in ("2026-11-10", "2026-11-16", "2026-11-17"):
        await swept(desk, day, 9)
        await desk.lab.run(ARM, NoPayload(), key=day)
    assert [await desk.reminders(one) for one in (filed, late, unborn)] == [[], [], []]
    desk.at("2026-11-17", 10)
    await desk.lab.choose("reminders", "ENABLED", "huangpu")
    await desk.lab.run(ARM, NoPayload(), key="again")
    await swept(desk, "2026-11-17", 10, 2)
    assert [(one.state, one.missed_meanwhile) for one in await desk.obligations(late)] == [("MISSED", True)]
    assert await told(desk, "missed", missed.id) == []
    assert await desk.reminders(filed) == []
    (born,) = await desk.obligations(unborn)
    assert (born.state, born.due_on) == ("RECEIVED", date(2026, 11, 18))
    assert [(one.kind, local(one.fires_at)) for one in await desk.timers(unborn)] == [
        ("PHONE_TASK", "11-17 12:00"),
        ("MISS", "11-18 24:00"),
    ]
    await swept(desk, "2026-11-18")
    assert [one.state for one in await desk.obligations(filed)] == ["MISSED"]
    assert [one.kind for one in await desk.reminders(unborn)] == ["REMIND_1"]


async def test_to_say_enabled_again_cancels_no_reminder_whose_day_has_passed_meanwhile(desk: Desk) -> None:
    """Nobody swept on its day (the platform stood still); that a district says what held already is no new beginning."""
    filed, obligation = await notice(desk, "2026-12-01")
    assert obligation.due_on == date(2026, 12, 16)
    desk.at("2026-12-11")
    await desk.lab.choose("reminders", "INHERIT", "huangpu")
    desk.at("2026-12-12")
    await desk.lab.choose("reminders", "ENABLED", "huangpu")
    await swept(desk, "2026-12-12", 10)
    assert [one.kind for one in await desk.reminders(filed)] == ["REMIND_7"]


async def test_what_comes_due_where_the_plugin_is_disabled_rests_until_it_is_enabled(desk: Desk) -> None:
    """Else every sweep would walk over it again, for as long as the district stays away."""
    filed, _ = await notice(desk, "2027-03-01")
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    await swept(desk, "2027-03-17", 9)
    resting = await desk.timers(filed, "RESTING")
    assert sorted({one.kind for one in resting}) == ["MISS", "PHONE_TASK", "REMIND", "REPORT_OVERDUE"]
    assert await desk.timers(filed) == []
    assert await due_by_index(desk) == 0
    await desk.lab.choose("reminders", "ENABLED", "huangpu")
    await swept(desk, "2027-03-17", 9, 2)
    assert await desk.timers(filed, "RESTING") == []
    assert [(one.state, one.missed_meanwhile) for one in await desk.obligations(filed)] == [("MISSED", True)]
    assert [one.state for one in await desk.reports(filed)] == ["REPORT_OVERDUE"]


async def test_what_rests_is_cancelled_with_its_duty(desk: Desk) -> None:
    filed, obligation = await notice(desk, "2027-04-01")
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    await swept(desk, "2027-04-09", 9)
    assert [one.kind for one in await desk.timers(filed, "RESTING") if one.subject_id == obligation.id] == ["REMIND"]
    period = desk.lab.id("Period", obligation.source_id)
    await desk.done(CITY, "periodMeet", {"periodId": period, "metOn": "2027-04-09"})
    await desk.lab.choose("reminders", "ENABLED", "huangpu")
    await swept(desk, "2027-04-09", 11)
    assert (await desk.obligations(filed))[0].acted_on == date(2027, 4, 9)
    assert [one for one in await desk.timers(filed, "RESTING", "ARMED") if one.kind in ("REMIND", "MISS")] == []
    assert await desk.reminders(filed) == []


async def due_by_index(desk: Desk) -> int:
    """Timers that the next sweep looks at."""
    async with desk.lab.database.system() as session:
        statement = "select count(*) from reminders_timer where state = 'ARMED' and fires_at <= :now"
        return int(await session.scalar(text(statement), {"now": desk.lab.clock.now()}))
