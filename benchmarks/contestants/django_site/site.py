"""strawberry-django with its query optimizer, as its documentation shows it: types of models, lists of related models."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
import strawberry_django
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from strawberry import auto
from strawberry.django.views import GraphQLView
from strawberry.extensions import ParserCache, ValidationCache
from strawberry_django.optimizer import DjangoOptimizerExtension

from benchmarks.contestants.django_site import models
from benchmarks.contestants.django_site.models import SETTING
from benchmarks.contestants.django_site.types import Case


@strawberry.type
class PageInfo:
    has_next_page: bool


def page(first: int) -> list[UUID]:
    """The cases of the page, driven from responses: each case at its first response in the scope."""
    mine = models.Response.objects.order_by("-filed_on", "-id")
    if SETTING.district is not None:
        mine = mine.filter(district=SETTING.district)
    earlier = mine.filter(case_id=OuterRef("case_id"), ordinal__lt=OuterRef("ordinal")).order_by()
    return list(mine.exclude(Exists(earlier)).values_list("case_id", flat=True)[: first + 1])


@strawberry.type
class Cases:
    ids: strawberry.Private[list[UUID]]
    first: strawberry.Private[int]

    @strawberry_django.field
    def nodes(self) -> list[Case]:
        listed: Any = models.Case.objects.filter(id__in=self.ids[: self.first]).order_by("-filed_on", "-id")
        return listed  # type: ignore[no-any-return]

    @strawberry.field
    def page_info(self) -> PageInfo:
        return PageInfo(has_next_page=len(self.ids) > self.first)


@strawberry.type
class Rate:
    percent: str | None
    numerator: int
    denominator: int


@strawberry.type
class Tally:
    year: int | None = None
    procedure_kind: str | None = None
    status: str | None = None
    filed: int = 0
    open: int = 0
    closed: int = 0
    lost_first_instance: int = 0
    judged: strawberry.Private[int] = 0

    @strawberry.field
    def loss_rate(self) -> Rate:
        percent = f"{round(Decimal(100 * self.lost_first_instance) / self.judged, 2)}" if self.judged else None
        return Rate(percent=percent, numerator=self.lost_first_instance, denominator=self.judged)


@strawberry.enum
class By(Enum):
    YEAR = "year"
    PROCEDURE_KIND = "procedure_kind"
    STATUS = "status"


def summed(**conditions: Any) -> Any:
    return Coalesce(Sum("responses", filter=Q(**conditions)), 0)


def tallies(by: str) -> list[Tally]:
    """Cells of the scope's own level, summed by the ORM."""
    first = {"series": "CLOSED", "procedure_kind": "FIRST", "lost__isnull": False}
    _, level, code = SETTING.own_cells
    rows = (
        models.CaseTally.objects.filter(level=level, tenant_code=code)
        .annotate(year=ExtractYear("month"))
        .values(by)
        .annotate(
            filed=summed(series="FILED"),
            open=summed(series="FILED", status="OPEN"),
            closed=summed(series="CLOSED"),
            judged=summed(**first),
            lost_first_instance=summed(**first | {"lost": True}),
        )
        .order_by(by)
    )
    return [Tally(**row) for row in rows]


@strawberry.type
class Query:
    @strawberry.field
    def case_tally(self, by: list[By]) -> list[Tally]:
        return tallies(by[0].value)

    @strawberry.field
    def cases(self, first: int) -> Cases:
        return Cases(ids=page(first), first=first)

    @strawberry_django.field
    def node(self, id: UUID) -> Case | None:
        found: Any = models.Case.objects.filter(id=id)
        return found  # type: ignore[no-any-return]


@strawberry_django.type(models.Note)
class Note:
    id: auto
    body: auto
    written_by: auto


@strawberry.type
class Written:
    note: Note | None


@strawberry.type
class Mutation:
    @strawberry.mutation
    def note_write(self, response: UUID, body: str) -> Written:
        r, now = models.Response.objects.get(id=response), timezone.now()
        owner = {"code": r.code, "agency_id": r.agency_id}
        note = models.Note.objects.create(
            **owner, case_id=r.case_id, response_id=r.id, body=body, written_by=SETTING.written_by, written_at=now
        )
        models.AuditEntry.objects.create(
            **owner, at=now, act="noteWrite", actor="benchmark", subject_type="Note", subject_id=note.id,
            after={"response_id": str(r.id), "characters": len(body)},
        )  # fmt: skip
        models.DomainEvent.objects.create(
            **owner, name="NoteWritten", subject_type="Note", subject_id=note.id, occurred_at=now,
            payload={"caseId": str(r.case_id), "responseId": str(r.id)},
        )  # fmt: skip
        return Written(note=note)


schema = strawberry.Schema(Query, Mutation, extensions=[ParserCache, ValidationCache, DjangoOptimizerExtension])
inner = GraphQLView.as_view(schema=schema, graphql_ide=None)


@csrf_exempt
def scoped(request: Any) -> Any:
    """One transaction a request, in the scope."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SETTING.scope)
        return inner(request)


urlpatterns = [path("graphql", scoped)]
