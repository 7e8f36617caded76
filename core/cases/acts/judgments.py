"""裁判: recording a judgment with its holdings, and its service on each agency, from which the term of appeal runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.closing import close, sole_response
from core.cases.acts.holdings import NewHolding, state_holding
from core.cases.acts.reckoning import Term, open_period
from core.cases.acts.refusing import Refused, at, refuse, refusing
from core.cases.acts.rows import case_of, case_subject, changed, found, locked
from core.cases.acts.terms import JudgmentKind, appeal_term
from core.cases.acts.verdicts import LostNotStated, is_possible, lost_of
from core.cases.outcomes import Outcome
from core.cases.records import cases, hearings, periods, rows
from core.cases.refusals.common import Common
from core.cases.refusals.court import JudgmentRecordRefusal, JudgmentServeRefusal
from core.cases.states import CaseStatus, PeriodKind
from core.cases.tables import CaseShell, Judgment, Response
from core.cases.vocabulary import ProcedureKind
from core.identity import permissions
from schema.act import Act
from schema.describe import Doc, Ref


@dataclass(frozen=True, slots=True)
class JudgmentRecord:
    """登记裁判: a judgment, ruling, mediation statement or reconsideration decision. The case stays open unless told to close."""

    case_id: Annotated[UUID, Ref("Case"), Doc("案件", "case")]
    kind: Annotated[JudgmentKind, Doc("裁判文书种类", "kind of document")]
    decided_on: Annotated[date, Doc("裁判日期", "day of the decision")]
    outcome: Annotated[Outcome, Doc("裁判结果", "outcome")]
    number: Annotated[str | None, Doc("文书案号", "number on the document")] = None
    served_on: Annotated[date | None, Doc("送达日期", "day of service", "填写后计算上诉期限", law="行政诉讼法 85")] = (
        None
    )
    holdings: Annotated[tuple[NewHolding, ...], Doc("对各机关的裁判结果", "holdings", "可稍后登记")] = ()
    closes_case: Annotated[bool, Doc("同时结案", "close the case too", "结案日期为裁判日期")] = False


async def _appealable(
    context: ActContext, case: Row[Any], judgment: Row[Any], response: Row[Any], served_on: date
) -> date | None:
    """Open the agency's term of appeal, if there is an appeal; its last day."""
    outcome = Outcome[judgment.outcome] if judgment.outcome else None
    term = appeal_term(ProcedureKind[case.procedure_kind], JudgmentKind[judgment.kind], outcome)
    if term is None:
        return None
    opened = await open_period(
        context, response, PeriodKind.APPEAL, Term(term, served_on, at("served_on")), judgment_id=judgment.id
    )
    return opened.due_on


def _check_days(context: ActContext, given: JudgmentRecord) -> None:
    code = JudgmentRecordRefusal
    checks.past_day(context, given.decided_on, at("decided_on"), code.IN_FUTURE)
    if given.served_on is not None:
        checks.past_day(context, given.served_on, at("served_on"), code.IN_FUTURE)
        checks.not_before(given.served_on, given.decided_on, at("served_on"), code.DATES_OUT_OF_ORDER)


@refusing(JudgmentRecordRefusal)
async def record_judgment(context: ActContext, given: JudgmentRecord) -> UUID:
    """Record a judgment. Emits JudgmentRecorded, HoldingRecorded for each holding, and CaseClosed if it closes the case."""
    code = JudgmentRecordRefusal
    _check_days(context, given)
    number = checks.optional_text(given.number, at("number"))
    checks.count(given.holdings, at("holdings"))
    case = await case_of(context, given.case_id, at("case_id"))
    if not is_possible(given.outcome, ProcedureKind[case.procedure_kind]):
        raise refuse(code.OUTCOME_NOT_POSSIBLE, at("outcome"))
    checks.not_before(given.decided_on, case.filed_on, at("decided_on"), code.BEFORE_FILING)
    if given.closes_case and case.status == CaseStatus.CLOSED.value:
        raise refuse(code.CASE_CLOSED, at("closes_case"))
    if await hearings.same_judgment(context.session, case.id, given.kind.value, given.decided_on, number):
        raise refuse(code.ALREADY_RECORDED, at("number"))
    values: dict[str, Any] = {
        "kind": given.kind.value,
        "number_text": number,
        "decided_on": given.decided_on,
        "served_on": given.served_on,
        "outcome": given.outcome.value,
    }
    judgment_id = await rows.add(context.session, Judgment, {"case_id": case.id, **values})
    await _state_holdings(context, case, judgment_id, given)
    appeal_until = await _serve_all(context, case, judgment_id, given.served_on)
    if given.closes_case:
        fresh = await locked(context, CaseShell, case.id, at("case_id"))
        await close(context, fresh, given.outcome, given.decided_on, None)
    subject = await case_subject(context, "Judgment", judgment_id, case.id)
    after = values | {
        "appeal_until": appeal_until,
        "holdings": len(given.holdings),
        "closes_case": given.closes_case,
    }
    await context.record("judgmentRecord", subject, after=after)
    await context.emit(
        events.JudgmentRecorded(subject, case.id, given.kind.value, given.outcome.value, given.decided_on, appeal_until)
    )
    return judgment_id


async def _state_holdings(context: ActContext, case: Row[Any], judgment_id: UUID, given: JudgmentRecord) -> None:
    for index, holding in enumerate(given.holdings):
        await state_holding(context, case, judgment_id, holding, JudgmentRecordRefusal, steps=("holdings", index))
    if given.holdings:
        return
    response = await sole_response(context, case.id)
    if response is None:
        return
    # Where one agency answers alone, the judgment's outcome is its own; what only the operative part tells stays open.
    try:
        lost_of(given.outcome)
    except LostNotStated:
        return
    await state_holding(context, case, judgment_id, NewHolding(response.id, given.outcome), JudgmentRecordRefusal)


async def _serve_all(context: ActContext, case: Row[Any], judgment_id: UUID, served_on: date | None) -> date | None:
    """Open the term of appeal of every agency that the actor sees; the last day among them, which the judgment repeats."""
    if served_on is None:
        return None
    judgment = await locked(context, Judgment, judgment_id, ())
    last: date | None = None
    for response in await cases.responses(context.session, case.id):
        due_on = await _appealable(context, case, judgment, response, served_on)
        last = max(filter(None, (last, due_on)), default=None)
    if last is not None:
        await changed(context, Judgment, judgment, {"appeal_until": last})
    return last


@dataclass(frozen=True, slots=True)
class JudgmentServe:
    """登记裁判送达: the day on which one agency received the judgment; each party's term of appeal runs from its own."""

    judgment_id: Annotated[UUID, Ref("Judgment"), Doc("裁判", "judgment")]
    response_id: Annotated[UUID, Ref("Response"), Doc("应诉", "response")]
    served_on: Annotated[date, Doc("送达日期", "day of service", law="行政诉讼法 85")]
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(JudgmentServeRefusal)
async def serve_judgment(context: ActContext, given: JudgmentServe) -> UUID:
    """Record the service of a judgment on one agency. Emits JudgmentServed."""
    code = JudgmentServeRefusal
    checks.past_day(context, given.served_on, at("served_on"), code.IN_FUTURE)
    judgment = await locked(context, Judgment, given.judgment_id, at("judgment_id"), given.expected_version)
    response = await found(context, Response, given.response_id, at("response_id"))
    if response.case_id != judgment.case_id:
        raise Refused(Common.NOT_FOUND, at("response_id"))
    checks.not_before(given.served_on, judgment.decided_on, at("served_on"), code.DATES_OUT_OF_ORDER)
    if await periods.running(context.session, response.id, PeriodKind.APPEAL.value, judgment_id=judgment.id):
        raise refuse(code.ALREADY_SERVED, at("response_id"))
    case = await found(context, CaseShell, judgment.case_id, at("judgment_id"))
    due_on = await _appealable(context, case, judgment, response, given.served_on)
    if due_on is None and judgment.served_on is not None:
        raise refuse(code.ALREADY_SERVED, at("judgment_id"))
    # The judgment repeats the last service and the last term: it takes effect when nobody can appeal any more.
    values = {
        "served_on": max(filter(None, (judgment.served_on, given.served_on))),
        "appeal_until": max(filter(None, (judgment.appeal_until, due_on)), default=None),
    }
    before, after = await changed(context, Judgment, judgment, values)
    subject = await case_subject(context, "Judgment", judgment.id, judgment.case_id)
    await context.record(
        "judgmentServe",
        subject,
        before=before,
        after=after | {"response_id": response.id, "served_on": given.served_on},
    )
    await context.emit(events.JudgmentServed(subject, judgment.case_id, response.id, given.served_on))
    return judgment.id  # type: ignore[no-any-return]


JUDGMENT_RECORD = Act(
    name="judgmentRecord",
    given=JudgmentRecord,
    perform=record_judgment,
    returns="Judgment",
    refusals=JudgmentRecordRefusal,
    permission=permissions.JUDGMENT_RECORD.name,
    doc=Doc("登记裁判", "record a judgment"),
)
JUDGMENT_SERVE = Act(
    name="judgmentServe",
    given=JudgmentServe,
    perform=serve_judgment,
    returns="Judgment",
    refusals=JudgmentServeRefusal,
    permission=permissions.JUDGMENT_SERVE.name,
    doc=Doc("登记裁判送达", "record the service of a judgment", law="行政诉讼法 85"),
)
ACTS = (JUDGMENT_RECORD, JUDGMENT_SERVE)
