"""Rows of supervision for the oracle's world: duties in every state, their history, and circulars of a city."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from plugins.reminders.rules.vocabulary import ObligationState, ReportState, ReportTransition, Transition
from tests.schema.oracle.viewers import member_id

if TYPE_CHECKING:
    from tests.schema.oracle.world import Builder

OBLIGATION_TRACK = (Transition, ObligationState)
REPORT_TRACK = (ReportTransition, ReportState)
SOURCES = {"Period": "period", "Hearing": "hearing", "Suggestion": "suggestion", "Judgment": "judgment"}
PLACES = [(440106000, "天河区"), (440112000, "黄埔区"), (440100000, "市直单位")]


def supervise(made: Builder) -> None:
    """Duties and reports of every response, and of a suggestion that came without a case."""
    for response in made.rows["response"]:
        whose = {"shard": response["shard"], "code": response["code"], "agency_id": response["agency_id"]}
        whose |= {"case_id": response["case_id"], "response_id": response["id"]}
        for document in _of(made, "document", response_id=response["id"]):
            _report(made, document, whose)
        for _ in range(made.random.randint(0, 3)):
            _obligation(made, whose)
    for suggestion in made.rows["suggestion"][:6]:
        whose = {"shard": suggestion["shard"], "code": suggestion["code"], "agency_id": suggestion["agency_id"]}
        _obligation(made, whose | {"case_id": None, "response_id": None})
    for shard in (4401, 4403):
        for month, state in ((1, "PUBLISHED"), (2, "SUPERSEDED"), (2, "DRAFT")):
            _circular(made, shard, date(2026, month, 1), state)


def _of(made: Builder, table: str, **columns: Any) -> list[dict[str, Any]]:
    return [row for row in made.rows.get(table, []) if all(row[name] == value for name, value in columns.items())]


def _report(made: Builder, document: dict[str, Any], whose: dict[str, Any]) -> None:
    if made.random.random() < 0.6:
        row = made.add("reminders_report", id=made.uuid(), document_id=document["id"], **whose)
        _history(made, whose, report_id=row["id"], obligation_id=None)


def _obligation(made: Builder, whose: dict[str, Any]) -> None:
    source = made.pick(list(SOURCES))
    told = {row["source_id"] for row in made.rows.get("reminders_obligation", [])}
    rows = [row for row in _of(made, SOURCES[source], shard=whose["shard"]) if row["id"] not in told]
    row = made.add(
        "reminders_obligation", id=made.uuid(), source_type=source, source_id=made.pick(rows)["id"] if rows else made.uuid(),
        responsible_id=made.maybe(member_id(1), 0.3), missed_meanwhile=made.random.random() < 0.3, **whose,
    )  # fmt: skip
    of_it = {"obligation_id": row["id"], **whose}
    _history(made, whose, obligation_id=row["id"], report_id=None)
    for offset in made.random.sample([7, 3, 1], k=made.random.randint(0, 3)):
        made.add("reminders_reminder", id=made.uuid(), offset_days=offset, kind=f"REMIND_{offset}", **of_it)
    for ordinal in range(made.random.randint(0, 2)):
        made.add("reminders_remedy", id=made.uuid(), ordinal=ordinal, **of_it)
    if made.random.random() < 0.3:
        made.add("reminders_escalation", id=made.uuid(), **of_it)


def _history(made: Builder, whose: dict[str, Any], **subject: UUID | None) -> None:
    for ordinal in range(made.random.randint(0, 3)):
        transitions, states = REPORT_TRACK if subject["report_id"] else OBLIGATION_TRACK
        named = {
            "transition": made.pick(list(transitions)).value,
            "from_state": made.maybe(made.pick(list(states)).value),
            "to_state": made.pick(list(states)).value,
        }
        made.add("reminders_event", id=made.uuid(), ordinal=ordinal, **named, **subject, **whose)


def _circular(made: Builder, shard: int, month: date, state: str) -> None:
    issue = made.add("reminders_circular", shard=shard, id=made.uuid(), code=shard * 100_000, month=month, state=state)
    for agency in [row for row in made.rows["agency"] if row["shard"] == shard]:
        for table in ("reminders_circular_line", "reminders_circular_miss", "reminders_circular_correction"):
            code, name = made.pick(PLACES)
            made.add(
                table, shard=shard, id=made.uuid(), circular_id=issue["id"], agency_id=agency["id"], district_code=code,
                district_name=name,
            )  # fmt: skip
    for form in ("DOCX", "XLSX"):
        made.add("reminders_circular_file", shard=shard, id=made.uuid(), circular_id=issue["id"], format=form)
