"""What stands beside the migrated tables and is always as declared: roles, functions, triggers, policies, grants.

Migrations change tables step by step. This part is re-made whole after every upgrade, in the same transaction, from the
declarations of today; so a policy can never lag behind its table (docs/decisions/0003-declared-policies.md).
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, Table, text

from core.db.rls import policy_statements
from core.db.roles import APPLICATION, CREATE_ROLES, DEFINER, OWNER, SYSTEM

TABLE_FREE_SQL = ("uuid7.sql",)
"""Functions that table defaults call: they must be there before the first migration."""
TABLE_BOUND_SQL = (
    "case_attach.sql",
    "spread.sql",
    "identity.sql",
    "files.sql",
    "tallies.sql",
    "idempotency.sql",
    "events.sql",
    "trusted.sql",
    "notifications.sql",
    "feeds.sql",
    "jobs.sql",
)

END_FOREIGN_TRANSACTIONS = (
    "update domain_event set transaction = 0 where transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
)
"""A restored dump has events of transactions that this server has not begun: they are over, and no snapshot may wait for them."""


def run_script(connection: Connection, name: str) -> None:
    """Run one of our SQL files: several statements in one message, which only the driver itself takes."""
    script = files("core.db").joinpath("sql", name).read_text(encoding="utf-8")
    adapted: Any = connection.connection.dbapi_connection
    adapted.run_async(lambda driver: driver.execute(script))


def prepare(connection: Connection) -> None:
    """Before the first migration: roles, and the functions that column defaults need."""
    connection.execute(text(CREATE_ROLES))
    connection.execute(text(f"grant usage, create on schema public to {OWNER}, {DEFINER}"))
    connection.execute(text(f"grant usage on schema public to {APPLICATION}, {SYSTEM}"))
    for name in TABLE_FREE_SQL:
        run_script(connection, name)


def current_policies(connection: Connection) -> list[tuple[str, str]]:
    """Every (table, policy) of the catalogue."""
    rows = connection.execute(text("select tablename, policyname from pg_policies where schemaname = 'public'"))
    return [(row.tablename, row.policyname) for row in rows]


def declare(connection: Connection, tables: list[Table]) -> None:
    """After the migrations: functions, triggers, policies and grants, exactly as declared."""
    for name in TABLE_BOUND_SQL:
        run_script(connection, name)
    for signature in _definer_functions(connection):
        connection.execute(text(f"alter function {signature} owner to {DEFINER}"))
        connection.execute(text(f"revoke all on function {signature} from public"))
        connection.execute(text(f"grant execute on function {signature} to {APPLICATION}, {SYSTEM}, {OWNER}"))
    for table, policy in current_policies(connection):
        connection.execute(text(f'drop policy "{policy}" on "{table}"'))
    there = set(connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")))
    for table_object in tables:
        # A plugin that this process has imported, and this database has not, declares tables too.
        if table_object.name in there:
            for statement in policy_statements(table_object):
                connection.execute(text(statement))
    connection.execute(text(f"grant usage on all sequences in schema public to {APPLICATION}, {SYSTEM}, {DEFINER}"))
    connection.execute(text(f"set local role {SYSTEM}"))
    connection.execute(text(END_FOREIGN_TRANSACTIONS))
    connection.execute(text("reset role"))


def _definer_functions(connection: Connection) -> list[str]:
    rows = connection.execute(
        text(
            "select p.oid::regprocedure::text as signature from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where n.nspname = 'public' and p.prosecdef"
        )
    )
    return [row.signature for row in rows]
