"""What else comes due by itself: feedback that nobody verifies or files again, plans that are not carried out, reminders on rest days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from core.sdk.hooks import Role
from core.sdk.jobs import NoPayload, Outcome
from plugins.reminders.jobs import SWEEP
from tests.support.acting import add_member
from tests.support.supervision import CITY, Desk, Filed, bureau, head, legal, liaison, local

RECEIPT = [{"kind": "COURT_RECEIPT", "note": "法院收件回执"}]


@pytest.fixture(scope="module", autouse=True)
async def people(desk: Desk) -> None:
    """One who is told in the agency in Huangpu, and one in the bureau there."""
    async with desk.lab.database.system() as session:
        await add_member(session, 440112000, Role.AGENCY, agency_id=desk.lab.city.agencies["huangpu"])
        await add_member(session, 440112000, Role.DISTRICT_BUREAU)


async def swept(desk: Desk, day: str, hour: int = 0, minute: int = 0) -> None:
    desk.at(day, hour, minute)
    assert await desk.lab.run(SWEEP, NoPayload()) is Outcome.DONE


async def told(desk: Desk, kind: str, subject: Any) -> list[str]:
    """By which keys the message was told, and to whom: each role once for each member."""
    async with desk.lab.database.system() as session:
        rows = await session.rows(
            text(
                "select m.role from notification n join member m on m.shard = n.shard and m.id = n.member_id"
                " where n.kind = :kind and n.subject_id = :id order by m.role"
            ),
            {"kind": f"reminders.{kind}", "id": subject},
        )
    return [row.role for row in rows]


async def acted(desk: Desk, received: str, on: str) -> tuple[Filed, Any, dict[str, Any]]:
    """A defence that was filed on its day: the case, the obligation and what names it."""
    desk.at(received)
    filed = await desk.file(filed_on=received)
    await desk.receive(filed, "RESPONSE_NOTICE", received)
    (row,) = await desk.obligations(filed)
    named = {"obligationId": desk.lab.id("SupervisedObligation", row.id)}
    desk.at(on)
    await desk.done(liaison("huangpu"), "obligationAct", named | {"actedOn": on, "evidence": RECEIPT})
    return filed, row, named


async def transitions(desk: Desk, filed: Filed) -> list[str]:
    return [one.transition for one in await desk.events(filed) if one.obligation_id]


async def test_feedback_that_is_not_filed_the_next_day_is_overdue(desk: Desk) -> None:
    filed, row, _ = await acted(desk, "2026-03-10", "2026-03-20")
    await swept(desk, "2026-03-23", 23, 59)
    assert (await desk.obligations(filed))[0].feedback_overdue_at is None
    await swept(desk, "2026-03-24")
    (now,) = await desk.obligations(filed)
    assert (now.state, local(now.feedback_overdue_at)) == ("FEEDBACK_OVERDUE", "03-23 24:00")
    assert await told(desk, "feedback_overdue", row.id) == ["AGENCY", "DISTRICT_BUREAU"]


async def test_feedback_that_the_bureau_has_not_verified_in_five_working_days_is_told_to_the_bureau_alone(
    desk: Desk,
) -> None:
    """Over the Labour Day holidays, 1 to 5 May."""
    filed, row, named = await acted(desk, "2026-04-15", "2026-04-28")
    await desk.done(liaison("huangpu"), "feedbackFile", named | {"summary": "已按期答辩举证"})
    (now,) = await desk.obligations(filed)
    assert now.verify_due_on == date(2026, 5, 8)
    await swept(desk, "2026-05-08", 23, 59)
    assert await told(desk, "verification_overdue", row.id) == []
    await swept(desk, "2026-05-09")
    await swept(desk, "2026-05-11")
    assert await told(desk, "verification_overdue", row.id) == ["DISTRICT_BUREAU"]
    assert await transitions(desk, filed) == ["BEAR", "ACT", "FILE_FEEDBACK", "VERIFICATION_LAPSE"]
    await desk.done(bureau(), "feedbackVerify", named | {"result": "属实"})
    assert [one.state for one in await desk.obligations(filed)] == ["CLOSED"]


async def test_feedback_that_was_returned_is_due_again_in_one_working_day(desk: Desk) -> None:
    filed, row, named = await acted(desk, "2026-06-01", "2026-06-15")
    await desk.done(liaison("huangpu"), "feedbackFile", named | {"summary": "已答辩"})
    desk.at("2026-06-18")
    await desk.done(bureau(), "feedbackReturn", named | {"reason": "缺少回执"})
    (now,) = await desk.obligations(filed)
    assert (now.state, now.feedback_due_on, now.verify_due_on) == ("RETURNED", date(2026, 6, 22), None)
    await swept(desk, "2026-06-22", 23, 59)
    assert await told(desk, "feedback_overdue", row.id) == []
    await swept(desk, "2026-06-23")
    (now,) = await desk.obligations(filed)
    assert (now.state, local(now.feedback_overdue_at)) == ("FEEDBACK_OVERDUE", "06-22 24:00")
    assert await told(desk, "feedback_overdue", row.id) == ["AGENCY", "DISTRICT_BUREAU"]
    # The bureau's own five days stand still while it waits.
    assert "VERIFICATION_LAPSE" not in await transitions(desk, filed)


async def test_an_approved_plan_that_is_not_carried_out_by_its_own_day_is_overdue(desk: Desk) -> None:
    desk.at("2026-07-01")
    filed = await desk.file(filed_on="2026-07-01")
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-07-01")
    await swept(desk, "2026-07-17")
    (row,) = await desk.obligations(filed)
    assert row.state == "MISSED"
    desk.at("2026-07-20")
    obligation = {"obligationId": desk.lab.id("SupervisedObligation", row.id)}
    plan = obligation | {"plan": "立即提交答辩状并说明理由", "dueOn": "2026-07-24"}
    done = await desk.done(legal("huangpu"), "remedyFile", plan, "remedyPlan { id }")
    remedy = {"remedyId": done["remedyPlan"]["id"]}
    await desk.done(head("huangpu"), "remedySign", remedy)
    await desk.done(bureau(), "remedyApprove", remedy)
    await swept(desk, "2026-07-24", 23, 59)
    assert (await desk.obligations(filed))[0].remedy_overdue_at is None
    await swept(desk, "2026-07-25")
    (now,) = await desk.obligations(filed)
    assert local(now.remedy_overdue_at) == "07-24 24:00"
    assert (await transitions(desk, filed))[-1] == "PLAN_LAPSE"
    assert await told(desk, "remedy_overdue", row.id) == ["AGENCY", "DISTRICT_BUREAU"]


# Received 7 September, due 22 September (Tuesday). T−2 is Sunday 20 September, a swapped working day: not moved. T−3 is Saturday.
@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("advance", {"REMIND_3": "2026-09-18"}),
        ("keep", {"REMIND_3": "2026-09-19"}),
        ("both", {"REMIND_3": "2026-09-18", "REMIND_REST_DAY_3": "2026-09-19"}),
    ],
)
async def test_a_reminder_on_a_rest_day_is_sent_as_the_tenant_wants_it(
    desk: Desk, rule: str, days: dict[str, str]
) -> None:
    desk.at("2026-09-07", 8)
    settings = f'{{"reminder": {{"nonworking": "{rule}", "offsets": [3, 2]}}}}'
    await desk.done(CITY, "pluginSettingsChange", {"plugin": "reminders", "settings": settings})
    filed = await desk.file(filed_on="2026-09-07")
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-09-07")
    (row,) = await desk.obligations(filed)
    assert row.due_on == date(2026, 9, 22)
    for day in ("2026-09-17", "2026-09-18", "2026-09-19", "2026-09-20"):
        for minute in (0, 2):
            await swept(desk, day, 9, minute)
    reminders = {one.kind: one.sent_on.isoformat() for one in await desk.reminders(filed)}
    assert reminders == days | {"REMIND_2": "2026-09-20"}
    assert {one.nominal_on for one in await desk.reminders(filed) if one.offset_days == 3} == {date(2026, 9, 19)}
    # One message a day to the one who is told in the agency.
    assert await told(desk, "remind", row.id) == ["AGENCY"] * len(reminders)
    assert all(one.message_id for one in await desk.reminders(filed))
    await swept(desk, "2026-09-20", 12)
    assert {one.kind: one.phone_task for one in await desk.reminders(filed)} == {
        **dict.fromkeys(days),
        "REMIND_2": "OPEN",
    }
