"""反馈: filed by the agency on the day after it acted, verified or returned by the bureau."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from core.sdk.acts import ActContext, at, checked_optional_text, checked_text, refusing
from core.sdk.graphql import Act, Doc, Ref
from plugins.reminders import permissions
from plugins.reminders.acts.steps import (
    TEXT,
    VERSION,
    EvidenceInput,
    checked_evidence,
    happening,
    obligation_at,
    obligation_subject,
    reason_of,
    take,
)
from plugins.reminders.refusals import FeedbackFileRefusal, FeedbackReturnRefusal, FeedbackVerifyRefusal
from plugins.reminders.rules.vocabulary import EvidenceKind, Transition

_ID = Doc("督办义务", "supervised obligation")


@dataclass(frozen=True, slots=True)
class FeedbackFile:
    """提交反馈; for a hearing: who attended, whether the head spoke, or the excuse."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), _ID]
    summary: Annotated[str, Doc("办理情况", "what was done")]
    attended_by: Annotated[str | None, Doc("出庭人员", "who attended", "出庭的填写")] = None
    head_spoke: Annotated[bool | None, Doc("负责人是否出声", "whether the head spoke")] = None
    excuse: Annotated[str | None, Doc("负责人未出庭理由", "excuse of the head", law="出庭规定 8")] = None
    evidence: Annotated[tuple[EvidenceInput, ...], Doc("凭证", "evidence")] = ()
    expected_version: Annotated[int | None, VERSION] = None


@refusing(FeedbackFileRefusal)
async def file_feedback(context: ActContext, given: FeedbackFile) -> UUID:
    """File the feedback. Emits SupervisionFileFeedback."""
    form = {
        "summary": checked_text(given.summary, at("summary"), TEXT),
        "attended_by": checked_optional_text(given.attended_by, at("attended_by")),
        "head_spoke": given.head_spoke,
        "excuse": checked_optional_text(given.excuse, at("excuse"), TEXT),
    }
    form = {key: value for key, value in form.items() if value is not None}
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    kinds, kept = await checked_evidence(context, given.evidence, row)
    step = happening(context, Transition.FILE_FEEDBACK, evidence=(*kinds, EvidenceKind.FEEDBACK_FORM))
    also = {"feedback": form}
    before, after = await take(context, FeedbackFileRefusal, row, step, form | {"pieces": kept}, also)
    await context.record("feedbackFile", obligation_subject(row), before=before, after=after)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class FeedbackVerify:
    """核实反馈: which closes an obligation that was acted on in time."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), _ID]
    result: Annotated[str, Doc("核实结果", "result of verifying")]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(FeedbackVerifyRefusal)
async def verify_feedback(context: ActContext, given: FeedbackVerify) -> UUID:
    """Verify the feedback. Emits SupervisionVerify and SupervisionClose."""
    result = reason_of(given.result, "result")
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    step = happening(context, Transition.VERIFY, evidence=(EvidenceKind.VERIFICATION,))
    also = {"verified_at": context.now}
    before, after = await take(context, FeedbackVerifyRefusal, row, step, {"result": result}, also)
    await context.record("feedbackVerify", obligation_subject(row), before=before, after=after, reason=result)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class FeedbackReturn:
    """退回反馈: to be filed again on the next working day."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), _ID]
    reason: Annotated[str, Doc("退回理由", "reason")]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(FeedbackReturnRefusal)
async def return_feedback(context: ActContext, given: FeedbackReturn) -> UUID:
    """Return the feedback. Emits SupervisionReturnFeedback."""
    reason = reason_of(given.reason)
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    step = happening(context, Transition.RETURN_FEEDBACK, reason=reason)
    also = {"verified_at": None}
    before, after = await take(context, FeedbackReturnRefusal, row, step, None, also)
    await context.record("feedbackReturn", obligation_subject(row), before=before, after=after, reason=reason)
    return row.id  # type: ignore[no-any-return]


FEEDBACK_FILE = Act(
    name="feedbackFile",
    given=FeedbackFile,
    perform=file_feedback,
    returns="SupervisedObligation",
    refusals=FeedbackFileRefusal,
    permission=permissions.FEEDBACK_FILE.name,
    doc=Doc("提交反馈", "file feedback"),
)
FEEDBACK_VERIFY = Act(
    name="feedbackVerify",
    given=FeedbackVerify,
    perform=verify_feedback,
    returns="SupervisedObligation",
    refusals=FeedbackVerifyRefusal,
    permission=permissions.FEEDBACK_VERIFY.name,
    doc=Doc("核实反馈", "verify feedback"),
)
FEEDBACK_RETURN = Act(
    name="feedbackReturn",
    given=FeedbackReturn,
    perform=return_feedback,
    returns="SupervisedObligation",
    refusals=FeedbackReturnRefusal,
    permission=permissions.FEEDBACK_VERIFY.name,
    doc=Doc("退回反馈", "return feedback"),
)
ACTS = (FEEDBACK_FILE, FEEDBACK_VERIFY, FEEDBACK_RETURN)
