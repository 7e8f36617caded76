"""Circulars as people meet them: drawn up and published by the city bureau or by the morning's job, read by everybody, downloaded."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import insert, text
from starlette.applications import Starlette

from core.documents.files import Files
from core.documents.routes import file_routes
from core.http.errors import HttpRefusal
from core.identity.roles import Role
from core.jobs.job import NoPayload
from core.jobs.running import Outcome
from core.sdk.testing import Laboratory, Visitor, laboratory
from core.sdk.testing.small_city import PLACES
from plugins.reminders.circular.jobs import MAKE_FILES, PUBLISH_DUE, CircularFiles
from plugins.reminders.tables import SupervisedObligation
from tests.plugins.reminders.circular.duties import at
from tests.support.jobs import queued

BUREAU = Visitor("city", Role.CITY_BUREAU)
AGENCY = Visitor("street", Role.AGENCY)
ROOT = 440100000

DRAFT = """mutation ($input: CircularDraftInput!) { circularDraft(input: $input) {
  circular { id month state version number dueToPublishOn asOf figures { due missed open } } errors { code message messageZh path } } }"""
PUBLISH = """mutation ($input: CircularPublishInput!) { circularPublish(input: $input) {
  circular { id state number publishedOn } errors { code message messageZh path } } }"""
DOWNLOAD = """mutation ($input: CircularDownloadInput!) { circularDownload(input: $input) {
  fileName downloadUrl expiresAt errors { code } } }"""
READ = """{ circulars { nodes { id month state number publishedOn
  byDistrict: figures(by: [DISTRICT]) { district { name } due onTime late missed open wasMissed onTimeRate { percent numerator denominator } }
  lines(filter: {kind: {eq: PERFORMANCE}}) { nodes { agencyName districtName agency { name } kind due late missed } }
  misses { nodes { agencyName districtName kind dueOn violationOn actedOn daysLate remedied } }
  corrections { nodes { month agencyName measure before after } }
  files { format name size sha256 } } } }"""
SETTING = """mutation ($input: PluginSettingsChangeInput!) { pluginSettingsChange(input: $input) { errors { code message } } }"""


@pytest.fixture(scope="module")
async def lab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Laboratory]:
    async with laboratory() as opened:
        folder: Path = tmp_path_factory.mktemp("files")
        opened.resources[Files] = Files.open(str(folder), b"the laboratory's own", base="http://files.test")
        yield opened


@pytest.fixture(scope="module")
async def enabled(lab: Laboratory) -> Laboratory:
    """The plugin is enabled in the whole city; the tests of this page follow each other through a year."""
    assert (await lab.choose("reminders", "ENABLED"))["errors"] == []
    return lab


async def owed(lab: Laboratory, place: str, due_on: date, kind: str = "PERFORMANCE", **more: Any) -> None:
    """A supervised obligation of the agency in a place."""
    values = {"shard": 4401, "code": PLACES[place].code, "agency_id": lab.city.agencies[place], "kind": kind}
    values |= {"source_type": "PERIOD", "source_id": uuid4(), "state": "TRACKING", "due_on": due_on}
    values |= {"earliest_due_on": due_on, "registered_on": date(2026, 6, 1), "registered_at": at(date(2026, 6, 1))}
    async with lab.database.system() as session:
        await session.execute(insert(SupervisedObligation).values(**values, **more))


async def said(lab: Laboratory, visitor: Visitor, mutation: str, **given: Any) -> dict[str, Any]:
    answer = await lab.ask(visitor, mutation, {"input": given})
    assert "errors" not in answer, answer
    payload: dict[str, Any] = next(iter(answer["data"].values()))
    return payload


async def refused(lab: Laboratory, visitor: Visitor, mutation: str, **given: Any) -> str:
    payload = await said(lab, visitor, mutation, **given)
    (error,) = payload["errors"]
    assert error.get("message", "x")
    code: str = error["code"]
    return code


async def read(lab: Laboratory, visitor: Visitor) -> list[dict[str, Any]]:
    answer = await lab.ask(visitor, READ)
    assert "errors" not in answer, answer
    nodes: list[dict[str, Any]] = answer["data"]["circulars"]["nodes"]
    return nodes


async def test_the_story_of_g7_from_the_act_to_the_downloaded_files(enabled: Laboratory) -> None:
    """Due Fri 07-31, missed, performed 08-20: open in July, listed and corrected in August's issue of Mon 2026-09-07."""
    lab = enabled
    setting = {
        "plugin": "reminders",
        "validFrom": "2026-03-11",
        "settings": json.dumps({"circular": {"series": "穗应诉通报"}}),
    }
    assert (await said(lab, BUREAU, SETTING, **setting))["errors"] == []
    missed = {"missed_at": at(date(2026, 8, 1), 0), "violation_date": date(2026, 8, 1)}
    done = {"acted_on": date(2026, 8, 20), "acted_at": at(date(2026, 8, 20))}
    await owed(lab, "huangpu", date(2026, 7, 31), **missed, **done)
    await owed(lab, "huangpu", date(2026, 8, 25), acted_on=date(2026, 8, 24), acted_at=at(date(2026, 8, 24)))
    await owed(lab, "city", date(2026, 8, 10), "DEFENCE")

    lab.clock.instant = at(date(2026, 7, 31), 23, 59)
    assert await refused(lab, BUREAU, DRAFT, month="2026-07-01") == "MONTH_NOT_OVER"
    lab.clock.instant = at(date(2026, 8, 1), 0)
    july = (await said(lab, BUREAU, DRAFT, month="2026-07-15"))["circular"]
    assert (july["month"], july["state"], july["number"]) == ("2026-07-01", "DRAFT", None)
    assert (july["asOf"], july["dueToPublishOn"]) == ("2026-07-31", "2026-08-05")
    assert july["figures"] == [{"due": 1, "missed": 0, "open": 1}]
    assert await read(lab, AGENCY) == []
    assert [one["state"] for one in await read(lab, BUREAU)] == ["DRAFT"]

    lab.clock.instant = at(date(2026, 8, 5), 9)
    published = await said(lab, BUREAU, PUBLISH, circularId=july["id"], expectedVersion=july["version"])
    assert published["circular"]["number"] == "穗应诉通报〔2026〕1号"
    assert await refused(lab, BUREAU, PUBLISH, circularId=july["id"]) == "NOT_A_DRAFT"
    assert await refused(lab, BUREAU, DRAFT, month="2026-07-01") == "NOT_NEXT_MONTH"
    assert await refused(lab, BUREAU, DOWNLOAD, circularId=july["id"]) == "NOT_MADE_YET"

    for day in range(1, 12):
        lab.clock.instant = at(date(2026, 9, day), 9)
        assert await lab.run(PUBLISH_DUE, NoPayload(), tenant=ROOT, key=f"09-{day}") is Outcome.DONE
        august = [one for one in await read(lab, AGENCY) if one["month"] == "2026-08-01"]
        assert bool(august) == (day >= 7), day
    (issue,) = august
    assert (issue["number"], issue["publishedOn"]) == ("穗应诉通报〔2026〕2号", "2026-09-07")
    assert issue["misses"]["nodes"] == [
        {
            "agencyName": "广州市人民政府",
            "districtName": "市直单位",
            "kind": "DEFENCE",
            "dueOn": "2026-08-10",
            "violationOn": "2026-08-11",
            "actedOn": None,
            "daysLate": 21,
            "remedied": False,
        },
        {
            "agencyName": "黄埔区人民政府",
            "districtName": "黄埔区",
            "kind": "PERFORMANCE",
            "dueOn": "2026-07-31",
            "violationOn": "2026-08-01",
            "actedOn": "2026-08-20",
            "daysLate": 20,
            "remedied": False,
        },
    ]
    assert sorted((one["measure"], one["before"], one["after"]) for one in issue["corrections"]["nodes"]) == [
        ("LATE", 0, 1),
        ("OPEN", 1, 0),
        ("WAS_MISSED", 0, 1),
    ]
    assert issue["lines"]["nodes"] == [
        {
            "agencyName": "黄埔区人民政府",
            "districtName": "黄埔区",
            "agency": None,
            "kind": "PERFORMANCE",
            "due": 1,
            "late": 0,
            "missed": 0,
        }
    ]
    by_district = {one["district"]["name"]: one for one in issue["byDistrict"]}
    assert by_district["广州市"]["missed"] == 1
    assert by_district["黄埔区"]["onTimeRate"]["percent"] == "100.00"

    messages = [one for one in await queued(lab.database, clear=True) if one.job == MAKE_FILES.name]
    assert [one.tenant for one in messages] == [ROOT, ROOT]
    for message in messages:
        assert await lab.run(MAKE_FILES, CircularFiles(**message.payload), tenant=ROOT, key=message.key) is Outcome.DONE
    await _download(lab, issue["id"])


async def _download(lab: Laboratory, circular: str) -> None:
    """An agency in another district gets both files, whole; their digests are those that the schema shows; the address expires."""
    (issue,) = [one for one in await read(lab, AGENCY) if one["id"] == circular]
    digests = {one["format"]: one["sha256"] for one in issue["files"]}
    content = {}
    files = lab.resources[Files]
    app = Starlette(routes=list(file_routes(files, lab.clock)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        for form in ("DOCX", "XLSX"):
            given = await said(lab, AGENCY, DOWNLOAD, circularId=circular, format=form)
            assert given["errors"] == []
            assert (
                given["fileName"] == f"穗应诉通报〔2026〕2号 关于2026年8月全市行政应诉事项办理情况的通报.{form.lower()}"
            )
            got = await client.get(given["downloadUrl"])
            assert got.status_code == 200
            content[form] = got.content
            assert hashlib.sha256(got.content).hexdigest() == digests[form]
            late = lab.clock.instant
            lab.clock.instant = late + timedelta(minutes=6)
            with pytest.raises(HttpRefusal) as expired:
                await client.get(given["downloadUrl"])
            assert expired.value.status == 410
            lab.clock.instant = late
    opened = Document(io.BytesIO(content["DOCX"]))
    assert "穗应诉通报〔2026〕2号" in [paragraph.text for paragraph in opened.paragraphs]
    assert any("黄埔区人民政府" in cell.text for row in opened.tables[3].rows for cell in row.cells)
    assert load_workbook(io.BytesIO(content["XLSX"]))["新增逾期"]["A5"].value == "黄埔区人民政府"
    async with lab.database.system() as session:
        acts = await session.rows(text("select agency_id from audit_entry where act = 'circularDownload'"))
    assert [row.agency_id for row in acts] == [lab.city.agencies["street"]] * 2


async def test_making_the_files_again_changes_nothing(enabled: Laboratory) -> None:
    """A job that ran twice, its second message with another key, keeps one file of each kind, the same."""
    before = await read(enabled, BUREAU)
    async with enabled.database.system() as session:
        rows = await session.rows(text("select id from reminders_circular where state = 'PUBLISHED'"))
    for row in rows:
        done = await enabled.run(MAKE_FILES, CircularFiles(str(row.id)), tenant=ROOT, key=uuid4().hex)
        assert done is Outcome.DONE
    assert await read(enabled, BUREAU) == before
    assert [len(one["files"]) for one in before] == [2, 2]


@pytest.mark.parametrize(
    ("visitor", "code"),
    [
        (Visitor("huangpu", Role.DISTRICT_BUREAU), "FORBIDDEN"),
        (Visitor("city", Role.CITY_LEADER), "FORBIDDEN"),
        (Visitor("city", Role.AGENCY), "FORBIDDEN"),
        (Visitor("huangpu", Role.CITY_BUREAU), "NOT_CITY"),
    ],
)
async def test_only_the_city_bureau_draws_up_a_circular(enabled: Laboratory, visitor: Visitor, code: str) -> None:
    answer = await enabled.ask(visitor, DRAFT, {"input": {"month": "2026-09-01"}})
    given = (
        answer["errors"][0]["extensions"]["code"]
        if "errors" in answer
        else answer["data"]["circularDraft"]["errors"][0]["code"]
    )
    assert given == code


async def test_a_stale_version_is_refused_and_a_draft_has_no_files(enabled: Laboratory) -> None:
    enabled.clock.instant = at(date(2026, 10, 5), 9)
    draft = (await said(enabled, BUREAU, DRAFT, month="2026-09-01"))["circular"]
    stale = await refused(enabled, BUREAU, PUBLISH, circularId=draft["id"], expectedVersion=draft["version"] + 1)
    assert stale == "CONFLICT"
    assert await refused(enabled, BUREAU, DOWNLOAD, circularId=draft["id"]) == "NOT_PUBLISHED"
    assert await refused(enabled, AGENCY, DOWNLOAD, circularId=draft["id"]) == "NOT_FOUND"


async def test_the_job_publishes_the_draft_that_the_bureau_drew_up(enabled: Laboratory) -> None:
    """What leaders have read is what appears; what was entered since goes to the next issue."""
    enabled.clock.instant = at(date(2026, 10, 5), 9)
    draft = (await said(enabled, BUREAU, DRAFT, month="2026-09-01"))["circular"]
    enabled.clock.instant = at(date(2026, 10, 8), 9)
    assert await enabled.run(PUBLISH_DUE, NoPayload(), tenant=ROOT, key="10-08") is Outcome.DONE
    (issue,) = [one for one in await read(enabled, AGENCY) if one["month"] == "2026-09-01"]
    assert issue["id"] == draft["id"]
    assert issue["number"] == "穗应诉通报〔2026〕3号"


async def test_where_the_city_has_not_enabled_it_nothing_is_published_and_nothing_is_shown(enabled: Laboratory) -> None:
    await enabled.choose("reminders", "DISABLED")
    enabled.clock.instant = at(date(2026, 11, 5), 9)
    assert await enabled.run(PUBLISH_DUE, NoPayload(), tenant=ROOT, key="11-05 off") is Outcome.DONE
    assert "Circular" not in enabled.sdl()
    answer = await enabled.ask(BUREAU, "{ circulars { nodes { id } } }")
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    await enabled.choose("reminders", "ENABLED")
    assert [one["month"] for one in await read(enabled, AGENCY)] == ["2026-09-01", "2026-08-01", "2026-07-01"]


async def test_another_city_sees_nothing(enabled: Laboratory) -> None:
    other = Visitor("shenzhen", Role.CITY_BUREAU)
    await enabled.choose("reminders", "ENABLED", "shenzhen")
    assert await read(enabled, other) == []
    (newest, *_) = await read(enabled, BUREAU)
    assert await refused(enabled, other, DOWNLOAD, circularId=newest["id"]) == "NOT_FOUND"
