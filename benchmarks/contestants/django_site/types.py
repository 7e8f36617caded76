"""The case graph as strawberry-django types: what the optimizer plans."""

from __future__ import annotations

import strawberry_django
from strawberry import auto

from benchmarks.contestants.django_site import models


@strawberry_django.type(models.Court)
class Court:
    name: auto


@strawberry_django.type(models.Cause)
class Cause:
    name: auto


@strawberry_django.type(models.Agency)
class Agency:
    name: auto
    level: auto
    category: auto


@strawberry_django.type(models.Response)
class Response:
    role: auto
    outcome: auto
    lost: auto
    received_on: auto
    answer_due_on: auto
    answered_on: auto
    version: auto
    agency: Agency | None


@strawberry_django.type(models.Party)
class Party:
    side: auto
    kind: auto
    name: auto
    people: auto


@strawberry_django.type(models.Appearance)
class Appearance:
    head_attended: auto
    head_name: auto
    head_kind: auto
    absence_reason: auto
    agents: auto
    agency: Agency | None


@strawberry_django.type(models.Hearing)
class Hearing:
    sequence: auto
    held_on: auto
    mode: auto
    status: auto
    head_required: auto
    version: auto
    appearances: list[Appearance]


@strawberry_django.type(models.Holding)
class Holding:
    outcome: auto
    lost: auto
    loss_reason: auto
    agency: Agency | None


@strawberry_django.type(models.Judgment)
class Judgment:
    kind: auto
    number: auto
    decided_on: auto
    served_on: auto
    outcome: auto
    appeal_until: auto
    holdings: list[Holding]


@strawberry_django.type(models.Document)
class Document:
    doc_type: auto
    title: auto
    direction: auto
    dated_on: auto
    received_on: auto
    pages: auto


@strawberry_django.type(models.Period)
class Period:
    kind: auto
    starts_on: auto
    due_on: auto
    provisional: auto
    status: auto
    met_on: auto


@strawberry_django.type(models.Obligation)
class Obligation:
    kind: auto
    content: auto
    due_on: auto
    status: auto
    fulfilled_on: auto


@strawberry_django.type(models.Suggestion)
class Suggestion:
    kind: auto
    issued_by: auto
    subject: auto
    received_on: auto
    reply_due_on: auto
    status: auto


@strawberry_django.type(models.Case, name="OtherCase")
class OtherCase:
    number: auto
    procedure_kind: auto
    status: auto
    outcome: auto


@strawberry_django.type(models.Dispute)
class Dispute:
    opened_on: auto
    cases: list[OtherCase]


@strawberry_django.type(models.CaseLink, name="EarlierLink")
class EarlierLink:
    kind: auto
    earlier: OtherCase | None = strawberry_django.field(field_name="from_case")


@strawberry_django.type(models.CaseLink, name="LaterLink")
class LaterLink:
    kind: auto
    later: OtherCase | None = strawberry_django.field(field_name="to_case")


@strawberry_django.type(models.Case)
class Case:
    id: auto
    number: auto
    status: auto
    procedure_kind: auto
    procedure_form: auto
    compensation: auto
    outcome: auto
    filed_on: auto
    closed_on: auto
    first_hearing_on: auto
    version: auto
    court: Court | None
    cause: Cause | None
    dispute: Dispute | None
    responses: list[Response]
    parties: list[Party]
    hearings: list[Hearing]
    judgments: list[Judgment]
    documents: list[Document]
    periods: list[Period]
    obligations: list[Obligation]
    suggestions: list[Suggestion]
    earlier_links: list[EarlierLink]
    later_links: list[LaterLink]
