"""Every constraint of every tenant table says something to the author of a row, or cannot be met, with a reason."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from core.cases.tables import Note, Party
from core.db.base import Base, RowClass
from core.db.rls import row_class
from core.db.session import Database
from core.db.table_registry import all_tables, load_tables
from core.db.violations import UNREACHABLE, VIOLATIONS, ViolationKind, reason_of, violation_of
from core.identity.tables import Member
from tests.support.city import City

CATALOGUE = text(
    "select conrelid::regclass::text as table_name, conname as name, contype::text as type from pg_constraint c"
    " join pg_namespace n on n.oid = c.connamespace where n.nspname = 'public' and contype in ('u', 'c', 'f', 'x')"
    " union all select tablename, indexname, 'u' from pg_indexes i where schemaname = 'public'"
    " and indexdef like 'CREATE UNIQUE%' and not exists (select 1 from pg_constraint where conname = i.indexname)"
)
KINDS = {
    "u": {ViolationKind.EXISTS},
    "x": {ViolationKind.EXISTS},
    "c": {ViolationKind.INVALID},
    "f": {ViolationKind.MISSING},
}


def tenant_tables() -> set[str]:
    """The core's tables that an application session can write; a plugin's constraints are declared beside them, and tried there."""
    load_tables()
    own = {mapper.local_table for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("core.")}
    unwritten = (RowClass.SHARED, RowClass.SYSTEM)
    return {table.name for table in all_tables() if table in own and row_class(table) not in unwritten}


async def constraints(database: Database) -> dict[str, str]:
    tables = tenant_tables()
    async with database.system() as session:
        rows = await session.rows(CATALOGUE)
    return {row.name: row.type for row in rows if row.table_name in tables}


async def test_every_constraint_has_a_text_or_a_reason(database: Database) -> None:
    found = await constraints(database)
    assert len(found) > 50
    assert set(found) - set(VIOLATIONS) - set(UNREACHABLE) == set()
    for name in set(found) & set(VIOLATIONS):
        assert VIOLATIONS[name].kind in KINDS[found[name]], name


async def test_no_text_speaks_of_a_constraint_that_is_gone(database: Database) -> None:
    found = await constraints(database)
    assert (set(VIOLATIONS) | set(UNREACHABLE)) - set(found) == set()
    assert set(VIOLATIONS) & set(UNREACHABLE) == set()


def test_fields_are_columns_or_the_case_number() -> None:
    load_tables()
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert {violation.field for violation in VIOLATIONS.values()} <= columns | {"number"}


async def broken(database: Database, statement: object) -> DBAPIError:
    with pytest.raises(DBAPIError) as caught:
        async with database.system() as session:
            await session.execute(statement)  # type: ignore[arg-type]
    return caught.value


async def test_a_broken_constraint_is_told_by_its_name(database: Database, city: City) -> None:
    member = {
        "shard": 4401,
        "code": 440100000,
        "issuer": "i",
        "subject": "",
        "role": "AUDITOR",
        "display_name": "x",
        "valid_from": text("current_date"),
        "created_at": text("now()"),
    }
    violation = violation_of(await broken(database, insert(Member).values(member)))
    assert violation == VIOLATIONS["ck_member_subject"]
    party = {"shard": 4401, "case_id": uuid4(), "side": "CLAIMANT", "kind": "LEGAL_PERSON", "name": "x"}
    violation = violation_of(await broken(database, insert(Party).values(party)))
    assert violation == VIOLATIONS["fk_party_shard_case_id"]


async def test_a_missing_value_names_its_column(database: Database, city: City) -> None:
    violation = violation_of(await broken(database, insert(Party).values(shard=4401, case_id=city.cases["town"])))
    assert violation is not None
    assert (violation.kind, violation.field) == (ViolationKind.INVALID, "side")


async def test_a_write_that_policies_refuse_is_forbidden(database: Database, city: City) -> None:
    values = {
        "shard": 4401,
        "code": 440106000,
        "agency_id": city.agencies["tianhe"],
        "case_id": city.cases["tianhe"],
        "response_id": city.responses["tianhe"],
        "body": "x",
        "written_by": "x",
        "written_at": text("now()"),
    }
    with pytest.raises(DBAPIError) as caught:
        async with database.write(city.agency_scope("huangpu")) as session:
            await session.execute(insert(Note).values(values).inline())
    violation = violation_of(caught.value)
    assert violation is not None
    assert violation.kind is ViolationKind.FORBIDDEN
    assert "policy" not in violation.message


async def test_what_is_no_authors_fault_is_no_violation(database: Database) -> None:
    error = await broken(database, text("select 1 / 0"))
    assert violation_of(error) is None
    assert reason_of(error) is None


async def test_our_own_functions_give_their_reason(database: Database, city: City) -> None:
    nothing = ", ".join(["null"] * 18)
    with pytest.raises(DBAPIError) as caught:
        async with database.write(city.agency_scope("huangpu")) as session:
            await session.row(text(f"select * from case_attach({nothing})"))
    assert reason_of(caught.value) == "AGENCY_NOT_FOUND"
