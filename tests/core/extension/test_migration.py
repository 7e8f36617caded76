"""Branches of plugins: each stands by itself under its own name, and is refused before anything runs if it does not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from core.db.engine import asyncpg_url
from core.extension.hookspecs import hookimpl
from core.extension.loading import Found
from core.extension.manifest import Manifest, PluginError
from core.extension.migration import migrate
from core.extension.registry import Registry

REVISION = """
revision = "{revision}"
down_revision = None
branch_labels = {labels}
depends_on = {depends_on}

def upgrade():
    from alembic import op
    op.execute("create table {revision} (shard integer)")
"""


def registry(folder: Path, revision: str, labels: str = "('branchy',)", depends_on: str = "None") -> Registry:
    source = REVISION.format(revision=revision, labels=labels, depends_on=depends_on)
    (folder / f"{revision}_it.py").write_text(source, encoding="utf-8")

    def yingsu_manifest() -> Manifest:
        return Manifest("branchy", "1", "例", "example", "例。", migrations=folder)

    return Registry.load([Found("branchy", "dist-branchy", SimpleNamespace(yingsu_manifest=hookimpl(yingsu_manifest)))])


@pytest.mark.parametrize(
    ("labels", "depends_on", "message"),
    [
        ("None", "None", "plugin branchy: wrong is not in the branch branchy"),
        ("('other',)", "None", "plugin branchy: wrong is not in the branch branchy"),
        ("('branchy',)", "('core_0001',)", "plugin branchy: wrong depends_on another branch"),
    ],
)
async def test_a_branch_that_does_not_stand_by_itself_is_refused(
    tmp_path: Path, database_url: str, labels: str, depends_on: str, message: str
) -> None:
    with pytest.raises(PluginError, match=message):
        await migrate(database_url, registry(tmp_path, "wrong", labels, depends_on))


async def test_a_plugin_is_migrated_once_and_again_when_it_has_more(tmp_path: Path, database_url: str) -> None:
    loaded = registry(tmp_path, "branchy_1")
    await migrate(database_url, loaded)
    await migrate(database_url, loaded)
    (tmp_path / "branchy_2_more.py").write_text(
        'revision = "branchy_2"\ndown_revision = "branchy_1"\nbranch_labels = None\ndepends_on = None\n'
        'def upgrade():\n    from alembic import op\n    op.execute("alter table branchy_1 add column code bigint")\n',
        encoding="utf-8",
    )
    await migrate(database_url, loaded)
    engine = create_async_engine(asyncpg_url(database_url))
    async with engine.connect() as connection:
        columns = await connection.scalars(
            text(
                "select attname from pg_attribute where attrelid = 'branchy_1'::regclass and attnum > 0 order by attnum"
            )
        )
        revisions = sorted(await connection.scalars(text("select version_num from alembic_version")))
    await engine.dispose()
    assert list(columns) == ["shard", "code"]
    assert revisions[0] == "branchy_2"
    assert [revision.rpartition("_")[0] for revision in revisions] == ["branchy", "core", "reminders"]
