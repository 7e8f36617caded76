"""The stream of demo cases: the same for the same arguments, as many as asked, lawful, and clean to the importer itself."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import shipped_calendar
from core.cases.acts.verdicts import lost_of
from core.cases.case_number import parse_case_number
from core.cases.outcomes import Outcome, outcome_of
from core.cases.procedures import CASE_TYPES, STAGE_KINDS, link_kind
from core.demo import names
from core.demo.cases import MOST_CASES, TooManyDemoCases, generate, split_cases, write_demo
from core.demo.cities import CITIES, NoDemoCity
from core.demo.days import DemoDayOutOfRange
from core.demo.rows import AgencyRow, CaseRow, DemoCase, DocumentRow, HearingRow, JudgmentRow
from core.errors import BadUserInput
from core.imports.columns import COLUMNS, ImportFile
from core.imports.reference import Agency, Reference
from core.imports.sources import find_sources, open_source
from core.imports.validate import validate
from core.reference.readers import read_causes, read_divisions
from core.tenancy.codes import parse_tenant_code

ASOF = date(2026, 6, 30)
ROWS = {
    ImportFile.AGENCIES: AgencyRow,
    ImportFile.CASES: CaseRow,
    ImportFile.HEARINGS: HearingRow,
    ImportFile.JUDGMENTS: JudgmentRow,
    ImportFile.DOCUMENTS: DocumentRow,
}
BOTH = pytest.mark.parametrize("city", sorted(CITIES))

arguments = st.tuples(
    st.sampled_from(sorted(CITIES)),
    st.integers(0, 150),
    st.integers(-(2**40), 2**40),
    st.dates(date(2019, 1, 1), date(2040, 12, 31)),
)


@pytest.fixture(scope="module", params=sorted(CITIES))
def made(request: pytest.FixtureRequest) -> list[DemoCase]:
    return list(generate(request.param, 3000, 7, ASOF))


def day(text: str) -> date:
    return date.fromisoformat(text)


def digest(folder: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest()


def test_the_rows_have_the_columns_of_the_import() -> None:
    for file, columns in COLUMNS.items():
        assert ROWS[file]._fields == tuple(column.name for column in columns)


@BOTH
def test_the_same_arguments_give_the_same_bytes_in_any_process(city: int, tmp_path: Path) -> None:
    write_demo(tmp_path / "here", city, 300, 5, ASOF)
    script = (
        "import datetime, pathlib, sys; from core.demo.cases import write_demo;"
        f"write_demo(pathlib.Path(sys.argv[1]), {city}, 300, 5, datetime.date.fromisoformat('{ASOF}'))"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "there")], check=True, cwd=root)
    assert digest(tmp_path / "here") == digest(tmp_path / "there")
    write_demo(tmp_path / "other", city, 300, 6, ASOF)
    assert digest(tmp_path / "here") != digest(tmp_path / "other")


@BOTH
@pytest.mark.parametrize("cases", [0, 1, 3, 4, 50, 777])
def test_there_are_as_many_cases_as_asked(city: int, cases: int) -> None:
    assert sum(1 for _ in generate(city, cases, 1, ASOF)) == cases


@given(st.integers(0, MOST_CASES))
def test_a_split_keeps_the_total(cases: int) -> None:
    split = split_cases(cases)
    assert sum(split.values()) == cases
    assert set(split) == set(CITIES)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ((4402, 10, 1, ASOF), NoDemoCity),
        ((4401, -1, 1, ASOF), TooManyDemoCases),
        ((4401, MOST_CASES + 1, 1, ASOF), TooManyDemoCases),
        ((4401, 10, 1, date(2018, 12, 31)), DemoDayOutOfRange),
        ((4401, 10, 1, date(2100, 1, 1)), DemoDayOutOfRange),
    ],
)
def test_what_cannot_be_made_is_refused_before_the_first_row(
    call: tuple[int, int, int, date], error: type[BadUserInput]
) -> None:
    with pytest.raises(error):
        generate(*call)


def check_numbers(cases: Iterable[DemoCase], asof: date) -> None:
    last: dict[tuple[int, str, str], int] = {}
    filed = ""
    for row in (one.case for one in cases):
        number = parse_case_number(row.case_no, today=asof)
        assert number.court_code == row.court_code
        assert number.year == day(row.filed_date).year
        assert CASE_TYPES[number.type].kind is STAGE_KINDS[row.stage]
        series = (number.year, number.court_code, number.type)
        assert number.serial > last.get(series, 0)
        assert filed <= row.filed_date <= asof.isoformat()
        last[series], filed = number.serial, row.filed_date


def check_days(cases: Iterable[DemoCase], asof: date) -> None:
    """What the law and common sense say of one procedure's days."""
    calendar = shipped_calendar()
    today = asof.isoformat()
    longest = {"first": 183, "second": 92, "retrial_review": 92, "retrial": 92}
    for one in cases:
        row = one.case
        if row.received_date:
            assert row.filed_date < row.received_date <= today
            assert row.reply_due == calendar.next_workday(day(row.received_date) + timedelta(days=15)).isoformat()
            assert row.received_date <= (row.reply_date or row.received_date) <= today
        else:
            assert not row.reply_due
            assert not row.reply_date
        assert (row.status == "closed") == bool(row.closed_date) == bool(row.outcome) == bool(one.judgments)
        if row.closed_date:
            length = (day(row.closed_date) - day(row.filed_date)).days
            assert 0 < length <= (45 if row.procedure == "简易" else longest[row.stage])
            assert row.closed_date <= today
            assert all(hearing.date < row.closed_date for hearing in one.hearings)
        for number, hearing in enumerate(one.hearings, 1):
            assert hearing.seq == str(number)
            assert calendar.is_workday(day(hearing.date))
            assert hearing.date > row.filed_date
            assert (hearing.head_attended == "") == (hearing.date > today)
        summonses = [document for document in one.documents if document.doc_type == "传票"]
        for hearing, summons in zip(one.hearings, summonses, strict=True):
            assert day(hearing.date) - day(summons.received_date) >= timedelta(days=3)
            assert summons.received_date >= (row.received_date or row.filed_date)
        assert all(document.doc_date <= document.received_date <= today for document in one.documents)


def check_judgments(cases: Iterable[DemoCase], asof: date) -> None:
    calendar = shipped_calendar()
    today = asof.isoformat()
    lost_before: dict[str, bool | None] = {}
    for one in cases:
        for judgment in one.judgments:
            kind = STAGE_KINDS[one.case.stage]
            outcome = outcome_of(kind, judgment.outcome)
            lost = {"1": True, "0": False, "": None}[judgment.agency_lost]
            stated = lost if outcome is Outcome.REVERSED else None
            assert lost is lost_of(outcome, stated=stated, earlier=lost_before.get(one.case.prev_case_id))
            assert bool(judgment.lost_reason) == (lost is True)
            assert judgment.doc_date == one.case.closed_date
            assert judgment.outcome == one.case.outcome
            if judgment.appeal_deadline:
                term = 15 if judgment.kind == "判决书" else 10
                due = calendar.next_workday(day(judgment.served_date) + timedelta(days=term))
                assert judgment.appeal_deadline == due.isoformat()
            if judgment.effective_date:
                assert (judgment.appeal_deadline or judgment.served_date) <= judgment.effective_date <= today
            lost_before[one.case.case_id] = lost


def check_chains(cases: Iterable[DemoCase], asof: date) -> None:
    """Each procedure follows lawfully from one that had ended, before the right court, and only where that is not final."""
    by_id: dict[str, DemoCase] = {}
    for one in cases:
        row = one.case
        assert row.case_id not in by_id
        by_id[row.case_id] = one
        if not row.prev_case_id:
            assert row.stage == "first"
            assert row.root_case_id == row.case_id
            continue
        before = by_id[row.prev_case_id]
        previous = before.case
        assert previous.closed_date < row.filed_date
        outcome = outcome_of(STAGE_KINDS[previous.stage], previous.outcome)
        assert link_kind(STAGE_KINDS[previous.stage], STAGE_KINDS[row.stage], outcome)
        judgment = before.judgments[0]
        assert judgment.served_date < row.filed_date
        if row.stage == "second":
            assert judgment.appeal_deadline < row.filed_date
            assert not judgment.effective_date
        elif row.stage == "retrial_review":
            assert judgment.effective_date < row.filed_date
        if row.stage == "first":
            assert row.procedure == "普通"
            assert row.court_code == by_id[row.root_case_id].case.court_code
        for name in ("root_case_id", "agency_id", "co_agency_id", "plaintiff", "cause_code", "act_doc_no"):
            assert getattr(previous, name) == getattr(row, name)


@settings(max_examples=60, deadline=None)
@given(arguments)
def test_any_demo_is_lawful(arguments: tuple[int, int, int, date]) -> None:
    cases = list(generate(*arguments))
    assert len(cases) == arguments[1]
    for check in (check_numbers, check_days, check_judgments, check_chains):
        check(cases, arguments[3])


def test_a_large_demo_is_lawful(made: list[DemoCase]) -> None:
    for check in (check_numbers, check_days, check_judgments, check_chains):
        check(made, ASOF)


def test_two_cities_never_give_one_number_to_two_cases() -> None:
    numbers = [one.case.case_no for city in CITIES for one in generate(city, 4000, 3, ASOF)]
    assert len(numbers) == len(set(numbers))


def test_a_large_demo_has_everything(made: list[DemoCase]) -> None:
    stages = Counter(one.case.stage for one in made)
    assert set(stages) == set(STAGE_KINDS)
    assert stages["first"] > stages["second"] > stages["retrial_review"] > stages["retrial"]
    rows = [one.case for one in made]
    assert any(row.stage == "first" and row.prev_case_id for row in rows)  # remanded
    assert any(row.cause_code == "011603" and row.co_agency_id for row in rows)  # upheld in reconsideration
    assert any("等" in row.plaintiff for row in rows)
    assert {row.procedure for row in rows} == {"普通", "简易"}
    assert any(row.case_no.find("行赔初") > 0 for row in rows)
    assert any(row.reply_date > row.reply_due for row in rows)
    assert any(row.status == "open" and row.reply_due > ASOF.isoformat() for row in rows)
    lost = [judgment for one in made for judgment in one.judgments if judgment.agency_lost == "1"]
    assert any(judgment.amount_yuan for judgment in lost)
    assert 0.05 < len(lost) / sum(1 for one in made if one.judgments) < 0.25
    coming = [(one, hearing) for one in made for hearing in one.hearings if hearing.date > ASOF.isoformat()]
    assert coming
    assert all(one.case.status == "open" for one, _ in coming)


@BOTH
@pytest.mark.parametrize("seed", range(3))
def test_the_smallest_demo_reaches_every_level_and_two_districts(city: int, seed: int) -> None:
    home = CITIES[city].home
    agencies = {agency.agency_id: agency for agency in CITIES[city].agencies()}
    rows = [one.case for one in generate(city, 4, seed, ASOF)]
    assert {len(row.tenant_code) for row in rows} == {4, 6, 9}
    assert any(row.tenant_code == home for row in rows)
    assert any(row.tenant_code.startswith(home) and len(row.tenant_code) == 9 for row in rows)
    shared = [row for row in rows if row.co_agency_id and row.tenant_code == home]
    assert any(agencies[row.co_agency_id].district not in ("", home) for row in shared)


@BOTH
def test_governments_and_customs_are_sued_before_the_intermediate_court(city: int) -> None:
    where = CITIES[city]
    agencies = {agency.agency_id: agency for agency in where.agencies()}
    met = set()
    for row in (one.case for one in generate(city, 2000, 1, ASOF)):
        if row.stage == "first":
            agency = agencies[row.agency_id]
            higher = agency.category == "customs" or (agency.category == "government" and agency.level != "town")
            assert row.court_code == where.ladder[1 if higher else 0]
            met.add(higher)
        elif row.stage == "second":
            assert row.court_code in where.ladder[1:3]
    assert met == {False, True}


@BOTH
def test_every_agency_has_a_tenant_and_a_name_of_its_own(city: int) -> None:
    divisions = {division.code for division in read_divisions()}
    agencies = CITIES[city].agencies()
    assert len({agency.agency_id for agency in agencies}) == len({agency.name for agency in agencies}) == len(agencies)
    assert {agency.tenant_code for agency in agencies} <= divisions
    assert all(all(names.titles_of(agency)) for agency in agencies)


@BOTH
def test_the_importer_finds_nothing_to_mend(city: int, tmp_path: Path) -> None:
    written = write_demo(tmp_path, city, 1500, 2, ASOF)
    causes = {cause.code: cause.name_zh for cause in read_causes()}
    tenant = parse_tenant_code(str(city))
    agencies: dict[str, Agency] = {}
    reference = Reference(tenant.low, tenant.high, ASOF, shipped_calendar().is_workday, causes, agencies)
    sources = find_sources(tmp_path)
    assert not sources.ignored
    for source in sources.files:
        batches = list(validate(open_source(source), reference))
        for batch in batches:
            agencies |= batch.agencies
        assert [finding for batch in batches for finding in batch.findings] == []
        assert sum(batch.staged for batch in batches) == written.rows[source.file]
    assert written.rows[ImportFile.CASES] == 1500


def test_memory_holds_what_is_to_come_not_what_is_done() -> None:
    stream = generate(4401, 200_000, 1, ASOF)
    tracemalloc.start()
    try:
        first = next(stream)
        list(islice(stream, 999))
        before, _ = tracemalloc.get_traced_memory()
        for _ in islice(stream, 9000):
            pass
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # A case with its documents takes about 8 kB; what waits for its next step is a fraction of that, and bounded by time.
    assert after - before < 9000 * 2000
    assert first.case.case_id == "4401-0000001"


def test_ids_rise(made: list[DemoCase]) -> None:
    assert all(one.case.case_id < other.case.case_id for one, other in pairwise(made))
