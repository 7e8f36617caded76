"""Demonstration cases: the same for the same seed, lawful by our own rules, landed whole by our own importer."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.calendar import shipped_calendar
from core.cases.case_number import parse_case_number
from core.cases.tables import CaseShell, Response
from core.clock import FrozenClock
from core.db.session import Database
from core.demo.files import DemoRequest, write_demo
from core.demo.install import install_demo, install_tokens, shares
from core.identity.development_issuer import DevelopmentIssuer
from core.identity.tables import Member
from core.installation.seed import seed_reference

AS_OF = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
CITIES = ["4401", "4403"]


@pytest.fixture(scope="module", params=CITIES)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("demo") / request.param
    write_demo(made, DemoRequest(request.param, 400, 7, AS_OF), shipped_calendar())
    return made


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def test_the_same_request_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_demo(tmp_path, DemoRequest(folder.name, 400, 7, AS_OF), shipped_calendar())
    for file in sorted(folder.iterdir()):
        assert file.read_bytes() == (tmp_path / file.name).read_bytes()


def test_another_seed_tells_another_story(folder: Path, tmp_path: Path) -> None:
    write_demo(tmp_path, DemoRequest(folder.name, 400, 8, AS_OF), shipped_calendar())
    assert (folder / "cases.csv").read_bytes() != (tmp_path / "cases.csv").read_bytes()


def test_there_are_as_many_cases_as_asked_for(folder: Path) -> None:
    assert len(list(rows(folder, "cases"))) == 400


def test_case_numbers_are_valid_and_rise_with_the_day_of_filing(folder: Path) -> None:
    last: dict[tuple[int, str, str], int] = {}
    filed = ""
    for row in rows(folder, "cases"):
        number = parse_case_number(row["case_no"], today=AS_OF)
        key = (number.year, number.court_code, number.type)
        assert number.serial == last.get(key, 0) + 1
        assert row["filed_date"] >= filed
        last[key], filed = number.serial, row["filed_date"]


def test_days_follow_the_law(folder: Path) -> None:
    calendar = shipped_calendar()
    by_id = {row["case_id"]: row for row in rows(folder, "cases")}
    for row in by_id.values():
        assert row["filed_date"] <= AS_OF.isoformat()
        if row["reply_due"]:
            received = date.fromisoformat(row["received_date"])
            assert row["reply_due"] == calendar.next_workday(received + timedelta(days=15)).isoformat()
        if row["prev_case_id"]:
            assert by_id[row["prev_case_id"]]["closed_date"] < row["filed_date"]
    assert {row["status"] for row in by_id.values()} == {"open", "closed"}


async def test_it_lands_whole_in_two_cities_and_gives_one_token_a_role(database: Database, tmp_path: Path) -> None:
    clock = FrozenClock(NOW)
    async with database.system() as session:
        await seed_reference(session, NOW)
    for _ in range(2):  # the second time changes nothing
        await install_demo(database, shipped_calendar(), clock, 300, 3, lambda *_: None)
        written = await install_tokens(database, DevelopmentIssuer.open(tmp_path / "dev"), clock)
    async with database.system() as session:
        counted = {
            row.shard: row.count
            for row in await session.rows(
                select(CaseShell.shard, func.count().label("count")).group_by(CaseShell.shard)
            )
        }
        members = await session.scalar(select(func.count()).select_from(Member))
        levels = {str(row.code)[4:] for row in await session.rows(select(Response.code).where(Response.shard == 4401))}
    assert counted == {int(city): share for city, share in shares(300).items()}
    assert members == 16
    assert {"00000"} < levels  # city organs, and below them districts and towns
    assert written.stat().st_mode & 0o777 == 0o600
