"""The clean sample lands whole, and every value is where it belongs."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, time

from core.cases.outcomes import OUTCOME_WORDS
from core.cases.procedures import CASE_TYPES, link_kind
from core.cases.vocabulary import ProcedureKind
from core.imports.columns import ImportFile
from core.imports.report import ExitCode
from tests.core.imports.landing_support import AS_OF, SAMPLES, read_files

CLEAN = read_files(SAMPLES / "clean")
TABLES = {
    ImportFile.AGENCIES: "agency",
    ImportFile.CASES: "case_shell",
    ImportFile.HEARINGS: "hearing",
    ImportFile.JUDGMENTS: "judgment",
    ImportFile.DOCUMENTS: "document",
}


def day(text):
    return date.fromisoformat(text) if text else None


def flag(text):
    return {"1": True, "0": False, "": None}[text]


async def keyed(landing, kind, sql):
    """Rows of a query on one kind of imported row, by the id that the file gave them; `k` is the key."""
    rows = await landing.rows(
        f"select k.external_id, q.* from import_key k join ({sql}) q on q.row_id = k.row_id where k.kind = $1", kind
    )
    return {row["external_id"]: row for row in rows}


async def test_everything_lands_and_nothing_is_reported(landed):
    landing, result = landed
    assert result.exit_code is ExitCode.ALL_LANDED
    assert landing.report() == []
    for file, tally in result.tallies.items():
        assert tally.read == tally.landed == tally.added == len(CLEAN[file])
        assert await landing.value(f"select count(*) from {TABLES[file]}") == len(CLEAN[file])
    assert result.ignored == ()


async def test_one_response_for_each_respondent_and_one_row_of_each_kind_for_each_response(landed):
    landing, _ = landed
    co = sum(bool(row["co_agency_id"]) for row in CLEAN[ImportFile.CASES])
    assert co > 0
    assert await landing.value("select count(*) from response") == len(CLEAN[ImportFile.CASES]) + co
    for parts, wholes in (("appearance", "hearing"), ("holding", "judgment")):
        wanted = await landing.value(f"select count(*) from {wholes} w join response r on r.case_id = w.case_id")
        assert await landing.value(f"select count(*) from {parts}") == wanted


async def test_every_case_holds_what_its_row_says(landed):
    landing, _ = landed
    found = await keyed(landing, "case", "select c.*, c.id as row_id from case_shell c")
    for row in CLEAN[ImportFile.CASES]:
        case = found[row["case_id"]]
        kind = CASE_TYPES[case["number_type"]].kind
        outcome = OUTCOME_WORDS.get((kind, row["outcome"]))
        assert case["number_text"] == row["case_no"]
        assert case["number_as_written"] is None
        assert case["procedure_kind"] == kind.value
        assert case["court_code"] == row["court_code"]
        assert case["cause_code"] == row["cause_code"]
        assert case["challenged_act_number"] == (row["act_doc_no"] or None)
        assert case["procedure_form"] == ("SIMPLIFIED" if row["procedure"] == "简易" else "ORDINARY")
        assert (case["filed_on"], case["closed_on"]) == (day(row["filed_date"]), day(row["closed_date"]))
        assert case["status"] == row["status"].upper()
        assert case["outcome"] == (outcome.value if outcome else None)
        assert case["outcome_as_written"] is None
        assert case["first_hearing_on"] == day(row["first_hearing_date"])


async def test_every_response_holds_its_agencys_part(landed):
    landing, _ = landed
    sql = """select r.*, r.case_id as row_id, a.external_id as agency, a.code as agency_code
               from response r join agency a on a.id = r.agency_id where r.ordinal = {}"""
    own = await keyed(landing, "case", sql.format(0))
    co = await keyed(landing, "case", sql.format(1))
    lost = {}
    for row in sorted(CLEAN[ImportFile.JUDGMENTS], key=lambda row: row["doc_date"]):
        if row["agency_lost"]:
            lost[row["case_id"]] = flag(row["agency_lost"])
    for row in CLEAN[ImportFile.CASES]:
        response = own[row["case_id"]]
        assert response["agency"] == row["agency_id"]
        assert (
            response["code"]
            == response["origin_code"]
            == response["agency_code"]
            == int(row["tenant_code"].ljust(9, "0"))
        )
        assert response["role"] == "RESPONDENT"
        assert response["received_on"] == day(row["received_date"])
        assert response["answered_on"] == day(row["reply_date"])
        assert response["lost"] is lost.get(row["case_id"])
        if row["reply_due"]:
            assert response["answer_due_on"] == day(row["reply_due"])
        assert (row["case_id"] in co) == bool(row["co_agency_id"])
        if row["co_agency_id"]:
            other = co[row["case_id"]]
            assert other["agency"] == row["co_agency_id"]
            assert other["role"] == "CO_RESPONDENT"
            # What the file says of the first respondent only is not stated of the second.
            stated = ("received_on", "answer_due_on", "answered_on", "outcome", "lost")
            assert [other[name] for name in stated] == [None] * len(stated)


async def test_parties_are_the_plaintiffs_and_the_agencies(landed):
    landing, _ = landed
    plaintiffs = await keyed(landing, "case", "select p.*, p.case_id as row_id from party p where side = 'CLAIMANT'")
    kinds = {"自然人": "NATURAL_PERSON", "法人": "LEGAL_PERSON", "其他组织": "OTHER_ORGANISATION"}
    groups = 0
    for row in CLEAN[ImportFile.CASES]:
        party = plaintiffs[row["case_id"]]
        assert (party["name"], party["kind"]) == (row["plaintiff"], kinds[row["plaintiff_type"]])
        people = row["plaintiff"].rpartition("等")[2].removesuffix("人") if row["plaintiff"].endswith("人") else ""
        assert party["people"] == (int(people) if people.isdigit() else 1)
        groups += people.isdigit()
    assert groups > 0
    assert await landing.value("select count(*) from party where side = 'RESPONDENT'") == await landing.value(
        """select count(*) from party p join response r on r.case_id = p.case_id and r.agency_id = p.agency_id
            and r.ordinal = p.ordinal join agency a on a.id = r.agency_id and a.name_zh = p.name where p.side = 'RESPONDENT'"""
    )


async def test_a_dispute_has_all_cases_of_its_root(landed):
    landing, _ = landed
    found = await keyed(landing, "case", "select c.dispute_id, c.id as row_id from case_shell c")
    by_root = {}
    for row in CLEAN[ImportFile.CASES]:
        by_root.setdefault(row["root_case_id"], set()).add(found[row["case_id"]]["dispute_id"])
    assert all(len(disputes) == 1 for disputes in by_root.values())
    assert await landing.value("select count(*) from dispute") == len(by_root) < len(CLEAN[ImportFile.CASES])
    assert await landing.value(
        """select count(*) from dispute d where d.opened_on =
             (select min(c.filed_on) from case_shell c where c.dispute_id = d.id)"""
    ) == len(by_root)


async def test_links_lead_from_each_case_to_the_next_and_back(landed):
    landing, _ = landed
    rows = {row["case_id"]: row for row in CLEAN[ImportFile.CASES]}
    shells = await keyed(landing, "case", "select c.*, c.id as row_id from case_shell c")
    names = {row["row_id"]: key for key, row in shells.items()}
    links = await landing.rows("select * from case_link")
    assert {(names[x["from_case_id"]], names[x["to_case_id"]]) for x in links} == {
        (row["prev_case_id"], key) for key, row in rows.items() if row["prev_case_id"]
    }
    seen = Counter()
    for link in links:
        previous, following = shells[names[link["from_case_id"]]], shells[names[link["to_case_id"]]]
        kinds = ProcedureKind[previous["procedure_kind"]], ProcedureKind[following["procedure_kind"]]
        outcome = OUTCOME_WORDS.get((kinds[0], rows[names[link["from_case_id"]]]["outcome"]))
        assert link["kind"] == link_kind(*kinds, outcome).value
        seen[link["kind"]] += 1
    assert seen["APPEALED"] > 0
    assert len(seen) > 1
    chain = await landing.value(
        """with recursive walk(id, depth) as (
             select to_case_id, 1 from case_link l where not exists (select 1 from case_link b where b.to_case_id = l.from_case_id)
             union all select l.to_case_id, w.depth + 1 from walk w join case_link l on l.from_case_id = w.id)
           select max(depth) from walk"""
    )
    assert chain > 1


async def test_every_hearing_has_its_appearance(landed):
    landing, _ = landed
    found = await keyed(
        landing,
        "hearing",
        """select h.id as row_id, h.*, a.head_attended, a.head_name, a.head_title, a.absence_reason, a.agents
             from hearing h join appearance a on a.hearing_id = h.id and a.ordinal = 0""",
    )
    for row in CLEAN[ImportFile.HEARINGS]:
        hearing = found[row["hearing_id"]]
        assert (hearing["sequence"], hearing["held_on"]) == (int(row["seq"]), day(row["date"]))
        assert hearing["starts_at"] == (time.fromisoformat(row["start_time"]) if row["start_time"] else None)
        assert hearing["mode"] == ("ONLINE" if row["mode"] == "线上" else "ON_SITE")
        assert hearing["head_required"] is flag(row["head_required"])
        assert hearing["head_attended"] is flag(row["head_attended"])
        names = ("head_name", "head_title", "absence_reason")
        assert [hearing[name] for name in names] == [row[name] or None for name in names]
        assert hearing["agents"] == (int(row["agents"]) if row["agents"] else None)
        assert hearing["status"] == ("HELD" if day(row["date"]) <= AS_OF else "SCHEDULED")
    others = await landing.rows("select * from appearance where ordinal > 0")
    assert others
    assert {(a["head_attended"], a["head_name"], a["agents"]) for a in others} == {(None, None, None)}


async def test_every_judgment_has_its_holding(landed):
    landing, _ = landed
    found = await keyed(
        landing,
        "judgment",
        """select j.id as row_id, j.*, h.outcome as held, h.lost, h.loss_reason, h.amount_yuan, h.decided_on as held_on
             from judgment j join holding h on h.judgment_id = j.id and h.ordinal = 0""",
    )
    kinds = {"判决书": "JUDGMENT", "裁定书": "RULING", "调解书": "COURT_MEDIATION"}
    for row in CLEAN[ImportFile.JUDGMENTS]:
        judgment = found[row["judgment_id"]]
        assert judgment["kind"] == kinds[row["kind"]]
        assert judgment["number_text"] == row["doc_no"]
        assert judgment["decided_on"] == judgment["held_on"] == day(row["doc_date"])
        assert judgment["served_on"] == day(row["served_date"])
        assert judgment["outcome"] == judgment["held"] is not None
        assert judgment["outcome_as_written"] is None
        assert judgment["lost"] is flag(row["agency_lost"])
        assert judgment["loss_reason"] == (row["lost_reason"] or None)
        assert judgment["amount_yuan"] == (float(row["amount_yuan"]) if row["amount_yuan"] else None)
        assert (judgment["appeal_until"], judgment["effective_on"]) == (
            day(row["appeal_deadline"]),
            day(row["effective_date"]),
        )


async def test_every_document_belongs_to_the_first_respondent(landed):
    landing, _ = landed
    found = await keyed(
        landing,
        "document",
        """select d.id as row_id, d.*, k2.external_id as case_key, r.ordinal from document d
             join import_key k2 on k2.kind = 'case' and k2.row_id = d.case_id join response r on r.id = d.response_id""",
    )
    for row in CLEAN[ImportFile.DOCUMENTS]:
        document = found[row["doc_id"]]
        assert (document["case_key"], document["ordinal"]) == (row["case_id"], 0)
        assert document["title"] == row["doc_type"]
        assert document["number_text"] == (row["doc_no"] or None)
        assert document["direction"] == ("SENT" if row["direction"] == "发" else "RECEIVED")
        assert (document["dated_on"], document["received_on"]) == (day(row["doc_date"]), day(row["received_date"]))
        assert document["pages"] == (int(row["pages"]) if row["pages"] else None)
        assert document["file_name"] == (row["file_name"] or None)


async def test_the_answer_period_tells_how_it_was_reckoned(landed):
    landing, _ = landed
    found = await keyed(
        landing,
        "case",
        """select p.*, p.case_id as row_id, c.trace, c.input, c.due_on as reckoned, c.calendar_versions
             from period p left join period_calculation c on c.id = p.calculation_id""",
    )
    reckoned = 0
    for row in CLEAN[ImportFile.CASES]:
        if not (row["received_date"] and row["reply_due"]):
            continue
        period = found[row["case_id"]]
        assert period["kind"] == "DEFENCE"
        assert (period["starts_on"], period["due_on"]) == (day(row["received_date"]), day(row["reply_due"]))
        assert period["met_on"] == day(row["reply_date"])
        assert period["status"] == ("MET" if row["reply_date"] else "VOID" if row["closed_date"] else "OPEN")
        if row["procedure"] == "普通":
            reckoned += 1
            assert period["reckoned"] == period["due_on"]
            assert json.loads(period["input"])["start_on"] == row["received_date"]
            steps = json.loads(period["trace"])
            assert any(step["rule"] for step in steps)
            assert json.loads(period["calendar_versions"])[0]["year"] >= 2024
    assert reckoned > 100
    assert await landing.value("select count(*) from period_calculation") < reckoned
