"""Parties, links between cases, internal notes."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from core.cases.acts.closing import CASE_CLOSE
from core.cases.acts.links import CASES_LINK
from core.cases.acts.notes import NOTE_WRITE
from core.cases.acts.parties import PARTY_ADD, PARTY_CORRECT, PARTY_SENSITIVE_REVEAL, RevealedParty
from core.cases.events import CasesLinked, NoteWritten, PartyAdded, PartyCorrected, PartyRevealed
from core.cases.outcomes import Outcome
from core.cases.procedures import LinkKind
from core.cases.refusals.cases import (
    CasesLinkRefusal,
    NoteWriteRefusal,
    PartyAddRefusal,
    PartyCorrectRefusal,
    PartySensitiveRevealRefusal,
)
from core.cases.tables import CaseLink, Note, Party
from core.cases.vocabulary import PartyKind, PartySide
from core.db.session import Database
from core.errors import ActRefused
from tests.support.acting import Desk, Docket, row_of, rows_of, trail

NUMBER = "440101199001011234"
PHONE = "13800138000"


async def test_a_party_is_added_at_the_end_of_its_side(database: Database, bureau: Desk, docket: Docket) -> None:
    case_id, _ = await docket.case("huangpu")
    ids = [
        await bureau.perform(
            PARTY_ADD, case_id=case_id, side=PartySide.THIRD_PARTY, name=name, identity_number=NUMBER, telephone=PHONE
        )
        for name in ("王五", "赵六")
    ]
    assert [(type(event), event.side) for event in bureau.heard if isinstance(event, PartyAdded)] == [
        (PartyAdded, "THIRD_PARTY")
    ]
    rows = [await row_of(database, Party, one) for one in ids]
    assert [(row.name, row.ordinal, row.identity_number) for row in rows] == [("王五", 0, NUMBER), ("赵六", 1, NUMBER)]
    [entry] = await trail(database, ids[0])
    assert entry.after["identity_number"] == "440***********1234"
    assert entry.after["telephone"] == "138****8000"


async def test_adding_a_party_is_refused(bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = PartyAddRefusal
    case_id, _ = await docket.case("huangpu")
    values = {"case_id": case_id, "side": PartySide.CLAIMANT, "name": "王五"}
    await shenzhen.refused(PARTY_ADD, code.NOT_FOUND, "caseId", **values)
    await bureau.refused(PARTY_ADD, code.NOT_FOUND, "caseId", **values | {"case_id": uuid4()})
    await bureau.refused(PARTY_ADD, code.INVALID_INPUT, "name", **values | {"name": "甲\x00"})
    await bureau.refused(PARTY_ADD, code.INVALID_INPUT, "people", **values, people=1_000_001)
    await bureau.perform(PARTY_ADD, **values)
    await bureau.refused(PARTY_ADD, code.ALREADY_ADDED, "name", **values)


async def test_one_party_added_twice_at_once_is_there_once(database: Database, bureau: Desk, docket: Docket) -> None:
    case_id, _ = await docket.case("huangpu")
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    values = {"case_id": case_id, "side": PartySide.CLAIMANT, "name": "王五"}
    done = await asyncio.gather(*(desk.perform(PARTY_ADD, **values) for desk in desks), return_exceptions=True)
    assert [one.code for one in done if isinstance(one, ActRefused)] == [PartyAddRefusal.ALREADY_ADDED]


async def test_a_co_respondent_adds_to_the_shared_shell(database: Database, tianhe: Desk, docket: Docket) -> None:
    case_id, _ = await docket.case("huangpu", "tianhe")
    party_id = await tianhe.perform(PARTY_ADD, case_id=case_id, side=PartySide.THIRD_PARTY, name="王五")
    [entry] = await trail(database, party_id)
    assert entry.code == 440106000


async def test_a_party_is_corrected_and_the_trail_hides_what_is_sensitive(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    case_id, _ = await docket.case("huangpu")
    party_id = await bureau.perform(
        PARTY_ADD, case_id=case_id, side=PartySide.CLAIMANT, name="王五", identity_number=NUMBER
    )
    await bureau.perform(
        PARTY_CORRECT,
        party_id=party_id,
        name="王武",
        identity_number="440101199001015678",
        kind=PartyKind.NATURAL_PERSON,
    )
    [event] = bureau.heard
    assert isinstance(event, PartyCorrected)
    assert event.changed == "identity_number,name"
    entry = (await trail(database, party_id))[-1]
    assert entry.before == {"name": "王五", "identity_number": "440***********1234"}
    assert entry.after == {"name": "王武", "identity_number": "440***********5678"}


async def test_correcting_a_party_is_refused(database: Database, bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = PartyCorrectRefusal
    case_id, _ = await docket.case("huangpu")
    party_id = await bureau.perform(PARTY_ADD, case_id=case_id, side=PartySide.CLAIMANT, name="王五")
    await shenzhen.refused(PARTY_CORRECT, code.NOT_FOUND, "partyId", party_id=party_id, name="王")
    await bureau.refused(PARTY_CORRECT, code.NOTHING_TO_CHANGE, party_id=party_id, name="王五")
    await bureau.refused(PARTY_CORRECT, code.INVALID_INPUT, "name", party_id=party_id, name=" ")
    [agency] = await rows_of(database, Party, case_id=case_id, side="RESPONDENT")
    await bureau.refused(PARTY_CORRECT, code.AGENCY_PARTY, "partyId", party_id=agency.id, name="某局")


async def test_a_reveal_answers_the_value_and_writes_who_asked_and_why(
    database: Database, bureau: Desk, shenzhen: Desk, docket: Docket
) -> None:
    case_id, _ = await docket.case("huangpu")
    party_id = await bureau.perform(
        PARTY_ADD, case_id=case_id, side=PartySide.CLAIMANT, name="王五", identity_number=NUMBER, telephone=PHONE
    )
    revealed = await bureau.perform(PARTY_SENSITIVE_REVEAL, party_id=party_id, reason="联系当事人")
    assert revealed == RevealedParty(party_id, NUMBER, PHONE)
    assert [type(event) for event in bureau.heard] == [PartyRevealed]
    entry = (await trail(database, party_id))[-1]
    assert (entry.act, entry.reason, entry.actor) == ("partySensitiveReveal", "联系当事人", "u-1")
    assert entry.after == {"revealed": ["identity_number", "telephone"]}
    code = PartySensitiveRevealRefusal
    await shenzhen.refused(PARTY_SENSITIVE_REVEAL, code.NOT_FOUND, "partyId", party_id=party_id, reason="看")
    await bureau.refused(PARTY_SENSITIVE_REVEAL, code.INVALID_INPUT, "reason", party_id=party_id, reason=" ")


async def test_cases_are_linked_from_the_earlier_to_the_later(database: Database, bureau: Desk, docket: Docket) -> None:
    first, _ = await docket.case("huangpu")
    second, _ = await docket.case("huangpu", number_type="行终", court="粤71", filed_on=date(2026, 3, 4))
    link_id = await bureau.perform(CASES_LINK, from_case_id=first, to_case_id=second)
    assert [type(event) for event in bureau.heard] == [CasesLinked]
    link = await row_of(database, CaseLink, link_id)
    assert (link.from_case_id, link.to_case_id, link.kind) == (first, second, "APPEALED")
    assert [entry.act for entry in await trail(database, link_id)] == ["casesLink"]
    values = {"from_case_id": first, "to_case_id": second}
    await bureau.refused(CASES_LINK, CasesLinkRefusal.ALREADY_LINKED, "toCaseId", **values)


async def test_an_outcome_decides_which_step_follows(database: Database, bureau: Desk, docket: Docket) -> None:
    second, _ = await docket.case("huangpu", number_type="行终", court="粤71")
    await bureau.perform(CASE_CLOSE, case_id=second, outcome=Outcome.REMANDED, closed_on=date(2026, 3, 4))
    again, _ = await docket.case("huangpu", filed_on=date(2026, 3, 6))
    link_id = await bureau.perform(CASES_LINK, from_case_id=second, to_case_id=again)
    assert (await row_of(database, CaseLink, link_id)).kind == "REMANDED"


async def test_series_cases_stand_side_by_side(database: Database, bureau: Desk, docket: Docket) -> None:
    later, _ = await docket.case("huangpu", filed_on=date(2026, 3, 6))
    earlier, _ = await docket.case("huangpu")
    link_id = await bureau.perform(CASES_LINK, from_case_id=later, to_case_id=earlier, kind=LinkKind.SERIES)
    assert (await row_of(database, CaseLink, link_id)).kind == "SERIES"


async def test_linking_is_refused(bureau: Desk, tianhe: Desk, docket: Docket) -> None:
    code = CasesLinkRefusal
    first, _ = await docket.case("huangpu")
    shared, _ = await docket.case("tianhe")
    second, _ = await docket.case("huangpu", number_type="行终", court="粤71", filed_on=date(2026, 3, 1))
    values = {"from_case_id": first, "to_case_id": second}
    await bureau.refused(CASES_LINK, code.SAME_CASE, "toCaseId", from_case_id=first, to_case_id=first)
    await bureau.refused(CASES_LINK, code.DATES_OUT_OF_ORDER, "toCaseId", **values)
    await bureau.refused(CASES_LINK, code.IMPOSSIBLE_LINK, "kind", **values, kind=LinkKind.MEDIATED)
    await bureau.refused(CASES_LINK, code.IMPOSSIBLE_LINK, "toCaseId", from_case_id=first, to_case_id=shared)
    await tianhe.refused(CASES_LINK, code.NOT_FOUND, "fromCaseId", from_case_id=first, to_case_id=shared)
    await tianhe.refused(CASES_LINK, code.NOT_FOUND, "toCaseId", from_case_id=shared, to_case_id=first)


async def test_a_note_stays_with_its_own_agency(
    database: Database, bureau: Desk, huangpu: Desk, tianhe: Desk, docket: Docket
) -> None:
    _, [own, other] = await docket.case("huangpu", "tianhe")
    note_id = await huangpu.perform(NOTE_WRITE, response_id=own, body=" 内部意见\n第二行 ")
    assert [type(event) for event in huangpu.heard] == [NoteWritten]
    note = await row_of(database, Note, note_id)
    assert (note.body, note.written_by, note.agency_id) == ("内部意见\n第二行", "张三", huangpu.scope.agency_id)
    [entry] = await trail(database, note_id)
    assert "内部意见" not in str(entry.after)
    await tianhe.refused(NOTE_WRITE, NoteWriteRefusal.NOT_FOUND, "responseId", response_id=own, body="x")
    await huangpu.refused(NOTE_WRITE, NoteWriteRefusal.NOT_FOUND, "responseId", response_id=other, body="x")


@pytest.mark.parametrize("body", ["", "   ", "甲" * 20_001, "甲\x00乙"])
async def test_a_note_has_a_body(bureau: Desk, docket: Docket, body: str) -> None:
    _, [response] = await docket.case("huangpu")
    await bureau.refused(NOTE_WRITE, NoteWriteRefusal.INVALID_INPUT, "body", response_id=response, body=body)
    await bureau.perform(NOTE_WRITE, response_id=response, body="甲" * 20_000)
