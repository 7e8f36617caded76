"""裁判生效: when a judgment takes effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from core.acting import ActContext
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.rows import case_subject, changed, locked
from core.cases.procedures import LinkKind
from core.cases.records import cases
from core.cases.refusals.court import JudgmentBecomeEffectiveRefusal
from core.cases.states import CaseStatus
from core.cases.tables import Judgment
from core.identity import permissions
from schema.act import Act
from schema.describe import Doc, Ref

_APPEALED = frozenset({LinkKind.APPEALED.value})


@dataclass(frozen=True, slots=True)
class JudgmentBecomeEffective:
    """登记裁判生效."""

    judgment_id: Annotated[UUID, Ref("Judgment"), Doc("裁判", "judgment")]
    effective_on: Annotated[date, Doc("生效日期", "day of effect", law="行政诉讼法 85；适用解释 85")]
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(JudgmentBecomeEffectiveRefusal)
async def make_effective(context: ActContext, given: JudgmentBecomeEffective) -> UUID:
    """Record that a judgment took effect: not before the last term of appeal ended, nor while an appeal is open.

    Emits JudgmentEffective.
    """
    code = JudgmentBecomeEffectiveRefusal
    checks.past_day(context, given.effective_on, at("effective_on"), code.IN_FUTURE)
    judgment = await locked(context, Judgment, given.judgment_id, at("judgment_id"), given.expected_version)
    if judgment.effective_on is not None:
        raise refuse(code.ALREADY_EFFECTIVE, at("judgment_id"))
    checks.not_before(given.effective_on, judgment.decided_on, at("effective_on"), code.DATES_OUT_OF_ORDER)
    if judgment.appeal_until is not None and given.effective_on <= judgment.appeal_until:
        raise refuse(code.APPEAL_TERM_RUNNING, at("effective_on"))
    appeals = await cases.linked_cases(context.session, judgment.case_id, _APPEALED)
    if any(appeal.status == CaseStatus.OPEN.value for appeal in appeals):
        raise refuse(code.UNDER_APPEAL, at("judgment_id"))
    before, after = await changed(context, Judgment, judgment, {"effective_on": given.effective_on})
    subject = await case_subject(context, "Judgment", judgment.id, judgment.case_id)
    await context.record("judgmentBecomeEffective", subject, before=before, after=after)
    await context.emit(events.JudgmentEffective(subject, judgment.case_id, given.effective_on))
    return judgment.id  # type: ignore[no-any-return]


JUDGMENT_BECOME_EFFECTIVE = Act(
    name="judgmentBecomeEffective",
    given=JudgmentBecomeEffective,
    perform=make_effective,
    returns="Judgment",
    refusals=JudgmentBecomeEffectiveRefusal,
    permission=permissions.JUDGMENT_SET_EFFECTIVE.name,
    doc=Doc("登记裁判生效", "record that a judgment took effect", law="行政诉讼法 85；适用解释 85"),
)
ACTS = (JUDGMENT_BECOME_EFFECTIVE,)
