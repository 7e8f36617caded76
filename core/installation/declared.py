"""Whether the database is as today's declarations have it: roles, tables, policies, privileges. It only looks, and locks nothing.

PostgreSQL keeps a policy as a parsed tree, not as our text. To compare, the declared policies are put on temporary tables of the
same names and read back in the same spelling; the transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, text

from core.db.branches import MigrationBranch
from core.db.migrate import alembic_config, differences
from core.db.rls import policy_statements
from core.db.roles import APPLICATION, OWNER, ROLES

POLICIES = text(
    "select tablename, policyname, permissive, roles::text, cmd, qual, with_check from pg_policies"
    " where schemaname = cast(:schema as text)"
)
Policies = dict[tuple[str, str], tuple[Any, ...]]


def role_faults(connection: Connection) -> list[str]:
    """Roles that are missing, bypass policies, log in, or are not granted to whom we log in as."""
    rows = connection.execute(
        text(
            "select rolname, rolsuper or rolbypassrls or rolcanlogin as free,"
            " pg_has_role(current_user, oid, 'member') as granted from pg_roles where rolname = any(:roles)"
        ),
        {"roles": list(ROLES)},
    ).all()
    found = {row.rolname: row for row in rows}
    faults = [f"role {name} is missing" for name in ROLES if name not in found]
    faults += [f"role {name} logs in or bypasses policies" for name, row in found.items() if row.free]
    return faults + [f"role {name} is not granted to the login" for name, row in found.items() if not row.granted]


def migration_faults(connection: Connection, branches: Sequence[MigrationBranch]) -> list[str]:
    """Branches that are not at their head, and declared tables that differ from those in the database."""
    heads = set(ScriptDirectory.from_config(alembic_config(branches)).get_heads())
    current = set(MigrationContext.configure(connection).get_current_heads())
    faults = [f"revision {head} is not applied" for head in sorted(heads - current)]
    faults += [f"revision {head} is unknown to this version" for head in sorted(current - heads)]
    return faults or differences(connection)


def policy_faults(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """Policies, row-level security and privileges that are not as declared. Needs a transaction that will be rolled back."""
    return [
        *_unprotected(connection, tables),
        *_differing_policies(connection, tables),
        *_differing_privileges(connection, tables),
    ]


def _unprotected(connection: Connection, tables: Sequence[Table]) -> list[str]:
    rows = connection.execute(
        text(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
            " and relname = any(:names) and not (relrowsecurity and relforcerowsecurity) order by relname"
        ),
        {"names": [table.name for table in tables]},
    )
    return [f"{row.relname}: row-level security is not enabled and forced" for row in rows]


def _differing_policies(connection: Connection, tables: Sequence[Table]) -> list[str]:
    names = {table.name for table in tables}
    actual = {key: value for key, value in _policies(connection, "public").items() if key[0] in names}
    # Read first: once the temporary tables are there, the public ones would be spelt with their schema.
    connection.execute(text(f"set local role {OWNER}"))
    for table in tables:
        connection.execute(text(f"create temp table {table.name} (like public.{table.name}) on commit drop"))
    for table in tables:
        for statement in policy_statements(table):
            if statement.startswith("create policy"):
                connection.execute(text(statement.replace(":", r"\:")))
    schema = connection.scalar(text("select pg_my_temp_schema()::regnamespace::text"))
    declared = _policies(connection, str(schema))
    connection.execute(text("reset role"))
    return [f"{table}: {fault}" for table, fault in _compare(declared, actual)]


def _compare(declared: Policies, actual: Policies) -> Iterator[tuple[str, str]]:
    for table, name in sorted(declared.keys() | actual.keys()):
        key = (table, name)
        if key not in actual:
            yield table, f"policy {name} is missing"
        elif key not in declared:
            yield table, f"policy {name} is not declared"
        elif declared[key] != actual[key]:
            yield table, f"policy {name} is another than declared"


def _policies(connection: Connection, schema: str) -> Policies:
    return {(row.tablename, row.policyname): tuple(row)[2:] for row in connection.execute(POLICIES, {"schema": schema})}


def _differing_privileges(connection: Connection, tables: Sequence[Table]) -> list[str]:
    rows = connection.execute(
        text(
            "select c.relname, lower(a.privilege_type) as privilege from pg_class c, aclexplode(c.relacl) a"
            " where c.relnamespace = 'public'::regnamespace and a.grantee = cast(:role as regrole) order by 1, 2"
        ),
        {"role": APPLICATION},
    )
    actual: dict[str, set[str]] = {}
    for row in rows:
        actual.setdefault(row.relname, set()).add(row.privilege)
    return [
        f"{table.name}: the application may {_listed(actual.get(table.name, set()))}, declared is {_listed(declared)}"
        for table in tables
        if (declared := _declared_privileges(table)) != actual.get(table.name, set())
    ]


def _declared_privileges(table: Table) -> set[str]:
    granted = [s for s in policy_statements(table) if s.startswith("grant ") and s.endswith(f" to {APPLICATION}")]
    return {name.strip() for statement in granted for name in statement[len("grant ") :].split(" on ")[0].split(",")}


def _listed(privileges: set[str]) -> str:
    return ", ".join(sorted(privileges)) or "nothing"
