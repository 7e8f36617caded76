"""Typed, streaming readers of the reference data that ships in `core/reference/data` (its README names the sources)."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Literal, get_args

DivisionLevel = Literal["province", "city", "district", "town"]
DivisionKind = Literal["normal", "virtual", "direct", "functional", "nontenant"]

_DIVISION_LEVELS: dict[str, DivisionLevel] = {level: level for level in get_args(DivisionLevel)}
_DIVISION_KINDS: dict[str, DivisionKind] = {kind: kind for kind in get_args(DivisionKind)}


@dataclass(frozen=True, slots=True)
class Division:
    """行政区划: province, city, district or town. `code` has 2, 4, 6 or 9 digits and begins with the parent's code."""

    code: str
    parent_code: str | None
    level: DivisionLevel
    name_zh: str
    kind: DivisionKind
    source: str
    nbs2023_code: str | None


@dataclass(frozen=True, slots=True)
class ClosedDivision:
    """已撤销的区划: a division that no longer exists and the one that took its place.

    `closed_on` is the first day on which it no longer existed; `successor_opened_on` is set if the successor was
    newly made then. `basis` says where the days come from.
    """

    code: str
    name_zh: str
    level: DivisionLevel
    parent_code: str
    successor_code: str
    closed_on: date
    successor_opened_on: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class Court:
    """人民法院: `code` as in case numbers (粤7101), `level` supreme, high, intermediate or basic; see `verified`."""

    code: str
    name_zh: str
    level: str
    division_code: str
    administrative_role: str
    since: date | None
    verified: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Cause:
    """案由 (法发〔2020〕44号): `level` 1 to 3, `no_in_text` the number that the document itself gives it."""

    code: str
    parent_code: str | None
    level: int
    no_in_text: str
    name_zh: str
    verified: str


@dataclass(frozen=True, slots=True)
class CaseType:
    """类型代字: one of the 20 type characters of administrative case numbers, e.g. 行初."""

    type: str
    name_zh: str
    basic_court_possible: bool
    stage: str


@dataclass(frozen=True, slots=True)
class AgencySeed:
    """行政机关: one agency of Guangzhou to start a tenant with; `basis` says how far the row can be trusted."""

    agency_id: str
    name_zh: str
    short_name: str
    level: str
    tenant_code: str
    category: str
    basis: str
    note: str


@contextmanager
def _open_rows(name: str) -> Iterator[Iterator[dict[str, str]]]:
    with (files(__package__) / "data" / name).open("rb") as raw:
        binary = gzip.GzipFile(fileobj=raw) if name.endswith(".gz") else raw
        with io.TextIOWrapper(binary, encoding="utf-8", newline="") as text:
            yield csv.DictReader(text)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def read_divisions() -> Iterator[Division]:
    """All 44,635 divisions in the order of their codes, so a parent comes before its children."""
    with _open_rows("divisions.csv.gz") as rows:
        for row in rows:
            yield Division(
                code=row["code"],
                parent_code=row["parent_code"] or None,
                level=_DIVISION_LEVELS[row["level"]],
                name_zh=row["name_zh"],
                kind=_DIVISION_KINDS[row["kind"]],
                source=row["src"],
                nbs2023_code=row["nbs2023_code"] or None,
            )


def read_closed_divisions() -> Iterator[ClosedDivision]:
    """The divisions that were merged into others since the lists began."""
    with _open_rows("closed_divisions.csv") as rows:
        for row in rows:
            yield ClosedDivision(
                code=row["code"],
                name_zh=row["name_zh"],
                level=_DIVISION_LEVELS[row["level"]],
                parent_code=row["parent_code"],
                successor_code=row["successor_code"],
                closed_on=date.fromisoformat(row["closed_on"]),
                successor_opened_on=_day(row["successor_opened_on"]),
                basis=row["basis"],
            )


def read_courts() -> Iterator[Court]:
    """The courts of Guangdong and the Supreme People's Court, by code."""
    with _open_rows("courts.csv") as rows:
        for row in rows:
            yield Court(
                code=row["code"],
                name_zh=row["name_zh"],
                level=row["level"],
                division_code=row["division_code"],
                administrative_role=row["administrative_role"],
                since=_day(row["since"]),
                verified=row["verified"],
                evidence=row["evidence"],
            )


def read_causes() -> Iterator[Cause]:
    """The 163 causes; a parent comes before its children."""
    with _open_rows("causes.csv") as rows:
        for row in rows:
            yield Cause(
                code=row["code"],
                parent_code=row["parent_code"] or None,
                level=int(row["level"]),
                no_in_text=row["no_in_text"],
                name_zh=row["name_zh"],
                verified=row["verified"],
            )


def read_case_types() -> Iterator[CaseType]:
    """The 20 type characters of administrative case numbers."""
    with _open_rows("case_types.csv") as rows:
        for row in rows:
            yield CaseType(
                type=row["type"],
                name_zh=row["name_zh"],
                basic_court_possible=row["basic_court_possible"] == "yes",
                stage=row["stage"],
            )


def read_agencies_guangzhou() -> Iterator[AgencySeed]:
    """The 503 agencies of Guangzhou: city, districts, towns and streets, zones."""
    with _open_rows("agencies-guangzhou.csv") as rows:
        for row in rows:
            yield AgencySeed(**row)
