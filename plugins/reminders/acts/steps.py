"""What the acts share: the row that is stepped, who steps, and how a refusal of the rules becomes the act's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from sqlalchemy import Row

from core.sdk.acts import (
    ActContext,
    Common,
    Refused,
    Subject,
    at,
    checked_optional_text,
    checked_text,
    found,
    locked,
    refuse,
    require_enabled,
)
from core.sdk.graphql import Doc, Ref
from core.sdk.hooks import Role
from core.sdk.rules import Labelled
from core.sdk.tables import Document
from plugins.reminders.rules.facts import Happening
from plugins.reminders.rules.reports import REPORT_TABLE, ReportHappening
from plugins.reminders.rules.table import TABLE
from plugins.reminders.rules.vocabulary import ActorKind, EvidenceKind, ReportTransition, StepRefusal, Transition
from plugins.reminders.supervising import OBLIGATION, REPORT, StepRefused, advance, advance_report
from plugins.reminders.tables import Report, SupervisedObligation

TEXT: Final = 2_000
VERSION: Final = Doc("版本", "expected version", "他人已修改则拒绝")

_KINDS: Final[Mapping[str, tuple[ActorKind, ...]]] = {
    Role.AGENCY.value: (ActorKind.LIAISON,),
    Role.HANDLER.value: (ActorKind.LIAISON,),
    Role.AGENCY_LEGAL.value: (ActorKind.LEGAL,),
    Role.AGENCY_HEAD.value: (ActorKind.CHIEF,),
    # A town has no offices of its own for each step: whoever it sends stands for all of them.
    Role.TOWN.value: (ActorKind.LIAISON, ActorKind.LEGAL, ActorKind.CHIEF),
    Role.CITY_BUREAU.value: (ActorKind.BUREAU,),
    Role.DISTRICT_BUREAU.value: (ActorKind.BUREAU,),
}
"""As whom the mechanism knows a role."""


@dataclass(frozen=True, slots=True)
class EvidenceInput:
    """留痕材料."""

    kind: Annotated[EvidenceKind, Doc("材料种类", "kind of evidence")]
    document_id: Annotated[UUID | None, Ref("Document"), Doc("文书", "document", "已登记的文书")] = None
    note: Annotated[str | None, Doc("说明", "note")] = None


def actor_kind(context: ActContext, allowed: Collection[ActorKind]) -> ActorKind:
    """As whom the actor takes a step: the first of their kinds that may; FORBIDDEN if none may."""
    for kind in _KINDS.get(context.actor.role, ()):
        if kind in allowed:
            return kind
    raise Refused(Common.FORBIDDEN)


def happening(context: ActContext, transition: Transition, **more: Any) -> Happening:
    """What the actor does to an obligation."""
    return Happening(transition=transition, actor=actor_kind(context, TABLE[transition].by), at=context.now, **more)


def report_happening(context: ActContext, transition: ReportTransition, **more: Any) -> ReportHappening:
    """What the actor does to a report."""
    return ReportHappening(
        transition=transition, actor=actor_kind(context, REPORT_TABLE[transition].by), at=context.now, **more
    )


async def obligation_at(context: ActContext, obligation_id: UUID, version: int | None, field: str) -> Row[Any]:
    """The obligation, locked, where the plugin is enabled."""
    seen = await found(context, SupervisedObligation, obligation_id, at(field))
    await require_enabled(context, seen.code)
    return await locked(context, SupervisedObligation, obligation_id, at(field), version)


async def report_at(context: ActContext, report_id: UUID, version: int | None) -> Row[Any]:
    """The report, locked, where the plugin is enabled."""
    seen = await found(context, Report, report_id, at("report_id"))
    await require_enabled(context, seen.code)
    return await locked(context, Report, report_id, at("report_id"), version)


async def take(
    context: ActContext,
    codes: type[Labelled],
    row: Row[Any],
    step: Happening,
    evidence: Mapping[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let an obligation take a step, or refuse in the act's own codes."""
    try:
        return await advance(context, row, step, evidence, also)
    except StepRefused as refused:
        raise _own(codes, refused.refusal.code) from None


async def take_report(
    context: ActContext,
    codes: type[Labelled],
    row: Row[Any],
    step: ReportHappening,
    evidence: Mapping[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same for a report."""
    try:
        return await advance_report(context, row, step, evidence, also)
    except StepRefused as refused:
        raise _own(codes, refused.refusal.code) from None


def _own(codes: type[Labelled], code: StepRefusal) -> Exception:
    own = codes.__members__.get(code.name)
    if own is not None:
        return refuse(own, (), code.en, code.zh)
    common = Common.FORBIDDEN if code is StepRefusal.NOT_BY_ACTOR else Common.INVALID_INPUT
    return Refused(common, (), code.en, code.zh)


async def checked_evidence(
    context: ActContext, given: Collection[EvidenceInput], row: Row[Any]
) -> tuple[tuple[EvidenceKind, ...], list[dict[str, Any]]]:
    """The kinds, and what is kept of each. A document must be one of the agency's own."""
    kept = []
    if len(given) > 20:  # noqa: PLR2004 - more is no evidence but an archive
        raise Refused(Common.INVALID_INPUT, at("evidence"), "At most 20 pieces of evidence", "材料最多20件")
    for place, one in enumerate(given):
        if one.document_id is not None:
            document = await found(context, Document, one.document_id, at("evidence", place, "document_id"))
            if document.agency_id != row.agency_id:
                raise Refused(Common.NOT_FOUND, at("evidence", place, "document_id"))
        note = checked_optional_text(one.note, at("evidence", place, "note"), TEXT)
        entry = {"kind": one.kind.value, "document_id": one.document_id and str(one.document_id), "note": note}
        kept.append({key: value for key, value in entry.items() if value is not None})
    return tuple(one.kind for one in given), kept


def reason_of(text: str, field: str = "reason") -> str:
    """A reason, checked."""
    return checked_text(text, at(field), TEXT)


def obligation_subject(row: Row[Any]) -> Subject:
    """The obligation, as the trail names it."""
    return Subject(OBLIGATION, row.id, row.code, row.agency_id)


def report_subject(row: Row[Any]) -> Subject:
    """The report, as the trail names it."""
    return Subject(REPORT, row.id, row.code, row.agency_id)
