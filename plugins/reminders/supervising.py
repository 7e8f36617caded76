"""督办: letting an obligation or a report take a step, by the rules, with everything that the step writes, in one transaction.

Acts and reactions say what happens; what that means is for `rules`. Both go through here, so that no transition leaves its row
without its event, its timers, or the word to those who wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.sdk.acts import ActContext, Subject, add_row, changed, enabled_at, settings_of
from plugins.reminders import events
from plugins.reminders.lapses import tell_lapses
from plugins.reminders.records import supervision
from plugins.reminders.rules import reports, transitions
from plugins.reminders.rules.facts import Facts, Happening, Refusal, Step
from plugins.reminders.rules.reports import ReportFacts, ReportHappening, ReportStep
from plugins.reminders.rules.terms import report_period
from plugins.reminders.rules.timers import Cancellation, Timer
from plugins.reminders.rules.vocabulary import (
    ActorKind,
    EvidenceKind,
    ObligationKind,
    ObligationState,
    ReportState,
    ReportTransition,
    Transition,
)
from plugins.reminders.settings import RemindersSettings
from plugins.reminders.tables import Report, SupervisedObligation

OBLIGATION = "SupervisedObligation"
REPORT = "CaseReport"
SYSTEM = "system"


class StepRefused(Exception):
    """The rules do not let it happen."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code.en)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Source:
    """来源: the core's row from which an obligation has its last day."""

    type: str
    id: UUID


@dataclass(frozen=True, slots=True)
class LastDay:
    """届满日: with the earliest that it can turn out to be, and a hearing's instant where the court gave one."""

    due_on: date
    earliest_due_on: date | None = None
    starts_at: datetime | None = None


async def settings_at(context: ActContext, code: int) -> RemindersSettings:
    """The settings of a tenant on the day of the act."""
    return await settings_of(context.session, RemindersSettings, code, context.today)


def facts_of(row: Row[Any]) -> Facts:
    """What the rules know of an obligation."""
    values = {field.name: getattr(row, field.name) for field in fields(Facts)}
    return Facts(**values | {"kind": ObligationKind[row.kind], "state": ObligationState[row.state]})


def report_facts_of(row: Row[Any]) -> ReportFacts:
    """What the rules know of a report."""
    values = {field.name: getattr(row, field.name) for field in fields(ReportFacts)}
    return ReportFacts(**values | {"state": ReportState[row.state]})


def columns_of(facts: Facts | ReportFacts) -> dict[str, Any]:
    """The same as columns."""
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return {name: getattr(value, "value", value) for name, value in values.items()}


async def bear(
    context: ActContext, owner: Mapping[str, Any], kind: ObligationKind, source: Source, last_day: LastDay
) -> UUID | None:
    """立项: an obligation with its last day and all of its timers. None where one hangs on that source already."""
    present = await supervision.of_source(context.session, source.type, source.id)
    if any(row.agency_id == owner["agency_id"] and row.kind == kind.value for row in present):
        return None
    happening = Happening(
        transition=Transition.BEAR,
        actor=ActorKind.SYSTEM,
        at=context.now,
        evidence=(EvidenceKind.CASE_RECORD,),
        due_on=last_day.due_on,
        earliest_due_on=last_day.earliest_due_on,
    )
    settings = await settings_at(context, owner["code"])
    steps = transitions.bear(kind, happening, settings, context.calendar)
    if isinstance(steps, Refusal):
        raise StepRefused(steps)
    values = columns_of(steps[-1].facts) | {
        "source_type": source.type,
        "source_id": source.id,
        "registered_on": context.today,
        "starts_at": last_day.starts_at,
    }
    obligation_id = await add_row(context.session, SupervisedObligation, {**owner, **values})
    evidence = {"source": source.type, "source_id": source.id}
    whole = {**owner, "shard": context.shard}
    await _written(context, whole, obligation_id, steps, happening, evidence)
    await tell_lapses(context, whole, obligation_id, None, steps, happening)
    return obligation_id


async def advance(
    context: ActContext,
    row: Row[Any],
    happening: Happening,
    evidence: Mapping[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let a locked obligation take a step, and what precedes and follows it; (before, after) of what changed.

    `also` are columns that the step itself says nothing of. Raises `StepRefused`.
    """
    settings = await settings_at(context, row.code)
    supervised = await enabled_at(context, row.code)
    steps = transitions.apply(facts_of(row), happening, settings, context.calendar, supervised=supervised)
    if isinstance(steps, Refusal):
        raise StepRefused(steps)
    values = columns_of(steps[-1].facts) | dict(also or {})
    if not supervised and any(step.happening.transition is Transition.MISS for step in steps):
        values["missed_meanwhile"] = True
    before, after = await changed(context, SupervisedObligation, row, values)
    owner = supervision.owner_of(row)
    await _written(context, owner, row.id, steps, happening, evidence)
    if supervised:
        await tell_lapses(context, owner, row.id, row.responsible_id, steps, happening)
    return before, after


async def _written(
    context: ActContext,
    owner: Mapping[str, Any],
    obligation_id: UUID,
    steps: Sequence[Step],
    happening: Happening,
    evidence: Mapping[str, Any] | None,
) -> None:
    """The events and timers of an obligation's steps, and the word to those who wait."""
    ordinal = await supervision.next_ordinal(context.session, "obligation_id", obligation_id)
    rows = [
        event_of(context, step, own=step.happening is happening, evidence=evidence)
        | {**owner, "obligation_id": obligation_id, "report_id": None, "ordinal": ordinal + place}
        for place, step in enumerate(steps)
    ]
    await supervision.add_events(context.session, rows)
    spoken = await enabled_at(context, owner["code"])
    for step in steps:
        subject = (OBLIGATION, obligation_id, step.facts.due_version)
        await _timers(context, owner, subject, step.cancelled, step.armed)
        if not spoken:
            continue
        told = events.OF_OBLIGATION[step.happening.transition](
            Subject(OBLIGATION, obligation_id, owner["code"], owner["agency_id"]),
            owner["case_id"],
            step.facts.kind.value,
            step.from_state.value if step.from_state else None,
            step.to_state.value,
            step.facts.due_on,
            step.facts.due_version,
        )
        await context.emit(told)


async def _timers(
    context: ActContext,
    owner: Mapping[str, Any],
    subject: tuple[str, UUID, int],
    cancelled: Cancellation | None,
    armed: Sequence[Timer],
) -> None:
    if cancelled is not None:
        await supervision.cancel_timers(context.session, subject[1], cancelled, context.now)
    await supervision.arm_timers(context.session, owner, subject, armed)


def event_of(
    context: ActContext, step: Step | ReportStep, *, own: bool, evidence: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The event of a step: by who acts if it is their own, by the system if it only precedes or follows that."""
    happening = step.happening
    kept: dict[str, Any] = {"kinds": sorted(kind.value for kind in happening.evidence)}
    if own:
        kept |= {key: _kept(value) for key, value in (evidence or {}).items() if value is not None}
    return {
        "transition": happening.transition.value,
        "from_state": step.from_state.value if step.from_state else None,
        "to_state": step.to_state.value,
        "actor": context.actor.subject if own else SYSTEM,
        "actor_name": context.actor.display_name if own else None,
        "actor_role": context.actor.role if own else None,
        "at": happening.at,
        "reason": happening.reason or None,
        "evidence": kept,
    }


def _kept(value: Any) -> Any:
    """A value as JSON holds it."""
    return value if isinstance(value, bool | int | list | dict) else str(value)


async def receive_report(
    context: ActContext,
    owner: Mapping[str, Any],
    document_id: UUID,
    doc_type: str,
    received_on: date,
    *,
    info_only: bool = False,
) -> UUID:
    """收文: a report is owed for a document, or the bureau is told of it."""
    settings = await settings_at(context, owner["code"])
    happening = ReportHappening(
        transition=ReportTransition.RECEIVE,
        actor=ActorKind.SYSTEM,
        at=context.now,
        evidence=(EvidenceKind.CASE_RECORD,),
    )
    steps = reports.receive(received_on, happening, settings, context.calendar, info_only=info_only)
    if isinstance(steps, Refusal):
        raise StepRefused(steps)
    values = columns_of(steps[-1].facts) | {
        "document_id": document_id,
        "doc_type": doc_type,
        "registered_at": context.now,
        "trace": report_period(received_on, settings, context.calendar).to_json()["trace"],
    }
    report_id = await add_row(context.session, Report, {**owner, **values})
    whole = {**owner, "shard": context.shard}
    await _report_written(context, whole, report_id, doc_type, steps, happening, {"document_id": document_id})
    return report_id


async def advance_report(
    context: ActContext,
    row: Row[Any],
    happening: ReportHappening,
    evidence: Mapping[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let a locked report take a step; (before, after) of what changed. Raises `StepRefused`."""
    settings = await settings_at(context, row.code)
    steps = reports.apply_to_report(report_facts_of(row), happening, settings)
    if isinstance(steps, Refusal):
        raise StepRefused(steps)
    before, after = await changed(context, Report, row, columns_of(steps[-1].facts) | dict(also or {}))
    owner = supervision.owner_of(row)
    await _report_written(context, owner, row.id, row.doc_type, steps, happening, evidence)
    return before, after


async def _report_written(
    context: ActContext,
    owner: Mapping[str, Any],
    report_id: UUID,
    doc_type: str,
    steps: Sequence[ReportStep],
    happening: ReportHappening,
    evidence: Mapping[str, Any] | None,
) -> None:
    ordinal = await supervision.next_ordinal(context.session, "report_id", report_id)
    rows = [
        event_of(context, step, own=step.happening is happening, evidence=evidence)
        | {**owner, "obligation_id": None, "report_id": report_id, "ordinal": ordinal + place}
        for place, step in enumerate(steps)
    ]
    await supervision.add_events(context.session, rows)
    for step in steps:
        await _timers(context, owner, (REPORT, report_id, 1), step.cancelled, step.armed)
        told = events.OF_REPORT[step.happening.transition](
            Subject(REPORT, report_id, owner["code"], owner["agency_id"]),
            owner["case_id"],
            doc_type,
            step.from_state.value if step.from_state else None,
            step.to_state.value,
            step.facts.due_on,
        )
        await context.emit(told)
