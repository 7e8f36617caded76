"""开庭: scheduling, rescheduling, cancelling a hearing, and recording that it was held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.refusing import Path, at, refuse, refusing
from core.cases.acts.rows import case_of, case_subject, changed, found, locked
from core.cases.records import hearings, rows
from core.cases.refusals.court import (
    HearingCancelRefusal,
    HearingHoldRefusal,
    HearingRescheduleRefusal,
    HearingScheduleRefusal,
)
from core.cases.states import CaseStatus, HearingStatus
from core.cases.tables import CaseShell, Hearing, HearingChange
from core.cases.vocabulary import HearingMode
from core.identity import permissions
from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc, Ref

FARTHEST = timedelta(days=3 * 366)
"""A hearing further ahead is a mistyped year."""


@dataclass(frozen=True, slots=True)
class HearingSchedule:
    """排定开庭: also for a hearing of the past that is entered afterwards."""

    case_id: Annotated[UUID, Ref("Case"), Doc("案件", "case")]
    held_on: Annotated[date, Doc("开庭日期", "day of the hearing")]
    starts_at: Annotated[time | None, Doc("开庭时间", "time of the hearing", "北京时间")] = None
    mode: Annotated[HearingMode, Doc("开庭方式", "mode")] = HearingMode.ON_SITE
    place: Annotated[str | None, Doc("开庭地点", "place")] = None
    head_required: Annotated[bool | None, Doc("法院通知负责人出庭", "head required", law="出庭规定 4、5")] = None


async def _check_slot(
    context: ActContext, case: Row[Any], day: date, starts_at: time | None, codes: type[Labelled]
) -> None:
    path: Path = at("held_on")
    checks.day(day, path)
    checks.not_before(day, case.filed_on, path, codes["BEFORE_FILING"])
    if day > context.today + FARTHEST:
        raise refuse(codes["TOO_FAR_AHEAD"], path)
    if await hearings.taken(context.session, case.id, day, starts_at):
        raise refuse(codes["ALREADY_SCHEDULED"], path)


def _minute(value: time | None, path: Path) -> time | None:
    if value is not None and value.tzinfo is not None:
        raise checks.invalid(path, "A court's time has no zone: it is Beijing time", "开庭时间为北京时间，不带时区")
    return None if value is None else value.replace(second=0, microsecond=0)


@refusing(HearingScheduleRefusal)
async def schedule_hearing(context: ActContext, given: HearingSchedule) -> UUID:
    """Schedule a hearing; each agency of the case gets its appearance to fill in. Emits HearingScheduled."""
    place = checks.optional_text(given.place, at("place"))
    starts_at = _minute(given.starts_at, at("starts_at"))
    case = await case_of(context, given.case_id, at("case_id"))
    if case.status != CaseStatus.OPEN.value:
        raise refuse(HearingScheduleRefusal.CASE_CLOSED, at("case_id"))
    await _check_slot(context, case, given.held_on, starts_at, HearingScheduleRefusal)
    values = {
        "case_id": case.id,
        "sequence": await hearings.next_sequence(context.session, case.id),
        "held_on": given.held_on,
        "starts_at": starts_at,
        "mode": given.mode.value,
        "place": place,
        "head_required": given.head_required,
        "status": HearingStatus.SCHEDULED.value,
    }
    hearing_id = await rows.add(context.session, Hearing, values)
    subject = await case_subject(context, "Hearing", hearing_id, case.id)
    await context.record("hearingSchedule", subject, after=values)
    await context.emit(events.HearingScheduled(subject, case.id, given.held_on))
    return hearing_id


async def _scheduled(
    context: ActContext, hearing_id: UUID, version: int | None, not_scheduled: Labelled
) -> tuple[Row[Any], Row[Any]]:
    """The case, locked first as scheduling does, and the hearing."""
    seen = await found(context, Hearing, hearing_id, at("hearing_id"))
    case = await locked(context, CaseShell, seen.case_id, at("hearing_id"))
    hearing = await locked(context, Hearing, hearing_id, at("hearing_id"), version)
    if hearing.status != HearingStatus.SCHEDULED.value:
        raise refuse(not_scheduled, at("hearing_id"))
    return case, hearing


@dataclass(frozen=True, slots=True)
class HearingReschedule:
    """变更开庭时间: the hearing stays the same one, with its former days kept."""

    hearing_id: Annotated[UUID, Ref("Hearing"), Doc("开庭", "hearing")]
    held_on: Annotated[date, Doc("新的开庭日期", "new day")]
    reason: Annotated[str, Doc("改期原因", "reason")]
    starts_at: Annotated[time | None, Doc("新的开庭时间", "new time", "北京时间；不填则时间未定")] = None
    mode: Annotated[HearingMode | None, Doc("开庭方式", "mode", "不填则不变")] = None
    place: Annotated[str | None, Doc("开庭地点", "place", "不填则不变")] = None
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(HearingRescheduleRefusal)
async def reschedule_hearing(context: ActContext, given: HearingReschedule) -> UUID:
    """Move a hearing. Emits HearingRescheduled."""
    code = HearingRescheduleRefusal
    reason = checks.text(given.reason, at("reason"), checks.REASON)
    place = checks.optional_text(given.place, at("place"))
    starts_at = _minute(given.starts_at, at("starts_at"))
    case, hearing = await _scheduled(context, given.hearing_id, given.expected_version, code.NOT_SCHEDULED)
    moved = (given.held_on, starts_at) != (hearing.held_on, hearing.starts_at)
    if moved:
        await _check_slot(context, case, given.held_on, starts_at, code)
    before, after = await changed(
        context,
        Hearing,
        hearing,
        {
            "held_on": given.held_on,
            "starts_at": starts_at,
            "mode": given.mode.value if given.mode else hearing.mode,
            "place": place or hearing.place,
        },
    )
    if not after:
        raise refuse(code.NOTHING_TO_CHANGE)
    await _keep_former(context, hearing, given.held_on, starts_at, reason)
    subject = await case_subject(context, "Hearing", hearing.id, hearing.case_id)
    await context.record("hearingReschedule", subject, before=before, after=after, reason=reason)
    await context.emit(events.HearingRescheduled(subject, hearing.case_id, hearing.held_on, given.held_on))
    return hearing.id  # type: ignore[no-any-return]


async def _keep_former(
    context: ActContext, hearing: Row[Any], new_day: date | None, new_time: time | None, reason: str
) -> None:
    values = {
        "case_id": hearing.case_id,
        "hearing_id": hearing.id,
        "former_day": hearing.held_on,
        "former_time": hearing.starts_at,
        "new_day": new_day,
        "new_time": new_time,
        "reason": reason,
        "changed_at": context.now,
    }
    await rows.add(context.session, HearingChange, values)


@dataclass(frozen=True, slots=True)
class HearingCancel:
    """取消开庭."""

    hearing_id: Annotated[UUID, Ref("Hearing"), Doc("开庭", "hearing")]
    reason: Annotated[str, Doc("取消原因", "reason")]
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(HearingCancelRefusal)
async def cancel_hearing(context: ActContext, given: HearingCancel) -> UUID:
    """Cancel a scheduled hearing. Emits HearingCancelled."""
    reason = checks.text(given.reason, at("reason"), checks.REASON)
    _, hearing = await _scheduled(context, given.hearing_id, given.expected_version, HearingCancelRefusal.NOT_SCHEDULED)
    before, after = await changed(context, Hearing, hearing, {"status": HearingStatus.CANCELLED.value})
    await _keep_former(context, hearing, None, None, reason)
    subject = await case_subject(context, "Hearing", hearing.id, hearing.case_id)
    await context.record("hearingCancel", subject, before=before, after=after, reason=reason)
    await context.emit(events.HearingCancelled(subject, hearing.case_id, hearing.held_on))
    return hearing.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class HearingHold:
    """登记已开庭: the hearing took place on its day."""

    hearing_id: Annotated[UUID, Ref("Hearing"), Doc("开庭", "hearing")]
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(HearingHoldRefusal)
async def hold_hearing(context: ActContext, given: HearingHold) -> UUID:
    """Record that a hearing was held. Emits HearingHeld."""
    code = HearingHoldRefusal
    _, hearing = await _scheduled(context, given.hearing_id, given.expected_version, code.NOT_SCHEDULED)
    checks.past_day(context, hearing.held_on, at("hearing_id"), code.IN_FUTURE)
    before, after = await changed(context, Hearing, hearing, {"status": HearingStatus.HELD.value})
    subject = await case_subject(context, "Hearing", hearing.id, hearing.case_id)
    await context.record("hearingHold", subject, before=before, after=after)
    await context.emit(events.HearingHeld(subject, hearing.case_id, hearing.held_on))
    return hearing.id  # type: ignore[no-any-return]


HEARING_SCHEDULE = Act(
    name="hearingSchedule",
    given=HearingSchedule,
    perform=schedule_hearing,
    returns="Hearing",
    refusals=HearingScheduleRefusal,
    permission=permissions.HEARING_SCHEDULE.name,
    doc=Doc("排定开庭", "schedule a hearing"),
)
HEARING_RESCHEDULE = Act(
    name="hearingReschedule",
    given=HearingReschedule,
    perform=reschedule_hearing,
    returns="Hearing",
    refusals=HearingRescheduleRefusal,
    permission=permissions.HEARING_RESCHEDULE.name,
    doc=Doc("变更开庭时间", "reschedule a hearing"),
)
HEARING_CANCEL = Act(
    name="hearingCancel",
    given=HearingCancel,
    perform=cancel_hearing,
    returns="Hearing",
    refusals=HearingCancelRefusal,
    permission=permissions.HEARING_CANCEL.name,
    doc=Doc("取消开庭", "cancel a hearing"),
)
HEARING_HOLD = Act(
    name="hearingHold",
    given=HearingHold,
    perform=hold_hearing,
    returns="Hearing",
    refusals=HearingHoldRefusal,
    permission=permissions.HEARING_HOLD.name,
    doc=Doc("登记已开庭", "record a hearing as held"),
)
ACTS = (HEARING_SCHEDULE, HEARING_RESCHEDULE, HEARING_CANCEL, HEARING_HOLD)
