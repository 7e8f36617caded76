"""出庭: what an agency's side looked like at a hearing. The whole statement is given each time; null is "not stated"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from core.acting import ActContext
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.refusing import Refused, at, overtaken, refuse, refusing
from core.cases.acts.rows import changed, found, response_subject
from core.cases.records import hearings
from core.cases.refusals.common import Common
from core.cases.refusals.court import AppearanceRecordRefusal
from core.cases.states import HearingStatus
from core.cases.tables import Appearance, Hearing, Response
from core.cases.vocabulary import HeadKind
from core.identity import permissions
from schema.act import Act
from schema.describe import Doc, Ref

MOST_AGENTS = 20
_Code = AppearanceRecordRefusal


@dataclass(frozen=True, slots=True)
class AppearanceRecord:
    """登记出庭情况: the full statement for one agency at one hearing; what is left out is not stated and outside every rate."""

    hearing_id: Annotated[UUID, Ref("Hearing"), Doc("开庭", "hearing")]
    response_id: Annotated[UUID, Ref("Response"), Doc("应诉", "response")]
    head_attended: Annotated[bool | None, Doc("负责人已出庭", "head attended", law="法释〔2020〕3号 2")] = None
    head_name: Annotated[str | None, Doc("出庭负责人姓名", "head's name")] = None
    head_title: Annotated[str | None, Doc("出庭负责人职务", "head's post")] = None
    head_kind: Annotated[HeadKind | None, Doc("负责人类别", "kind of head", law="适用解释 128")] = None
    head_spoke: Annotated[bool | None, Doc("负责人出声", "head spoke")] = None
    absence_reason: Annotated[str | None, Doc("未出庭理由", "reason of absence", law="出庭规定 8")] = None
    agents: Annotated[int | None, Doc("其他出庭人数", "number of agents", law="行政诉讼法 31")] = None
    lawyer_only: Annotated[bool | None, Doc("仅委托律师", "lawyers alone", "法律禁止", law="适用解释 128(2)、132")] = (
        None
    )
    left_early: Annotated[bool | None, Doc("未经许可中途退庭", "left without leave", law="出庭规定 12")] = None
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


def check_consistency(given: AppearanceRecord) -> None:
    """Refuse a statement that contradicts itself (domain §1.5)."""
    head = {"head_name": given.head_name, "head_title": given.head_title, "head_kind": given.head_kind}
    if given.head_attended is not True:
        for name, value in (head | {"head_spoke": given.head_spoke or None}).items():
            if value is not None:
                raise refuse(_Code.HEAD_NOT_STATED, at(name))
    if given.head_attended:
        if given.absence_reason is not None:
            raise refuse(_Code.ABSENCE_WITH_HEAD, at("absence_reason"))
        if given.lawyer_only:
            raise refuse(_Code.LAWYER_ONLY_WITH_HEAD, at("lawyer_only"))
    if given.lawyer_only and given.agents == 0:
        raise refuse(_Code.LAWYER_ONLY_WITHOUT_AGENTS, at("agents"))
    if given.left_early and given.head_attended is False and given.agents == 0:
        raise refuse(_Code.NOBODY_ATTENDED, at("left_early"))


@refusing(AppearanceRecordRefusal)
async def record_appearance(context: ActContext, given: AppearanceRecord) -> UUID:
    """Fill in an agency's appearance at a hearing. Emits AppearanceRecorded."""
    values: dict[str, Any] = {
        "head_attended": given.head_attended,
        "head_name": checks.optional_text(given.head_name, at("head_name")),
        "head_title": checks.optional_text(given.head_title, at("head_title")),
        "head_kind": given.head_kind.value if given.head_kind else None,
        "head_spoke": given.head_spoke,
        "absence_reason": checks.optional_text(given.absence_reason, at("absence_reason"), checks.REASON),
        "agents": checks.number(given.agents, at("agents"), 0, MOST_AGENTS),
        "lawyer_only": given.lawyer_only,
        "left_early": given.left_early,
    }
    check_consistency(given)
    hearing = await found(context, Hearing, given.hearing_id, at("hearing_id"))
    response = await found(context, Response, given.response_id, at("response_id"))
    if hearing.status == HearingStatus.CANCELLED.value:
        raise refuse(_Code.HEARING_CANCELLED, at("hearing_id"))
    checks.past_day(context, hearing.held_on, at("hearing_id"), _Code.IN_FUTURE)
    appearance = await hearings.appearance(context.session, hearing.id, response.id)
    if appearance is None:
        # A response of another case, or one whose appearance the actor sees but may not change.
        raise Refused(Common.NOT_FOUND, at("response_id"))
    if given.expected_version not in (None, appearance.version):
        raise overtaken(appearance.id)
    before, after = await changed(context, Appearance, appearance, values)
    subject = response_subject("Appearance", appearance.id, appearance)
    await context.record("appearanceRecord", subject, before=before, after=after)
    await context.emit(
        events.AppearanceRecorded(
            subject, appearance.case_id, response.id, hearing.id, given.head_attended, given.lawyer_only
        )
    )
    return appearance.id  # type: ignore[no-any-return]


APPEARANCE_RECORD = Act(
    name="appearanceRecord",
    given=AppearanceRecord,
    perform=record_appearance,
    returns="Appearance",
    refusals=AppearanceRecordRefusal,
    permission=permissions.APPEARANCE_RECORD.name,
    doc=Doc("登记出庭情况", "record an appearance", law="行政诉讼法 3(3)；法释〔2020〕3号"),
)
ACTS = (APPEARANCE_RECORD,)
