"""The case graph as strawberry types, each relation by its loader."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

import strawberry

from benchmarks.contestants.dataloaders.loading import Loading

Info = strawberry.Info[Loading, None]
Private = strawberry.Private


@strawberry.type
class Court:
    TABLE: ClassVar[str] = "court"
    code: Private[str]
    name: str


@strawberry.type
class Cause:
    TABLE: ClassVar[str] = "cause"
    code: Private[str]
    name: str


@strawberry.type
class Agency:
    TABLE: ClassVar[str] = "agency"
    name: str
    level: str
    category: str


@strawberry.type
class OfAgency:
    agency_id: Private[UUID]

    @strawberry.field
    async def agency(self, info: Info) -> Agency | None:
        return await info.context.one(Agency, self.agency_id)


@strawberry.type
class Response(OfAgency):
    TABLE: ClassVar[str] = "response"
    role: str
    outcome: str | None
    lost: bool | None
    received_on: date | None
    answer_due_on: date | None
    answered_on: date | None
    version: int


@strawberry.type
class Party:
    TABLE: ClassVar[str] = "party"
    side: str
    kind: str
    name: str
    people: int


@strawberry.type
class Appearance(OfAgency):
    TABLE: ClassVar[str] = "appearance"
    head_attended: bool | None
    head_name: str | None
    head_kind: str | None
    absence_reason: str | None
    agents: int | None


@strawberry.type
class Hearing:
    TABLE: ClassVar[str] = "hearing"
    id: Private[UUID]
    sequence: int
    held_on: date
    mode: str
    status: str
    head_required: bool | None
    version: int

    @strawberry.field
    async def appearances(self, info: Info) -> list[Appearance]:
        return await info.context.many(Appearance, "hearing_id", self.id, "ordinal")


@strawberry.type
class Holding(OfAgency):
    TABLE: ClassVar[str] = "holding"
    outcome: str | None
    lost: bool | None
    loss_reason: str | None


@strawberry.type
class Judgment:
    TABLE: ClassVar[str] = "judgment"
    id: Private[UUID]
    kind: str
    number: str | None
    decided_on: date
    served_on: date | None
    outcome: str | None
    appeal_until: date | None

    @strawberry.field
    async def holdings(self, info: Info) -> list[Holding]:
        return await info.context.many(Holding, "judgment_id", self.id, "ordinal")


@strawberry.type
class Document:
    TABLE: ClassVar[str] = "document"
    doc_type: str
    title: str
    direction: str
    dated_on: date | None
    received_on: date
    pages: int | None


@strawberry.type
class Period:
    TABLE: ClassVar[str] = "period"
    kind: str
    starts_on: date
    due_on: date
    provisional: bool
    status: str
    met_on: date | None


@strawberry.type
class Obligation:
    TABLE: ClassVar[str] = "obligation"
    kind: str
    content: str
    due_on: date
    status: str
    fulfilled_on: date | None


@strawberry.type
class Suggestion:
    TABLE: ClassVar[str] = "suggestion"
    kind: str
    issued_by: str
    subject: str
    received_on: date
    reply_due_on: date
    status: str


@strawberry.type
class Parties:
    nodes: list[Party]


@strawberry.type
class Hearings:
    nodes: list[Hearing]


@strawberry.type
class Judgments:
    nodes: list[Judgment]


@strawberry.type
class Documents:
    nodes: list[Document]


@strawberry.type
class Periods:
    nodes: list[Period]


@strawberry.type
class Obligations:
    nodes: list[Obligation]


@strawberry.type
class Suggestions:
    nodes: list[Suggestion]


@strawberry.type
class Dispute:
    TABLE: ClassVar[str] = "dispute"
    id: Private[UUID]
    opened_on: date

    @strawberry.field
    async def cases(self, info: Info) -> list[Case]:
        return await info.context.many(Case, "dispute_id", self.id, "filed_on, id")


@strawberry.type
class EarlierLink:
    TABLE: ClassVar[str] = "case_link"
    from_case_id: Private[UUID]
    kind: str

    @strawberry.field
    async def earlier(self, info: Info) -> Case | None:
        return await info.context.one(Case, self.from_case_id)


@strawberry.type
class LaterLink:
    TABLE: ClassVar[str] = "case_link"
    to_case_id: Private[UUID]
    kind: str

    @strawberry.field
    async def later(self, info: Info) -> Case | None:
        return await info.context.one(Case, self.to_case_id)


@strawberry.type
class Case:
    TABLE: ClassVar[str] = "case_shell"
    id: strawberry.ID
    court_code: Private[str | None]
    cause_code: Private[str]
    dispute_id: Private[UUID]
    number: str | None
    status: str
    procedure_kind: str
    procedure_form: str
    compensation: str
    outcome: str | None
    filed_on: date
    closed_on: date | None
    first_hearing_on: date | None
    version: int

    @strawberry.field
    async def court(self, info: Info) -> Court | None:
        return await info.context.one(Court, self.court_code, "code")

    @strawberry.field
    async def cause(self, info: Info) -> Cause | None:
        return await info.context.one(Cause, self.cause_code, "code")

    @strawberry.field
    async def dispute(self, info: Info) -> Dispute | None:
        return await info.context.one(Dispute, self.dispute_id)

    @strawberry.field
    async def responses(self, info: Info) -> list[Response]:
        return await info.context.many(Response, "case_id", self.id, "ordinal")

    @strawberry.field
    async def parties(self, info: Info) -> Parties:
        return Parties(nodes=await info.context.many(Party, "case_id", self.id, "ordinal, id"))

    @strawberry.field
    async def hearings(self, info: Info) -> Hearings:
        return Hearings(nodes=await info.context.many(Hearing, "case_id", self.id, "held_on desc, id desc"))

    @strawberry.field
    async def judgments(self, info: Info) -> Judgments:
        return Judgments(nodes=await info.context.many(Judgment, "case_id", self.id, "decided_on desc, id desc"))

    @strawberry.field
    async def documents(self, info: Info) -> Documents:
        return Documents(nodes=await info.context.many(Document, "case_id", self.id, "received_on desc, id desc"))

    @strawberry.field
    async def periods(self, info: Info) -> Periods:
        return Periods(nodes=await info.context.many(Period, "case_id", self.id, "due_on, id"))

    @strawberry.field
    async def obligations(self, info: Info) -> Obligations:
        return Obligations(nodes=await info.context.many(Obligation, "case_id", self.id, "due_on, id"))

    @strawberry.field
    async def suggestions(self, info: Info) -> Suggestions:
        return Suggestions(nodes=await info.context.many(Suggestion, "case_id", self.id, "received_on desc, id desc"))

    @strawberry.field
    async def earlier_links(self, info: Info) -> list[EarlierLink]:
        return await info.context.many(EarlierLink, "to_case_id", self.id)

    @strawberry.field
    async def later_links(self, info: Info) -> list[LaterLink]:
        return await info.context.many(LaterLink, "from_case_id", self.id)
