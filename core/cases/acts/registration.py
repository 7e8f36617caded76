"""登记案件: a case and the agency's response to it, with plaintiffs, the link to the case before and the period to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from core.acting import ActContext, Event, Subject
from core.calendar.term_rules import TermOverride
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.links import checked_kind
from core.cases.acts.parties import NewParty, insert_party, masked
from core.cases.acts.reckoning import Term, open_period
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.rows import case_of, found
from core.cases.acts.terms import MOST_ANSWER_DAYS, answer_term, has_simplified
from core.cases.case_number import CaseNumber, CaseNumberRefused, parse_normalised
from core.cases.procedures import CASE_TYPES, LinkKind
from core.cases.records import cases, periods, rows
from core.cases.refusals.cases import CaseRegisterRefusal
from core.cases.states import ProcedureForm
from core.cases.tables import CaseShell, Party, Response
from core.cases.vocabulary import Compensation, PartySide, ProcedureKind
from core.db.violations import reason_of
from core.identity import permissions
from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc, Ref

NUMBERLESS = frozenset({ProcedureKind.PRE_MED, ProcedureKind.RECON, ProcedureKind.PIL, ProcedureKind.ENF_ON_US})
"""Procedures that carry an organ's reference (文号) where they have no administrative case number of a court."""
_JOINABLE = frozenset({ProcedureKind.FIRST, ProcedureKind.SECOND, ProcedureKind.RETRIAL_APP, ProcedureKind.RETRIAL})
_SHARED_FACTS = {
    "cause_code": "cause",
    "filed_on": "filed_on",
    "procedure_form": "form",
    "compensation": "compensation",
    "challenged_act_number": "act_number",
}
"""Columns of the case that its first registration fixes, and where a registration says them."""
_Code = CaseRegisterRefusal


@dataclass(frozen=True, slots=True)
class CaseRegister:
    """登记案件: registers the agency's response; the case itself is made, or found by its number, at the same moment."""

    agency_id: Annotated[UUID, Ref("Agency"), Doc("应诉机关", "agency")]
    cause_code: Annotated[str, Doc("案由代码", "cause code", law="法发〔2020〕44号")]
    filed_on: Annotated[date, Doc("立案日期", "day of filing")]
    number: Annotated[str | None, Doc("案号", "case number", "如（2026）粤7101行初123号", law="法〔2015〕137号")] = None
    court_code: Annotated[str | None, Doc("法院代字", "court code", "有案号时须与案号一致")] = None
    procedure_kind: Annotated[ProcedureKind | None, Doc("程序种类", "kind of procedure", "有案号时由案号确定")] = None
    organ_reference: Annotated[str | None, Doc("机关文号", "organ's reference", "没有法院案号的程序必填")] = None
    joined_compensation: Annotated[bool, Doc("一并提起行政赔偿", "compensation claimed too", law="行政诉讼法 76")] = (
        False
    )
    procedure_form: Annotated[ProcedureForm, Doc("审理程序", "procedure form", law="行政诉讼法 82")] = (
        ProcedureForm.ORDINARY
    )
    challenged_act_number: Annotated[str | None, Doc("被诉行为文号", "number of the challenged act")] = None
    received_on: Annotated[date | None, Doc("收到应诉材料日期", "day of receipt", "填写后自动计算答辩期限")] = None
    answer_days: Annotated[
        int | None, Doc("法院指定的答辩天数", "days to answer", "简易程序必填，不超过15日", law="适用解释 104")
    ] = None
    plaintiffs: Annotated[tuple[NewParty, ...], Doc("原告", "plaintiffs")] = ()
    previous_case_id: Annotated[UUID | None, Ref("Case"), Doc("前一程序的案件", "previous case")] = None
    previous_link: Annotated[LinkKind | None, Doc("与前案的关联", "link to the previous case", "不填则推定")] = None


@dataclass(frozen=True, slots=True)
class _Identity:
    """What a case is known by: its number, or an organ's reference."""

    kind: ProcedureKind
    compensation: Compensation
    number: CaseNumber | None
    court_code: str | None
    reference: str | None
    written: str | None = None


def _identity(context: ActContext, given: CaseRegister) -> _Identity:
    court = checks.optional_text(given.court_code, at("court_code"))
    reference = checks.optional_text(given.organ_reference, at("organ_reference"))
    written = checks.optional_text(given.number, at("number"))
    if written is None:
        if given.procedure_kind not in NUMBERLESS:
            raise refuse(_Code.NUMBER_REQUIRED, at("number"))
        if reference is None:
            raise refuse(_Code.REFERENCE_REQUIRED, at("organ_reference"))
        return _Identity(given.procedure_kind, Compensation.NONE, None, court, reference)
    try:
        number, _ = parse_normalised(written, today=context.today)
    except CaseNumberRefused as error:
        raise refuse(_Code.NUMBER_INVALID, at("number"), error.message, error.message_zh) from None
    rule = CASE_TYPES[number.type]
    kind = given.procedure_kind or rule.kind
    if kind in NUMBERLESS - {ProcedureKind.PIL}:
        raise refuse(_Code.NUMBER_NOT_POSSIBLE, at("number"))
    # A suit of the procuratorate has an ordinary number of first instance, which does not tell it apart.
    if kind is not rule.kind and (kind, rule.kind) != (ProcedureKind.PIL, ProcedureKind.FIRST):
        raise refuse(_Code.KIND_MISMATCH, at("procedure_kind"))
    if court is not None and court != number.court_code:
        raise refuse(_Code.COURT_MISMATCH, at("court_code"))
    as_written = None if written == number.canonical_without_suffix else written
    return _Identity(kind, rule.compensation, number, number.court_code, reference, as_written)


def _compensation(given: CaseRegister, identity: _Identity) -> Compensation:
    if not given.joined_compensation:
        return identity.compensation
    if identity.kind not in _JOINABLE or identity.compensation is Compensation.ALONE:
        raise refuse(_Code.COMPENSATION_NOT_POSSIBLE, at("joined_compensation"))
    return Compensation.JOINED


def _check_days(context: ActContext, given: CaseRegister, number: CaseNumber | None) -> None:
    checks.past_day(context, given.filed_on, at("filed_on"), _Code.IN_FUTURE)
    # The year of a number is that in which the court took the case in; at the turn of a year the two may differ by one.
    if number is not None and abs(given.filed_on.year - number.year) > 1:
        raise refuse(_Code.DATES_OUT_OF_ORDER, at("filed_on"))
    if given.received_on is not None:
        checks.past_day(context, given.received_on, at("received_on"), _Code.IN_FUTURE)
        checks.not_before(given.received_on, given.filed_on, at("received_on"), _Code.BEFORE_FILING)
    checks.number(given.answer_days, at("answer_days"), 1, MOST_ANSWER_DAYS)


async def _previous(context: ActContext, given: CaseRegister, kind: ProcedureKind) -> tuple[Row[Any], LinkKind] | None:
    if given.previous_case_id is None:
        return None
    previous = await rows.by_id(context.session, CaseShell, given.previous_case_id)
    if previous is None:
        raise refuse(_Code.PREVIOUS_NOT_FOUND, at("previous_case_id"))
    path = at("previous_link") if given.previous_link else at("previous_case_id")
    link = checked_kind(previous, kind, given.previous_link, _Code.IMPOSSIBLE_LINK, path)
    checks.not_before(given.filed_on, previous.filed_on, at("filed_on"), _Code.DATES_OUT_OF_ORDER)
    return previous, link


async def attach(context: ActContext, values: dict[str, Any], codes: type[Labelled]) -> Row[Any]:
    """Call `case_attach`; its reasons become the act's own codes."""
    try:
        return await cases.attach(context.session, values)
    except DBAPIError as error:
        match reason_of(error):
            case "AGENCY_NOT_FOUND":
                raise refuse(codes["AGENCY_NOT_FOUND"], at("agency_id")) from None
            case "ALREADY_REGISTERED":
                raise refuse(codes["ALREADY_REGISTERED"], at("agency_id")) from None
            case _:
                raise


async def open_answer(
    context: ActContext,
    response: Row[Any],
    form: ProcedureForm,
    received_on: date,
    days: int | None,
    required: Labelled,
) -> date | None:
    """Open the period to answer from a receipt, unless it runs from the same day already; its last day, if there is one."""
    term = answer_term(ProcedureKind[response.procedure_kind], form)
    if term is None:
        return None
    kind, name = term
    if await periods.running(context.session, response.id, kind.value, received_on) is not None:
        return None
    override = TermOverride(amount=days) if days is not None else None
    opened = await open_period(
        context, response, kind, Term(name, received_on, at("answer_days"), override, required=required)
    )
    return opened.due_on


@refusing(CaseRegisterRefusal)
async def register_case(context: ActContext, given: CaseRegister) -> UUID:
    """Register a case. Emits CaseRegistered, or ResponseAttached where another agency had registered the number before.

    A case that was there before keeps its facts, as its agencies share them; what was said otherwise stands in the audit
    entry under `left_out`. Refusing it instead would tell that the case is there to an agency that has no part in it yet.
    """
    identity = _identity(context, given)
    compensation = _compensation(given, identity)
    _check_days(context, given, identity.number)
    if given.procedure_form is ProcedureForm.SIMPLIFIED and not has_simplified(identity.kind):
        raise refuse(_Code.SIMPLIFIED_NOT_POSSIBLE, at("procedure_form"))
    checks.count(given.plaintiffs, at("plaintiffs"))
    plaintiffs = [party.checked("plaintiffs", index) for index, party in enumerate(given.plaintiffs)]
    act_number = checks.optional_text(given.challenged_act_number, at("challenged_act_number"))
    await _check_references(context, given, identity)
    previous = await _previous(context, given, identity.kind)
    values = _shell_values(given, identity) | {
        "compensation": compensation.value,
        "act_number": act_number,
        "dispute": previous[0].dispute_id if previous else None,
        "now": context.now,
    }
    attached = await attach(context, values, _Code)
    case = await case_of(context, attached.case_id, at("number"))
    response = await found(context, Response, attached.response_id, at("agency_id"))
    left_out = _differing(case, values) | await _add_plaintiffs(context, case.id, plaintiffs)
    if previous:
        await cases.link(context.session, previous[0].id, case.id, previous[1].value)
    due_on = await _open_answer(context, given, case, response)
    subject = Subject("Case", case.id, response.code, response.agency_id)
    after = {
        "number": case.number_text,
        "organ_reference": case.organ_reference,
        "procedure_kind": case.procedure_kind,
        "cause_code": case.cause_code,
        "filed_on": case.filed_on,
        "agency_id": given.agency_id,
        "response_id": response.id,
        "received_on": given.received_on,
        "answer_due_on": due_on,
        "plaintiffs": len(plaintiffs),
        "previous_case_id": given.previous_case_id,
        "created": attached.created,
        "left_out": left_out or None,
    }
    await context.record("caseRegister", subject, after={name: v for name, v in after.items() if v is not None})
    await context.emit(_event(subject, response, given, created=attached.created))
    return case.id  # type: ignore[no-any-return]


def _shell_values(given: CaseRegister, identity: _Identity) -> dict[str, Any]:
    """What `case_attach` finds or makes the case by."""
    number = identity.number
    return {
        "agency": given.agency_id,
        "court": identity.court_code,
        "year": number.year if number else None,
        "special": number.special if number else None,
        "type": number.type if number else None,
        "serial": number.serial if number else None,
        "text": number.canonical_without_suffix if number else None,
        "as_written": identity.written,
        "organ_reference": identity.reference,
        "kind": identity.kind.value,
        "form": given.procedure_form.value,
        "cause": given.cause_code.strip(),
        "filed_on": given.filed_on,
        "received_on": given.received_on,
    }


def _event(subject: Subject, response: Row[Any], given: CaseRegister, *, created: bool) -> Event:
    """A case came in, or a response joined one that another agency had registered."""
    if created:
        return events.CaseRegistered(subject, subject.id, response.id, response.procedure_kind, response.filed_on)
    joined = Subject("Response", response.id, response.code, response.agency_id)
    return events.ResponseAttached(joined, subject.id, response.id, given.received_on)


async def _check_references(context: ActContext, given: CaseRegister, identity: _Identity) -> None:
    cause = checks.text(given.cause_code, at("cause_code"))
    if not await cases.cause_exists(context.session, cause):
        raise refuse(_Code.CAUSE_UNKNOWN, at("cause_code"))
    if identity.court_code is not None and not await cases.court_exists(context.session, identity.court_code):
        raise refuse(_Code.COURT_UNKNOWN, at("number") if identity.number else at("court_code"))
    if identity.number is None and identity.reference is not None:
        key = (given.agency_id, identity.kind.value, identity.reference, given.filed_on)
        await cases.one_at_a_time(context.session, "reference", *key)
        if await cases.same_reference(context.session, *key) is not None:
            raise refuse(_Code.ALREADY_REGISTERED, at("organ_reference"))


def _differing(case: Row[Any], values: dict[str, Any]) -> dict[str, Any]:
    """What this agency was told otherwise of a case that was there before: the case stays, the trail keeps what was said."""
    said = {name: (values[key], getattr(case, name)) for name, key in _SHARED_FACTS.items()}
    return {name: value for name, (value, kept) in said.items() if value is not None and value != kept}


async def _add_plaintiffs(
    context: ActContext, case_id: UUID, plaintiffs: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Whoever registers the case first names its plaintiffs; those whom a co-respondent names otherwise are left out."""
    known = await rows.where(context.session, Party, case_id=case_id, side=PartySide.CLAIMANT.value)
    if not known:
        for values in plaintiffs:
            await insert_party(context, case_id, PartySide.CLAIMANT, values)
        return {}
    left_out = [masked(values) for values in plaintiffs if not any(_says(party, values) for party in known)]
    return {"plaintiffs": left_out} if left_out else {}


def _says(party: Row[Any], values: dict[str, Any]) -> bool:
    return all(getattr(party, name) == value for name, value in values.items() if value is not None)


async def _open_answer(context: ActContext, given: CaseRegister, case: Row[Any], response: Row[Any]) -> date | None:
    if given.received_on is None:
        return None
    # The case may have been there before, filed on another day than this agency was told.
    checks.not_before(given.received_on, case.filed_on, at("received_on"), _Code.BEFORE_FILING)
    form = ProcedureForm[case.procedure_form]
    return await open_answer(context, response, form, given.received_on, given.answer_days, _Code.TERM_REQUIRED)


CASE_REGISTER = Act(
    name="caseRegister",
    given=CaseRegister,
    perform=register_case,
    returns="Case",
    refusals=CaseRegisterRefusal,
    permission=permissions.CASE_REGISTER.name,
    doc=Doc("登记案件", "register a case"),
)
ACTS = (CASE_REGISTER,)
