"""结案: closing a case, taking a closing back, and correcting the facts of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.rows import case_subject, changed, locked
from core.cases.acts.terms import has_simplified
from core.cases.acts.verdicts import LostNotStated, is_possible, lost_of
from core.cases.outcomes import Outcome
from core.cases.records import cases
from core.cases.refusals.cases import CaseCloseRefusal, CaseCorrectRefusal, CaseReopenRefusal
from core.cases.states import CaseStatus, ProcedureForm
from core.cases.tables import CaseShell, Response
from core.cases.vocabulary import ProcedureKind
from core.identity import permissions
from schema.act import Act
from schema.describe import Doc, Ref


@dataclass(frozen=True, slots=True)
class CaseClose:
    """结案."""

    case_id: Annotated[UUID, Ref("Case"), Doc("案件", "case")]
    outcome: Annotated[Outcome, Doc("结案方式", "outcome")]
    closed_on: Annotated[date, Doc("结案日期", "closing day")]
    closing_cause_code: Annotated[str | None, Doc("结案案由代码", "cause at closing", "与立案案由不同时填写")] = None
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


async def sole_response(context: ActContext, case_id: UUID) -> Row[Any] | None:
    """The response of a case that only one agency answers; with several, the holding on each agency's act decides."""
    if await cases.respondents(context.session, case_id) != 1:
        return None
    return await cases.first_response(context.session, case_id)


async def close(context: ActContext, case: Row[Any], outcome: Outcome, closed_on: date, cause: str | None) -> None:
    """Close a locked case. A sole respondent without a result takes the case's. Emits CaseClosed."""
    values: dict[str, Any] = {
        "status": CaseStatus.CLOSED.value,
        "outcome": outcome.value,
        "closed_on": closed_on,
        "closing_cause_code": cause or case.closing_cause_code,
    }
    await changed(context, CaseShell, case, values)
    response = await sole_response(context, case.id)
    if response is not None and response.outcome is None:
        await changed(context, Response, response, await _result(context, case, response, outcome))
    subject = await case_subject(context, "Case", case.id, case.id)
    await context.emit(events.CaseClosed(subject, case.id, outcome.value, closed_on))


async def _result(context: ActContext, case: Row[Any], response: Row[Any], outcome: Outcome) -> dict[str, Any]:
    earlier = await cases.earlier_verdicts(context.session, case.id, response.agency_id)
    try:
        lost = lost_of(outcome, earlier=earlier[0] if earlier else None)
    except LostNotStated:
        lost = None
    return {"outcome": outcome.value, "lost": lost}


@refusing(CaseCloseRefusal)
async def close_case(context: ActContext, given: CaseClose) -> UUID:
    """Close a case. Emits CaseClosed."""
    code = CaseCloseRefusal
    checks.past_day(context, given.closed_on, at("closed_on"), code.IN_FUTURE)
    cause = checks.optional_text(given.closing_cause_code, at("closing_cause_code"))
    case = await locked(context, CaseShell, given.case_id, at("case_id"), given.expected_version)
    if case.status != CaseStatus.OPEN.value:
        raise refuse(code.CASE_CLOSED, at("case_id"))
    if not is_possible(given.outcome, ProcedureKind[case.procedure_kind]):
        raise refuse(code.OUTCOME_NOT_POSSIBLE, at("outcome"))
    checks.not_before(given.closed_on, case.filed_on, at("closed_on"), code.BEFORE_FILING)
    if cause is not None and not await cases.cause_exists(context.session, cause):
        raise refuse(code.CAUSE_UNKNOWN, at("closing_cause_code"))
    await close(context, case, given.outcome, given.closed_on, cause)
    subject = await case_subject(context, "Case", case.id, case.id)
    after = {"status": CaseStatus.CLOSED.value, "outcome": given.outcome.value, "closed_on": given.closed_on}
    await context.record(
        "caseClose",
        subject,
        before={"status": case.status, "outcome": case.outcome, "closed_on": case.closed_on},
        after=after | ({"closing_cause_code": cause} if cause else {}),
    )
    return case.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class CaseReopen:
    """撤销结案: takes back a closing that was entered by mistake; it is no retrial."""

    case_id: Annotated[UUID, Ref("Case"), Doc("案件", "case")]
    reason: Annotated[str, Doc("原因", "reason")]
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(CaseReopenRefusal)
async def reopen_case(context: ActContext, given: CaseReopen) -> UUID:
    """Take a closing back; results that holdings gave stay. Emits CaseReopened."""
    reason = checks.text(given.reason, at("reason"), checks.REASON)
    case = await locked(context, CaseShell, given.case_id, at("case_id"), given.expected_version)
    if case.status != CaseStatus.CLOSED.value:
        raise refuse(CaseReopenRefusal.CASE_OPEN, at("case_id"))
    values = {"status": CaseStatus.OPEN.value, "outcome": None, "closed_on": None, "closing_cause_code": None}
    before, after = await changed(context, CaseShell, case, values)
    response = await sole_response(context, case.id)
    if response is not None and not await cases.has_holding(context.session, response.id):
        await changed(context, Response, response, {"outcome": None, "lost": None})
    subject = await case_subject(context, "Case", case.id, case.id)
    await context.record("caseReopen", subject, before=before, after=after, reason=reason)
    await context.emit(events.CaseReopened(subject, case.id, reason))
    return case.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class CaseCorrect:
    """更正案件信息: only the fields given change; the case number never does."""

    case_id: Annotated[UUID, Ref("Case"), Doc("案件", "case")]
    cause_code: Annotated[str | None, Doc("案由代码", "cause code")] = None
    closing_cause_code: Annotated[str | None, Doc("结案案由代码", "cause at closing")] = None
    procedure_form: Annotated[ProcedureForm | None, Doc("审理程序", "procedure form")] = None
    filed_on: Annotated[date | None, Doc("立案日期", "day of filing")] = None
    challenged_act_number: Annotated[str | None, Doc("被诉行为文号", "number of the challenged act")] = None
    organ_reference: Annotated[str | None, Doc("机关文号", "organ's reference")] = None
    reason: Annotated[str | None, Doc("更正原因", "reason of the correction")] = None
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(CaseCorrectRefusal)
async def correct_case(context: ActContext, given: CaseCorrect) -> UUID:
    """Correct the facts of a case. Periods that run stay as they are. Emits CaseCorrected."""
    code = CaseCorrectRefusal
    reason = checks.optional_text(given.reason, at("reason"), checks.REASON)
    wanted: dict[str, Any] = {
        name: checks.optional_text(getattr(given, name), at(name))
        for name in ("cause_code", "closing_cause_code", "challenged_act_number", "organ_reference")
    }
    wanted["procedure_form"] = given.procedure_form.value if given.procedure_form else None
    wanted["filed_on"] = given.filed_on
    case = await locked(context, CaseShell, given.case_id, at("case_id"), given.expected_version)
    for name in ("cause_code", "closing_cause_code"):
        if wanted[name] is not None and not await cases.cause_exists(context.session, wanted[name]):
            raise refuse(code.CAUSE_UNKNOWN, at(name))
    if wanted["closing_cause_code"] is not None and case.status != CaseStatus.CLOSED.value:
        raise refuse(code.CASE_OPEN, at("closing_cause_code"))
    if wanted["organ_reference"] is not None and case.number_serial is not None:
        raise refuse(code.REFERENCE_NOT_POSSIBLE, at("organ_reference"))
    if given.procedure_form is ProcedureForm.SIMPLIFIED and not has_simplified(ProcedureKind[case.procedure_kind]):
        raise refuse(code.SIMPLIFIED_NOT_POSSIBLE, at("procedure_form"))
    if given.filed_on is not None:
        checks.past_day(context, given.filed_on, at("filed_on"), code.IN_FUTURE)
        facts = [case.closed_on, await cases.earliest_fact(context.session, case.id)]
        for fact in filter(None, facts):
            checks.not_before(fact, given.filed_on, at("filed_on"), code.DATES_OUT_OF_ORDER)
    before, after = await changed(context, CaseShell, case, {k: v for k, v in wanted.items() if v is not None})
    if not after:
        raise refuse(code.NOTHING_TO_CHANGE)
    subject = await case_subject(context, "Case", case.id, case.id)
    await context.record("caseCorrect", subject, before=before, after=after, reason=reason)
    await context.emit(events.CaseCorrected(subject, case.id, ",".join(sorted(after))))
    return case.id  # type: ignore[no-any-return]


CASE_CLOSE = Act(
    name="caseClose",
    given=CaseClose,
    perform=close_case,
    returns="Case",
    refusals=CaseCloseRefusal,
    permission=permissions.CASE_CLOSE.name,
    doc=Doc("结案", "close a case"),
)
CASE_REOPEN = Act(
    name="caseReopen",
    given=CaseReopen,
    perform=reopen_case,
    returns="Case",
    refusals=CaseReopenRefusal,
    permission=permissions.CASE_REOPEN.name,
    doc=Doc("撤销结案", "take back a closing"),
)
CASE_CORRECT = Act(
    name="caseCorrect",
    given=CaseCorrect,
    perform=correct_case,
    returns="Case",
    refusals=CaseCorrectRefusal,
    permission=permissions.CASE_CORRECT.name,
    doc=Doc("更正案件信息", "correct a case"),
)
ACTS = (CASE_CLOSE, CASE_REOPEN, CASE_CORRECT)
