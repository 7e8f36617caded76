"""Hearings and appearances."""

from __future__ import annotations

import asyncio
from datetime import date, time, timezone
from typing import Any
from uuid import uuid4

import pytest

from core.cases.acts.appearances import APPEARANCE_RECORD
from core.cases.acts.closing import CASE_CLOSE
from core.cases.acts.hearings import HEARING_CANCEL, HEARING_HOLD, HEARING_RESCHEDULE, HEARING_SCHEDULE
from core.cases.events import (
    AppearanceRecorded,
    HearingCancelled,
    HearingHeld,
    HearingRescheduled,
    HearingScheduled,
)
from core.cases.outcomes import Outcome
from core.cases.refusals.court import AppearanceRecordRefusal as Appear
from core.cases.refusals.court import (
    HearingCancelRefusal,
    HearingHoldRefusal,
    HearingRescheduleRefusal,
    HearingScheduleRefusal,
)
from core.cases.tables import Appearance, Hearing, HearingChange
from core.cases.vocabulary import HeadKind, HearingMode
from core.db.session import Database
from core.errors import ActRefused
from tests.support.acting import Desk, Docket, row_of, rows_of, trail

DAY = date(2026, 3, 20)


async def test_a_hearing_is_scheduled_moved_held(database: Database, bureau: Desk, docket: Docket) -> None:
    case_id, responses = await docket.case("huangpu", "tianhe")
    hearing_id = await bureau.perform(
        HEARING_SCHEDULE,
        case_id=case_id,
        held_on=DAY,
        starts_at=time(9, 30, 59),
        mode=HearingMode.ONLINE,
        place="第一法庭",
        head_required=True,
    )
    assert [type(event) for event in bureau.heard] == [HearingScheduled]
    hearing = await row_of(database, Hearing, hearing_id)
    assert (hearing.sequence, hearing.held_on, hearing.starts_at, hearing.mode, hearing.status) == (
        1,
        DAY,
        time(9, 30),
        "ONLINE",
        "SCHEDULED",
    )
    appearances = await rows_of(database, Appearance, hearing_id=hearing_id)
    assert {row.response_id for row in appearances} == set(responses)
    await bureau.perform(
        HEARING_RESCHEDULE, hearing_id=hearing_id, held_on=date(2026, 3, 9), reason="合议庭调整", expected_version=1
    )
    assert [(type(event), event.former_day) for event in bureau.heard if isinstance(event, HearingRescheduled)] == [
        (HearingRescheduled, DAY)
    ]
    hearing = await row_of(database, Hearing, hearing_id)
    assert (hearing.held_on, hearing.starts_at, hearing.place, hearing.status, hearing.version) == (
        date(2026, 3, 9),
        None,
        "第一法庭",
        "SCHEDULED",
        2,
    )
    [change] = await rows_of(database, HearingChange, hearing_id=hearing_id)
    assert (change.former_day, change.former_time, change.new_day, change.reason) == (
        DAY,
        time(9, 30),
        date(2026, 3, 9),
        "合议庭调整",
    )
    assert (await row_of(database, Appearance, appearances[0].id)).held_on == date(2026, 3, 9)
    await bureau.perform(HEARING_HOLD, hearing_id=hearing_id)
    assert [type(event) for event in bureau.heard] == [HearingHeld]
    assert (await row_of(database, Hearing, hearing_id)).status == "HELD"
    assert [entry.act for entry in await trail(database, hearing_id)] == [
        "hearingSchedule",
        "hearingReschedule",
        "hearingHold",
    ]
    assert (await docket.state(case_id)).first_hearing_on == date(2026, 3, 9)


async def test_a_cancelled_hearing_frees_its_time(database: Database, bureau: Desk, docket: Docket) -> None:
    case_id, _ = await docket.case("huangpu")
    hearing_id = await bureau.perform(HEARING_SCHEDULE, case_id=case_id, held_on=DAY)
    await bureau.refused(
        HEARING_SCHEDULE, HearingScheduleRefusal.ALREADY_SCHEDULED, "heldOn", case_id=case_id, held_on=DAY
    )
    await bureau.perform(HEARING_CANCEL, hearing_id=hearing_id, reason="原告撤诉")
    assert [type(event) for event in bureau.heard] == [HearingCancelled]
    [change] = await rows_of(database, HearingChange, hearing_id=hearing_id)
    assert (change.former_day, change.new_day, change.reason) == (DAY, None, "原告撤诉")
    again = await bureau.perform(HEARING_SCHEDULE, case_id=case_id, held_on=DAY)
    assert (await row_of(database, Hearing, again)).sequence == 2
    for act, code in (
        (HEARING_CANCEL, HearingCancelRefusal.NOT_SCHEDULED),
        (HEARING_RESCHEDULE, HearingRescheduleRefusal.NOT_SCHEDULED),
    ):
        more = {"held_on": date(2026, 3, 25)} if act is HEARING_RESCHEDULE else {}
        await bureau.refused(act, code, "hearingId", hearing_id=hearing_id, reason="x", **more)
    await bureau.refused(HEARING_HOLD, HearingHoldRefusal.NOT_SCHEDULED, "hearingId", hearing_id=hearing_id)


async def test_two_schedulings_at_once_of_one_time_make_one_hearing(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    case_id, _ = await docket.case("huangpu", "tianhe")
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    done = await asyncio.gather(
        *(desk.perform(HEARING_SCHEDULE, case_id=case_id, held_on=DAY) for desk in desks), return_exceptions=True
    )
    assert [one.code for one in done if isinstance(one, ActRefused)] == [HearingScheduleRefusal.ALREADY_SCHEDULED]
    assert len(await rows_of(database, Hearing, case_id=case_id)) == 1


async def test_scheduling_is_refused(bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = HearingScheduleRefusal
    case_id, _ = await docket.case("huangpu")
    await shenzhen.refused(HEARING_SCHEDULE, code.NOT_FOUND, "caseId", case_id=case_id, held_on=DAY)
    for change, expected, path in [
        ({"held_on": date(2026, 3, 1)}, code.BEFORE_FILING, "heldOn"),
        ({"held_on": date(2062, 3, 1)}, code.TOO_FAR_AHEAD, "heldOn"),
        ({"held_on": date(1026, 3, 1)}, code.INVALID_INPUT, "heldOn"),
        ({"starts_at": time(9, tzinfo=timezone.utc)}, code.INVALID_INPUT, "startsAt"),  # noqa: UP017
        ({"place": "甲" * 201}, code.INVALID_INPUT, "place"),
        ({"case_id": uuid4()}, code.NOT_FOUND, "caseId"),
    ]:
        await bureau.refused(HEARING_SCHEDULE, expected, path, **{"case_id": case_id, "held_on": DAY} | change)
    await bureau.perform(CASE_CLOSE, case_id=case_id, outcome=Outcome.WITHDRAWN, closed_on=date(2026, 3, 9))
    await bureau.refused(HEARING_SCHEDULE, code.CASE_CLOSED, "caseId", case_id=case_id, held_on=DAY)


async def test_moving_cancelling_and_holding_are_refused(bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = HearingRescheduleRefusal
    case_id, _ = await docket.case("huangpu")
    hearing_id = await bureau.perform(HEARING_SCHEDULE, case_id=case_id, held_on=DAY)
    await bureau.perform(HEARING_SCHEDULE, case_id=case_id, held_on=date(2026, 3, 27))
    values: dict[str, Any] = {"hearing_id": hearing_id, "held_on": date(2026, 3, 25), "reason": "改期"}
    await shenzhen.refused(HEARING_RESCHEDULE, code.NOT_FOUND, "hearingId", **values)
    for change, expected, path in [
        ({"reason": ""}, code.INVALID_INPUT, ("reason",)),
        ({"held_on": DAY}, code.NOTHING_TO_CHANGE, ()),
        ({"held_on": date(2026, 3, 1)}, code.BEFORE_FILING, ("heldOn",)),
        ({"held_on": date(2062, 3, 1)}, code.TOO_FAR_AHEAD, ("heldOn",)),
        ({"held_on": date(2026, 3, 27)}, code.ALREADY_SCHEDULED, ("heldOn",)),
        ({"expected_version": 7}, code.CONFLICT, ("expectedVersion",)),
    ]:
        await bureau.refused(HEARING_RESCHEDULE, expected, *path, **values | change)
    cancel = HearingCancelRefusal
    await shenzhen.refused(HEARING_CANCEL, cancel.NOT_FOUND, "hearingId", hearing_id=hearing_id, reason="x")
    await bureau.refused(HEARING_CANCEL, cancel.INVALID_INPUT, "reason", hearing_id=hearing_id, reason="")
    await bureau.refused(
        HEARING_CANCEL, cancel.CONFLICT, "expectedVersion", hearing_id=hearing_id, reason="x", expected_version=7
    )
    hold = HearingHoldRefusal
    await shenzhen.refused(HEARING_HOLD, hold.NOT_FOUND, "hearingId", hearing_id=hearing_id)
    await bureau.refused(HEARING_HOLD, hold.IN_FUTURE, "hearingId", hearing_id=hearing_id)
    await bureau.refused(HEARING_HOLD, hold.CONFLICT, "expectedVersion", hearing_id=hearing_id, expected_version=7)


async def held(bureau: Desk, docket: Docket, *agencies: str) -> tuple[Any, list[Any]]:
    case_id, responses = await docket.case(*agencies)
    return await bureau.perform(HEARING_SCHEDULE, case_id=case_id, held_on=date(2026, 3, 9)), responses


async def test_each_agency_records_its_own_appearance(
    database: Database, bureau: Desk, tianhe: Desk, huangpu: Desk, docket: Docket
) -> None:
    hearing_id, [own, other] = await held(bureau, docket, "huangpu", "tianhe")
    appearance_id = await tianhe.perform(
        APPEARANCE_RECORD,
        hearing_id=hearing_id,
        response_id=other,
        head_attended=True,
        head_name="陈区长",
        head_title="副区长",
        head_kind=HeadKind.DEPUTY,
        head_spoke=True,
        agents=1,
        lawyer_only=False,
        left_early=False,
    )
    assert [type(event) for event in tianhe.heard] == [AppearanceRecorded]
    rows = {row.response_id: row for row in await rows_of(database, Appearance, hearing_id=hearing_id)}
    assert (rows[other].id, rows[other].head_kind, rows[other].version) == (appearance_id, "DEPUTY", 2)
    assert rows[own].head_attended is None
    [entry] = await trail(database, appearance_id)
    assert (entry.agency_id, entry.before["head_name"], entry.after["head_name"]) == (
        tianhe.scope.agency_id,
        None,
        "陈区长",
    )
    await huangpu.refused(
        APPEARANCE_RECORD, Appear.NOT_FOUND, "responseId", hearing_id=hearing_id, response_id=other, agents=1
    )
    # A statement replaces the one before: what is left out is not stated.
    await tianhe.perform(
        APPEARANCE_RECORD,
        hearing_id=hearing_id,
        response_id=other,
        head_attended=False,
        absence_reason="不可抗力",
        expected_version=2,
    )
    again = await row_of(database, Appearance, appearance_id)
    assert (again.head_attended, again.head_name, again.head_spoke, again.agents) == (False, None, None, None)


async def test_the_court_confirms_attendance(database: Database, bureau: Desk, court: Desk, docket: Docket) -> None:
    hearing_id, [response_id] = await held(bureau, docket, "huangpu")
    appearance_id = await court.perform(
        APPEARANCE_RECORD,
        hearing_id=hearing_id,
        response_id=response_id,
        head_attended=False,
        lawyer_only=True,
        agents=2,
    )
    assert (await row_of(database, Appearance, appearance_id)).lawyer_only is True
    [entry] = await trail(database, appearance_id)
    assert entry.actor == "u-court"


@pytest.mark.parametrize(
    ("statement", "code", "path"),
    [
        ({"head_name": "陈"}, Appear.HEAD_NOT_STATED, "headName"),
        ({"head_attended": False, "head_title": "局长"}, Appear.HEAD_NOT_STATED, "headTitle"),
        ({"head_attended": False, "head_kind": HeadKind.CHIEF}, Appear.HEAD_NOT_STATED, "headKind"),
        ({"head_attended": False, "head_spoke": True}, Appear.HEAD_NOT_STATED, "headSpoke"),
        ({"head_attended": True, "absence_reason": "病"}, Appear.ABSENCE_WITH_HEAD, "absenceReason"),
        ({"head_attended": True, "lawyer_only": True}, Appear.LAWYER_ONLY_WITH_HEAD, "lawyerOnly"),
        ({"lawyer_only": True, "agents": 0}, Appear.LAWYER_ONLY_WITHOUT_AGENTS, "agents"),
        ({"head_attended": False, "agents": 0, "left_early": True}, Appear.NOBODY_ATTENDED, "leftEarly"),
        ({"agents": -1}, Appear.INVALID_INPUT, "agents"),
        ({"agents": 21}, Appear.INVALID_INPUT, "agents"),
        ({"absence_reason": "甲" * 2001}, Appear.INVALID_INPUT, "absenceReason"),
        ({"agents": 1, "expected_version": 9}, Appear.CONFLICT, "expectedVersion"),
        ({"response_id": uuid4()}, Appear.NOT_FOUND, "responseId"),
        ({"hearing_id": uuid4()}, Appear.NOT_FOUND, "hearingId"),
    ],
)
async def test_a_statement_that_contradicts_itself_is_refused(
    bureau: Desk, docket: Docket, statement: dict[str, Any], code: Appear, path: str
) -> None:
    hearing_id, [response_id] = await held(bureau, docket, "huangpu")
    values = {"hearing_id": hearing_id, "response_id": response_id} | statement
    await bureau.refused(APPEARANCE_RECORD, code, path, **values)


async def test_only_a_hearing_that_took_place_has_appearances(bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    case_id, [response_id] = await docket.case("huangpu")
    _, [foreign] = await docket.case("huangpu")
    hearing_id = await bureau.perform(HEARING_SCHEDULE, case_id=case_id, held_on=DAY)
    values = {"hearing_id": hearing_id, "response_id": response_id, "agents": 1}
    await shenzhen.refused(APPEARANCE_RECORD, Appear.NOT_FOUND, "hearingId", **values)
    await bureau.refused(APPEARANCE_RECORD, Appear.IN_FUTURE, "hearingId", **values)
    await bureau.perform(HEARING_RESCHEDULE, hearing_id=hearing_id, held_on=date(2026, 3, 9), reason="提前")
    await bureau.refused(APPEARANCE_RECORD, Appear.NOT_FOUND, "responseId", **values | {"response_id": foreign})
    await bureau.perform(HEARING_CANCEL, hearing_id=hearing_id, reason="取消")
    await bureau.refused(APPEARANCE_RECORD, Appear.HEARING_CANCELLED, "hearingId", **values)
