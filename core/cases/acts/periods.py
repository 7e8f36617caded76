"""期限: extending, suspending, resuming, meeting and voiding a period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from uuid import UUID

from core.acting import ActContext
from core.calendar.period_input import LONGEST, Extension, Suspension
from core.calendar.unit import PeriodUnit
from core.cases.acts import checks
from core.cases.acts.period_state import ENDED, annul, end, input_of, keep_input, move, resumed, told
from core.cases.acts.reckoning import reckon
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.rows import changed, locked, response_subject
from core.cases.acts.terms import PeriodChangeCause
from core.cases.refusals.duties import (
    PeriodExtendRefusal,
    PeriodMeetRefusal,
    PeriodResumeRefusal,
    PeriodSuspendRefusal,
    PeriodVoidRefusal,
)
from core.cases.states import PeriodStatus
from core.cases.tables import Period
from core.identity import permissions
from schema.act import Act
from schema.describe import Doc, Ref

_VERSION = Doc("版本", "expected version", "他人已修改则拒绝")


@dataclass(frozen=True, slots=True)
class PeriodExtend:
    """延长期限: more time, or a new last day."""

    period_id: Annotated[UUID, Ref("Period"), Doc("期限", "period")]
    granted_on: Annotated[date, Doc("准予延长日期", "day on which it was granted", law="民诉法 86")]
    reason: Annotated[str, Doc("原因", "reason")]
    amount: Annotated[int | None, Doc("延长时间", "more time")] = None
    unit: Annotated[PeriodUnit, Doc("时间单位", "unit")] = PeriodUnit.DAY
    until: Annotated[date | None, Doc("新的届满日", "new last day")] = None
    expected_version: Annotated[int | None, _VERSION] = None


def _extension(given: PeriodExtend, reason: str) -> Extension:
    if (given.amount is None) == (given.until is None):
        raise refuse(PeriodExtendRefusal.EXTENSION_AMBIGUOUS, at("amount"))
    if given.until is not None:
        checks.day(given.until, at("until"))
        checks.not_before(given.until, given.granted_on, at("until"), PeriodExtendRefusal.DATES_OUT_OF_ORDER)
        return Extension(until=given.until, granted_on=given.granted_on, reason=reason)
    amount = checks.number(given.amount, at("amount"), 1, LONGEST[given.unit.unit]) or 0
    return Extension(amount, given.unit.unit, granted_on=given.granted_on, reason=reason)


@refusing(PeriodExtendRefusal)
async def extend_period(context: ActContext, given: PeriodExtend) -> UUID:
    """Extend a running period. Emits PeriodChanged."""
    code = PeriodExtendRefusal
    reason = checks.text(given.reason, at("reason"), checks.REASON)
    checks.past_day(context, given.granted_on, at("granted_on"), code.IN_FUTURE)
    extension = _extension(given, reason)
    row = await locked(context, Period, given.period_id, at("period_id"), given.expected_version)
    if row.status in ENDED:
        raise refuse(code.PERIOD_ENDED, at("period_id"))
    if row.status == PeriodStatus.SUSPENDED.value:
        raise refuse(code.PERIOD_STANDS_STILL, at("period_id"))
    checks.not_before(given.granted_on, row.starts_on, at("granted_on"), code.DATES_OUT_OF_ORDER)
    old = await input_of(context, row)
    new = replace(old, extensions=(*old.extensions, extension))
    path = at("until") if given.until else at("amount")
    result = reckon(context, new, path)
    if result.due <= row.due_on:
        raise refuse(code.NOT_LATER, path)
    before, after = await move(context, row, new, result, PeriodChangeCause.EXTENDED, reason)
    subject = response_subject("Period", row.id, row)
    await context.record("periodExtend", subject, before=before, after=after, reason=reason)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class PeriodSuspend:
    """中止期限: from this day on it stands still, until it resumes."""

    period_id: Annotated[UUID, Ref("Period"), Doc("期限", "period")]
    suspended_on: Annotated[date, Doc("中止日期", "day of suspension", "当日起不计入期限", law="适用解释 50")]
    reason: Annotated[str, Doc("原因", "reason")]
    expected_version: Annotated[int | None, _VERSION] = None


@refusing(PeriodSuspendRefusal)
async def suspend_period(context: ActContext, given: PeriodSuspend) -> UUID:
    """Let a period stand still; its last day is shown as it was until it resumes. Emits PeriodChanged."""
    code = PeriodSuspendRefusal
    reason = checks.text(given.reason, at("reason"), checks.REASON)
    checks.past_day(context, given.suspended_on, at("suspended_on"), code.IN_FUTURE)
    row = await locked(context, Period, given.period_id, at("period_id"), given.expected_version)
    if row.status in ENDED:
        raise refuse(code.PERIOD_ENDED, at("period_id"))
    if row.status == PeriodStatus.SUSPENDED.value:
        raise refuse(code.PERIOD_STANDS_STILL, at("period_id"))
    if not row.starts_on <= given.suspended_on <= row.due_on:
        raise refuse(code.OUTSIDE_PERIOD, at("suspended_on"))
    old = await input_of(context, row)
    new = replace(old, suspensions=(*old.suspensions, Suspension(given.suspended_on, reason=reason)))
    values = {"status": PeriodStatus.SUSPENDED.value, "calculation_id": await keep_input(context, row, new)}
    before, after = await changed(context, Period, row, values)
    await told(context, row, PeriodChangeCause.SUSPENDED, row.due_on, reason)
    subject = response_subject("Period", row.id, row)
    after |= {"suspended_on": given.suspended_on}
    await context.record("periodSuspend", subject, before=before, after=after, reason=reason)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class PeriodResume:
    """恢复期限: the days from the suspension up to the day before this one are not counted."""

    period_id: Annotated[UUID, Ref("Period"), Doc("期限", "period")]
    resumed_on: Annotated[date, Doc("恢复日期", "day of resumption", "当日起继续计算", law="适用解释 50")]
    reason: Annotated[str | None, Doc("原因", "reason")] = None
    expected_version: Annotated[int | None, _VERSION] = None


@refusing(PeriodResumeRefusal)
async def resume_period(context: ActContext, given: PeriodResume) -> UUID:
    """Let a suspended period run on. Emits PeriodChanged."""
    code = PeriodResumeRefusal
    reason = checks.optional_text(given.reason, at("reason"), checks.REASON) or PeriodChangeCause.RESUMED.zh
    checks.past_day(context, given.resumed_on, at("resumed_on"), code.IN_FUTURE)
    row = await locked(context, Period, given.period_id, at("period_id"), given.expected_version)
    if row.status != PeriodStatus.SUSPENDED.value:
        raise refuse(code.NOT_SUSPENDED, at("period_id"))
    old = await input_of(context, row)
    since = max(pause.suspended_on for pause in old.suspensions if pause.resumed_on is None)
    checks.not_before(given.resumed_on, since, at("resumed_on"), code.DATES_OUT_OF_ORDER)
    new = resumed(old, given.resumed_on)
    result = reckon(context, new, at("resumed_on"))
    before, after = await move(context, row, new, result, PeriodChangeCause.RESUMED, reason)
    subject = response_subject("Period", row.id, row)
    await context.record("periodResume", subject, before=before, after=after, reason=given.reason)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class PeriodMeet:
    """登记期限完成: what was due was done, in time or late."""

    period_id: Annotated[UUID, Ref("Period"), Doc("期限", "period")]
    met_on: Annotated[date, Doc("完成日期", "day on which it was done")]
    posted_on: Annotated[date | None, Doc("交邮日期", "day of posting", "期满前交邮的不算过期", law="民诉法 85(4)")] = (
        None
    )
    expected_version: Annotated[int | None, _VERSION] = None


@refusing(PeriodMeetRefusal)
async def meet_period(context: ActContext, given: PeriodMeet) -> UUID:
    """Record that what was due was done. Emits PeriodMet."""
    code = PeriodMeetRefusal
    checks.past_day(context, given.met_on, at("met_on"), code.IN_FUTURE)
    row = await locked(context, Period, given.period_id, at("period_id"), given.expected_version)
    if row.status in ENDED:
        raise refuse(code.PERIOD_ENDED, at("period_id"))
    checks.not_before(given.met_on, row.starts_on, at("met_on"), code.DATES_OUT_OF_ORDER)
    if given.posted_on is not None:
        checks.not_before(given.posted_on, row.starts_on, at("posted_on"), code.DATES_OUT_OF_ORDER)
        checks.not_before(given.met_on, given.posted_on, at("posted_on"), code.DATES_OUT_OF_ORDER)
    after = await end(context, row, given.met_on, given.posted_on)
    subject = response_subject("Period", row.id, row)
    await context.record("periodMeet", subject, before={"status": row.status}, after=after)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class PeriodVoid:
    """作废期限: it was opened by mistake, or what was due is no longer."""

    period_id: Annotated[UUID, Ref("Period"), Doc("期限", "period")]
    reason: Annotated[str, Doc("原因", "reason")]
    expected_version: Annotated[int | None, _VERSION] = None


@refusing(PeriodVoidRefusal)
async def void_period(context: ActContext, given: PeriodVoid) -> UUID:
    """Make a period void. Emits PeriodChanged."""
    reason = checks.text(given.reason, at("reason"), checks.REASON)
    row = await locked(context, Period, given.period_id, at("period_id"), given.expected_version)
    if row.status in ENDED:
        raise refuse(PeriodVoidRefusal.PERIOD_ENDED, at("period_id"))
    after = await annul(context, row, reason)
    subject = response_subject("Period", row.id, row)
    await context.record("periodVoid", subject, before={"status": row.status}, after=after, reason=reason)
    return row.id  # type: ignore[no-any-return]


PERIOD_EXTEND = Act(
    name="periodExtend",
    given=PeriodExtend,
    perform=extend_period,
    returns="Period",
    refusals=PeriodExtendRefusal,
    permission=permissions.PERIOD_CHANGE.name,
    doc=Doc("延长期限", "extend a period", law="民诉法 86"),
)
PERIOD_SUSPEND = Act(
    name="periodSuspend",
    given=PeriodSuspend,
    perform=suspend_period,
    returns="Period",
    refusals=PeriodSuspendRefusal,
    permission=permissions.PERIOD_CHANGE.name,
    doc=Doc("中止期限", "suspend a period", law="适用解释 50"),
)
PERIOD_RESUME = Act(
    name="periodResume",
    given=PeriodResume,
    perform=resume_period,
    returns="Period",
    refusals=PeriodResumeRefusal,
    permission=permissions.PERIOD_CHANGE.name,
    doc=Doc("恢复期限", "resume a period", law="适用解释 50"),
)
PERIOD_MEET = Act(
    name="periodMeet",
    given=PeriodMeet,
    perform=meet_period,
    returns="Period",
    refusals=PeriodMeetRefusal,
    permission=permissions.PERIOD_CHANGE.name,
    doc=Doc("登记期限完成", "record that a period was met", law="民诉法 85(4)"),
)
PERIOD_VOID = Act(
    name="periodVoid",
    given=PeriodVoid,
    perform=void_period,
    returns="Period",
    refusals=PeriodVoidRefusal,
    permission=permissions.PERIOD_CHANGE.name,
    doc=Doc("作废期限", "void a period"),
)
ACTS = (PERIOD_EXTEND, PERIOD_SUSPEND, PERIOD_RESUME, PERIOD_MEET, PERIOD_VOID)
