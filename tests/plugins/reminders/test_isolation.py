"""Who sees what is supervised: the bureau its range, the agency its own, a court nothing; and where the plugin is off, nobody."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database
from core.sdk.hooks import Role
from core.sdk.testing import Visitor
from tests.support.supervision import CITY, Desk, bureau, legal, liaison

LISTS = "{ supervisedObligations { totalCount } reports { totalCount } upcomingDeadlines { totalCount } myTasks { totalCount } }"
TABLES = ("report", "obligation", "event", "timer", "reminder", "remedy", "escalation")


async def test_each_sees_their_own(desk: Desk) -> None:
    desk.at("2026-03-10")
    for place in ("huangpu", "tianhe"):
        filed = await desk.file(place)
        await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    (mine,) = [one for one in await desk.obligations() if one.code == 440112000]
    foreign = desk.lab.id("SupervisedObligation", mine.id)
    seen = {}
    for who in (CITY, bureau("huangpu"), bureau("tianhe"), liaison("huangpu"), liaison("tianhe"), liaison("city")):
        answer = (await desk.lab.ask(who, LISTS))["data"]
        node = await desk.lab.ask(who, f'{{ node(id: "{foreign}") {{ id }} }}')
        seen[who.place, who.role] = (
            answer["supervisedObligations"]["totalCount"],
            answer["reports"]["totalCount"],
            node["data"]["node"] is not None,
        )
    assert seen == {
        ("city", Role.CITY_BUREAU): (2, 2, True),
        ("huangpu", Role.DISTRICT_BUREAU): (1, 1, True),
        ("tianhe", Role.DISTRICT_BUREAU): (1, 1, False),
        ("huangpu", Role.AGENCY): (1, 1, True),
        ("tianhe", Role.AGENCY): (1, 1, False),
        ("city", Role.AGENCY): (0, 0, False),
    }
    given = {"obligationId": foreign, "summary": "越权"}
    assert await desk.refused(liaison("tianhe"), "feedbackFile", given) == "NOT_FOUND"
    assert (
        await desk.refused(bureau("tianhe"), "feedbackVerify", {"obligationId": foreign, "result": "x"}) == "NOT_FOUND"
    )


async def test_a_court_sees_no_row_of_any_table(desk: Desk) -> None:
    scope = Scope(ScopeKind.COURT, 4401, 440100000, 440200000, TenantLevel.CITY, date(2026, 3, 10), court_code="粤7101")
    database: Database = desk.lab.database
    async with database.system() as session:
        assert await session.scalar(text("select count(*) from reminders_obligation")) > 0
    async with database.read(scope) as session:
        assert await session.scalar(text("select count(*) from response")) > 0
        for table in TABLES:
            assert await session.scalar(text(f"select count(*) from reminders_{table}")) == 0, table


async def test_steps_are_for_those_whose_they_are(desk: Desk) -> None:
    """The bureau does not act for the agency, nor the agency for the bureau."""
    (mine,) = [one for one in await desk.obligations() if one.code == 440112000]
    obligation = {"obligationId": desk.lab.id("SupervisedObligation", mine.id)}
    acted = obligation | {"actedOn": "2026-03-10", "evidence": []}
    for who, name, given in (
        (bureau(), "obligationAct", acted),
        (bureau(), "feedbackFile", obligation | {"summary": "x"}),
        (liaison("huangpu"), "feedbackVerify", obligation | {"result": "x"}),
        (legal("huangpu"), "supervisionVoid", obligation | {"reason": "x"}),
        (Visitor("city", Role.AUDITOR), "supervisionVoid", obligation | {"reason": "x"}),
        (Visitor("city", Role.CITY_LEADER), "feedbackVerify", obligation | {"result": "x"}),
    ):
        stem = name[0].upper() + name[1:]
        query = f"mutation ($input: {stem}Input!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
        answer = await desk.lab.ask(who, query, {"input": given})
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN", (who, name)


async def test_the_history_can_only_grow(desk: Desk) -> None:
    for statement in ("update reminders_event set reason = 'x'", "delete from reminders_event"):
        with pytest.raises(DBAPIError, match="append-only"):
            await desk.write(statement)


async def test_off_in_a_district_there_is_no_trace_and_no_act_and_on_again_all_is_there(desk: Desk) -> None:
    desk.at("2026-03-10")
    filed = await desk.file("huangpu")
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    (report,) = await desk.reports(filed)
    query = f'{{ node(id: "{filed.case}") {{ ... on Case {{ nextDueOn supervisedObligations {{ state }} reports {{ state }} }} }} }}'
    shown = (await desk.lab.ask(CITY, query))["data"]["node"]
    assert shown == {
        "nextDueOn": "2026-03-25",
        "supervisedObligations": [{"state": "RECEIVED"}],
        "reports": [{"state": "RECEIVED"}],
    }
    await desk.lab.choose("reminders", "DISABLED", "huangpu")
    assert (await desk.lab.ask(CITY, query))["data"]["node"] == dict.fromkeys(shown)
    own = await desk.lab.ask(bureau("huangpu"), LISTS)
    assert own["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    given = {"reportId": desk.lab.id("CaseReport", report.id), "summary": "报备"}
    assert await desk.refused(CITY_AS_TOWN, "reportSubmit", given) == "PLUGIN_NOT_ENABLED"
    later = await desk.file("huangpu")
    await desk.receive(later, "RESPONSE_NOTICE", "2026-03-10")
    assert await desk.obligations(later) == []
    await desk.lab.choose("reminders", "INHERIT", "huangpu")
    assert (await desk.lab.ask(CITY, query))["data"]["node"] == shown


CITY_AS_TOWN = Visitor("city", Role.TOWN)
"""Somebody who sees the whole city, has the plugin, and may submit."""


async def test_nobody_has_it_who_never_enabled_it(desk: Desk) -> None:
    answer = await desk.lab.ask(Visitor("shenzhen"), LISTS)
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    sdl = desk.lab.sdl()
    assert [
        name for name in ("SupervisedObligation", "CaseReport", "feedbackFile", "ObligationState") if name in sdl
    ] == []
