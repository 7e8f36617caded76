"""The worked scenarios of supervision as a front end goes through them: by HTTP alone, signed in, at a frozen hour."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from core.app import build_application
from core.calendar.acts import import_calendar
from core.calendar.calendar_file import read_calendar_file, shipped_calendar_file
from core.clock import SHANGHAI, FrozenClock
from core.config import Settings
from core.extension.registry import Registry
from core.http.server import server_config
from core.identity.development_issuer import DEVELOPMENT_ISSUER, DevelopmentIssuer
from core.identity.roles import Role
from core.jobs.enqueue import message_of
from core.jobs.job import NoPayload
from core.jobs.running import JobRunner, Outcome
from core.sdk.testing import laboratory
from core.worker import job_runner
from plugins.reminders.jobs import SWEEP
from tests.support.acting import add_member

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = {
    "city": (440100000, Role.CITY_BUREAU, None),
    "bureau": (440112000, Role.DISTRICT_BUREAU, None),
    "liaison": (440112000, Role.AGENCY, "huangpu"),
    "legal": (440112000, Role.AGENCY_LEGAL, "huangpu"),
    "head": (440112000, Role.AGENCY_HEAD, "huangpu"),
}
SERIALS = count(2001)
CASE = """query ($id: ID!) { node(id: $id) { ... on Case { nextDueOn
  reports { id docType state dueOn overdueAt }
  supervisedObligations { id kind state standing dueOn missedAt violationDate feedbackDueOn remedyDueOn closedAt
    reminders { id offsetDays nominalOn sentOn shortLead confirmedAt }
    history { transition } } } } }"""
INBOX = "{ notifications(first: 100) { nodes { title body kind } } }"
TALLY = """query ($first: Date!, $last: Date!) {
  supervisionTally(by: [KIND], filter: { dueOn: { gte: $first, lte: $last } }) { kind total onTime late missed void running wasMissed } }"""
RECEIPT = [{"kind": "COURT_RECEIPT", "note": "法院收件回执"}]


@dataclass
class FrontEnd:
    """A browser for each person, and the scheduler's sweep between two hours."""

    url: str
    tokens: dict[str, str]
    clock: FrozenClock
    runner: JobRunner

    def at(self, day: str, hour: int = 10, minute: int = 0, second: int = 0) -> None:
        self.clock.instant = datetime.combine(date.fromisoformat(day), time(hour, minute, second), SHANGHAI)

    async def sweep(self, day: str, hour: int = 9, minute: int = 0) -> None:
        self.at(day, hour, minute)
        assert await self.runner.run(message_of(SWEEP, NoPayload(), tenant=None)) is Outcome.DONE

    async def ask(self, who: str, query: str, **variables: Any) -> Any:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.post(
                f"{self.url}/graphql",
                json={"query": query, "variables": variables},
                headers={
                    "Authorization": f"Bearer {self.tokens[who]}",
                    "Accept": "application/graphql-response+json",
                },
            )
        found = answer.json()
        assert (answer.status_code, found.get("errors")) == (200, None), found
        return found["data"]

    async def do(self, who: str, act: str, selection: str = "", **given: Any) -> Any:
        """A mutation; its payload, without errors."""
        kind = act[0].upper() + act[1:]
        query = f"mutation ($input: {kind}Input!) {{ {act}(input: $input) {{ {selection} errors {{ code path }} }} }}"
        payload = (await self.ask(who, query, input=given))[act]
        assert payload["errors"] == [], payload
        return payload

    async def register(self, filed_on: str) -> tuple[str, str]:
        """A case against 黄埔区: its id, and that of the agency's part."""
        agencies = (await self.ask("bureau", "{ agencies { nodes { id name } } }"))["agencies"]["nodes"]
        (agency,) = [one["id"] for one in agencies if one["name"] == "黄埔区人民政府"]
        number = f"（2026）粤7101行初{next(SERIALS)}号"
        made = await self.do(
            "city", "caseRegister", "case { id responses { id } }",
            agencyId=agency, causeCode="01", filedOn=filed_on, number=number,
        )  # fmt: skip
        return made["case"]["id"], made["case"]["responses"][0]["id"]

    async def receive(self, response: str, doc_type: str, on: str) -> None:
        await self.do("liaison", "documentRegister", responseId=response, docType=doc_type, receivedOn=on)

    async def case(self, case: str, who: str = "liaison") -> Any:
        return (await self.ask(who, CASE, id=case))["node"]

    async def duty(self, case: str, kind: str, who: str = "liaison") -> Any:
        (found,) = [one for one in (await self.case(case, who))["supervisedObligations"] if one["kind"] == kind]
        return found

    async def inbox(self, who: str) -> list[str]:
        return [one["kind"] for one in (await self.ask(who, INBOX))["notifications"]["nodes"]]


@pytest.fixture(scope="module")
async def web(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FrontEnd]:
    data: Path = tmp_path_factory.mktemp("supervision")
    registry, clock = Registry.load(), FrozenClock(BEGIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YINGSU_TEST_SERVER", server_url)
        async with laboratory(registry) as lab:
            async with lab.database.system() as session:
                days = read_calendar_file(shipped_calendar_file())
                await import_calendar(session, days, "国务院办公厅通知", BEGIN, corrects_official=False)
                for name, (code, role, agency) in PEOPLE.items():
                    of = lab.city.agencies[agency] if agency else None
                    await add_member(
                        session, code, role, issuer=DEVELOPMENT_ISSUER, subject=f"dev:{name}", agency_id=of
                    )
            settings = Settings(data=data)
            issuer = DevelopmentIssuer.open(data / "dev")
            tokens = {name: issuer.issue(f"dev:{name}", timedelta(days=365), BEGIN) for name in PEOPLE}
            application = await build_application(settings, lab.database, registry, clock)
            runner = replace(await job_runner(settings, lab.database, registry), clock=clock)
            server = uvicorn.Server(server_config(application.asgi, host="127.0.0.1", port=0))
            running = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            web = FrontEnd(f"http://127.0.0.1:{port}", tokens, clock, runner)
            await web.do("city", "pluginChoose", plugin="reminders", choice="ENABLED")
            yield web
            server.should_exit = True
            await running


async def test_g1_from_the_notice_to_the_closed_duty(web: FrontEnd) -> None:
    web.at("2026-03-10")
    case, response = await web.register("2026-03-05")
    await web.receive(response, "RESPONSE_NOTICE", "2026-03-10")
    shown = await web.case(case)
    (report,) = shown["reports"]
    assert (report["state"], report["dueOn"], shown["nextDueOn"]) == ("RECEIVED", "2026-03-12", "2026-03-25")
    mine = (await web.ask("liaison", "{ myReports { nodes { id } } }"))["myReports"]["nodes"]
    assert report["id"] in [one["id"] for one in mine]
    await web.do("liaison", "reportSubmit", reportId=report["id"], summary="不服行政处罚")
    await web.do("bureau", "reportAccept", reportId=report["id"])
    duty = await web.duty(case, "DEFENCE")
    assert (duty["state"], duty["dueOn"]) == ("TRACKING", "2026-03-25")
    await web.sweep("2026-03-18")
    await web.sweep("2026-03-24")
    duty = await web.duty(case, "DEFENCE")
    assert [(one["offsetDays"], one["sentOn"]) for one in duty["reminders"]] == [(7, "2026-03-18"), (1, "2026-03-24")]
    assert (await web.inbox("liaison")).count("reminders.remind") == 2
    await web.do("liaison", "reminderConfirm", reminderId=duty["reminders"][1]["id"])
    web.at("2026-03-24", 15)
    await web.do("liaison", "obligationAct", obligationId=duty["id"], actedOn="2026-03-24", evidence=RECEIPT)
    assert (await web.duty(case, "DEFENCE"))["feedbackDueOn"] == "2026-03-25"
    web.at("2026-03-25")
    await web.do("liaison", "feedbackFile", obligationId=duty["id"], summary="已按期答辩举证")
    await web.do("bureau", "feedbackVerify", obligationId=duty["id"], result="属实")
    duty = await web.duty(case, "DEFENCE", "bureau")
    assert (duty["state"], duty["standing"]) == ("CLOSED", "ON_TIME")
    told = [one["transition"] for one in duty["history"]]
    assert told == ["BEAR", "TRACK", "REMIND", "REMIND", "CONFIRM_REMINDER", "ACT", "FILE_FEEDBACK", "VERIFY", "CLOSE"]
    (march,) = (await web.ask("bureau", TALLY, first="2026-03-01", last="2026-03-31"))["supervisionTally"]
    assert (march["total"], march["onTime"], march["wasMissed"]) == (1, 1, 0)


async def test_g2_over_the_spring_festival_two_reminders_are_one_message(web: FrontEnd) -> None:
    web.at("2026-02-05")
    case, response = await web.register("2026-02-03")
    await web.receive(response, "RESPONSE_NOTICE", "2026-02-05")
    shown = await web.case(case)
    assert (shown["reports"][0]["dueOn"], shown["nextDueOn"]) == ("2026-02-09", "2026-02-24")
    before = (await web.inbox("liaison")).count("reminders.remind")
    await web.sweep("2026-02-13", 23, 59)
    assert (await web.duty(case, "DEFENCE"))["reminders"] == []
    await web.sweep("2026-02-14")
    await web.sweep("2026-02-23")
    duty = await web.duty(case, "DEFENCE")
    assert [(one["offsetDays"], one["nominalOn"], one["sentOn"]) for one in duty["reminders"]] == [
        (7, "2026-02-17", "2026-02-14"),
        (1, "2026-02-23", "2026-02-14"),
    ]
    assert (await web.inbox("liaison")).count("reminders.remind") == before + 1
    web.at("2026-02-24")
    await web.do("liaison", "obligationAct", obligationId=duty["id"], actedOn="2026-02-24", evidence=RECEIPT)
    assert (await web.duty(case, "DEFENCE"))["feedbackDueOn"] == "2026-02-25"


@pytest.mark.parametrize(
    ("unit", "due"), [("calendar", "2026-03-09"), ("working", "2026-03-10"), ("strict", "2026-03-08")]
)
async def test_g3_two_days_by_the_citys_setting_late_from_midnight_on(web: FrontEnd, unit: str, due: str) -> None:
    web.at("2026-03-06", 9)
    settings = f'{{"report": {{"unit": "{unit}"}}}}'
    await web.do("city", "pluginSettingsChange", plugin="reminders", settings=settings)
    last = date.fromisoformat(due)
    for late in (False, True):
        web.at("2026-03-06")
        case, response = await web.register("2026-03-05")
        await web.receive(response, "RESPONSE_NOTICE", "2026-03-06")
        (report,) = (await web.case(case))["reports"]
        assert (report["dueOn"], (await web.duty(case, "DEFENCE"))["dueOn"]) == (due, "2026-03-23")
        if late:
            web.at((last + timedelta(days=1)).isoformat(), 0)
        else:
            web.at(due, 23, 59, 59)
        await web.do("liaison", "reportSubmit", reportId=report["id"], summary="报备")
        (report,) = (await web.case(case))["reports"]
        assert (report["state"], report["overdueAt"] is not None) == ("REPORTED_LATE" if late else "REPORTED", late)
    web.at("2026-03-06", 11)
    await web.do("city", "pluginSettingsChange", plugin="reminders", settings="{}")


async def test_g7_a_missed_performance_its_remedy_and_its_place_in_the_circular(web: FrontEnd) -> None:
    web.at("2026-06-01")
    case, response = await web.register("2026-01-05")
    holdings = [{"responseId": response, "outcome": "REVOKED_REMAKE"}]
    judged = await web.do(
        "city", "judgmentRecord", "judgment { id }",
        caseId=case, kind="JUDGMENT", outcome="REVOKED_REMAKE", decidedOn="2026-04-20", holdings=holdings,
    )  # fmt: skip
    judgment = judged["judgment"]["id"]
    await web.do("city", "judgmentBecomeEffective", judgmentId=judgment, effectiveOn="2026-06-01")
    await web.receive(response, "EFFECTIVE_DOC_PERF", "2026-06-01")
    await web.do(
        "city",
        "obligationRecord",
        responseId=response,
        judgmentId=judgment,
        content="60日内重新作出决定",
        termAmount=60,
    )
    assert (await web.case(case))["reports"][0]["dueOn"] == "2026-06-03"
    assert (await web.duty(case, "LOSS_REPORT"))["dueOn"] == "2026-07-01"
    duty = await web.duty(case, "PERFORMANCE")
    assert duty["dueOn"] == "2026-07-31"
    for day in ("2026-07-24", "2026-07-30"):
        await web.sweep(day)
    sent = [one["sentOn"] for one in (await web.duty(case, "PERFORMANCE"))["reminders"]]
    assert sent == ["2026-07-24", "2026-07-30"]
    await web.sweep("2026-08-01", 0)
    duty = await web.duty(case, "PERFORMANCE")
    assert (duty["state"], duty["missedAt"]) == ("MISSED", "2026-07-31T16:00:00+00:00"), "00:00 in Guangzhou"
    assert (duty["violationDate"], duty["remedyDueOn"]) == ("2026-08-01", "2026-08-05")
    web.at("2026-08-03")
    filed = await web.do(
        "legal",
        "remedyFile",
        "remedyPlan { id }",
        obligationId=duty["id"],
        plan="成立专班，限期重作",
        dueOn="2026-08-21",
    )
    remedy = filed["remedyPlan"]["id"]
    assert duty["id"] in await tasks(web, "head")
    await web.do("head", "remedySign", remedyId=remedy)
    await web.do("bureau", "remedyApprove", remedyId=remedy)
    web.at("2026-08-20")
    await web.do("liaison", "remedyDone", remedyId=remedy, doneOn="2026-08-20", proof="已重新作出决定")
    assert (await web.duty(case, "PERFORMANCE"))["feedbackDueOn"] == "2026-08-21"
    await web.do("liaison", "feedbackFile", obligationId=duty["id"], summary="已履行")
    await web.do("bureau", "remedyConfirm", remedyId=remedy, result="属实")
    await web.do("bureau", "obligationClose", obligationId=duty["id"])
    duty = await web.duty(case, "PERFORMANCE")
    assert (duty["state"], duty["standing"], duty["missedAt"] is not None) == ("CLOSED_LATE", "LATE", True)
    web.at("2026-09-07")
    drafted = await web.do("city", "circularDraft", "circular { id dueToPublishOn }", month="2026-08-01")
    assert drafted["circular"]["dueToPublishOn"] == "2026-09-07"
    await web.do("city", "circularPublish", circularId=drafted["circular"]["id"])
    read = "{ circulars(first: 1) { nodes { month misses { nodes { kind dueOn violationOn actedOn daysLate remedied } } } } }"
    (issue,) = (await web.ask("liaison", read))["circulars"]["nodes"]
    performances = [one for one in issue["misses"]["nodes"] if one["kind"] == "PERFORMANCE"]
    assert (issue["month"], performances) == (
        "2026-08-01",
        [
            {
                "kind": "PERFORMANCE",
                "dueOn": "2026-07-31",
                "violationOn": "2026-08-01",
                "actedOn": "2026-08-20",
                "daysLate": 20,
                "remedied": True,
            }
        ],
    )


async def tasks(web: FrontEnd, who: str) -> list[str]:
    return [one["id"] for one in (await web.ask(who, "{ myTasks(first: 100) { nodes { id } } }"))["myTasks"]["nodes"]]
