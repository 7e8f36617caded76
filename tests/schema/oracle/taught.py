"""What declarations say in SQL only, said again in Python. A new SQL expression fails the coverage test until it stands here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.cases.case_number import CaseNumberRefused, parse_normalised
from core.errors import BadUserInput
from core.identity.masking import mask_id, mask_phone
from schema.catalogue import Catalogue
from schema.declared.fields import ComputedField
from schema.declared.figures import GroupedField
from tests.schema.oracle.rows import Row, Snapshot

Taught = Callable[[Snapshot, Row], Any]


def _late(_: Snapshot, row: Row) -> Any:
    done = row["posted_on"] or row["met_on"]
    return None if done is None else done > row["due_on"]


def _masked(column: str, mask: Callable[[str], str]) -> Taught:
    return lambda _, row: None if row[column] is None else mask(row[column])


def _standing(_: Snapshot, row: Row) -> str:
    if row["state"] == "VOID":
        return "VOID"
    if row["acted_on"] is not None:
        return "LATE" if row["acted_on"] > row["due_on"] else "ON_TIME"
    return "OPEN" if row["state"] in ("RECEIVED", "TRACKING", "SUSPENDED") else "MISSED"


def _next_due(seen: Snapshot, row: Row) -> Any:
    running = [
        one["due_on"]
        for one in seen.where("reminders_obligation", "case_id", row["id"])
        if one["state"] in ("RECEIVED", "TRACKING")
    ]
    return min(running, default=None)


def _of_track(subject: str, column: str) -> Taught:
    return lambda _, row: row[column] if row[subject] is not None else None


VALUES: dict[str, Taught] = {
    "Case.nextDueOn": _next_due,
    "SupervisedObligation.standing": _standing,
    "SupervisedObligation.wasMissed": lambda _, row: row["missed_at"] is not None,
    "SupervisionRecord.transition": _of_track("obligation_id", "transition"),
    "SupervisionRecord.fromState": _of_track("obligation_id", "from_state"),
    "SupervisionRecord.toState": _of_track("obligation_id", "to_state"),
    "SupervisionRecord.reportTransition": _of_track("report_id", "transition"),
    "SupervisionRecord.reportState": _of_track("report_id", "to_state"),
    "CircularFile.size": lambda _, row: str(row["size"]),
    "Court.level": lambda _, row: row["level"].upper(),
    "Cause.verified": lambda _, row: row["verified"] == "two_sources",
    "File.size": lambda _, row: str(row["size"]),
    "Period.late": _late,
    "Party.identityNumber": _masked("identity_number", mask_id),
    "Party.telephone": _masked("telephone", mask_phone),
    "Case.labelCount": lambda seen, row: len(seen.where("case_label", "case_id", row["id"])),
    "StrictLink.plainKind": lambda _, row: row["kind"],
    "StrictCase.never": lambda _, row: None if row["number_serial"] == 3 else row["number_serial"],
}


def _by_number(seen: Snapshot, arguments: dict[str, Any]) -> list[Row]:
    try:
        number, _ = parse_normalised(arguments["number"], today=seen.viewer.scope.today)
    except CaseNumberRefused:
        raise BadUserInput("number", "number") from None
    wanted = {
        "court_code": number.court_code,
        "number_year": number.year,
        "number_special": number.special or "",
        "number_type": number.type,
        "number_serial": number.serial,
    }
    return [row for row in seen.tables["case_shell"] if all(row[name] == value for name, value in wanted.items())]


LOOKUPS: dict[str, Callable[[Snapshot, dict[str, Any]], list[Row]]] = {
    "caseByNumber": _by_number,
    "court": lambda seen, given: seen.where("court", "code", given["code"]),
    "cause": lambda seen, given: seen.where("cause", "code", given["code"]),
    "tenant": lambda seen, given: seen.where("tenant", "code", given["code"]),
}


def _source(kind: str, table: str) -> Callable[[Snapshot, Row], list[Row]]:
    return lambda seen, row: seen.where(table, "id", row["source_id"]) if row["source_type"] == kind else []


RELATED: dict[str, Callable[[Snapshot, Row], list[Row]]] = {
    "SupervisedObligation.period": _source("Period", "period"),
    "SupervisedObligation.hearing": _source("Hearing", "hearing"),
    "SupervisedObligation.suggestion": _source("Suggestion", "suggestion"),
    "SupervisedObligation.judgment": _source("Judgment", "judgment"),
    "Notification.case": lambda seen, row: (
        seen.where("case_shell", "id", row["subject_id"]) if row["subject_type"] == "Case" else []
    ),
}
"""To whom a relation leads that is declared by a condition in SQL."""
AGENCYS_TURN = {"RECEIVED", "TRACKING", "ACTED", "FEEDBACK_OVERDUE", "RETURNED", "MISSED", "REMEDY_OPEN", "ESCALATED"}


def _waits(seen: Snapshot, row: Row) -> bool:
    """Whether the next step of a duty is one that the viewer may take."""
    may = seen.viewer.permissions
    plans = {one["state"] for one in seen.where("reminders_remedy", "obligation_id", row["id"])}
    verifies = (
        (row["feedback_filed_at"] is not None and row["verified_at"] is None)
        or row["state"] == "REMEDIED"
        or (not row["due_verified"] and row["state"] == "RECEIVED")
        or bool(plans & {"SIGNED", "DONE"})
    )
    return row["closed_at"] is None and (
        ("supervision.act" in may and row["state"] in AGENCYS_TURN)
        or ("remedy.sign" in may and "FILED" in plans)
        or ("feedback.verify" in may and verifies)
    )


def _report_waits(seen: Snapshot, row: Row) -> bool:
    may = seen.viewer.permissions
    owed = row["state"] in ("RECEIVED", "REPORT_OVERDUE", "RETURNED") and not row["info_only"]
    return ("report.submit" in may and owed) or (
        "report.decide" in may and row["state"] in ("REPORTED", "REPORTED_LATE")
    )


NARROWED: dict[str, Callable[[Snapshot, Row], bool]] = {
    "upcomingDeadlines": lambda _, row: row["closed_at"] is None and row["state"] in ("RECEIVED", "TRACKING"),
    "myTasks": _waits,
    "missedMeanwhile": lambda _, row: row["missed_meanwhile"],
    "myReports": _report_waits,
    "phoneTasks": lambda _, row: row["phone_task"] == "OPEN",
}
"""Lists at the root that are narrowed by conditions in SQL: which rows they have."""
FAILING = {"Case.quotient", "Response.quotient"}
"""Expressions that are made to fail; the oracle never asks for them."""


def answerable(catalogue: Catalogue, kind: str, name: str) -> bool:
    """Whether the oracle answers a field of a type: all but those that Python answers at the root, figures, and what is made to fail."""
    owned = catalogue.queries.get(name) if kind == "Query" else catalogue.fields.get(kind, {}).get(name)
    return f"{kind}.{name}" not in FAILING and not isinstance(
        owned.field if owned else None, ComputedField | GroupedField
    )
