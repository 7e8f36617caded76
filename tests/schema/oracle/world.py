"""A small, nasty world: nulls and ties where lists are sorted, co-respondents of other districts, links, and hard texts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Table

from core.db.table_registry import all_tables, load_tables
from schema.catalogue import Catalogue
from schema.declared.fields import ValueField
from schema.declared.values import Scalar
from tests.schema.oracle.supervised import supervise
from tests.schema.oracle.viewers import agency_id, member_id
from tests.support.city import AGENCIES, TENANTS
from tests.support.example import LABELS, table_statements

TEXTS = [
    "普通", "it's", 'a "quoted" word', "back\\slash", '["\\u0000",0]', "\\u0000", "两行\n一行\t", "🏛️👩‍⚖️", "𠮷野家", "a\u0301",
    "</script>", "\u2028", "\x01\x7f", "%_%", "'; drop table note; --", "", " ", "null", "x" * 300, "ＡＢ１２", "{}",
]  # fmt: skip
DAYS = [date(2026, 1, 5), date(2026, 1, 5), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 10), date(2025, 12, 31)]
INSTANTS = [
    datetime(2026, 3, 1, 1, 2, 3, tzinfo=UTC),
    datetime(2026, 3, 1, 1, 2, 3, 120000, tzinfo=UTC),
    datetime(2026, 3, 1, 1, 2, 3, 1, tzinfo=UTC),
    datetime(2025, 12, 31, 16, 0, tzinfo=UTC),
]
JSONS: list[Any] = [
    {},
    {"a": [1, 2.5, None, True], "文": '\\"🏛️'},
    {"big": 12345678901234567890, "deep": {"x": [[]]}},
    [],
]
CAUSES = [("01", None, 1), ("0101", "01", 2), ("0102", "01", 2), ("010101", "0101", 3)]
COURTS = ["粤7101", "粤71", "粤03"]
OTHERS = "粤0304"
CASES = 26


WITHOUT_CHECKS = """
do $$ declare found record; begin
  for found in select conrelid::regclass as of, conname from pg_constraint
    where contype = 'c' and conrelid::regclass::text like 'reminders\\_%' loop
    execute format('alter table %s drop constraint %I', found.of, found.conname);
  end loop;
end $$
"""
"""Invented figures of a circular do not add up; the planner answers whatever stands there."""


class Builder:
    """Invents rows column by column, the same ones in every run."""

    def __init__(self, catalogue: Catalogue) -> None:
        load_tables()
        self.random = Random(20260310)
        self.tables = {table.name: table for table in [*all_tables(), LABELS]}
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.enums = {
            (node.table.name, field.column.name): field.type
            for name, node in catalogue.nodes.items()
            for owned in catalogue.fields[name].values()
            if isinstance(field := owned.field, ValueField)
            and field.column is not None
            and not isinstance(field.type, Scalar)
        }

    def add(self, name: str, /, **given: Any) -> dict[str, Any]:
        table = self.tables[name]
        row = {
            column.name: given[column.name] if column.name in given else self._value(table, column)
            for column in table.columns
            if column.computed is None and (column.identity is None or column.name in given)
        }
        self.rows.setdefault(name, []).append(row)
        return row

    def pick(self, some: list[Any]) -> Any:
        return self.random.choice(some)

    def maybe(self, value: Any, share: float = 0.6) -> Any:
        return value if self.random.random() < share else None

    def absent(self) -> bool:
        return self.random.random() < 0.4

    def uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def text(self) -> str:
        return str(self.pick(TEXTS))

    def _value(self, table: Table, column: Any) -> Any:
        if column.nullable and self.absent():
            return None
        enum = self.enums.get((table.name, column.name))
        if enum is not None:
            return self.pick(list(enum)).value
        match type(column.type).__name__:
            case "Uuid":
                return self.uuid()
            case "Date":
                return self.pick(DAYS)
            case "DateTime":
                return self.pick(INSTANTS)
            case "Time":
                return self.pick([time(9, 0), time(14, 30, 15)])
            case "Boolean":
                return self.pick([True, False])
            case "Numeric":
                return self.pick([Decimal("0.00"), Decimal("1200.50"), Decimal("99999999.99")])
            case "JSONB":
                return self.pick(JSONS)
            case "ARRAY":
                return [self.text() for _ in range(self.random.randint(0, 3))]
            case "Text" | "String":
                return self.text()
            case _:
                return self.random.randint(0, 9)


def build(catalogue: Catalogue) -> Builder:
    """All rows, in memory."""
    made = Builder(catalogue)
    _reference(made)
    _people(made)
    cases = [_case(made, serial) for serial in range(1, CASES + 1)]
    _links(made, cases)
    supervise(made)
    return made


def _reference(made: Builder) -> None:
    for code in [*COURTS, OTHERS]:
        made.add("court", code=code, level=made.pick(["basic", "intermediate"]), division_code=made.maybe("4401"))
    for code, parent, level in CAUSES:
        made.add("cause", code=code, parent_code=parent, level=level, verified=made.pick(["two_sources", "one_source"]))
    for number, (code, shard, parent, level, name, low, high) in enumerate(TENANTS):
        made.add(
            "tenant", code=code, shard=shard, parent_code=parent, level=level, kind="NORMAL", name_zh=name, low=low, high=high,
            successor_code=440112000 if code == 440106000 else None, valid_from=made.maybe(date(2020, 1, 1)), valid_to=None,
        )  # fmt: skip
        for step in range(number % 3):
            made.add(
                "tenant_version", id=number * 10 + step, code=code, parent_code=parent,
                valid_from=None if step == 0 else date(2020, 1, step), valid_to=None if step else date(2020, 1, 1),
            )  # fmt: skip


def _people(made: Builder) -> None:
    for number, (key, (name, code, level, category)) in enumerate(AGENCIES.items(), start=1):
        made.add(
            "agency", shard=code // 100_000, id=agency_id(number), code=code, external_id=key, name_zh=name, level=level,
            category=category, sort_key=made.pick(["gong", "gong", "zheng"]),
        )  # fmt: skip
        for _ in range(2):
            made.add(
                "member", shard=code // 100_000, id=made.uuid(), code=code, subject=key, valid_from=DAYS[0], valid_until=None,
                agency_id=made.maybe(agency_id(number)), court_code=made.maybe("粤7101"),
            )  # fmt: skip
            made.add("audit_entry", shard=code // 100_000, code=code, agency_id=made.maybe(agency_id(number)))
            made.add("import_run", shard=code // 100_000, code=code)
    made.add(
        "member",
        shard=4401,
        id=member_id(1),
        code=440112000,
        subject="h",
        agency_id=agency_id(3),
        valid_from=DAYS[0],
        valid_until=None,
    )
    made.add(
        "member",
        shard=4401,
        id=member_id(2),
        code=440100000,
        subject="m",
        agency_id=None,
        valid_from=DAYS[0],
        valid_until=None,
    )


def _case(made: Builder, serial: int) -> dict[str, Any]:
    keys = list(AGENCIES)
    first = "shenzhen" if serial % 9 == 0 else made.pick(keys[:4])
    others = [key for key in keys[:4] if key != first] if first != "shenzhen" else []
    respondents = [first, *made.random.sample(others, k=min(len(others), made.pick([0, 0, 1, 2])))]
    shard = AGENCIES[first][1] // 100_000
    disputes = [row for row in made.rows.get("dispute", []) if row["shard"] == shard]
    dispute = made.pick(disputes) if disputes and serial % 4 == 0 else made.add("dispute", shard=shard, id=made.uuid())
    filed, closed = made.pick(DAYS), made.maybe(date(2026, 3, 12), 0.4)
    numbered = serial % 7 != 0
    court = made.pick(COURTS) if numbered else made.maybe(OTHERS)
    copied = {
        "filed_on": filed, "closed_on": closed, "status": "CLOSED" if closed else "OPEN", "court_code": court,
        "procedure_kind": made.pick(["FIRST", "SECOND", "RETRIAL"]), "cause_code": made.pick([code for code, _, _ in CAUSES]),
    }  # fmt: skip
    shell = made.add(
        "case_shell", shard=shard, id=made.uuid(), dispute_id=dispute["id"], number_year=2026 if numbered else None,
        number_special="", number_type="行初" if numbered else None, number_serial=serial if numbered else None,
        number_text=f"（2026）{court}行初{serial}号" if numbered else None, closing_cause_code=made.maybe("0101"), **copied,
    )  # fmt: skip
    hearings = [_hearing(made, shell, sequence) for sequence in range(1, made.random.randint(1, 4))]
    judgments = [
        made.add("judgment", shard=shard, id=made.uuid(), case_id=shell["id"]) for _ in range(made.random.randint(0, 2))
    ]
    for ordinal in range(made.random.randint(0, 4)):
        made.add(
            "party", shard=shard, case_id=shell["id"], ordinal=ordinal // 2, name=made.text() or "某", people=1 + ordinal,
            agency_id=made.maybe(agency_id(made.random.randint(1, 5)), 0.3),
            identity_number=made.pick([None, "", "44010119900101123X", "440101900101123", "E1234567", "12"]),
            telephone=made.pick([None, "13800138000", "0201234567", "12345"]),
        )  # fmt: skip
    for ordinal, key in enumerate(respondents):
        _response(made, shell, ordinal, key, copied, hearings, judgments)
    return shell


def _hearing(made: Builder, shell: dict[str, Any], sequence: int) -> dict[str, Any]:
    row = made.add("hearing", shard=shell["shard"], id=made.uuid(), case_id=shell["id"], sequence=sequence)
    for step in range(made.random.randint(0, 2)):
        made.add(
            "hearing_change", shard=shell["shard"], case_id=shell["id"], hearing_id=row["id"],
            changed_at=INSTANTS[0] + timedelta(days=step // 2),
        )  # fmt: skip
    return row


def _response(
    made: Builder, shell: dict[str, Any], ordinal: int, key: str, copied: dict[str, Any], hearings: list[dict[str, Any]],
    judgments: list[dict[str, Any]],
) -> None:  # fmt: skip
    code, agency = AGENCIES[key][1], agency_id(1 + list(AGENCIES).index(key))
    shard = shell["shard"]
    response = made.add(
        "response", shard=shard, id=made.uuid(), case_id=shell["id"], agency_id=agency, code=code, origin_code=code,
        ordinal=ordinal, **copied,
    )  # fmt: skip
    whose = {"shard": shard, "code": code, "agency_id": agency, "case_id": shell["id"], "response_id": response["id"]}
    for hearing in hearings:
        if made.random.random() < 0.8:
            made.add("appearance", hearing_id=hearing["id"], ordinal=ordinal, held_on=hearing["held_on"], **whose)
    for judgment in judgments:
        if made.random.random() < 0.8:
            made.add("holding", judgment_id=judgment["id"], ordinal=ordinal, decided_on=judgment["decided_on"], **whose)
    for _ in range(made.random.randint(0, 3)):
        stored = made.add(
            "stored_file", shard=shard, id=made.uuid(), code=code, agency_id=made.maybe(agency), name="卷\\一", size=2**40,
            sha256="0a" * 32, uploaded_by=made.maybe(member_id(2), 0.3),
        )  # fmt: skip
        document = made.add("document", id=made.uuid(), file_id=made.maybe(stored["id"]), **whose)
        reckoned = made.add("period_calculation", shard=shard, id=made.uuid(), digest=str(made.uuid()))
        period = made.add(
            "period", id=made.uuid(), calculation_id=made.maybe(reckoned["id"]), source_document_id=made.maybe(document["id"]), **whose
        )  # fmt: skip
        for step in range(made.random.randint(0, 2)):
            made.add(
                "period_change", period_id=period["id"], changed_at=INSTANTS[0] + timedelta(days=step // 2), **whose
            )
        done = made.maybe(date(2026, 3, 1))
        made.add(
            "obligation", status="FULFILLED" if done else "OPEN", fulfilled_on=done, period_id=made.maybe(period["id"]),
            judgment_id=made.maybe(judgments[0]["id"]) if judgments else None, **whose,
        )  # fmt: skip
        made.add("note", body=made.text() or "记", **whose)
        made.add(
            "suggestion", shard=shard, code=code, agency_id=agency, case_id=made.maybe(shell["id"]), response_id=made.maybe(response["id"]),
            status="REPLIED" if done else "OPEN", replied_on=done, calculation_id=made.maybe(reckoned["id"]),
        )  # fmt: skip
        made.add("case_label", text=str(made.uuid()) + made.text(), **whose)
    for member in (member_id(1), member_id(2)):
        subject = made.pick([("Case", shell["id"]), ("Case", shell["id"]), ("Response", response["id"])])
        if shard == 4401:
            made.add(
                "notification", shard=shard, code=440112000, agency_id=made.maybe(agency_id(3)), member_id=member,
                subject_type=subject[0], subject_id=subject[1], key=str(made.uuid()),
            )  # fmt: skip
    granted = {"shard": shard, "code": code, "case_id": shell["id"], "valid_from": DAYS[0]}
    if shard == 4401 and made.random.random() < 0.4:
        made.add("case_grant", member_id=member_id(1), agency_id=agency_id(3), valid_until=None, **granted)
    if shard == 4401 and ordinal == 0 and made.random.random() < 0.4:
        made.add(
            "case_grant",
            member_id=member_id(2),
            agency_id=None,
            valid_until=made.maybe(date(2026, 3, 10), 0.3),
            **granted,
        )


def _links(made: Builder, cases: list[dict[str, Any]]) -> None:
    for earlier, later in zip(cases, [*cases[1:], *cases[5:]], strict=False):
        if earlier["shard"] == later["shard"] and earlier is not later and made.random.random() < 0.7:
            made.add("case_link", shard=earlier["shard"], from_case_id=earlier["id"], to_case_id=later["id"])


async def fill(url: str, made: Builder) -> None:
    """Write the rows as they are: no trigger, no foreign key and no check of the plugin touches them."""
    connection = await asyncpg.connect(url)
    try:
        for statement in table_statements():
            await connection.execute(statement)
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
        await connection.execute("set session_replication_role = replica")
        await connection.execute(WITHOUT_CHECKS)
        for name, rows in made.rows.items():
            await _insert(connection, name, rows)
        await connection.execute("analyze")
    finally:
        await connection.close()


async def _insert(connection: asyncpg.Connection, name: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        columns, places = ", ".join(row), ", ".join(f"${place}" for place in range(1, len(row) + 1))
        await connection.execute(f"insert into {name} ({columns}) values ({places})", *row.values())
