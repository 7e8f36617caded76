"""Attaching responses: agencies that become respondents of a registered case."""

from __future__ import annotations

from datetime import date

from core.cases.acts.registration import CASE_REGISTER
from core.cases.acts.responses import RESPONSE_ATTACH
from core.cases.events import PeriodOpened, ResponseAttached
from core.cases.refusals.cases import ResponseAttachRefusal as Attach
from core.cases.states import ProcedureForm
from core.cases.tables import Response
from core.cases.vocabulary import ProcedureKind
from core.db.session import Database
from tests.support.acting import Desk, Docket, row_of, trail
from tests.support.city import City


async def test_a_co_respondent_is_attached(database: Database, city: City, bureau: Desk, docket: Docket) -> None:
    case_id, _ = await docket.case("huangpu")
    response_id = await bureau.perform(
        RESPONSE_ATTACH, case_id=case_id, agency_id=city.agencies["tianhe"], received_on=date(2026, 3, 6)
    )
    assert [type(event) for event in bureau.heard] == [PeriodOpened, ResponseAttached]
    response = await row_of(database, Response, response_id)
    assert (response.role, response.code, response.answer_due_on) == ("CO_RESPONDENT", 440106000, date(2026, 3, 23))
    [entry] = await trail(database, response_id)
    assert entry.act == "responseAttach"
    again = {"case_id": case_id, "agency_id": city.agencies["tianhe"]}
    await bureau.refused(RESPONSE_ATTACH, Attach.ALREADY_REGISTERED, "agencyId", **again)


async def test_attaching_is_refused(
    database: Database, city: City, bureau: Desk, shenzhen: Desk, docket: Docket
) -> None:
    case_id, _ = await docket.case("huangpu")
    tianhe = city.agencies["tianhe"]
    await shenzhen.refused(RESPONSE_ATTACH, Attach.NOT_FOUND, "caseId", case_id=case_id, agency_id=tianhe)
    district = Desk(database, city.scope(440112000), bureau.clock)
    await district.refused(RESPONSE_ATTACH, Attach.AGENCY_NOT_FOUND, "agencyId", case_id=case_id, agency_id=tianhe)
    values = {"case_id": case_id, "agency_id": tianhe}
    await bureau.refused(RESPONSE_ATTACH, Attach.IN_FUTURE, "receivedOn", **values, received_on=date(2026, 3, 11))
    await bureau.refused(RESPONSE_ATTACH, Attach.BEFORE_FILING, "receivedOn", **values, received_on=date(2026, 3, 1))
    await bureau.refused(RESPONSE_ATTACH, Attach.INVALID_INPUT, "answerDays", **values, answer_days=0)
    simple, _ = await docket.case("huangpu", procedure_form=ProcedureForm.SIMPLIFIED)
    await bureau.refused(
        RESPONSE_ATTACH,
        Attach.TERM_REQUIRED,
        "answerDays",
        case_id=simple,
        agency_id=tianhe,
        received_on=date(2026, 3, 6),
    )
    recon = await bureau.perform(
        CASE_REGISTER,
        agency_id=city.agencies["huangpu"],
        cause_code="0101",
        filed_on=date(2026, 3, 2),
        procedure_kind=ProcedureKind.RECON,
        organ_reference="穗府行复〔2026〕2号",
    )
    await bureau.refused(RESPONSE_ATTACH, Attach.CASE_WITHOUT_NUMBER, "caseId", case_id=recon, agency_id=tianhe)
