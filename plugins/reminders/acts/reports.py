"""报备: submitted by the agency, accepted or returned by the bureau."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from core.sdk.acts import ActContext, at, checked_optional_text, refusing
from core.sdk.graphql import Act, Doc, Ref
from plugins.reminders import permissions
from plugins.reminders.acts.steps import (
    TEXT,
    VERSION,
    reason_of,
    report_at,
    report_happening,
    report_subject,
    take_report,
)
from plugins.reminders.records import supervision
from plugins.reminders.refusals import ReportAcceptRefusal, ReportReturnRefusal, ReportSubmitRefusal
from plugins.reminders.rules.births import VERIFIED_BY
from plugins.reminders.rules.facts import Happening
from plugins.reminders.rules.vocabulary import ActorKind, EvidenceKind, ReportTransition, Transition
from plugins.reminders.supervising import StepRefused, advance


@dataclass(frozen=True, slots=True)
class ReportSubmit:
    """提交报备: also after its last day, which stays on record."""

    report_id: Annotated[UUID, Ref("CaseReport"), Doc("报备", "report")]
    summary: Annotated[str, Doc("案情摘要", "summary of the matter")]
    contact: Annotated[str | None, Doc("承办联系人", "contact")] = None
    expected_version: Annotated[int | None, VERSION] = None


@refusing(ReportSubmitRefusal)
async def submit_report(context: ActContext, given: ReportSubmit) -> UUID:
    """Submit a report. Emits ReportSubmit."""
    form = {
        "summary": reason_of(given.summary, "summary"),
        "contact": checked_optional_text(given.contact, at("contact")),
    }
    row = await report_at(context, given.report_id, given.expected_version)
    step = report_happening(context, ReportTransition.SUBMIT, evidence=(EvidenceKind.REPORT_FORM,))
    also = {"form": form, "submitted_by": context.actor.subject}
    before, after = await take_report(context, ReportSubmitRefusal, row, step, form, also)
    await context.record("reportSubmit", report_subject(row), before=before, after=after)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class ReportAccept:
    """受理报备: which verifies the last days that the document set."""

    report_id: Annotated[UUID, Ref("CaseReport"), Doc("报备", "report")]
    note: Annotated[str | None, Doc("备注", "note")] = None
    expected_version: Annotated[int | None, VERSION] = None


@refusing(ReportAcceptRefusal)
async def accept_report(context: ActContext, given: ReportAccept) -> UUID:
    """Accept a report; the obligations of its document are tracked from now on. Emits ReportAccept (and SupervisionTrack)."""
    note = checked_optional_text(given.note, at("note"), TEXT)
    row = await report_at(context, given.report_id, given.expected_version)
    step = report_happening(context, ReportTransition.ACCEPT)
    decided = {"decided_at": context.now, "decided_by": context.actor.subject}
    before, after = await take_report(context, ReportAcceptRefusal, row, step, {"note": note}, decided)
    kinds = [kind.value for kind in VERIFIED_BY.get(row.doc_type, ())]
    for obligation in await supervision.of_responses(context.session, kinds, response_id=row.response_id):
        tracked = Happening(
            transition=Transition.TRACK,
            actor=ActorKind.BUREAU,
            at=context.now,
            evidence=(EvidenceKind.CALCULATION, EvidenceKind.CASE_RECORD),
        )
        try:
            await advance(context, obligation, tracked, {"report_id": row.id})
        except StepRefused:  # verified before, by another document of the same duty
            continue
    await context.record("reportAccept", report_subject(row), before=before, after=after, reason=note)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class ReportReturn:
    """退回报备."""

    report_id: Annotated[UUID, Ref("CaseReport"), Doc("报备", "report")]
    reason: Annotated[str, Doc("退回理由", "reason")]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(ReportReturnRefusal)
async def return_report(context: ActContext, given: ReportReturn) -> UUID:
    """Return a report to the agency. Emits ReportReturn."""
    reason = reason_of(given.reason)
    row = await report_at(context, given.report_id, given.expected_version)
    step = report_happening(context, ReportTransition.RETURN, reason=reason)
    decided = {"decided_at": context.now, "decided_by": context.actor.subject}
    before, after = await take_report(context, ReportReturnRefusal, row, step, None, decided)
    await context.record("reportReturn", report_subject(row), before=before, after=after, reason=reason)
    return row.id  # type: ignore[no-any-return]


REPORT_SUBMIT = Act(
    name="reportSubmit",
    given=ReportSubmit,
    perform=submit_report,
    returns="CaseReport",
    refusals=ReportSubmitRefusal,
    permission=permissions.REPORT_SUBMIT.name,
    doc=Doc("提交报备", "submit a report"),
)
REPORT_ACCEPT = Act(
    name="reportAccept",
    given=ReportAccept,
    perform=accept_report,
    returns="CaseReport",
    refusals=ReportAcceptRefusal,
    permission=permissions.REPORT_DECIDE.name,
    doc=Doc("受理报备", "accept a report"),
)
REPORT_RETURN = Act(
    name="reportReturn",
    given=ReportReturn,
    perform=return_report,
    returns="CaseReport",
    refusals=ReportReturnRefusal,
    permission=permissions.REPORT_DECIDE.name,
    doc=Doc("退回报备", "return a report"),
)
ACTS = (REPORT_SUBMIT, REPORT_ACCEPT, REPORT_RETURN)
