"""`yingsu migrate`: bring a database to the state that this version declares, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.db.base import Base
from core.db.branches import MigrationBranch
from core.db.engine import asyncpg_url
from core.db.installation import Installation
from core.db.provision import declare, prepare
from core.db.table_registry import all_tables, load_tables

MIGRATION_LOCK = 0x59494E47  # "YING": two migrations at once wait for each other


CORE_BRANCH = MigrationBranch("core", Path(__file__).parent.parent / "migrations" / "versions")


def alembic_config(branches: Sequence[MigrationBranch], connection: Connection | None = None) -> Config:
    """Alembic's configuration, made in code: there is no alembic.ini to forget."""
    config = Config()
    config.set_main_option("script_location", str(CORE_BRANCH.versions.parent))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(branch.versions) for branch in (CORE_BRANCH, *branches)))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, branches: Sequence[MigrationBranch] = ()) -> None:
    """Upgrade every branch to its head, then re-make what is declared beside the tables."""
    load_tables()
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    prepare(connection)
    command.upgrade(alembic_config(branches, connection), "heads")
    connection.execute(text("reset role"))
    declare(connection, all_tables())
    if connection.scalar(select(Installation.id)) is None:
        connection.execute(insert(Installation).values(id=1, id_secret=secrets.token_bytes(32)))


def differences(connection: Connection) -> list[str]:
    """What the declared tables and the database differ in; empty after `upgrade` (the test of `alembic check`)."""
    load_tables()
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(difference) for difference in compare_metadata(context, Base.metadata)]


async def migrate(url: str, branches: Sequence[MigrationBranch] = ()) -> None:
    """Upgrade the database at `url`; all or nothing."""
    engine = create_async_engine(asyncpg_url(url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade, branches)
    finally:
        await engine.dispose()
