"""义务: what an agency must do by a day, above all performing a judgment; recording, fulfilling and voiding it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext
from core.calendar.period_input import LONGEST
from core.calendar.term_rules import TermOverride
from core.calendar.unit import PeriodUnit
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.period_state import ENDED, annul, end
from core.cases.acts.reckoning import Term, open_period, reckon_only
from core.cases.acts.refusing import Refused, at, refuse, refusing
from core.cases.acts.rows import changed, found, locked, owner_columns, response_subject
from core.cases.records import rows
from core.cases.refusals.common import Common
from core.cases.refusals.duties import ObligationFulfilRefusal, ObligationRecordRefusal, ObligationVoidRefusal
from core.cases.states import ObligationStatus, PeriodKind
from core.cases.tables import Judgment, Obligation, Period, Response
from core.cases.vocabulary import ObligationKind
from core.identity import permissions
from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc, Ref

_PERFORMANCE_TERM = "D7"


@dataclass(frozen=True, slots=True)
class ObligationRecord:
    """登记履行义务. The last day is stated, or reckoned from a term; for a judgment in effect 30 days where none is stated."""

    response_id: Annotated[UUID, Ref("Response"), Doc("应诉", "response")]
    content: Annotated[str, Doc("义务内容", "content", "如裁判主文")]
    kind: Annotated[ObligationKind, Doc("义务种类", "kind of obligation")] = ObligationKind.PERFORMANCE
    judgment_id: Annotated[UUID | None, Ref("Judgment"), Doc("裁判", "judgment")] = None
    due_on: Annotated[date | None, Doc("届满日", "last day", "遇休息日顺延")] = None
    term_amount: Annotated[int | None, Doc("履行期限", "term", "裁判主文确定的期限", law="行政诉讼法 72、94")] = None
    term_unit: Annotated[PeriodUnit, Doc("期限单位", "unit of the term")] = PeriodUnit.DAY
    starts_on: Annotated[date | None, Doc("起算日", "day from which the term runs", "不填则为裁判生效日")] = None


def _term(given: ObligationRecord, judgment: Row[Any] | None) -> Term:
    """The term that the obligation runs by, checked."""
    code = ObligationRecordRefusal
    if given.due_on is not None and given.term_amount is not None:
        raise refuse(code.TERM_AMBIGUOUS, at("due_on"))
    start = given.starts_on or (judgment.effective_on if judgment else None)
    if given.due_on is not None:
        due_on = checks.day(given.due_on, at("due_on"))
        start = start or (judgment.decided_on if judgment else due_on)
        checks.not_before(due_on, start, at("due_on"), code.DATES_OUT_OF_ORDER)
        return Term(_PERFORMANCE_TERM, start, at("due_on"), TermOverride(fixed_on=due_on))
    if given.term_amount is None and given.kind is not ObligationKind.PERFORMANCE:
        raise refuse(code.TERM_REQUIRED, at("term_amount"))
    if start is None:
        raise refuse(code.START_REQUIRED, at("starts_on"))
    if given.term_amount is None:
        return Term(_PERFORMANCE_TERM, start, at("term_amount"))
    unit = given.term_unit.unit
    amount = checks.number(given.term_amount, at("term_amount"), 1, LONGEST[unit])
    return Term(_PERFORMANCE_TERM, start, at("term_amount"), TermOverride(amount=amount, unit=unit))


async def _judgment(context: ActContext, given: ObligationRecord, case_id: UUID) -> Row[Any] | None:
    if given.judgment_id is None:
        return None
    judgment = await found(context, Judgment, given.judgment_id, at("judgment_id"))
    if judgment.case_id != case_id:
        raise Refused(Common.NOT_FOUND, at("judgment_id"))
    return judgment


@refusing(ObligationRecordRefusal)
async def record_obligation(context: ActContext, given: ObligationRecord) -> UUID:
    """Record an obligation, with the period it runs by. Emits PeriodOpened for a performance, and ObligationRecorded."""
    content = checks.text(given.content, at("content"), checks.REASON)
    if given.starts_on is not None:
        checks.day(given.starts_on, at("starts_on"))
    response = await found(context, Response, given.response_id, at("response_id"))
    judgment = await _judgment(context, given, response.case_id)
    if judgment is not None and given.starts_on is not None:
        code = ObligationRecordRefusal.DATES_OUT_OF_ORDER
        checks.not_before(given.starts_on, judgment.decided_on, at("starts_on"), code)
    term = _term(given, judgment)
    judgment_id = judgment.id if judgment else None
    if given.kind is ObligationKind.PERFORMANCE:
        kind = PeriodKind.PERFORMANCE
        opened = await open_period(context, response, kind, term, judgment_id=judgment_id)
    else:
        opened = await reckon_only(context, term)
    values = {
        "kind": given.kind.value,
        "content": content,
        "due_on": opened.due_on,
        "status": ObligationStatus.OPEN.value,
        "judgment_id": judgment_id,
        "period_id": opened.period_id,
    }
    obligation_id = await rows.add(context.session, Obligation, owner_columns(response) | values)
    subject = response_subject("Obligation", obligation_id, response)
    await context.record("obligationRecord", subject, after=values)
    await context.emit(
        events.ObligationRecorded(subject, response.case_id, response.id, given.kind.value, opened.due_on)
    )
    return obligation_id


async def _open_obligation(
    context: ActContext, obligation_id: UUID, version: int | None, not_open: Labelled
) -> Row[Any]:
    obligation = await locked(context, Obligation, obligation_id, at("obligation_id"), version)
    if obligation.status != ObligationStatus.OPEN.value:
        raise refuse(not_open, at("obligation_id"))
    return obligation


async def _running_period(context: ActContext, obligation: Row[Any]) -> Row[Any] | None:
    """The obligation's period, locked, unless it has ended by an act of its own."""
    if obligation.period_id is None:
        return None
    period = await locked(context, Period, obligation.period_id, at("obligation_id"))
    return None if period.status in ENDED else period


@dataclass(frozen=True, slots=True)
class ObligationFulfil:
    """登记履行完毕."""

    obligation_id: Annotated[UUID, Ref("Obligation"), Doc("义务", "obligation")]
    fulfilled_on: Annotated[date, Doc("履行日期", "day of fulfilment")]
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(ObligationFulfilRefusal)
async def fulfil_obligation(context: ActContext, given: ObligationFulfil) -> UUID:
    """Record that an obligation is fulfilled, which meets its period. Emits ObligationFulfilled (and PeriodMet)."""
    code = ObligationFulfilRefusal
    checks.past_day(context, given.fulfilled_on, at("fulfilled_on"), code.IN_FUTURE)
    obligation = await _open_obligation(context, given.obligation_id, given.expected_version, code.NOT_OPEN)
    if obligation.judgment_id is not None:
        judgment = await found(context, Judgment, obligation.judgment_id, at("obligation_id"))
        checks.not_before(given.fulfilled_on, judgment.decided_on, at("fulfilled_on"), code.DATES_OUT_OF_ORDER)
    values = {"status": ObligationStatus.FULFILLED.value, "fulfilled_on": given.fulfilled_on}
    before, after = await changed(context, Obligation, obligation, values)
    period = await _running_period(context, obligation)
    if period is not None:
        await end(context, period, given.fulfilled_on)
    subject = response_subject("Obligation", obligation.id, obligation)
    await context.record("obligationFulfil", subject, before=before, after=after)
    await context.emit(
        events.ObligationFulfilled(
            subject, obligation.case_id, obligation.response_id, given.fulfilled_on, obligation.due_on
        )
    )
    return obligation.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class ObligationVoid:
    """作废履行义务."""

    obligation_id: Annotated[UUID, Ref("Obligation"), Doc("义务", "obligation")]
    reason: Annotated[str, Doc("原因", "reason")]
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(ObligationVoidRefusal)
async def void_obligation(context: ActContext, given: ObligationVoid) -> UUID:
    """Make an obligation and its period void. Emits ObligationVoided."""
    reason = checks.text(given.reason, at("reason"), checks.REASON)
    obligation = await _open_obligation(
        context, given.obligation_id, given.expected_version, ObligationVoidRefusal.NOT_OPEN
    )
    before, after = await changed(context, Obligation, obligation, {"status": ObligationStatus.VOID.value})
    period = await _running_period(context, obligation)
    if period is not None:
        await annul(context, period, reason)
    subject = response_subject("Obligation", obligation.id, obligation)
    await context.record("obligationVoid", subject, before=before, after=after, reason=reason)
    await context.emit(events.ObligationVoided(subject, obligation.case_id, obligation.response_id))
    return obligation.id  # type: ignore[no-any-return]


OBLIGATION_RECORD = Act(
    name="obligationRecord",
    given=ObligationRecord,
    perform=record_obligation,
    returns="Obligation",
    refusals=ObligationRecordRefusal,
    permission=permissions.OBLIGATION_RECORD.name,
    doc=Doc("登记履行义务", "record an obligation", law="行政诉讼法 72、94"),
)
OBLIGATION_FULFIL = Act(
    name="obligationFulfil",
    given=ObligationFulfil,
    perform=fulfil_obligation,
    returns="Obligation",
    refusals=ObligationFulfilRefusal,
    permission=permissions.OBLIGATION_FULFIL.name,
    doc=Doc("登记履行完毕", "record fulfilment"),
)
OBLIGATION_VOID = Act(
    name="obligationVoid",
    given=ObligationVoid,
    perform=void_obligation,
    returns="Obligation",
    refusals=ObligationVoidRefusal,
    permission=permissions.OBLIGATION_VOID.name,
    doc=Doc("作废履行义务", "void an obligation"),
)
ACTS = (OBLIGATION_RECORD, OBLIGATION_FULFIL, OBLIGATION_VOID)
