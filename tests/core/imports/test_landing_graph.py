"""How cases hang together: roots over several rows, cases that come before their parents, circles, ids used twice, odd periods."""

from __future__ import annotations

import json
from datetime import date

from core.calendar import period, period_input
from core.calendar.calendar_file import shipped_calendar
from core.cases.records.periods import digest_of
from core.imports.columns import ImportFile
from core.imports.report import ExitCode
from tests.core.imports.landing_support import agency, case, document, hearing, judgment, write_files


def second(key, serial, previous, root="", **more):
    """An appeal, in the court of second instance."""
    return (
        case(
            key,
            serial,
            case_no=f"（2026）粤71行终{serial}号",
            stage="second",
            court_code="粤71",
            court_name="广州铁路运输中级法院",
            prev_case_id=previous,
            root_case_id=root,
        )
        | more
    )


async def bring(landing, cases, name="files", **more):
    rows = {ImportFile.AGENCIES: [agency()], ImportFile.CASES: list(cases)}
    rows |= {ImportFile[key.upper()]: value for key, value in more.items()}
    return await landing.run(write_files(landing.folder / name, rows))


async def disputes(landing):
    rows = await landing.rows(
        "select k.external_id, c.dispute_id from import_key k join case_shell c on c.id = k.row_id where k.kind = 'case'"
    )
    groups = {}
    for row in rows:
        groups.setdefault(row["dispute_id"], set()).add(row["external_id"])
    assert await landing.value("select count(*) from dispute") == len(groups)
    return sorted(map(sorted, groups.values()))


async def links(landing):
    return {
        tuple(row)
        for row in await landing.rows(
            """select a.external_id, b.external_id, l.kind from case_link l
                 join import_key a on a.row_id = l.from_case_id join import_key b on b.row_id = l.to_case_id"""
        )
    }


async def test_a_chain_of_roots_is_one_dispute(landing):
    chain = [
        case("C1", 1),
        second("C2", 1, "C1", "C1"),
        second("C3", 2, "C2", "C2"),
        second("C4", 3, "C3"),
        case("C5", 5),
    ]
    await bring(landing, chain)
    assert await disputes(landing) == [["C1", "C2", "C3", "C4"], ["C5"]]


async def test_a_case_may_come_before_its_previous_one(landing):
    result = await bring(landing, [second("C2", 1, "C1", "C1"), case("C1", 1)])
    assert result.exit_code is ExitCode.ALL_LANDED
    assert await disputes(landing) == [["C1", "C2"]]
    assert await links(landing) == {("C1", "C2", "APPEALED")}


async def test_a_later_import_joins_the_dispute_of_its_root(landing):
    await bring(landing, [case("C1", 1)], "one")
    await bring(landing, [second("C2", 1, "C1", "C1")], "two")
    assert await disputes(landing) == [["C1", "C2"]]
    assert await links(landing) == {("C1", "C2", "APPEALED")}


async def test_a_case_that_names_itself_lands_without_a_link(landing):
    await bring(landing, [case("C1", 1, prev_case_id="C1", root_case_id="C1")])
    assert landing.found() == [("cases", 2, "prev_case_id", "LINK_IMPOSSIBLE")]
    assert await disputes(landing) == [["C1"]]


async def test_cases_in_a_circle_are_one_dispute(landing):
    result = await bring(landing, [second(f"C{n}", n, f"C{n % 3 + 1}") for n in (1, 2, 3)])
    assert result.tallies[ImportFile.CASES].landed == 3
    assert await disputes(landing) == [["C1", "C2", "C3"]]


async def test_a_link_that_cannot_be_is_left_out_and_said(landing):
    await bring(landing, [case("C1", 1), case("C2", 2, prev_case_id="C1", root_case_id="C1")])
    assert landing.found() == [("cases", 3, "prev_case_id", "LINK_IMPOSSIBLE")]
    assert await links(landing) == set()
    assert await disputes(landing) == [["C1", "C2"]]


async def test_the_first_row_keeps_an_id_even_where_it_is_rejected(landing):
    rows = [case("C1", 1, filed_date="2026-02-30"), case("C1", 2), second("C2", 1, "C1"), case("C3", 3), case("C3", 4)]
    papers = [document("D1", "C1"), document("D3", "C3"), document("D3", "C3")]
    await bring(landing, rows, documents=papers)
    parents = [(r["file"], r["line"], r["kind"], r["parent_file"], r["parent_line"]) for r in landing.report()]
    assert parents == [
        ("cases", "2", "DATE_IMPOSSIBLE", "", ""),
        ("cases", "3", "DUPLICATE_ID", "cases", "2"),
        ("cases", "4", "PARENT_REJECTED", "cases", "2"),
        ("cases", "6", "DUPLICATE_ID", "cases", "5"),
        ("documents", "2", "PARENT_REJECTED", "cases", "2"),
        ("documents", "4", "DUPLICATE_ID", "documents", "3"),
    ]
    assert await landing.value("select number_serial from case_shell") == 3


async def test_who_falls_with_a_fallen_case_is_told_its_line(landing):
    rows = [case("C1", 1, agency_id=""), second("C2", 1, "C1", "C1"), second("C3", 2, "C2", "C2")]
    await bring(landing, rows, hearings=[hearing("H1", "C3")])
    told = [(r["line"], r["text"], r["parent_line"]) for r in landing.report()[1:]]
    assert told == [("3", "C1", "2"), ("4", "C2", "3"), ("2", "C3", "4")]
    assert await landing.value("select count(*) from case_shell") == 0


async def test_two_hearings_with_one_number(landing):
    await bring(landing, [case("C1", 1)], hearings=[hearing("H1", "C1"), hearing("H2", "C1", date="2026-05-13")])
    assert landing.found() == [("hearings", 3, "seq", "DUPLICATE_ID")]


async def test_a_judgment_that_comes_later_tells_how_the_case_ended(landing):
    await bring(landing, [case("C1", 1, closed_date="2026-07-02", status="closed", outcome="驳回诉讼请求")], "one")
    assert await landing.value("select lost from response") is None
    await bring(
        landing, [], "two", judgments=[judgment("J2", "C1", doc_date="2026-07-01", agency_lost="1", outcome="撤销")]
    )
    assert await landing.value("select lost from response") is True
    # An earlier one that comes after it does not change that.
    early = judgment("J1", "C1", doc_date="2026-06-01", doc_no="（2026）粤7101行初1号之一", agency_lost="0")
    await bring(landing, [], "three", judgments=[early])
    assert await landing.value("select lost from response") is True


async def test_the_answer_period_by_kind_of_procedure(landing):
    received = {"received_date": "2026-03-04"}
    rows = [
        case("C1", 1, **received),
        case("C2", 2, procedure="简易", **received),
        case("C3", 3, procedure="简易", reply_due="2026-03-14", **received),
        case("C4", 4, reply_due="2026-04-01", **received),
        second("C5", 1, "C1", **received),
        case("C6", 6, filed_date="2026-03-02", received_date="2100-12-30", reply_due="2101-01-14"),
    ]
    result = await bring(landing, rows)
    assert result.tallies[ImportFile.CASES].rejected == 1, "a day in 2101 is far outside"
    found = {
        row["external_id"]: row
        for row in await landing.rows(
            """select k.external_id, p.*, c.input, c.digest, r.answer_due_on from import_key k
                 join response r on r.case_id = k.row_id left join period p on p.response_id = r.id
                 left join period_calculation c on c.id = p.calculation_id where k.kind = 'case'"""
        )
    }
    assert found["C1"]["due_on"] == found["C1"]["answer_due_on"] == date(2026, 3, 19)
    given = period_input("D2", date(2026, 3, 4))
    assert found["C1"]["digest"] == digest_of(given.to_json(), period(given, shipped_calendar()).to_json())
    assert json.loads(found["C1"]["input"]) == given.to_json()
    assert found["C2"]["due_on"] is None, "the court sets it, and the file does not say it"
    assert (found["C3"]["due_on"], found["C3"]["calculation_id"]) == (date(2026, 3, 14), None)
    assert (found["C4"]["due_on"], found["C4"]["calculation_id"]) == (date(2026, 4, 1), None)
    assert found["C5"]["calculation_id"] is not None


async def test_a_court_that_nobody_knows_is_taken_from_the_file(landing):
    row = case("C1", 1, case_no="（2026）粤0199行初1号", court_code="粤0199", court_name="广州市某区人民法院")
    await bring(landing, [row])
    (court,) = await landing.rows("select * from court where code = '粤0199'")
    assert (court["name_zh"], court["level"], court["verified"]) == ("广州市某区人民法院", "basic", "import")
