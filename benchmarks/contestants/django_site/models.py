"""The tables as Django models, unmanaged. `shard` is a constant of the scope: every manager adds it, so that the indexes are used."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from benchmarks.contestants.setting import Setting

SETTING = Setting.read()


class OfShard(models.Manager[Any]):
    """Rows of the scope's shard."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(shard=SETTING.shard)


class Sharded(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    shard = models.IntegerField(default=SETTING.shard)
    objects = OfShard()

    class Meta:
        abstract = True
        managed = False
        base_manager_name = "objects"


def text(column: str | None = None) -> Any:
    return models.TextField(null=True, db_column=column)


def day() -> Any:
    return models.DateField(null=True)


def to(target: str, name: str, column: str | None = None) -> Any:
    return models.ForeignKey(target, models.DO_NOTHING, related_name=name, db_column=column, null=True)


class Court(models.Model):
    code = models.TextField(primary_key=True)
    name = text("name_zh")

    class Meta:
        managed, db_table = False, "court"


class Cause(models.Model):
    code = models.TextField(primary_key=True)
    name = text("name_zh")

    class Meta:
        managed, db_table = False, "cause"


class Agency(Sharded):
    name, level, category = text("name_zh"), text(), text()

    class Meta(Sharded.Meta):
        db_table = "agency"


class Dispute(Sharded):
    opened_on = day()

    class Meta(Sharded.Meta):
        db_table = "dispute"


class Case(Sharded):
    dispute = to("django_site.Dispute", "cases")
    court = to("django_site.Court", "+", "court_code")
    cause = to("django_site.Cause", "+", "cause_code")
    number = text("number_text")
    status, procedure_kind, procedure_form, compensation, outcome = text(), text(), text(), text(), text()
    filed_on, closed_on, first_hearing_on = day(), day(), day()
    version = models.IntegerField(default=1)

    class Meta(Sharded.Meta):
        db_table = "case_shell"
        ordering = ("filed_on", "id")


class OfAgency(Sharded):
    agency = to("django_site.Agency", "+")
    code = models.BigIntegerField()

    class Meta(Sharded.Meta):
        abstract = True


class Response(OfAgency):
    case = to("django_site.Case", "responses")
    ordinal = models.IntegerField()
    district = models.BigIntegerField()
    role, outcome = text(), text()
    lost = models.BooleanField(null=True)
    filed_on, received_on, answer_due_on, answered_on = day(), day(), day(), day()
    version = models.IntegerField(default=1)

    class Meta(Sharded.Meta):
        db_table = "response"
        ordering = ("ordinal",)


class Party(Sharded):
    case = to("django_site.Case", "parties")
    side, kind, name = text(), text(), text()
    ordinal, people = models.IntegerField(), models.IntegerField()

    class Meta(Sharded.Meta):
        db_table = "party"
        ordering = ("ordinal", "id")


class Hearing(Sharded):
    case = to("django_site.Case", "hearings")
    sequence, version = models.IntegerField(), models.IntegerField()
    held_on = day()
    mode, status = text(), text()
    head_required = models.BooleanField(null=True)

    class Meta(Sharded.Meta):
        db_table = "hearing"
        ordering = ("-held_on", "-id")


class Appearance(OfAgency):
    hearing = to("django_site.Hearing", "appearances")
    ordinal, agents = models.IntegerField(), models.IntegerField(null=True)
    head_attended = models.BooleanField(null=True)
    head_name, head_kind, absence_reason = text(), text(), text()

    class Meta(Sharded.Meta):
        db_table = "appearance"
        ordering = ("ordinal",)


class Judgment(Sharded):
    case = to("django_site.Case", "judgments")
    kind, outcome = text(), text()
    number = text("number_text")
    decided_on, served_on, appeal_until = day(), day(), day()

    class Meta(Sharded.Meta):
        db_table = "judgment"
        ordering = ("-decided_on", "-id")


class Holding(OfAgency):
    judgment = to("django_site.Judgment", "holdings")
    ordinal = models.IntegerField()
    outcome, loss_reason = text(), text()
    lost = models.BooleanField(null=True)

    class Meta(Sharded.Meta):
        db_table = "holding"
        ordering = ("ordinal",)


class Document(Sharded):
    case = to("django_site.Case", "documents")
    doc_type, title, direction = text(), text(), text()
    dated_on, received_on = day(), day()
    pages = models.IntegerField(null=True)

    class Meta(Sharded.Meta):
        db_table = "document"
        ordering = ("-received_on", "-id")


class Period(Sharded):
    case = to("django_site.Case", "periods")
    kind, status = text(), text()
    starts_on, due_on, met_on = day(), day(), day()
    provisional = models.BooleanField()

    class Meta(Sharded.Meta):
        db_table = "period"
        ordering = ("due_on", "id")


class Obligation(Sharded):
    case = to("django_site.Case", "obligations")
    kind, content, status = text(), text(), text()
    due_on, fulfilled_on = day(), day()

    class Meta(Sharded.Meta):
        db_table = "obligation"
        ordering = ("due_on", "id")


class Suggestion(Sharded):
    case = to("django_site.Case", "suggestions")
    kind, issued_by, subject, status = text(), text(), text(), text()
    received_on, reply_due_on = day(), day()

    class Meta(Sharded.Meta):
        db_table = "suggestion"
        ordering = ("-received_on", "-id")


class CaseLink(Sharded):
    from_case = to("django_site.Case", "later_links")
    to_case = to("django_site.Case", "earlier_links")
    kind = text()

    class Meta(Sharded.Meta):
        db_table = "case_link"
        ordering = ("id",)


class CaseTally(Sharded):
    level, series, procedure_kind, status, outcome = text(), text(), text(), text(), text()
    tenant_code = models.BigIntegerField()
    month = day()
    lost = models.BooleanField(null=True)
    responses = models.IntegerField()

    class Meta(Sharded.Meta):
        db_table = "case_tally"


class Note(OfAgency):
    case_id, response_id = models.UUIDField(), models.UUIDField()
    body, written_by = text(), text()
    written_at = models.DateTimeField()

    class Meta(Sharded.Meta):
        db_table = "note"


class AuditEntry(OfAgency):
    at = models.DateTimeField()
    act, actor, subject_type = text(), text(), text()
    subject_id = models.UUIDField()
    after = models.JSONField()

    class Meta(Sharded.Meta):
        db_table = "audit_entry"


class DomainEvent(OfAgency):
    name, subject_type = text(), text()
    subject_id = models.UUIDField()
    payload = models.JSONField()
    occurred_at = models.DateTimeField()

    class Meta(Sharded.Meta):
        db_table = "domain_event"
