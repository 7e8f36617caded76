"""Acts on parties (当事人): adding, correcting, and revealing what is masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from core.acting import ActContext
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.refusing import Path, at, refuse, refusing
from core.cases.acts.rows import case_of, case_subject, changed, found, locked
from core.cases.records import cases, rows
from core.cases.refusals.cases import PartyAddRefusal, PartyCorrectRefusal, PartySensitiveRevealRefusal
from core.cases.tables import Party
from core.cases.vocabulary import PartyKind, PartySide
from core.identity import permissions
from core.identity.masking import mask_id, mask_phone
from schema.act import Act
from schema.describe import Doc, Ref

MOST_PEOPLE = 1_000_000
_NUMBER = 50
_MASKS = {"identity_number": mask_id, "telephone": mask_phone}


@dataclass(frozen=True, slots=True)
class NewParty:
    """当事人 as it is entered with a case: the plaintiff of a new case."""

    name: Annotated[str, Doc("姓名或名称", "name")]
    kind: Annotated[PartyKind, Doc("当事人类型", "kind of party")] = PartyKind.NATURAL_PERSON
    people: Annotated[int, Doc("人数", "number of people", "集团诉讼填总人数")] = 1
    identity_number: Annotated[str | None, Doc("身份证件号码或统一社会信用代码", "identity number", "敏感信息")] = None
    telephone: Annotated[str | None, Doc("电话", "telephone", "敏感信息")] = None

    def checked(self, *steps: str | int) -> dict[str, Any]:
        """The columns, checked; `steps` lead to this object in the input."""
        return {
            "name": checks.text(self.name, at(*steps, "name")),
            "kind": self.kind.value,
            "people": checks.number(self.people, at(*steps, "people"), 1, MOST_PEOPLE),
            "identity_number": checks.optional_text(self.identity_number, at(*steps, "identity_number"), _NUMBER),
            "telephone": checks.optional_text(self.telephone, at(*steps, "telephone"), _NUMBER),
        }


async def insert_party(context: ActContext, case_id: UUID, side: PartySide, values: dict[str, Any]) -> UUID:
    """Add a party at the end of its side; the case must be locked."""
    ordinal = await cases.next_ordinal(context.session, case_id, side.value)
    return await rows.add(
        context.session, Party, {"case_id": case_id, "side": side.value, "ordinal": ordinal, **values}
    )


def masked(values: dict[str, Any]) -> dict[str, Any]:
    """The same values as an audit entry may hold them."""
    return {
        name: _MASKS[name](value) if name in _MASKS and value is not None else value for name, value in values.items()
    }


@dataclass(frozen=True, slots=True)
class PartyAdd:
    """添加当事人: a claimant, a third person, or one on the respondent's side that is no agency of this platform."""

    case_id: Annotated[UUID, Ref("Case"), Doc("案件", "case")]
    side: Annotated[PartySide, Doc("诉讼地位", "side")]
    name: Annotated[str, Doc("姓名或名称", "name")]
    kind: Annotated[PartyKind, Doc("当事人类型", "kind of party")] = PartyKind.NATURAL_PERSON
    people: Annotated[int, Doc("人数", "number of people")] = 1
    identity_number: Annotated[str | None, Doc("身份证件号码或统一社会信用代码", "identity number", "敏感信息")] = None
    telephone: Annotated[str | None, Doc("电话", "telephone", "敏感信息")] = None


@refusing(PartyAddRefusal)
async def add_party(context: ActContext, given: PartyAdd) -> UUID:
    """Add a party to a case. Emits PartyAdded."""
    party = NewParty(given.name, given.kind, given.people, given.identity_number, given.telephone)
    values = party.checked()
    case = await case_of(context, given.case_id, at("case_id"))
    same = await rows.where(context.session, Party, case_id=case.id, side=given.side.value, name=values["name"])
    if any(row.identity_number == values["identity_number"] for row in same):
        raise refuse(PartyAddRefusal.ALREADY_ADDED, at("name"))
    party_id = await insert_party(context, case.id, given.side, values)
    subject = await case_subject(context, "Party", party_id, case.id)
    await context.record("partyAdd", subject, after=masked({"side": given.side.value, **values}))
    await context.emit(events.PartyAdded(subject, case.id, given.side.value))
    return party_id


@dataclass(frozen=True, slots=True)
class PartyCorrect:
    """更正当事人: only the fields given change."""

    party_id: Annotated[UUID, Ref("Party"), Doc("当事人", "party")]
    name: Annotated[str | None, Doc("姓名或名称", "name")] = None
    kind: Annotated[PartyKind | None, Doc("当事人类型", "kind of party")] = None
    people: Annotated[int | None, Doc("人数", "number of people")] = None
    identity_number: Annotated[str | None, Doc("身份证件号码或统一社会信用代码", "identity number", "敏感信息")] = None
    telephone: Annotated[str | None, Doc("电话", "telephone", "敏感信息")] = None
    reason: Annotated[str | None, Doc("更正原因", "reason of the correction")] = None
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(PartyCorrectRefusal)
async def correct_party(context: ActContext, given: PartyCorrect) -> UUID:
    """Correct a party; an agency is corrected in its own register. Emits PartyCorrected, without the values."""
    reason = checks.optional_text(given.reason, at("reason"), checks.REASON)
    wanted: dict[str, Any] = {
        "name": None if given.name is None else checks.text(given.name, at("name")),
        "kind": given.kind.value if given.kind else None,
        "people": checks.number(given.people, at("people"), 1, MOST_PEOPLE),
        "identity_number": checks.optional_text(given.identity_number, at("identity_number"), _NUMBER),
        "telephone": checks.optional_text(given.telephone, at("telephone"), _NUMBER),
    }
    party = await locked(context, Party, given.party_id, at("party_id"), given.expected_version)
    if party.agency_id is not None:
        raise refuse(PartyCorrectRefusal.AGENCY_PARTY, at("party_id"))
    before, after = await changed(context, Party, party, {k: v for k, v in wanted.items() if v is not None})
    if not after:
        raise refuse(PartyCorrectRefusal.NOTHING_TO_CHANGE)
    subject = await case_subject(context, "Party", party.id, party.case_id)
    await context.record("partyCorrect", subject, before=masked(before), after=masked(after), reason=reason)
    await context.emit(events.PartyCorrected(subject, party.case_id, ",".join(sorted(after))))
    return party.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class PartySensitiveReveal:
    """查看当事人的敏感信息原文: who looked, and why, is written to the audit trail."""

    party_id: Annotated[UUID, Ref("Party"), Doc("当事人", "party")]
    reason: Annotated[str, Doc("查看原因", "reason", "写入审计日志")]


@dataclass(frozen=True, slots=True)
class RevealedParty:
    """当事人的敏感信息原文."""

    id: UUID
    identity_number: Annotated[str | None, Doc("身份证件号码或统一社会信用代码", "identity number")]
    telephone: Annotated[str | None, Doc("电话", "telephone")]


@refusing(PartySensitiveRevealRefusal)
async def reveal_party(context: ActContext, given: PartySensitiveReveal) -> RevealedParty:
    """The unmasked number and telephone of a party; the audit entry says that they were seen, not what they are."""
    path: Path = at("party_id")
    reason = checks.text(given.reason, at("reason"), checks.REASON)
    party = await found(context, Party, given.party_id, path)
    subject = await case_subject(context, "Party", party.id, party.case_id)
    revealed = [name for name in _MASKS if getattr(party, name) is not None]
    await context.record("partySensitiveReveal", subject, after={"revealed": revealed}, reason=reason)
    await context.emit(events.PartyRevealed(subject, party.case_id, reason))
    return RevealedParty(party.id, party.identity_number, party.telephone)


PARTY_ADD = Act(
    name="partyAdd",
    given=PartyAdd,
    perform=add_party,
    returns="Party",
    refusals=PartyAddRefusal,
    permission=permissions.PARTY_ADD.name,
    doc=Doc("添加当事人", "add a party"),
)
PARTY_CORRECT = Act(
    name="partyCorrect",
    given=PartyCorrect,
    perform=correct_party,
    returns="Party",
    refusals=PartyCorrectRefusal,
    permission=permissions.PARTY_CORRECT.name,
    doc=Doc("更正当事人", "correct a party"),
)
PARTY_SENSITIVE_REVEAL = Act(
    name="partySensitiveReveal",
    given=PartySensitiveReveal,
    perform=reveal_party,
    returns="Party",
    refusals=PartySensitiveRevealRefusal,
    permission=permissions.SENSITIVE_REVEAL.name,
    doc=Doc("查看当事人敏感信息原文", "reveal a party's masked fields", law="个人信息保护法 28、51"),
    reveals=RevealedParty,
)
ACTS = (PARTY_ADD, PARTY_CORRECT, PARTY_SENSITIVE_REVEAL)
