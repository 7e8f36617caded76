"""Row-level security, by the catalogue: every table, view, function and role of the database itself."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from core.db.base import RowClass
from core.db.rls import POLICIES, policy_statements, row_class
from core.db.roles import APPLICATION, DEFINER, OWNER, ROLES, SYSTEM
from core.db.session import Database
from core.db.table_registry import all_tables, load_tables

load_tables()
TABLES = {table.name: table for table in all_tables()}
SHARDED = sorted(name for name, table in TABLES.items() if row_class(table) not in {RowClass.SHARED, RowClass.SYSTEM})
HIDDEN = re.compile(r"\( SELECT \(?(?:NULLIF\()?current_setting")


async def rows(database: Database, sql: str):
    async with database.system() as session:
        return await session.rows(text(sql))


async def test_every_table_of_the_database_is_declared(database: Database) -> None:
    found = await rows(
        database, "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    )
    assert {row.relname for row in found} == set(TABLES) | {"alembic_version"}


async def test_every_table_is_under_forced_row_level_security(database: Database) -> None:
    found = await rows(
        database,
        "select relname, relrowsecurity and relforcerowsecurity as forced, pg_get_userbyid(relowner) as owner from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'alembic_version'",
    )
    assert [row.relname for row in found if not row.forced] == []
    assert {row.owner for row in found} == {OWNER}


async def test_policies_are_exactly_the_declared_ones(database: Database) -> None:
    found = await rows(
        database, "select tablename, policyname, permissive from pg_policies where schemaname = 'public'"
    )
    declared = {
        (name, statement.split(" ")[2])
        for name, table in TABLES.items()
        for statement in policy_statements(table)
        if statement.startswith("create policy")
    }
    assert {(row.tablename, row.policyname) for row in found} == declared


async def test_no_policy_hides_the_setting_from_the_planner(database: Database) -> None:
    """`(select current_setting())` would: 15 ms instead of one (architecture §2). Figures alone ask once (decision 4)."""
    sql = "select tablename as name, coalesce(qual, '') || coalesce(with_check, '') as text from pg_policies"
    hiding = {row.name for row in await rows(database, sql) if HIDDEN.search(row.text)}
    assert hiding == {name for name, table in TABLES.items() if row_class(table) is RowClass.TALLY}


async def test_our_roles_neither_own_nor_bypass(database: Database) -> None:
    found = await rows(
        database,
        "select rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole from pg_roles where rolname like 'yingsu\\_%'",
    )
    assert {row.rolname for row in found} == set(ROLES)
    assert [row.rolname for row in found if row.rolsuper or row.rolbypassrls or row.rolcreaterole] == []
    owned = await rows(
        database, f"select relname from pg_class where relowner in ('{APPLICATION}'::regrole, '{SYSTEM}'::regrole)"
    )
    assert owned == []


async def privileges(database: Database, table: str) -> set[str]:
    kinds = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    found = await rows(
        database,
        "select kind from unnest(array['" + "','".join(kinds) + "']) kind"
        f" where has_table_privilege('{APPLICATION}', 'public.{table}', kind)",
    )
    return {row.kind for row in found}


@pytest.mark.parametrize("table", sorted(TABLES))
async def test_the_application_can_delete_nothing(database: Database, table: str) -> None:
    assert await privileges(database, table) <= {"SELECT", "INSERT", "UPDATE"}


@pytest.mark.parametrize("table", ["case_shell", "response", "dispute"])
async def test_shells_and_responses_come_only_by_case_attach(database: Database, table: str) -> None:
    assert await privileges(database, table) == {"SELECT", "UPDATE"}


@pytest.mark.parametrize("table", ["audit_entry", "domain_event"])
async def test_the_trail_is_append_only(database: Database, table: str) -> None:
    assert await privileges(database, table) == {"SELECT", "INSERT"}


@pytest.mark.parametrize("table", sorted(name for name, table in TABLES.items() if row_class(table) is RowClass.SHARED))
async def test_reference_data_is_read_only(database: Database, table: str) -> None:
    assert await privileges(database, table) == {"SELECT"}


async def test_views_run_as_their_caller(database: Database) -> None:
    found = await rows(
        database,
        "select relname, coalesce(reloptions::text, '') as options from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')",
    )
    assert [row.relname for row in found if "security_invoker=true" not in row.options] == []


async def test_definer_functions_have_a_fixed_path_and_a_powerless_owner(database: Database) -> None:
    found = await rows(
        database,
        "select p.proname, pg_get_userbyid(p.proowner) as owner, coalesce(array_to_string(p.proconfig, ','), '') as config,"
        " has_function_privilege('public', p.oid, 'execute') as open from pg_proc p"
        " where p.pronamespace = 'public'::regnamespace and p.prosecdef",
    )
    assert found
    for row in found:
        assert row.owner == DEFINER, row.proname
        assert "search_path=" in row.config, row.proname
        assert "pg_temp" in row.config, row.proname
        assert not row.open, row.proname


@pytest.mark.parametrize("name", SHARDED)
def test_keys_start_with_the_shard(name: str) -> None:
    table = TABLES[name]
    assert [column.name for column in table.primary_key.columns][0] == "shard"
    for constraint in table.constraints:
        columns = [column.name for column in getattr(constraint, "columns", [])]
        kind = type(constraint).__name__
        if kind == "UniqueConstraint":
            assert columns[0] == "shard", constraint.name
        if kind == "ForeignKeyConstraint" and row_class(constraint.referred_table) is not RowClass.SHARED:
            assert columns[0] == "shard", constraint.name


def test_every_row_class_has_policies() -> None:
    assert set(POLICIES) == set(RowClass)
