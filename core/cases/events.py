"""领域事件 of the case graph: what happened, told to plugins and jobs in the transaction in which it happened.

Every event names its subject (the row, and whose it is) and its case; the other fields say what a subscriber needs to decide
whether to look closer. Days are Shanghai calendar days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from core.acting import Subject


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """What all events of the case graph have; `case_id` is None for a suggestion that belongs to no case."""

    subject: Subject
    case_id: UUID | None

    def payload(self) -> Mapping[str, Any]:
        """Every field but the subject."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "subject"}


@dataclass(frozen=True, slots=True)
class CaseRegistered(CaseEvent):
    """案件已登记: a case and its first response are there. Subject: Case."""

    response_id: UUID
    procedure_kind: str
    filed_on: date


@dataclass(frozen=True, slots=True)
class ResponseAttached(CaseEvent):
    """应诉已登记: a further agency answers an existing case. Subject: Response."""

    response_id: UUID
    received_on: date | None


@dataclass(frozen=True, slots=True)
class CaseClosed(CaseEvent):
    """案件已结. Subject: Case."""

    outcome: str
    closed_on: date


@dataclass(frozen=True, slots=True)
class CaseReopened(CaseEvent):
    """结案已撤销: a closing entered by mistake was taken back. Subject: Case."""

    reason: str


@dataclass(frozen=True, slots=True)
class CaseCorrected(CaseEvent):
    """案件信息已更正: `changed` names the columns, separated by commas. Subject: Case."""

    changed: str


@dataclass(frozen=True, slots=True)
class CasesLinked(CaseEvent):
    """案件已关联; `case_id` is the earlier case. Subject: CaseLink."""

    to_case_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class PartyAdded(CaseEvent):
    """当事人已添加. Subject: Party."""

    side: str


@dataclass(frozen=True, slots=True)
class PartyCorrected(CaseEvent):
    """当事人已更正; `changed` names the columns, never their values. Subject: Party."""

    changed: str


@dataclass(frozen=True, slots=True)
class PartyRevealed(CaseEvent):
    """敏感信息原文已查看. Subject: Party."""

    reason: str


@dataclass(frozen=True, slots=True)
class DocumentRegistered(CaseEvent):
    """文书已登记: `received_on` is the legal receipt (or the day of sending). Subject: Document."""

    response_id: UUID
    doc_type: str
    direction: str
    received_on: date


@dataclass(frozen=True, slots=True)
class DocumentFileAttached(CaseEvent):
    """文书已添加文件. Subject: Document."""

    file_id: UUID


@dataclass(frozen=True, slots=True)
class HearingScheduled(CaseEvent):
    """已排期. Subject: Hearing."""

    held_on: date


@dataclass(frozen=True, slots=True)
class HearingRescheduled(CaseEvent):
    """已改期. Subject: Hearing."""

    former_day: date
    held_on: date


@dataclass(frozen=True, slots=True)
class HearingCancelled(CaseEvent):
    """开庭已取消. Subject: Hearing."""

    held_on: date


@dataclass(frozen=True, slots=True)
class HearingHeld(CaseEvent):
    """已开庭. Subject: Hearing."""

    held_on: date


@dataclass(frozen=True, slots=True)
class AppearanceRecorded(CaseEvent):
    """出庭情况已登记. Subject: Appearance."""

    response_id: UUID
    hearing_id: UUID
    head_attended: bool | None
    lawyer_only: bool | None


@dataclass(frozen=True, slots=True)
class JudgmentRecorded(CaseEvent):
    """裁判已登记. Subject: Judgment."""

    kind: str
    outcome: str
    decided_on: date
    appeal_until: date | None


@dataclass(frozen=True, slots=True)
class JudgmentServed(CaseEvent):
    """裁判已送达该机关. Subject: Judgment."""

    response_id: UUID
    served_on: date


@dataclass(frozen=True, slots=True)
class HoldingRecorded(CaseEvent):
    """对该机关的裁判结果已登记. Subject: Holding."""

    response_id: UUID
    judgment_id: UUID
    outcome: str
    lost: bool | None


@dataclass(frozen=True, slots=True)
class JudgmentEffective(CaseEvent):
    """裁判已生效. Subject: Judgment."""

    effective_on: date


@dataclass(frozen=True, slots=True)
class ObligationRecorded(CaseEvent):
    """履行义务已登记. Subject: Obligation."""

    response_id: UUID
    kind: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ObligationFulfilled(CaseEvent):
    """义务已履行. Subject: Obligation."""

    response_id: UUID
    fulfilled_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class ObligationVoided(CaseEvent):
    """义务已作废. Subject: Obligation."""

    response_id: UUID


@dataclass(frozen=True, slots=True)
class PeriodOpened(CaseEvent):
    """期限已起算. Subject: Period."""

    response_id: UUID
    kind: str
    due_on: date
    earliest_due_on: date


@dataclass(frozen=True, slots=True)
class PeriodChanged(CaseEvent):
    """期限已变更: `cause` is EXTENDED, SUSPENDED, RESUMED or VOIDED. Subject: Period."""

    response_id: UUID
    cause: str
    former_due_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class PeriodMet(CaseEvent):
    """期限已完成: in time if posted, or else done, by `due_on` (民诉法 85(4)). Subject: Period."""

    response_id: UUID
    kind: str
    met_on: date
    posted_on: date | None
    due_on: date


@dataclass(frozen=True, slots=True)
class SuggestionRecorded(CaseEvent):
    """建议已登记. Subject: Suggestion."""

    kind: str
    reply_due_on: date


@dataclass(frozen=True, slots=True)
class SuggestionReplied(CaseEvent):
    """建议已回复. Subject: Suggestion."""

    replied_on: date
    reply_due_on: date


@dataclass(frozen=True, slots=True)
class NoteWritten(CaseEvent):
    """内部备注已填写; the text itself stays in the note. Subject: Note."""

    response_id: UUID


@dataclass(frozen=True, slots=True)
class CaseGranted(CaseEvent):
    """案件已授权给成员. Subject: CaseGrant."""

    member_id: UUID
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class CaseGrantEnded(CaseEvent):
    """案件授权已终止. Subject: CaseGrant."""

    member_id: UUID
    valid_until: date
