"""补立项: what would have been born is borne when the plugin comes (back); what passed meanwhile is listed, without a word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from core.sdk.hooks import Role
from core.sdk.jobs import NoPayload, Outcome
from plugins.reminders.jobs import ARM, SWEEP
from tests.support.acting import add_member
from tests.support.supervision import CITY, Desk, Filed, bureau, judged, liaison, local


@pytest.fixture(scope="module", autouse=True)
async def people(desk: Desk) -> None:
    """Somebody who could be told."""
    async with desk.lab.database.system() as session:
        await add_member(session, 440112000, Role.AGENCY, agency_id=desk.lab.city.agencies["huangpu"])
        await add_member(session, 440112000, Role.DISTRICT_BUREAU)


async def armed(desk: Desk, day: str, hour: int = 10) -> None:
    desk.at(day, hour)
    for job in (ARM, SWEEP):
        assert await desk.lab.run(job, NoPayload()) is Outcome.DONE


async def letters_of(desk: Desk, place: str) -> list[Any]:
    """Obligations of the place's letters without a case."""
    agency = desk.lab.city.agencies[place]
    return [one for one in await desk.obligations() if one.case_id is None and one.agency_id == agency]


async def everything(desk: Desk, place: str) -> Filed:
    """One of each kind of duty, on the day that the clock shows."""
    day = desk.lab.clock.today().isoformat()
    filed = await desk.file(place, filed_on="2026-01-05")
    await desk.receive(filed, "RESPONSE_NOTICE", day)
    await desk.receive(filed, "SUMMONS", day)
    await desk.done(CITY, "hearingSchedule", {"caseId": filed.case, "heldOn": "2026-06-10"})
    await judged(desk, filed, effective_on=day)
    await desk.receive(filed, "EFFECTIVE_DOC", day)
    await desk.done(
        CITY,
        "suggestionRecord",
        {
            "kind": "JUDICIAL",
            "issuedBy": "广州铁路运输中级法院",
            "subject": "规范执法",
            "receivedOn": day,
            "agencyId": desk.lab.id("Agency", desk.lab.city.agencies[place]),
        },
    )
    return filed


async def stands(desk: Desk, filed: Filed, place: str) -> dict[str, Any]:
    obligations = [*await desk.obligations(filed), *await letters_of(desk, place)]
    return {
        "obligations": sorted((one.kind, one.source_type, one.due_on, one.state) for one in obligations),
        "reports": sorted((one.doc_type, one.due_on, one.state, one.info_only) for one in await desk.reports(filed)),
        "timers": sorted((one.kind, one.offset_days, local(one.fires_at)) for one in await desk.timers(filed)),
    }


async def test_every_kind_of_duty_that_would_have_been_born_is(desk: Desk) -> None:
    desk.at("2026-05-20", 9)
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    born = await everything(desk, "tianhe")
    unborn = await everything(desk, "huangpu")
    assert await stands(desk, unborn, "huangpu") == {"obligations": [], "reports": [], "timers": []}
    await desk.lab.choose("reminders", "ENABLED", "huangpu")
    await armed(desk, "2026-05-20")
    found = await stands(desk, unborn, "huangpu")
    assert found == await stands(desk, born, "tianhe")
    assert {one[0] for one in found["obligations"]} == {"DEFENCE", "HEARING", "LOSS_REPORT", "SUGG_REPLY"}
    assert {one[0] for one in found["reports"]} == {"RESPONSE_NOTICE", "SUMMONS", "EFFECTIVE_DOC"}
    await armed(desk, "2026-05-20", 11)
    assert await stands(desk, unborn, "huangpu") == found


async def test_a_report_whose_term_runs_is_armed_one_that_passed_meanwhile_is_listed_without_a_word(desk: Desk) -> None:
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    desk.at("2026-06-01")
    passed = await desk.file(filed_on="2026-06-01")
    await desk.receive(passed, "RESPONSE_NOTICE", "2026-06-01")
    desk.at("2026-06-09")
    running = await desk.file(filed_on="2026-06-09")
    await desk.receive(running, "RESPONSE_NOTICE", "2026-06-09")
    desk.at("2026-06-10", 8)
    await desk.lab.choose("reminders", "ENABLED", "huangpu")
    await armed(desk, "2026-06-10")
    (missed,) = await desk.reports(passed)
    assert (missed.state, missed.missed_meanwhile) == ("REPORT_OVERDUE", True)
    assert (missed.due_on, local(missed.overdue_at)) == (date(2026, 6, 3), "06-03 24:00")
    (owed,) = await desk.reports(running)
    assert (owed.state, owed.due_on, owed.missed_meanwhile) == ("RECEIVED", date(2026, 6, 11), False)
    for day in ("2026-06-11", "2026-06-15"):
        await armed(desk, day)
    assert await told(desk, missed.id) == []
    assert [one.state for one in await desk.reports(running)] == ["REPORT_OVERDUE"]
    query = "query ($case: ID!) { reports(first: 9, filter: { case: { eq: $case }, missedMeanwhile: { eq: true } }) { nodes { id } } }"
    listed = [await desk.lab.ask(bureau(), query, {"case": one.case}) for one in (passed, running)]
    assert [one["data"]["reports"]["nodes"] for one in listed] == [[{"id": desk.lab.id("CaseReport", missed.id)}], []]
    submitted = {"reportId": desk.lab.id("CaseReport", missed.id), "summary": "补报", "contact": "李四"}
    await desk.done(liaison("huangpu"), "reportSubmit", submitted)
    assert [one.state for one in await desk.reports(passed)] == ["REPORTED_LATE"]


async def test_a_report_that_was_owed_before_and_passed_meanwhile_is_asked_for_by_nobody(desk: Desk) -> None:
    desk.at("2026-07-01")
    filed = await desk.file(filed_on="2026-07-01")
    await desk.receive(filed, "SUMMONS", "2026-07-01")
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    desk.at("2026-07-20", 8)
    await desk.lab.choose("reminders", "ENABLED", "huangpu")
    for day in ("2026-07-20", "2026-07-21"):
        await armed(desk, day)
    (report,) = await desk.reports(filed)
    assert (report.state, report.missed_meanwhile) == ("REPORT_OVERDUE", True)
    assert await told(desk, report.id) == []


async def test_what_was_over_before_the_plugin_first_came_is_not_listed(desk: Desk) -> None:
    """An import brings years of documents: nobody owed a report of them here."""
    desk.at("2026-08-03")
    filed = await desk.file(filed_on="2026-03-02")
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-02")
    await desk.receive(filed, "APPEAL", "2026-08-03")
    await as_if_imported(desk, filed)
    await armed(desk, "2026-08-03", 11)
    assert [one.doc_type for one in await desk.reports(filed)] == ["APPEAL"]


async def test_lawyers_alone_are_no_appearance(desk: Desk) -> None:
    """适用解释 128(2), 132: the duty to appear is still open."""
    desk.at("2026-08-10")
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    found = {}
    for lawyer_only in (True, False):
        filed = await desk.file(filed_on="2026-08-03")
        scheduled = {"caseId": filed.case, "heldOn": "2026-08-10"}
        hearing = (await desk.done(CITY, "hearingSchedule", scheduled, "hearing { id }"))["hearing"]["id"]
        given = {"hearingId": hearing, "responseId": filed.response, "headAttended": False, "agents": 1}
        await desk.done(CITY, "appearanceRecord", given | {"lawyerOnly": lawyer_only})
        found[lawyer_only] = filed
    await desk.lab.choose("reminders", "ENABLED", "huangpu")
    await armed(desk, "2026-08-10", 11)
    assert [one.kind for one in await desk.obligations(found[True])] == ["HEARING"]
    assert await desk.obligations(found[False]) == []


async def test_a_case_that_was_closed_meanwhile_has_nothing_to_be_armed_and_has_it_again_when_reopened(
    desk: Desk,
) -> None:
    desk.at("2026-09-01")
    known = await desk.file(filed_on="2026-09-01")
    await desk.receive(known, "RESPONSE_NOTICE", "2026-09-01")
    closed = {"caseId": known.case, "closedOn": "2026-09-01", "outcome": "WITHDRAWN"}
    await desk.done(CITY, "caseClose", closed)
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    unborn = await desk.file(filed_on="2026-09-01")
    await desk.receive(unborn, "RESPONSE_NOTICE", "2026-09-01")
    await desk.done(CITY, "hearingSchedule", {"caseId": unborn.case, "heldOn": "2026-10-15"})
    await desk.done(CITY, "caseClose", closed | {"caseId": unborn.case})
    await desk.done(CITY, "caseReopen", {"caseId": known.case, "reason": "录入有误"})
    await desk.lab.choose("reminders", "ENABLED", "huangpu")
    await armed(desk, "2026-09-01", 11)
    assert await desk.obligations(unborn) == []
    assert [one.state for one in await desk.obligations(known)] == ["VOID", "RECEIVED"]


async def told(desk: Desk, subject: Any) -> list[Any]:
    async with desk.lab.database.system() as session:
        return list(await session.rows(text("select * from notification where subject_id = :id"), {"id": subject}))


async def as_if_imported(desk: Desk, filed: Filed) -> None:
    """The case as an import leaves it: without a word to the plugin."""
    for report in await desk.reports(filed):
        await desk.write("delete from reminders_timer where subject_id = :id", id=report.id)
        async with desk.lab.database.engine.connect() as connection:
            await connection.execute(text("truncate reminders_event"))
        await desk.write("delete from reminders_report where id = :id", id=report.id)
