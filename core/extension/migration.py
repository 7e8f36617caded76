"""`yingsu migrate` with plugins: the core's branch first, then theirs, in one transaction; and what removed plugins left behind.

A plugin's data stay when its distribution is removed. Its row in `alembic_version` then names a revision that nobody can find,
which Alembic refuses; such rows are put aside during the upgrade and put back after it, so that the plugin finds its place
when it returns. Its tables keep row-level security without any policy: nobody sees their rows meanwhile.

For the same reason a plugin's revision may not `depends_on` one of the core. Alembic keeps no row of its own for a revision
that another depends on: when the plugin goes, the core would no longer know how far it is. The order is kept here instead:
whatever the core has is there before any plugin's revision runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.db.branches import MigrationBranch
from core.db.engine import asyncpg_url
from core.db.migrate import MIGRATION_LOCK, alembic_config, upgrade
from core.db.provision import prepare
from core.db.roles import APPLICATION, DEFINER, OWNER, SYSTEM
from core.extension.manifest import PluginError
from core.extension.registry import Registry

_FUNCTIONS = (
    "plugin_said(integer, text)",
    "plugin_said_at(integer, bigint)",
    "plugin_settings_at(integer, text, bigint, date)",
)


def upgrade_all(connection: Connection, registry: Registry) -> None:
    """Upgrade the core and every plugin of the registry to their heads. `PluginError` for a branch that is not as it must be."""
    branches = registry.migration_branches()
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    core = _revisions(())
    ours = _revisions(branches)
    _check_branches(branches, core)
    stored = _stored(connection)
    prepare(connection)
    _forget(connection, [revision for revision in stored if revision not in core])
    command.upgrade(alembic_config((), connection), "heads")
    connection.execute(text("reset role"))
    _remember(connection, [revision for revision in stored if revision in ours - core])
    upgrade(connection, branches)
    _remember(connection, [revision for revision in stored if revision not in ours])
    declare_functions(connection)


def _script(branches: Sequence[MigrationBranch]) -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(branches))


def _revisions(branches: Sequence[MigrationBranch]) -> frozenset[str]:
    return frozenset(revision.revision for revision in _script(branches).walk_revisions())


def _check_branches(branches: Sequence[MigrationBranch], core: frozenset[str]) -> None:
    """Each plugin has one branch, labelled with its name, that stands by itself."""
    for branch in branches:
        for revision in _script((branch,)).walk_revisions():
            if revision.revision in core:
                continue
            if revision.branch_labels != {branch.name}:
                raise PluginError(f"plugin {branch.name}: {revision.revision} is not in the branch {branch.name}")
            if revision.dependencies:
                raise PluginError(
                    f"plugin {branch.name}: {revision.revision} depends_on another branch; the core comes first anyway"
                )


def _stored(connection: Connection) -> list[str]:
    if connection.scalar(text("select to_regclass('alembic_version') is null")):
        return []
    return list(connection.scalars(text("select version_num from alembic_version")))


def _forget(connection: Connection, revisions: Sequence[str]) -> None:
    for revision in revisions:
        connection.execute(text("delete from alembic_version where version_num = :it"), {"it": revision})


def _remember(connection: Connection, revisions: Sequence[str]) -> None:
    for revision in revisions:
        connection.execute(text("insert into alembic_version (version_num) values (:it)"), {"it": revision})


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
