"""Worked scenarios of the rule sheet, asked and done as clients do: by GraphQL, at a frozen hour."""

from datetime import date
from typing import Any

from tests.support.supervision import CITY, Desk, Filed, bureau, head, judged, legal, liaison, local

OBLIGATION = "supervisedObligation { state standing closedAt feedbackDueOn version }"
RECEIPT = [{"kind": "COURT_RECEIPT", "note": "法院收件回执"}]


async def only(desk: Desk, filed: Filed, kind: str) -> tuple[str, Any]:
    """The obligation of a kind: its global id and its row."""
    (row,) = [one for one in await desk.obligations(filed) if one.kind == kind]
    return desk.lab.id("SupervisedObligation", row.id), row


async def test_g1_the_plain_chain(desk: Desk) -> None:
    desk.at("2026-03-10")
    filed = await desk.file()
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10", liaison("huangpu"))
    (report,) = await desk.reports(filed)
    assert report.due_on == date(2026, 3, 12)
    report_id = desk.lab.id("CaseReport", report.id)
    submitted = {"reportId": report_id, "summary": "不服行政处罚", "contact": "李四"}
    done = await desk.done(liaison("huangpu"), "reportSubmit", submitted, "caseReport { state overdueAt }")
    assert done["caseReport"] == {"state": "REPORTED", "overdueAt": None}
    await desk.done(bureau(), "reportAccept", {"reportId": report_id})
    obligation_id, row = await only(desk, filed, "DEFENCE")
    assert (row.state, row.due_verified, row.due_on) == ("TRACKING", True, date(2026, 3, 25))
    desk.at("2026-03-24")
    acted = {"obligationId": obligation_id, "actedOn": "2026-03-24", "evidence": RECEIPT}
    done = await desk.done(liaison("huangpu"), "obligationAct", acted, OBLIGATION)
    assert done["supervisedObligation"]["state"] == "ACTED"
    assert done["supervisedObligation"]["feedbackDueOn"] == "2026-03-25"
    answered = await desk.lab.ask(CITY, f'{{ node(id: "{filed.response}") {{ ... on Response {{ answeredOn }} }} }}')
    assert answered["data"]["node"] == {"answeredOn": "2026-03-24"}
    desk.at("2026-03-25")
    filing = {"obligationId": obligation_id, "summary": "已按期答辩举证"}
    await desk.done(liaison("huangpu"), "feedbackFile", filing)
    verified = {"obligationId": obligation_id, "result": "属实"}
    done = await desk.done(bureau(), "feedbackVerify", verified, OBLIGATION)
    assert (done["supervisedObligation"]["state"], done["supervisedObligation"]["standing"]) == ("CLOSED", "ON_TIME")
    assert await desk.timers(filed) == []
    history = [one.transition for one in await desk.events(filed) if one.obligation_id]
    assert history == ["BEAR", "TRACK", "ACT", "FILE_FEEDBACK", "VERIFY", "CLOSE"]


async def test_g2_spring_festival(desk: Desk) -> None:
    desk.at("2026-02-05")
    filed = await desk.file()
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-02-05")
    (report,) = await desk.reports(filed)
    assert report.due_on == date(2026, 2, 9)
    obligation_id, row = await only(desk, filed, "DEFENCE")
    assert row.due_on == date(2026, 2, 24)
    reminders = [one for one in await desk.timers(filed) if one.kind == "REMIND"]
    assert [(one.offset_days, one.nominal_on.isoformat(), local(one.fires_at)) for one in reminders] == [
        (7, "2026-02-17", "02-14 09:00"),
        (1, "2026-02-23", "02-14 09:00"),
    ]
    desk.at("2026-02-24")
    acted = {"obligationId": obligation_id, "actedOn": "2026-02-24", "evidence": RECEIPT}
    done = await desk.done(liaison("huangpu"), "obligationAct", acted, OBLIGATION)
    assert done["supervisedObligation"]["feedbackDueOn"] == "2026-02-25"


async def test_g3_the_unit_of_two_days(desk: Desk) -> None:
    for unit, due in (("calendar", 9), ("working", 10), ("strict", 8)):
        desk.at("2026-03-06", 9)
        settings = f'{{"report": {{"unit": "{unit}"}}}}'
        await desk.done(CITY, "pluginSettingsChange", {"plugin": "reminders", "settings": settings})
        filed = await desk.file()
        await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-06")
        (report,) = await desk.reports(filed)
        assert (unit, report.due_on) == (unit, date(2026, 3, due))
    await desk.done(CITY, "pluginSettingsChange", {"plugin": "reminders", "settings": "{}"})
    states = []
    for hour, minute in ((23, 59), (0, 0)):
        desk.at("2026-03-06")
        filed = await desk.file()
        await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-06")
        (report,) = await desk.reports(filed)
        desk.at("2026-03-09" if hour else "2026-03-10", hour, minute)
        given = {"reportId": desk.lab.id("CaseReport", report.id), "summary": "报备"}
        done = await desk.done(liaison("huangpu"), "reportSubmit", given, "caseReport { state overdueAt }")
        states.append((done["caseReport"]["state"], done["caseReport"]["overdueAt"] is not None))
        reminders = [local(one.fires_at) for one in await desk.timers(filed) if one.kind == "REMIND"]
        assert reminders == ["03-16 09:00", "03-20 09:00"]
    assert states == [("REPORTED", False), ("REPORTED_LATE", True)]


async def test_g7_a_performance_that_was_missed(desk: Desk) -> None:
    desk.at("2026-06-01")
    filed = await desk.file(filed_on="2026-01-05")
    judgment = await judged(desk, filed, effective_on="2026-06-01", outcome="REVOKED_REMAKE")
    await desk.receive(filed, "EFFECTIVE_DOC_PERF", "2026-06-01")
    duty = {"responseId": filed.response, "judgmentId": judgment, "content": "60日内重新作出决定", "termAmount": 60}
    await desk.done(CITY, "obligationRecord", duty)
    (report,) = await desk.reports(filed)
    assert report.due_on == date(2026, 6, 3)
    _, loss = await only(desk, filed, "LOSS_REPORT")
    assert loss.due_on == date(2026, 7, 1)
    obligation_id, row = await only(desk, filed, "PERFORMANCE")
    assert row.due_on == date(2026, 7, 31)
    mine = [one for one in await desk.timers(filed) if one.subject_id == row.id]
    assert [local(one.fires_at) for one in mine if one.kind == "REMIND"] == ["07-24 09:00", "07-30 09:00"]
    desk.at("2026-08-03")
    plan = {"obligationId": obligation_id, "plan": "成立专班，限期重作", "dueOn": "2026-08-21"}
    done = await desk.done(legal("huangpu"), "remedyFile", plan, "remedyPlan { id state obligation { state } }")
    assert done["remedyPlan"]["obligation"]["state"] == "REMEDY_OPEN"
    _, row = await only(desk, filed, "PERFORMANCE")
    assert (local(row.missed_at), row.violation_date) == ("07-31 24:00", date(2026, 8, 1))
    assert row.remedy_due_on == date(2026, 8, 5)
    remedy = {"remedyId": done["remedyPlan"]["id"]}
    await desk.done(head("huangpu"), "remedySign", remedy)
    await desk.done(bureau(), "remedyApprove", remedy)
    desk.at("2026-08-20")
    finished = remedy | {"doneOn": "2026-08-20", "proof": "已重新作出决定"}
    await desk.done(liaison("huangpu"), "remedyDone", finished)
    _, row = await only(desk, filed, "PERFORMANCE")
    assert (row.acted_on, row.feedback_due_on) == (date(2026, 8, 20), date(2026, 8, 21))
    assert (await desk.do(bureau(), "obligationClose", {"obligationId": obligation_id}))["errors"]
    await desk.done(liaison("huangpu"), "feedbackFile", {"obligationId": obligation_id, "summary": "已履行"})
    await desk.done(CITY, "remedyConfirm", remedy | {"result": "属实"})
    done = await desk.done(CITY, "obligationClose", {"obligationId": obligation_id}, OBLIGATION)
    assert (done["supervisedObligation"]["state"], done["supervisedObligation"]["standing"]) == ("CLOSED_LATE", "LATE")
    _, row = await only(desk, filed, "PERFORMANCE")
    assert row.missed_at is not None
