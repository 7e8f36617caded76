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


VALUES: dict[str, Taught] = {
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
RELATED: dict[str, Callable[[Snapshot, Row], list[Row]]] = {
    "Notification.case": lambda seen, row: (
        seen.where("case_shell", "id", row["subject_id"]) if row["subject_type"] == "Case" else []
    ),
}
"""To whom a relation leads that is declared by a condition in SQL."""
FAILING = {"Case.quotient", "Response.quotient"}
"""Expressions that are made to fail; the oracle never asks for them."""


def answerable(catalogue: Catalogue, kind: str, name: str) -> bool:
    """Whether the oracle answers a field of a type: all but those that Python answers at the root, figures, and what is made to fail."""
    owned = catalogue.queries.get(name) if kind == "Query" else catalogue.fields.get(kind, {}).get(name)
    return f"{kind}.{name}" not in FAILING and not isinstance(
        owned.field if owned else None, ComputedField | GroupedField
    )
