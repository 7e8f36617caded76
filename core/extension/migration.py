"""`yingsu migrate` with plugins: the core's branch and theirs, in one transaction; and what was left by plugins that are gone.

A plugin's data stay when its distribution is removed. Its rows in `alembic_version` then name revisions that nobody can find,
which Alembic refuses; they are put aside during the upgrade and put back after it, so that the plugin finds its place when it
returns. Its tables keep row-level security without any policy: nobody sees their rows meanwhile.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.db.engine import asyncpg_url
from core.db.migrate import alembic_config, upgrade
from core.db.roles import APPLICATION, DEFINER, OWNER, SYSTEM
from core.extension.registry import Registry

_FUNCTIONS = (
    "plugin_said(integer, text)",
    "plugin_said_at(integer, bigint)",
    "plugin_settings_at(integer, text, bigint, date)",
)


def upgrade_all(connection: Connection, registry: Registry) -> None:
    """Upgrade the core and every plugin of the registry to their heads."""
    branches = registry.migration_branches()
    script = ScriptDirectory.from_config(alembic_config(branches))
    known = {revision.revision for revision in script.walk_revisions()}
    left = [revision for revision in _stored(connection) if revision not in known]
    for revision in left:
        connection.execute(text("delete from alembic_version where version_num = :it"), {"it": revision})
    upgrade(connection, branches)
    for revision in left:
        connection.execute(text("insert into alembic_version (version_num) values (:it)"), {"it": revision})
    declare_functions(connection)


def _stored(connection: Connection) -> list[str]:
    if connection.scalar(text("select to_regclass('alembic_version') is null")):
        return []
    return list(connection.scalars(text("select version_num from alembic_version")))


def declare_functions(connection: Connection) -> None:
    """The functions by which enablement and settings are read before, and outside, a tenant's scope."""
    script = files("core.extension").joinpath("sql", "enablement.sql").read_text(encoding="utf-8")
    adapted: Any = connection.connection.dbapi_connection
    adapted.run_async(lambda driver: driver.execute(script))
    for signature in _FUNCTIONS:
        connection.execute(text(f"alter function {signature} owner to {DEFINER}"))
        connection.execute(text(f"revoke all on function {signature} from public"))
        connection.execute(text(f"grant execute on function {signature} to {APPLICATION}, {SYSTEM}, {OWNER}"))


async def migrate(url: str, registry: Registry) -> None:
    """Upgrade the database at `url`; all or nothing."""
    engine = create_async_engine(asyncpg_url(url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade_all, registry)
    finally:
        await engine.dispose()
