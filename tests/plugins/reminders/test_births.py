"""立项: an obligation is there, with its last day and its timers, in the transaction in which its document is registered."""

from datetime import date

from sqlalchemy import text

from tests.support.supervision import CITY, Desk, Filed, judged, liaison, local


async def test_a_notice_bears_a_report_and_a_defence_with_all_their_timers(desk: Desk) -> None:
    """G1."""
    desk.at("2026-03-10")
    filed = await desk.file()
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    (report,) = await desk.reports(filed)
    assert (report.state, report.due_on) == ("RECEIVED", date(2026, 3, 12))
    assert report.trace[0]["rule"]
    (obligation,) = await desk.obligations(filed)
    assert (obligation.kind, obligation.state, obligation.due_on) == ("DEFENCE", "RECEIVED", date(2026, 3, 25))
    assert [(one.kind, one.offset_days, local(one.fires_at)) for one in await desk.timers(filed)] == [
        ("REPORT_OVERDUE", 0, "03-12 24:00"),
        ("REMIND", 7, "03-18 09:00"),
        ("REMIND", 1, "03-24 09:00"),
        ("PHONE_TASK", 1, "03-24 12:00"),
        ("MISS", 0, "03-25 24:00"),
    ]
    assert sorted((one.transition, one.from_state, one.to_state) for one in await desk.events(filed)) == [
        ("BEAR", None, "RECEIVED"),
        ("RECEIVE", None, "RECEIVED"),
    ]


async def test_a_hearing_concerns_every_agency_of_the_case_also_one_that_the_author_cannot_see(desk: Desk) -> None:
    desk.at("2026-03-10")
    shared = desk.lab.id("Case", desk.lab.city.cases["shared"])
    given = {"caseId": shared, "heldOn": "2026-04-08", "startsAt": "09:30"}
    hearing = (await desk.done(liaison("huangpu"), "hearingSchedule", given, "hearing { id version }"))["hearing"]
    found = await desk.obligations(Filed(shared, ""))
    assert {(one.code, one.kind, one.due_on, local(one.starts_at)) for one in found} == {
        (440112000, "HEARING", date(2026, 4, 8), "04-08 09:30"),
        (440106000, "HEARING", date(2026, 4, 8), "04-08 09:30"),
    }
    moved = {"hearingId": hearing["id"], "heldOn": "2026-04-20", "reason": "法庭冲突"}
    await desk.done(liaison("huangpu"), "hearingReschedule", moved)
    found = await desk.obligations(Filed(shared, ""))
    assert [(one.due_on, one.due_version, one.state) for one in found] == [(date(2026, 4, 20), 2, "RECEIVED")] * 2
    cancelled = await desk.timers(Filed(shared, ""), "CANCELLED")
    assert {(one.reason, one.due_version) for one in cancelled} == {("RESCHEDULED", 1)}
    assert {one.fires_on for one in await desk.timers(Filed(shared, ""))} == {
        date(2026, 4, 13),
        date(2026, 4, 17),
        date(2026, 4, 21),
    }
    await desk.done(liaison("huangpu"), "hearingCancel", {"hearingId": hearing["id"], "reason": "撤诉"})
    assert [one.state for one in await desk.obligations(Filed(shared, ""))] == ["VOID", "VOID"]
    assert await desk.timers(Filed(shared, "")) == []


async def test_where_it_is_not_enabled_nothing_is_born(desk: Desk) -> None:
    """The co-respondent's district has it off; the author's on."""
    desk.at("2026-03-10")
    await desk.lab.choose("reminders", "DISABLED", "tianhe")
    shared = desk.lab.id("Case", desk.lab.city.cases["shared"])
    before = len(await desk.obligations(Filed(shared, "")))
    await desk.done(CITY, "hearingSchedule", {"caseId": shared, "heldOn": "2026-05-06"})
    new = (await desk.obligations(Filed(shared, "")))[before:]
    assert [one.code for one in new] == [440112000]
    filed = await desk.file("tianhe")
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    assert (await desk.obligations(filed), await desk.reports(filed)) == ([], [])
    await desk.lab.choose("reminders", "INHERIT", "tianhe")
    await desk.receive(filed, "SUMMONS", "2026-03-10")
    assert [one.doc_type for one in await desk.reports(filed)] == ["SUMMONS"]


async def test_where_the_author_has_it_off_the_co_respondent_is_supervised_all_the_same(desk: Desk) -> None:
    desk.at("2026-03-10")
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    shared = desk.lab.id("Case", desk.lab.city.cases["shared"])
    before = len(await desk.obligations(Filed(shared, "")))
    await desk.done(liaison("huangpu"), "hearingSchedule", {"caseId": shared, "heldOn": "2026-06-03"})
    new = (await desk.obligations(Filed(shared, "")))[before:]
    assert [one.code for one in new] == [440106000]
    await desk.lab.choose("reminders", "INHERIT", "huangpu")


async def test_where_it_is_off_what_was_born_before_follows_the_register_without_a_word(desk: Desk) -> None:
    """Else it would be missed when the plugin comes back, though it was done in time (found by the simulated year)."""
    desk.at("2026-03-10")
    filed = await desk.file()
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    (defence,) = await desk.obligations(filed)
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    async with desk.lab.database.system() as session:
        spoken = text("select count(*) from domain_event where name = 'SupervisionAct'")
        before = await session.scalar(spoken)
    desk.at("2026-03-20")
    period_id = desk.lab.id("Period", defence.source_id)
    await desk.done(CITY, "periodMeet", {"periodId": period_id, "metOn": "2026-03-20"})
    (defence,) = await desk.obligations(filed)
    assert (defence.state, defence.acted_on) == ("ACTED", date(2026, 3, 20))
    async with desk.lab.database.system() as session:
        assert await session.scalar(spoken) == before
    await desk.lab.choose("reminders", "INHERIT", "huangpu")


async def test_what_was_done_while_it_is_off_is_missed_only_where_it_was_late(desk: Desk) -> None:
    """Nobody marks a miss at midnight there: told late is not done late (found by the simulated year)."""
    desk.at("2026-03-10")
    filed = [await desk.file(), await desk.file()]
    for one in filed:
        await desk.receive(one, "RESPONSE_NOTICE", "2026-03-10")
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    desk.at("2026-03-30")
    for one, met_on in zip(filed, ("2026-03-25", "2026-03-27"), strict=True):
        (defence,) = await desk.obligations(one)
        await desk.done(CITY, "periodMeet", {"periodId": desk.lab.id("Period", defence.source_id), "metOn": met_on})
    (in_time,), (late,) = [await desk.obligations(one) for one in filed]
    assert (in_time.acted_on, in_time.missed_at, in_time.missed_meanwhile) == (date(2026, 3, 25), None, False)
    assert (late.acted_on, local(late.missed_at), late.missed_meanwhile) == (date(2026, 3, 27), "03-25 24:00", True)
    await desk.lab.choose("reminders", "INHERIT", "huangpu")


async def test_a_period_moves_stands_still_and_ends_with_its_obligation(desk: Desk) -> None:
    desk.at("2026-03-10")
    filed = await desk.file()
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    period = (await desk.lab.ask(CITY, "{ periods(first: 1, orderBy: DUE_ON_DESC) { nodes { id } } }"))["data"]
    assert period
    (obligation,) = await desk.obligations(filed)
    period_id = desk.lab.id("Period", obligation.source_id)
    extended = {"periodId": period_id, "until": "2026-04-15", "grantedOn": "2026-03-10", "reason": "不可抗力"}
    await desk.done(CITY, "periodExtend", extended)
    (obligation,) = await desk.obligations(filed)
    assert (obligation.due_on, obligation.due_version) == (date(2026, 4, 15), 2)
    desk.at("2026-03-12")
    await desk.done(CITY, "periodSuspend", {"periodId": period_id, "suspendedOn": "2026-03-12", "reason": "中止诉讼"})
    (obligation,) = await desk.obligations(filed)
    assert obligation.state == "SUSPENDED"
    assert {one.kind for one in await desk.timers(filed)} == {"REPORT_OVERDUE"}
    desk.at("2026-03-20")
    await desk.done(CITY, "periodResume", {"periodId": period_id, "resumedOn": "2026-03-20"})
    (obligation,) = await desk.obligations(filed)
    assert (obligation.state, obligation.due_version) == ("RECEIVED", 3)
    await desk.done(CITY, "periodMeet", {"periodId": period_id, "metOn": "2026-03-20", "postedOn": "2026-03-19"})
    (obligation,) = await desk.obligations(filed)
    assert (obligation.state, obligation.acted_on) == ("ACTED", date(2026, 3, 19))
    assert obligation.feedback_due_on == date(2026, 3, 20)
    assert [one.transition for one in await desk.events(filed) if one.obligation_id] == [
        "BEAR",
        "RESCHEDULE",
        "SUSPEND",
        "RESUME",
        "ACT",
    ]


async def test_a_loss_in_effect_bears_its_analysis_and_a_correction_takes_it_back(desk: Desk) -> None:
    desk.at("2026-06-01")
    filed = await desk.file(filed_on="2026-01-05")
    judgment = await judged(desk, filed, effective_on="2026-06-01")
    (obligation,) = await desk.obligations(filed)
    assert (obligation.kind, obligation.due_on) == ("LOSS_REPORT", date(2026, 7, 1))
    corrected = {"judgmentId": judgment, "responseId": filed.response, "outcome": "CLAIMS_DISMISSED"}
    await desk.done(CITY, "holdingRecord", corrected)
    (obligation,) = await desk.obligations(filed)
    assert obligation.state == "VOID"


async def test_a_closed_case_makes_what_still_ran_void_and_reopening_bears_it_anew(desk: Desk) -> None:
    desk.at("2026-03-10")
    filed = await desk.file()
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    await desk.done(CITY, "caseClose", {"caseId": filed.case, "closedOn": "2026-03-10", "outcome": "WITHDRAWN"})
    assert [one.state for one in await desk.obligations(filed)] == ["VOID"]
    await desk.done(CITY, "caseReopen", {"caseId": filed.case, "reason": "录入有误"})
    assert [one.state for one in await desk.obligations(filed)] == ["VOID", "RECEIVED"]


async def test_a_letter_without_a_case_is_answered_too(desk: Desk) -> None:
    desk.at("2026-03-10")
    given = {
        "kind": "JUDICIAL",
        "issuedBy": "广州铁路运输中级法院",
        "subject": "规范执法",
        "receivedOn": "2026-03-10",
        "agencyId": desk.lab.id("Agency", desk.lab.city.agencies["street"]),
    }
    letter = (await desk.done(CITY, "suggestionRecord", given, "suggestion { id }"))["suggestion"]["id"]
    (obligation,) = [one for one in await desk.obligations() if one.source_type == "Suggestion"]
    assert (obligation.kind, obligation.due_on, obligation.case_id) == ("SUGG_REPLY", date(2026, 5, 11), None)
    await desk.done(CITY, "suggestionReply", {"suggestionId": letter, "repliedOn": "2026-03-10"})
    (obligation,) = [one for one in await desk.obligations() if one.source_type == "Suggestion"]
    assert obligation.state == "ACTED"


async def test_a_refused_registration_leaves_nothing(desk: Desk) -> None:
    desk.at("2026-03-10")
    filed = await desk.file()
    given = {"responseId": filed.response, "docType": "RESPONSE_NOTICE", "receivedOn": "2026-03-11"}
    assert await desk.refused(CITY, "documentRegister", given) == "IN_FUTURE"
    assert (await desk.obligations(filed), await desk.reports(filed), await desk.timers(filed)) == ([], [], [])


async def test_of_a_document_in_effect_without_a_duty_the_bureau_is_told_and_nothing_is_owed(desk: Desk) -> None:
    """Domain 1.2: "info only". No term, no timer, no place among what waits; told late it is not late."""
    desk.at("2026-03-10")
    filed = await desk.file()
    await desk.receive(filed, "EFFECTIVE_DOC", "2026-03-10")
    (report,) = await desk.reports(filed)
    assert (report.info_only, report.state) == (True, "RECEIVED")
    assert await desk.timers(filed) == []
    waiting = "{ myReports(first: 50) { nodes { id } } }"
    report_id = desk.lab.id("CaseReport", report.id)
    mine = (await desk.lab.ask(liaison("huangpu"), waiting))["data"]["myReports"]["nodes"]
    assert report_id not in [one["id"] for one in mine]
    desk.at("2026-03-20")
    told = {"reportId": report_id, "summary": "已生效，无履行内容", "contact": "李四"}
    await desk.done(liaison("huangpu"), "reportSubmit", told)
    (report,) = await desk.reports(filed)
    assert (report.state, report.overdue_at) == ("REPORTED", None)


async def test_a_tenant_that_wants_it_reported_is_owed_it(desk: Desk) -> None:
    desk.at("2026-03-10", 9)
    wanted = {"plugin": "reminders", "settings": '{"report": {"also": ["EFFECTIVE_DOC"]}}'}
    await desk.done(CITY, "pluginSettingsChange", wanted)
    filed = await desk.file()
    await desk.receive(filed, "EFFECTIVE_DOC", "2026-03-10")
    assert [(one.info_only, one.due_on) for one in await desk.reports(filed)] == [(False, date(2026, 3, 12))]
    assert [one.kind for one in await desk.timers(filed)] == ["REPORT_OVERDUE"]
