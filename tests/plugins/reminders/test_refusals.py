"""Every act's own refusals, in its closed codes; nothing is changed by any of them."""

from typing import Any

import pytest

from core.sdk.testing import Laboratory
from plugins.reminders import refusals
from plugins.reminders.acts import ACTS
from tests.support.supervision import CITY, Desk, Filed, bureau, head, legal, liaison

HUANGPU = liaison("huangpu")
RECEIPT = [{"kind": "COURT_RECEIPT"}]


async def supervised(desk: Desk, day: str = "2026-03-10") -> tuple[Filed, dict[str, Any], dict[str, Any]]:
    """A case with its report and its defence: the inputs that name them."""
    desk.at(day)
    filed = await desk.file()
    await desk.receive(filed, "RESPONSE_NOTICE", day)
    (report,) = await desk.reports(filed)
    (row,) = await desk.obligations(filed)
    return (
        filed,
        {"reportId": desk.lab.id("CaseReport", report.id)},
        {"obligationId": desk.lab.id("SupervisedObligation", row.id)},
    )


def test_every_act_has_the_common_codes_and_its_own_enum() -> None:
    enums = [act.refusals for act in ACTS]
    assert len(set(enums)) == len(ACTS) == 20
    for enum in enums:
        assert {"NOT_FOUND", "FORBIDDEN", "CONFLICT", "INVALID_INPUT", "PLUGIN_NOT_ENABLED"} <= set(enum.__members__)
        assert enum.__module__ == refusals.__name__


async def test_a_report_is_submitted_once_and_decided_once(desk: Desk) -> None:
    _, report, _ = await supervised(desk)
    assert await desk.refused(bureau(), "reportAccept", report) == "NOT_IN_STATE"
    assert await desk.refused(HUANGPU, "reportSubmit", report | {"summary": " "}) == "INVALID_INPUT"
    stale = report | {"summary": "报备", "expectedVersion": 7}
    assert await desk.refused(HUANGPU, "reportSubmit", stale) == "CONFLICT"
    await desk.done(HUANGPU, "reportSubmit", report | {"summary": "报备"})
    assert await desk.refused(HUANGPU, "reportSubmit", report | {"summary": "报备"}) == "NOT_IN_STATE"
    assert await desk.refused(bureau(), "reportReturn", report | {"reason": ""}) == "INVALID_INPUT"
    await desk.done(bureau(), "reportReturn", report | {"reason": "缺起诉状"})
    await desk.done(HUANGPU, "reportSubmit", report | {"summary": "补正"})
    await desk.done(bureau(), "reportAccept", report)
    assert await desk.refused(bureau(), "reportReturn", report | {"reason": "x"}) == "NOT_IN_STATE"


async def test_what_is_recorded_as_done_was_done_and_is_proved(desk: Desk) -> None:
    _, _, obligation = await supervised(desk)
    for given, code in (
        ({"actedOn": "2026-03-11", "evidence": RECEIPT}, "IN_FUTURE"),
        ({"actedOn": "2026-03-10", "evidence": []}, "EVIDENCE_MISSING"),
        ({"actedOn": "2026-03-10", "evidence": [{"kind": "LETTER"}]}, "EVIDENCE_MISSING"),
        ({"actedOn": "2026-03-10", "evidence": RECEIPT, "expectedVersion": 9}, "CONFLICT"),
    ):
        assert await desk.refused(HUANGPU, "obligationAct", obligation | given) == code
    assert await desk.refused(HUANGPU, "feedbackFile", obligation | {"summary": "早了"}) == "NOT_IN_STATE"
    await desk.done(HUANGPU, "obligationAct", obligation | {"actedOn": "2026-03-10", "evidence": RECEIPT})
    again = obligation | {"actedOn": "2026-03-10", "evidence": RECEIPT}
    assert await desk.refused(HUANGPU, "obligationAct", again) == "NOT_IN_STATE"


async def test_feedback_is_filed_returned_filed_again_and_verified(desk: Desk) -> None:
    filed, _, obligation = await supervised(desk)
    await desk.done(HUANGPU, "obligationAct", obligation | {"actedOn": "2026-03-10", "evidence": RECEIPT})
    assert await desk.refused(bureau(), "feedbackVerify", obligation | {"result": "x"}) in {
        "NOT_IN_STATE",
        "FEEDBACK_MISSING",
    }
    await desk.done(HUANGPU, "feedbackFile", obligation | {"summary": "已答辩"})
    assert await desk.refused(HUANGPU, "feedbackFile", obligation | {"summary": "又"}) in {
        "ALREADY_DONE",
        "NOT_IN_STATE",
    }
    await desk.done(bureau(), "feedbackReturn", obligation | {"reason": "缺回执"})
    (row,) = await desk.obligations(filed)
    assert (row.state, row.feedback_due_on.isoformat(), row.rounds) == ("RETURNED", "2026-03-11", 1)
    await desk.done(HUANGPU, "feedbackFile", obligation | {"summary": "附回执"})
    await desk.done(bureau(), "feedbackVerify", obligation | {"result": "属实"})
    assert await desk.refused(bureau(), "feedbackReturn", obligation | {"reason": "x"}) == "NOT_IN_STATE"
    assert await desk.refused(CITY, "obligationClose", obligation) == "NOT_IN_STATE"


async def test_a_due_day_is_verified_once(desk: Desk) -> None:
    _, _, obligation = await supervised(desk)
    await desk.done(bureau(), "obligationTrack", obligation)
    assert await desk.refused(bureau(), "obligationTrack", obligation) == "ALREADY_DONE"


async def test_nobody_approves_their_own_plan(desk: Desk) -> None:
    filed, _, obligation = await supervised(desk)
    plan = obligation | {"plan": "整改", "dueOn": "2026-04-10"}
    assert await desk.refused(legal("huangpu"), "remedyFile", plan) == "NOT_IN_STATE"
    escalation = obligation | {"level": "REMINDER_LETTER", "letterNumber": "穗司督〔2026〕1号", "reason": "逾期"}
    assert await desk.refused(bureau(), "supervisionEscalate", escalation) == "NOT_IN_STATE"
    desk.at("2026-03-27")
    assert await desk.refused(legal("huangpu"), "remedyFile", plan | {"dueOn": "2026-03-26"}) == "DATE_IMPOSSIBLE"
    made = (await desk.done(legal("huangpu"), "remedyFile", plan, "remedyPlan { id }"))["remedyPlan"]["id"]
    assert await desk.refused(legal("huangpu"), "remedyFile", plan) == "PLAN_PENDING"
    remedy = {"remedyId": made}
    assert await desk.refused(bureau(), "remedyApprove", remedy) == "NOT_IN_STATE"
    own = legal("huangpu")
    filer_as_head = type(own)("huangpu", head("huangpu").role, own.subject)
    assert await desk.refused(filer_as_head, "remedySign", remedy) == "OWN_STEP"
    await desk.done(head("huangpu"), "remedySign", remedy)
    signer_as_bureau = type(own)("huangpu", bureau().role, head("huangpu").subject)
    assert await desk.refused(signer_as_bureau, "remedyApprove", remedy) == "OWN_STEP"
    await desk.done(bureau(), "remedyRefuse", remedy | {"reason": "措施不实"})
    assert await desk.refused(bureau(), "remedyRefuse", remedy | {"reason": "x"}) == "NOT_IN_STATE"
    made = (await desk.done(legal("huangpu"), "remedyFile", plan, "remedyPlan { id }"))["remedyPlan"]["id"]
    remedy = {"remedyId": made}
    await desk.done(head("huangpu"), "remedySign", remedy)
    await desk.done(bureau(), "remedyApprove", remedy)
    assert await desk.refused(bureau(), "remedyConfirm", remedy | {"result": "x"}) == "NOT_YET"
    late = remedy | {"doneOn": "2026-03-28", "proof": "x"}
    assert await desk.refused(HUANGPU, "remedyDone", late) == "IN_FUTURE"
    await desk.done(HUANGPU, "remedyDone", remedy | {"doneOn": "2026-03-27", "proof": "已补交答辩状"})
    await desk.done(bureau(), "remedyConfirm", remedy | {"result": "属实"})
    assert await desk.refused(bureau(), "obligationClose", obligation) == "FEEDBACK_MISSING"
    (row,) = await desk.obligations(filed)
    assert (row.state, row.acted_on.isoformat()) == ("REMEDIED", "2026-03-27")


async def test_the_ladder_is_climbed_once_a_step(desk: Desk) -> None:
    _, _, obligation = await supervised(desk)
    desk.at("2026-03-30")
    escalation = obligation | {"level": "RECTIFICATION", "letterNumber": "穗司督〔2026〕2号", "reason": "逾期未答辩"}
    shown = "supervisedObligation { state escalations { level letterNumber } }"
    done = await desk.done(bureau(), "supervisionEscalate", escalation, shown)
    assert done["supervisedObligation"] == {
        "state": "ESCALATED",
        "escalations": [{"level": "RECTIFICATION", "letterNumber": "穗司督〔2026〕2号"}],
    }
    assert await desk.refused(bureau(), "supervisionEscalate", escalation) == "ALREADY_ESCALATED"


async def test_a_void_one_is_over(desk: Desk) -> None:
    _, _, obligation = await supervised(desk)
    assert await desk.refused(bureau(), "supervisionVoid", obligation | {"reason": " "}) == "INVALID_INPUT"
    await desk.done(bureau(), "supervisionVoid", obligation | {"reason": "重复登记"})
    assert await desk.refused(bureau(), "supervisionVoid", obligation | {"reason": "x"}) == "NOT_IN_STATE"
    assert (
        await desk.refused(HUANGPU, "obligationAct", obligation | {"actedOn": "2026-03-10", "evidence": RECEIPT})
        == "NOT_IN_STATE"
    )


async def test_reminders_are_confirmed_by_the_responsible_and_told_by_telephone(desk: Desk) -> None:
    filed, _, _ = await supervised(desk)
    (row,) = await desk.obligations(filed)
    for offset in (7, 1):
        await desk.write(
            "insert into reminders_reminder (shard, code, agency_id, case_id, response_id, obligation_id, due_version, due_on,"
            " kind, offset_days, nominal_on, sent_on, sent_at, phone_task) select shard, code, agency_id, case_id, response_id,"
            " id, 1, due_on, 'REMIND_' || cast(:offset as integer), cast(:offset as integer), due_on, due_on, now(), case when :offset = 1 then 'OPEN' end"
            " from reminders_obligation where id = :id",
            id=row.id,
            offset=offset,
        )
    week, day = await desk.reminders(filed)
    confirmed = {"reminderId": desk.lab.id("ReminderRecord", week.id)}
    await desk.done(HUANGPU, "reminderConfirm", confirmed)
    assert await desk.refused(HUANGPU, "reminderConfirm", confirmed) == "ALREADY_DONE"
    assert await desk.refused(bureau(), "phoneTaskDone", confirmed | {"note": "已告知"}) == "NO_PHONE_TASK"
    told = {"reminderId": desk.lab.id("ReminderRecord", day.id)}
    await desk.write("update reminders_obligation set responsible_id = uuid7() where id = :id", id=row.id)
    assert await desk.refused(HUANGPU, "reminderConfirm", told) == "NOT_RESPONSIBLE"
    shown = "reminderRecord { phoneTask phoneNote obligation { history { transition } } }"
    done = await desk.done(bureau(), "phoneTaskDone", told | {"note": "李四接听"}, shown)
    assert done["reminderRecord"]["phoneTask"] == "DONE"
    assert [one["transition"] for one in done["reminderRecord"]["obligation"]["history"]][-1] == "CONFIRM_REMINDER"


async def test_somebody_else_s_member_cannot_answer_for_it(desk: Desk) -> None:
    _, _, obligation = await supervised(desk)
    lab: Laboratory = desk.lab
    for place in ("huangpu", "tianhe"):
        await desk.write(
            "insert into member (shard, code, agency_id, issuer, subject, role, display_name, valid_from, created_at)"
            " values (4401, :code, :agency, 'x', :place, 'AGENCY', '赵六', date '2026-01-01', now())",
            code={"huangpu": 440112000, "tianhe": 440106000}[place],
            agency=lab.city.agencies[place],
            place=place,
        )
    async with lab.database.system() as session:
        from sqlalchemy import text

        rows = await session.rows(text("select id, subject from member where issuer = 'x'"))
    ids = {row.subject: lab.id("Member", row.id) for row in rows}
    given = obligation | {"memberId": ids["tianhe"]}
    assert await desk.refused(HUANGPU, "responsibleAssign", given) == "NOT_FOUND"
    chosen = obligation | {"memberId": ids["huangpu"]}
    done = await desk.done(HUANGPU, "responsibleAssign", chosen, "supervisedObligation { responsible { displayName } }")
    assert done["supervisedObligation"] == {"responsible": {"displayName": "赵六"}}


@pytest.mark.parametrize("name", ["supervisionVoid", "obligationTrack", "feedbackVerify"])
async def test_what_is_not_there_is_not_found(desk: Desk, name: str) -> None:
    missing = {"obligationId": desk.lab.id("SupervisedObligation", desk.lab.city.cases["city"])}
    more = {"supervisionVoid": {"reason": "x"}, "feedbackVerify": {"result": "x"}}.get(name, {})
    assert await desk.refused(CITY, name, missing | more) == "NOT_FOUND"
