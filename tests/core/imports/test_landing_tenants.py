"""Who may bring what: tenants of one city meet in shared cases, and nobody writes into or learns of another's part."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import BadUserInput, NotFound
from core.imports.columns import ImportFile
from core.imports.report import ExitCode
from tests.core.imports.landing_support import (
    AS_OF,
    GUANGZHOU,
    SAMPLES,
    agency,
    case,
    document,
    hearing,
    judgment,
    write_files,
)

HUANGPU, TIANHE = 440_112_000, 440_106_000
TIANHE_AGENCY = agency("T1", name="广州市天河区人民政府", tenant_code="440106")


def files(cases=(), agencies=(), hearings=(), judgments=(), documents=()):
    every = dict(zip(ImportFile, (agencies, cases, hearings, judgments, documents), strict=True))
    return {file: list(rows) for file, rows in every.items() if rows}


async def bring(landing, name, tenant=GUANGZHOU, **rows):
    source = rows.pop("source", name)
    return await landing.run(write_files(landing.folder / name, files(**rows)), tenant, source=source)


@pytest.fixture
async def shared(landing):
    """黄埔's case with a hearing, a judgment and a document, brought by the city; 天河 joins it with rows of its own."""
    await bring(
        landing,
        "city",
        agencies=[agency(), TIANHE_AGENCY],
        cases=[case("C1", 1)],
        hearings=[hearing("H1", "C1", head_attended="1", head_name="李四")],
        judgments=[judgment("J1", "C1", agency_lost="0")],
        documents=[document("D1", "C1", file_name="a.pdf")],
    )
    result = await bring(
        landing,
        "tianhe",
        TIANHE,
        cases=[case("X7", 1, agency_id="T1", plaintiff="甲", filed_date="2026-03-03")],
        hearings=[hearing("XH", "X7", head_attended="0", absence_reason="公务")],
        judgments=[judgment("XJ", "X7", agency_lost="1", lost_reason="程序违法", amount_yuan="12")],
        documents=[document("XD", "X7", file_name="b.pdf")],
    )
    return landing, result


async def test_a_case_that_is_known_gets_the_districts_response(shared):
    landing, result = shared
    assert result.exit_code is ExitCode.ALL_LANDED
    assert landing.report() == []
    assert await landing.value("select count(*) from case_shell") == 1
    assert await landing.value("select count(*) from dispute") == 1
    rows = await landing.rows(
        "select a.external_id, r.* from response r join agency a on a.id = r.agency_id order by r.ordinal"
    )
    assert [(r["external_id"], r["code"], r["ordinal"], r["role"], r["lost"]) for r in rows] == [
        ("A1", HUANGPU, 0, "RESPONDENT", False),
        ("T1", TIANHE, 1, "CO_RESPONDENT", True),
    ]
    # The case's own facts stay those that the court's other respondent has registered; the copies follow them.
    assert {r["filed_on"] for r in rows} == {date(2026, 3, 2)}
    parties = await landing.rows("select side, name, ordinal from party order by side, ordinal")
    assert [tuple(p) for p in parties] == [
        ("CLAIMANT", "张三", 0),
        ("RESPONDENT", "机关A1", 0),
        ("RESPONDENT", "广州市天河区人民政府", 1),
    ]


async def test_hearing_and_judgment_are_shared_and_each_has_its_own_part(shared):
    landing, _ = shared
    assert (
        await landing.value("select count(*) from hearing") == await landing.value("select count(*) from judgment") == 1
    )
    seen = await landing.rows(
        "select code, head_attended, head_name, absence_reason from appearance order by code desc"
    )
    assert [tuple(a) for a in seen] == [(HUANGPU, True, "李四", None), (TIANHE, False, None, "公务")]
    held = await landing.rows("select code, lost, loss_reason, amount_yuan from holding order by code desc")
    assert [tuple(h) for h in held] == [(HUANGPU, False, None, None), (TIANHE, True, "程序违法", 12)]
    papers = await landing.rows("select code, file_name from document order by file_name")
    assert [tuple(d) for d in papers] == [(HUANGPU, "a.pdf"), (TIANHE, "b.pdf")]


async def test_a_joined_case_is_imported_again_without_a_change(shared):
    landing, _ = shared
    before = await landing.snapshot()
    for name, tenant in (("tianhe", TIANHE), ("city", GUANGZHOU)):
        again = await landing.run(landing.folder / name, tenant, source=name)
        assert again.exit_code is ExitCode.ALL_LANDED
    assert await landing.snapshot() == before


async def test_rows_that_come_without_cases_go_to_the_importers_own_part(shared):
    landing, _ = shared
    await bring(
        landing,
        "later",
        TIANHE,
        source="tianhe",
        hearings=[hearing("XH2", "X7", seq="2", date="2026-06-02", head_attended="1", head_name="王五")],
        documents=[document("XD2", "X7")],
    )
    seen = await landing.rows(
        "select a.code, head_name from appearance a join hearing h on h.id = a.hearing_id where h.sequence = 2"
    )
    assert {tuple(a) for a in seen} == {(HUANGPU, None), (TIANHE, "王五")}
    assert await landing.value("select count(*) from document where code = $1", HUANGPU) == 1


async def test_what_is_stated_already_is_not_told_twice(shared):
    landing, _ = shared
    result = await bring(
        landing,
        "twice",
        TIANHE,
        source="tianhe",
        hearings=[hearing("XH9", "X7", head_attended="1")],
        judgments=[judgment("XJ9", "X7", agency_lost="0")],
    )
    assert result.exit_code is ExitCode.NOTHING_DONE
    assert landing.found() == [("hearings", 2, "seq", "DUPLICATE_ID"), ("judgments", 2, "doc_no", "DUPLICATE_ID")]
    assert await landing.value("select lost from holding where code = $1", TIANHE) is True


async def test_an_agency_that_answers_already_is_a_duplicate_whoever_brings_it(shared):
    landing, _ = shared
    result = await bring(landing, "again", HUANGPU, cases=[case("Y1", 1)], documents=[document("YD", "Y1")])
    assert result.exit_code is ExitCode.NOTHING_DONE
    assert landing.found() == [
        ("cases", 2, "case_no", "DUPLICATE_CASE_NUMBER"),
        ("documents", 2, "case_id", "PARENT_REJECTED"),
    ]
    assert "天河" not in str(landing.report())


async def test_a_co_respondent_that_answers_already_is_not_added_again(landing):
    both = [agency(), TIANHE_AGENCY, agency("A2", tenant_code="440112")]
    await bring(landing, "one", agencies=both, cases=[case("C1", 1, co_agency_id="T1")])
    result = await bring(landing, "two", cases=[case("Z1", 1, agency_id="A2", co_agency_id="T1")])
    assert result.exit_code is ExitCode.ALL_LANDED
    rows = await landing.rows(
        "select a.external_id, r.ordinal from response r join agency a on a.id = r.agency_id order by r.ordinal"
    )
    assert [tuple(r) for r in rows] == [("A1", 0), ("T1", 1), ("A2", 2)]
    assert await landing.value("select count(*) from party where side = 'RESPONDENT'") == 3


async def test_a_town_or_district_may_not_bring_what_lies_outside(landing):
    result = await bring(
        landing,
        "district",
        HUANGPU,
        agencies=[agency(), TIANHE_AGENCY, agency("S1", tenant_code="440112001", level="town")],
        cases=[
            case("C1", 1),
            case("C2", 2, agency_id="T1"),
            case("C3", 3, agency_id="S1"),
            case("C4", 4, tenant_code="4401"),
        ],
    )
    assert result.exit_code is ExitCode.SOME_REJECTED
    assert landing.found() == [
        ("agencies", 3, "tenant_code", "OUTSIDE_TENANT"),
        ("cases", 3, "agency_id", "PARENT_REJECTED"),
        ("cases", 5, "tenant_code", "OUTSIDE_TENANT"),
    ]
    assert landing.report()[1]["parent_line"] == "3"
    assert {r["code"] for r in await landing.rows("select code from response")} == {HUANGPU, 440_112_001}


async def test_a_foreign_agency_looks_exactly_like_a_missing_one(landing):
    await bring(landing, "city", agencies=[agency(), TIANHE_AGENCY])
    await bring(landing, "district", HUANGPU, cases=[case("C1", 1, agency_id="T1"), case("C2", 2, agency_id="NONE")])
    foreign, missing = landing.report()
    assert foreign["kind"] == missing["kind"] == "UNKNOWN_AGENCY"
    shown = [{k: v for k, v in row.items() if k not in {"line", "text"}} for row in (foreign, missing)]
    assert shown[0] == shown[1]
    assert await landing.value("select count(*) from response") == 0


async def test_an_agencys_id_that_is_anothers_cannot_be_taken_over(landing):
    await bring(landing, "city", agencies=[agency(), TIANHE_AGENCY])
    await bring(
        landing, "district", HUANGPU, agencies=[agency("T1", name="冒名")], cases=[case("C1", 1, agency_id="T1")]
    )
    assert landing.found() == [
        ("agencies", 2, "agency_id", "DUPLICATE_ID"),
        ("cases", 2, "agency_id", "PARENT_REJECTED"),
    ]
    assert "天河" not in str(landing.report())
    assert await landing.value("select name_zh from agency where external_id = 'T1'") == TIANHE_AGENCY["name"]


async def test_a_known_agency_keeps_its_name_and_place_and_the_report_says_so(landing):
    await bring(landing, "one", agencies=[agency()])
    result = await bring(
        landing,
        "two",
        agencies=[agency(name="旧名", tenant_code="440106")],
        cases=[case("C1", 1, agency_name="旧名", tenant_code="440106")],
    )
    assert result.exit_code is ExitCode.ALL_LANDED
    assert set(landing.found()) == {
        ("agencies", 2, "name", "AGENCY_ALIAS"),
        ("agencies", 2, "tenant_code", "TENANT_DIFFERS"),
        ("cases", 2, "agency_name", "AGENCY_ALIAS"),
        ("cases", 2, "tenant_code", "TENANT_DIFFERS"),
    }
    assert await landing.value("select code from response") == HUANGPU


async def test_the_same_ids_of_another_source_are_other_rows(landing):
    await bring(landing, "one", agencies=[agency()], cases=[case("C1", 1)], documents=[document("D1", "C1")])
    result = await bring(landing, "two", cases=[case("C1", 2)], documents=[document("D1", "C1")])
    assert result.added == 2
    assert await landing.value("select count(*) from document") == 2


async def test_another_city_has_its_own_ids_and_its_own_numbers(landing):
    await bring(landing, "one", agencies=[agency()], cases=[case("C1", 1)])
    other = agency(name="深圳", tenant_code="440305")
    result = await bring(landing, "shenzhen", 440_300_000, source="one", agencies=[other], cases=[case("C1", 1)])
    assert result.exit_code is ExitCode.ALL_LANDED
    assert landing.report() == []
    assert await landing.value("select count(*) from case_shell") == 2


async def test_a_case_that_went_to_another_tenant_is_not_the_importers_any_more(shared):
    landing, _ = shared
    await landing.rows("update response set code = $1 where code = $2", HUANGPU, TIANHE)
    before = await landing.snapshot()
    await bring(landing, "gone", TIANHE, source="tianhe", documents=[document("XD3", "X7")])
    assert landing.found() == [("documents", 2, "case_id", "UNKNOWN_CASE")]
    assert await landing.snapshot() == before


async def test_an_unknown_tenant_and_one_that_ended(landing):
    folder = write_files(landing.folder / "files", files(agencies=[agency()]))
    with pytest.raises(NotFound):
        await landing.run(folder, 449_900_000)
    ended = await landing.rows("select code from tenant where valid_to <= $1 order by code limit 1", AS_OF)
    with pytest.raises(BadUserInput, match="ended on"):
        await landing.run(folder, ended[0]["code"])
    assert not list(landing.folder.glob("report/*"))


async def test_two_tellings_of_one_hearing_and_judgment_in_one_run_are_one_event_with_two_parts(landing):
    """黄埔's case is known, and the same run brings its rows and those of 天河, who joins it by its number."""
    await bring(landing, "city", agencies=[agency(), TIANHE_AGENCY], cases=[case("C1", 1)])
    both = {
        "cases": [case("C1", 1), case("X7", 1, agency_id="T1", plaintiff="甲")],
        "hearings": [hearing("H1", "C1", head_attended="1", head_name="李四"), hearing("XH", "X7", head_attended="0")],
        "judgments": [judgment("J1", "C1"), judgment("XJ", "X7", agency_lost="1", lost_reason="程序违法")],
    }
    # One file may not hold one number twice, so the second telling comes in a file that lacks the first.
    result = await bring(landing, "again", source="city", **{**both, "cases": both["cases"][1:]})
    assert result.exit_code is ExitCode.ALL_LANDED
    assert landing.report() == []
    assert await landing.value("select count(*) from hearing") == 1
    assert await landing.value("select count(*) from judgment") == 1
    seen = await landing.rows("select code, head_attended, head_name from appearance order by code desc")
    assert [tuple(one) for one in seen] == [(HUANGPU, True, "李四"), (TIANHE, False, None)]
    held = await landing.rows("select code, lost, loss_reason from holding order by code desc")
    assert [tuple(one) for one in held] == [(HUANGPU, False, None), (TIANHE, True, "程序违法")]
    before = await landing.snapshot()
    await bring(landing, "once more", source="city", **{**both, "cases": both["cases"][1:]})
    assert await landing.snapshot() == before


@pytest.mark.parametrize("sample", ["dirty-11", "dirty-12"])
async def test_another_delivery_with_numbers_that_are_known_lands_too(landing, sample):
    await landing.run(SAMPLES / "clean")
    first = await landing.run(SAMPLES / sample)
    assert first.added > 0
    before = await landing.snapshot()
    second = await landing.run(SAMPLES / sample)
    assert await landing.snapshot() == before
    assert second.added == 0
