"""Registering cases."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID, uuid4

import pytest

from core.cases.acts.parties import NewParty
from core.cases.acts.registration import CASE_REGISTER
from core.cases.events import CaseRegistered, PeriodOpened, ResponseAttached
from core.cases.procedures import LinkKind
from core.cases.refusals.cases import CaseRegisterRefusal as Register
from core.cases.states import ProcedureForm
from core.cases.tables import CaseLink, CaseShell, Party, Period, Response
from core.cases.vocabulary import PartyKind, ProcedureKind
from core.db.session import Database
from core.errors import ActRefused
from tests.support.acting import Desk, Docket, row_of, rows_of, trail, written_events
from tests.support.city import City


def given(city: City, agency: str = "huangpu", **more: object) -> dict[str, object]:
    values: dict[str, object] = {
        "agency_id": city.agencies[agency],
        "cause_code": "0101",
        "filed_on": date(2026, 3, 2),
        "number": "（2026）粤7101行初123号",
    }
    return values | more


async def test_a_case_comes_with_its_response_plaintiffs_period_trail_and_events(
    database: Database, city: City, bureau: Desk
) -> None:
    case_id = await bureau.perform(
        CASE_REGISTER,
        **given(city, number="(2026)粤7101行初１２3号 ", received_on=date(2026, 3, 5)),
        plaintiffs=(NewParty("李四", identity_number="440101199001011234"), NewParty("某公司", PartyKind.LEGAL_PERSON)),
    )
    heard = [type(event) for event in bureau.heard]
    case = await row_of(database, CaseShell, case_id)
    assert case.number_text == "（2026）粤7101行初123号"
    assert case.number_as_written == "(2026)粤7101行初１２3号"
    assert (case.procedure_kind, case.compensation, case.status) == ("FIRST", "NONE", "OPEN")
    [response] = await rows_of(database, Response, case_id=case_id)
    # D2: fifteen days after 2026-03-05 is Friday 2026-03-20.
    assert (response.answer_due_on, response.received_on) == (date(2026, 3, 20), date(2026, 3, 5))
    [period] = await rows_of(database, Period, response_id=response.id)
    assert (period.kind, period.starts_on, period.due_on, period.status) == (
        "DEFENCE",
        date(2026, 3, 5),
        date(2026, 3, 20),
        "OPEN",
    )
    parties = await rows_of(database, Party, case_id=case_id)
    assert [(row.side, row.ordinal, row.name) for row in parties] == [
        ("RESPONDENT", 0, "广州市黄埔区人民政府"),
        ("CLAIMANT", 0, "李四"),
        ("CLAIMANT", 1, "某公司"),
    ]
    [entry] = await trail(database, case_id)
    assert (entry.act, entry.actor, entry.code, entry.before) == ("caseRegister", "u-1", 440112000, None)
    assert entry.after["answer_due_on"] == "2026-03-20"
    assert "440101199001011234" not in str(entry.after)
    assert heard == [PeriodOpened, CaseRegistered]
    assert await written_events(database, case_id) == ["CaseRegistered"]


async def test_a_second_agency_finds_the_case_by_its_number(database: Database, city: City, bureau: Desk) -> None:
    number = "（2026）粤7101行初124号"
    plaintiffs = (NewParty("李四"),)
    first = await bureau.perform(CASE_REGISTER, **given(city, number=number), plaintiffs=plaintiffs)
    second = await bureau.perform(
        CASE_REGISTER, **given(city, "tianhe", number=number), plaintiffs=(NewParty("李四（又名李五）"),)
    )
    assert first == second
    assert [type(event) for event in bureau.heard] == [ResponseAttached]
    responses = await rows_of(database, Response, case_id=first)
    assert [row.role for row in responses] == ["RESPONDENT", "CO_RESPONDENT"]
    assert [row.name for row in await rows_of(database, Party, case_id=first, side="CLAIMANT")] == ["李四"]


async def test_what_a_second_agency_says_otherwise_of_the_case_stands_in_the_trail(
    database: Database, city: City, bureau: Desk
) -> None:
    number = "（2026）粤7101行初901号"
    known = NewParty("李四", identity_number="440101199001011234")
    case_id = await bureau.perform(CASE_REGISTER, **given(city, number=number), plaintiffs=(known,))
    otherwise = given(
        city, "tianhe", number=number, filed_on=date(2026, 3, 4), challenged_act_number="穗府复〔2026〕1号"
    )
    plaintiffs = (NewParty("李四"), NewParty("王五", identity_number="440101199001015678"))
    await bureau.perform(CASE_REGISTER, **otherwise, plaintiffs=plaintiffs)
    case = await row_of(database, CaseShell, case_id)
    [_, entry] = await trail(database, case_id)
    assert (entry.after["filed_on"], entry.after["created"]) == (case.filed_on.isoformat(), False)
    left_out = entry.after["left_out"]
    assert (left_out["filed_on"], left_out["challenged_act_number"]) == ("2026-03-04", "穗府复〔2026〕1号")
    assert [party["name"] for party in left_out["plaintiffs"]] == ["王五"]
    assert "440101199001015678" not in str(entry.after)


async def test_a_second_agency_that_says_the_same_leaves_nothing_out(
    database: Database, city: City, bureau: Desk
) -> None:
    values = given(city, number="（2026）粤7101行初902号", plaintiffs=(NewParty("李四"),))
    case_id = await bureau.perform(CASE_REGISTER, **values)
    await bureau.perform(CASE_REGISTER, **values | {"agency_id": city.agencies["tianhe"]})
    assert ["left_out" in entry.after for entry in await trail(database, case_id)] == [False, False]


async def test_an_agency_of_another_district_learns_nothing_of_the_case_that_it_joins(
    database: Database, city: City, huangpu: Desk, tianhe: Desk
) -> None:
    number = "（2026）粤7101行初125号"
    case_id = await huangpu.perform(CASE_REGISTER, **given(city, number=number))
    assert await tianhe.perform(CASE_REGISTER, **given(city, "tianhe", number=number)) == case_id
    [entry] = [entry for entry in await trail(database, case_id) if entry.actor == "u-tianhe"]
    assert entry.agency_id == city.agencies["tianhe"]


async def test_two_registrations_at_once_make_one_response(database: Database, city: City, bureau: Desk) -> None:
    number = "（2026）粤7101行初126号"
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    done = await asyncio.gather(
        *(desk.perform(CASE_REGISTER, **given(city, number=number)) for desk in desks), return_exceptions=True
    )
    refused = [one for one in done if isinstance(one, ActRefused)]
    made = [one for one in done if isinstance(one, UUID)]
    assert [one.code for one in refused] == [Register.ALREADY_REGISTERED]
    assert len(await rows_of(database, Response, case_id=made[0])) == 1


async def test_two_agencies_at_once_share_one_case(database: Database, city: City, bureau: Desk) -> None:
    number = "（2026）粤7101行初127号"
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    made = await asyncio.gather(
        *(
            desk.perform(CASE_REGISTER, **given(city, agency, number=number))
            for desk, agency in zip(desks, ("huangpu", "tianhe"), strict=True)
        )
    )
    assert made[0] == made[1]
    assert len(await rows_of(database, Response, case_id=made[0])) == 2


async def test_a_reconsideration_carries_its_organs_reference(database: Database, city: City, bureau: Desk) -> None:
    values = given(
        city,
        number=None,
        procedure_kind=ProcedureKind.RECON,
        organ_reference="穗府行复〔2026〕1号",
        received_on=date(2026, 3, 5),
    )
    case_id = await bureau.perform(CASE_REGISTER, **values)
    case = await row_of(database, CaseShell, case_id)
    assert (case.number_text, case.organ_reference, case.procedure_kind) == (None, "穗府行复〔2026〕1号", "RECON")
    [period] = await rows_of(database, Period, case_id=case_id)
    # D15: ten working days after Thursday 2026-03-05.
    assert (period.kind, period.due_on) == ("RECONSIDERATION_ANSWER", date(2026, 3, 19))
    await bureau.refused(CASE_REGISTER, Register.ALREADY_REGISTERED, "organReference", **values)


async def test_the_simplified_procedure_has_the_courts_own_term(database: Database, city: City, bureau: Desk) -> None:
    values = given(
        city,
        number="（2026）粤7101行初128号",
        procedure_form=ProcedureForm.SIMPLIFIED,
        received_on=date(2026, 3, 5),
    )
    await bureau.refused(CASE_REGISTER, Register.TERM_REQUIRED, "answerDays", **values)
    await bureau.refused(CASE_REGISTER, Register.INVALID_INPUT, "answerDays", **values, answer_days=16)
    case_id = await bureau.perform(CASE_REGISTER, **values, answer_days=7)
    [period] = await rows_of(database, Period, case_id=case_id)
    assert period.due_on == date(2026, 3, 12)


async def test_a_case_goes_on_from_the_one_before(database: Database, city: City, bureau: Desk, docket: Docket) -> None:
    first, _ = await docket.case("huangpu")
    values = given(city, number="（2026）粤71行终129号", previous_case_id=first)
    second = await bureau.perform(CASE_REGISTER, **values)
    [link] = await rows_of(database, CaseLink, from_case_id=first)
    assert (link.to_case_id, link.kind) == (second, "APPEALED")
    rows = [await row_of(database, CaseShell, one) for one in (first, second)]
    assert rows[0].dispute_id == rows[1].dispute_id


async def test_previous_cases_are_checked(city: City, bureau: Desk, huangpu: Desk, docket: Docket) -> None:
    first, _ = await docket.case("tianhe")
    second = given(city, number="（2026）粤71行终130号", previous_case_id=first)
    await huangpu.refused(CASE_REGISTER, Register.PREVIOUS_NOT_FOUND, "previousCaseId", **second)
    await bureau.refused(
        CASE_REGISTER, Register.IMPOSSIBLE_LINK, "previousLink", **second, previous_link=LinkKind.RETRIED
    )
    await bureau.refused(
        CASE_REGISTER, Register.IMPOSSIBLE_LINK, "previousCaseId", **second | {"number": "（2026）粤7101行初131号"}
    )
    await bureau.refused(
        CASE_REGISTER, Register.DATES_OUT_OF_ORDER, "filedOn", **second | {"filed_on": date(2026, 3, 1)}
    )


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"number": "（2026）粤7101行初号"}, Register.NUMBER_INVALID, "number"),
        ({"number": None}, Register.NUMBER_REQUIRED, "number"),
        ({"number": " "}, Register.NUMBER_REQUIRED, "number"),
        ({"number": None, "procedure_kind": ProcedureKind.RECON}, Register.REFERENCE_REQUIRED, "organReference"),
        ({"procedure_kind": ProcedureKind.RECON}, Register.NUMBER_NOT_POSSIBLE, "number"),
        ({"procedure_kind": ProcedureKind.SECOND}, Register.KIND_MISMATCH, "procedureKind"),
        ({"court_code": "粤71"}, Register.COURT_MISMATCH, "courtCode"),
        ({"number": "（2026）粤0101行初1号"}, Register.COURT_UNKNOWN, "number"),
        ({"cause_code": "9999"}, Register.CAUSE_UNKNOWN, "causeCode"),
        ({"cause_code": "01\x0001"}, Register.INVALID_INPUT, "causeCode"),
        (
            {"number": "（2026）粤7101行赔初1号", "joined_compensation": True},
            Register.COMPENSATION_NOT_POSSIBLE,
            "joinedCompensation",
        ),
        (
            {"number": "（2026）粤7101行审1号", "procedure_form": ProcedureForm.SIMPLIFIED},
            Register.SIMPLIFIED_NOT_POSSIBLE,
            "procedureForm",
        ),
        ({"agency_id": uuid4()}, Register.AGENCY_NOT_FOUND, "agencyId"),
        ({"filed_on": date(2026, 3, 11)}, Register.IN_FUTURE, "filedOn"),
        ({"filed_on": date(2024, 3, 11)}, Register.DATES_OUT_OF_ORDER, "filedOn"),
        ({"filed_on": date(1, 1, 1)}, Register.INVALID_INPUT, "filedOn"),
        ({"received_on": date(2026, 3, 11)}, Register.IN_FUTURE, "receivedOn"),
        ({"received_on": date(2026, 3, 1)}, Register.BEFORE_FILING, "receivedOn"),
        ({"answer_days": 0}, Register.INVALID_INPUT, "answerDays"),
        ({"challenged_act_number": "甲" * 201}, Register.INVALID_INPUT, "challengedActNumber"),
        ({"previous_case_id": uuid4()}, Register.PREVIOUS_NOT_FOUND, "previousCaseId"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_field(
    city: City, bureau: Desk, change: dict[str, object], code: Register, path: str
) -> None:
    await bureau.refused(CASE_REGISTER, code, path, **given(city, number="（2026）粤7101行初140号") | change)


@pytest.mark.parametrize(
    ("party", "field"),
    [
        (NewParty(" "), "name"),
        (NewParty("甲" * 201), "name"),
        (NewParty("甲\ud800"), "name"),
        (NewParty("甲", people=0), "people"),
        (NewParty("甲", telephone="1" * 51), "telephone"),
    ],
)
async def test_plaintiffs_are_checked_one_by_one(city: City, bureau: Desk, party: NewParty, field: str) -> None:
    values = given(city, number="（2026）粤7101行初141号", plaintiffs=(NewParty("李四"), party))
    await bureau.refused(CASE_REGISTER, Register.INVALID_INPUT, "plaintiffs", "1", field, **values)


async def test_too_many_plaintiffs_are_refused(city: City, bureau: Desk) -> None:
    values = given(city, number="（2026）粤7101行初142号", plaintiffs=(NewParty("李四"),) * 101)
    await bureau.refused(CASE_REGISTER, Register.INVALID_INPUT, "plaintiffs", **values)


async def test_nobody_registers_for_an_agency_outside_their_scope(
    city: City, huangpu: Desk, shenzhen: Desk, court: Desk
) -> None:
    values = given(city, number="（2026）粤7101行初143号")
    await huangpu.refused(
        CASE_REGISTER, Register.AGENCY_NOT_FOUND, "agencyId", **values | {"agency_id": city.agencies["tianhe"]}
    )
    await shenzhen.refused(CASE_REGISTER, Register.AGENCY_NOT_FOUND, "agencyId", **values)
    await court.refused(CASE_REGISTER, Register.AGENCY_NOT_FOUND, "agencyId", **values)


async def test_a_public_interest_suit_has_an_ordinary_number(database: Database, city: City, bureau: Desk) -> None:
    values = given(city, number="（2026）粤7101行初144号", procedure_kind=ProcedureKind.PIL, joined_compensation=False)
    case_id = await bureau.perform(CASE_REGISTER, **values)
    assert (await row_of(database, CaseShell, case_id)).procedure_kind == "PIL"


async def test_a_claim_for_compensation_is_joined(database: Database, city: City, bureau: Desk) -> None:
    values = given(city, number="（2026）粤7101行初145号", joined_compensation=True)
    case_id = await bureau.perform(CASE_REGISTER, **values)
    assert (await row_of(database, CaseShell, case_id)).compensation == "JOINED"
