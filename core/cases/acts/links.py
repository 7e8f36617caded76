"""程序关联: linking two cases, from the earlier to the later. Links are never taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext
from core.cases import events
from core.cases.acts.refusing import Path, at, refuse, refusing
from core.cases.acts.rows import case_of, case_subject, found
from core.cases.outcomes import Outcome
from core.cases.procedures import ImpossibleLink, LinkKind, link_kind
from core.cases.records import cases
from core.cases.refusals.cases import CasesLinkRefusal
from core.cases.tables import CaseShell
from core.cases.vocabulary import ProcedureKind
from core.identity import permissions
from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc, Ref

SIDE_BY_SIDE = frozenset({LinkKind.JOINED, LinkKind.SERIES})
"""Links between cases of one stage, declared by people (适用解释 73)."""


def checked_kind(
    previous: Row[Any], following: ProcedureKind, stated: LinkKind | None, impossible: Labelled, path: Path
) -> LinkKind:
    """The kind of link: as the two procedures tell it, or as people declared it where the law leaves that to them."""
    if stated in SIDE_BY_SIDE:
        return stated
    ended = Outcome[previous.outcome] if previous.outcome else None
    try:
        derived = link_kind(ProcedureKind[previous.procedure_kind], following, ended)
    except ImpossibleLink as error:
        raise refuse(impossible, path, error.message, error.message_zh) from None
    if stated not in (None, derived):
        raise refuse(impossible, path, f"{impossible.en}: it is {derived.en}", f"{impossible.zh}：应为“{derived.zh}”")
    return derived


@dataclass(frozen=True, slots=True)
class CasesLink:
    """关联案件: says how a later procedure follows from an earlier one, or that two cases stand side by side."""

    from_case_id: Annotated[UUID, Ref("Case"), Doc("在先案件", "earlier case")]
    to_case_id: Annotated[UUID, Ref("Case"), Doc("在后案件", "later case")]
    kind: Annotated[LinkKind | None, Doc("关联种类", "kind of link", "不填则由两案的程序推定")] = None


@refusing(CasesLinkRefusal)
async def link_cases(context: ActContext, given: CasesLink) -> UUID:
    """Link two visible cases. Emits CasesLinked."""
    if given.from_case_id == given.to_case_id:
        raise refuse(CasesLinkRefusal.SAME_CASE, at("to_case_id"))
    earlier = await found(context, CaseShell, given.from_case_id, at("from_case_id"))
    later = await case_of(context, given.to_case_id, at("to_case_id"))
    path = at("kind") if given.kind else at("to_case_id")
    following = ProcedureKind[later.procedure_kind]
    kind = checked_kind(earlier, following, given.kind, CasesLinkRefusal.IMPOSSIBLE_LINK, path)
    if kind not in SIDE_BY_SIDE and earlier.filed_on > later.filed_on:
        raise refuse(CasesLinkRefusal.DATES_OUT_OF_ORDER, at("to_case_id"))
    link_id = await cases.link(context.session, earlier.id, later.id, kind.value)
    if link_id is None:
        raise refuse(CasesLinkRefusal.ALREADY_LINKED, at("to_case_id"))
    subject = await case_subject(context, "CaseLink", link_id, later.id)
    after = {"from_case_id": earlier.id, "to_case_id": later.id, "kind": kind.value}
    await context.record("casesLink", subject, after=after)
    await context.emit(events.CasesLinked(subject, earlier.id, later.id, kind.value))
    return link_id


CASES_LINK = Act(
    name="casesLink",
    given=CasesLink,
    perform=link_cases,
    returns="CaseLink",
    refusals=CasesLinkRefusal,
    permission=permissions.CASE_LINK.name,
    doc=Doc("关联案件", "link two cases"),
)
ACTS = (CASES_LINK,)
