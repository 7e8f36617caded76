"""The doctor: a sound installation is called sound, and each thing that is broken is named."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from core.config import Settings
from core.db.migrate import MigrationBranch
from core.db.session import Database
from core.extension.registry import Registry
from core.installation.checks import (
    Check,
    check_calendar,
    check_database,
    check_files,
    check_keys,
    check_python,
    check_reference,
)
from core.installation.seed import seed_reference


@pytest.fixture(scope="module")
async def seeded(database: Database) -> Database:
    async with database.system() as session:
        await seed_reference(session, datetime(2026, 3, 10, 2, 0, tzinfo=UTC))
    return database


BUILT_IN = Registry.load().migration_branches()


async def diagnosed(url: str, *branches: MigrationBranch) -> dict[str, Check]:
    return {check.name: check async for check in check_database(url, (*BUILT_IN, *branches))}


Administer = Callable[..., Awaitable[None]]


@pytest.fixture
def administer(database: Database) -> Administer:
    """Runs statements as the superuser, outside any role of ours."""

    async def run(*statements: str) -> None:
        async with database.engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))

    return run


async def test_a_migrated_database_is_sound(database_url: str, seeded: Database) -> None:
    found = await diagnosed(database_url)
    assert list(found) == ["database", "roles", "migrations", "policies"]
    assert [check.detail for check in found.values() if not check.ok] == []
    reference = await check_reference(seeded)
    assert reference.ok
    assert "44593 tenant" in reference.detail


async def test_looking_leaves_nothing_behind(database_url: str, database: Database) -> None:
    async def catalogue() -> object:
        async with database.system() as session:
            return await session.scalar(text("select array_agg(oid order by oid) from pg_policy"))

    before = await catalogue()
    await diagnosed(database_url)
    assert await catalogue() == before


@pytest.mark.parametrize(
    ("broken", "mended", "fault"),
    [
        (
            "alter policy read on court rename to reads",
            "alter policy reads on court rename to read",
            "court: policy read is missing; court: policy reads is not declared",
        ),
        (
            "alter table agency no force row level security",
            "alter table agency force row level security",
            "agency: row-level security is not enabled and forced",
        ),
        (
            "grant delete on agency to yingsu_app",
            "revoke delete on agency from yingsu_app",
            "agency: the application may delete, insert, select, update",
        ),
        (
            "create policy open on response for select to yingsu_app using (true)",
            "drop policy open on response",
            "response: policy open is not declared",
        ),
    ],
)
async def test_what_is_not_as_declared_is_named(
    database_url: str, administer: Administer, broken: str, mended: str, fault: str
) -> None:
    await administer(broken)
    try:
        policies = (await diagnosed(database_url))["policies"]
    finally:
        await administer(mended)
    assert not policies.ok
    assert policies.detail.startswith(fault)
    assert (await diagnosed(database_url))["policies"].ok


async def test_a_policy_that_says_something_else_is_found(database_url: str, administer: Administer) -> None:
    await administer("alter policy read on court using (code <> '粤71')")
    try:
        policies = (await diagnosed(database_url))["policies"]
    finally:
        await administer("alter policy read on court using (true)")
    assert policies.detail.startswith("court: policy read is another than declared")
    assert (await diagnosed(database_url))["policies"].ok


async def test_a_missing_column_and_a_missing_revision_are_named(
    database_url: str, administer: Administer, tmp_path: Path
) -> None:
    await administer("alter table note add column extra text")
    try:
        found = await diagnosed(database_url)
    finally:
        await administer("alter table note drop column extra")
    assert not found["migrations"].ok
    assert "extra" in found["migrations"].detail
    assert "policies" not in found
    (tmp_path / "plugin_0001.py").write_text(
        "revision = 'plugin_0001'\ndown_revision = None\nbranch_labels = ('plugin',)\ndepends_on = None\n"
    )
    found = await diagnosed(database_url, MigrationBranch("plugin", tmp_path))
    assert "plugin_0001 is not applied" in found["migrations"].detail


@pytest.mark.parametrize(
    ("today", "ok", "detail"),
    [
        (date(2026, 12, 31), True, "2026 official, 2027 provisional"),
        (date(2027, 1, 1), False, "2027 provisional, 2028 unknown"),
        (date(2025, 6, 1), True, "2025 official, 2026 official"),
    ],
)
async def test_the_calendar_must_reach_into_next_year(seeded: Database, today: date, ok: bool, detail: str) -> None:
    found = await check_calendar(seeded, today)
    assert found.ok is ok
    assert found.detail.startswith(detail)


async def test_files_must_be_writable_and_nothing_stays(tmp_path: Path) -> None:
    assert (await check_files(str(tmp_path / "files"))).ok
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    (tmp_path / "taken").write_text("")
    assert not (await check_files(str(tmp_path / "taken" / "files"))).ok


async def test_an_issuer_that_does_not_answer_is_named(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, oidc_issuer="http://127.0.0.1:1/realm")
    found = await check_keys(settings)
    assert not found.ok
    assert "http://127.0.0.1:1/realm" in found.detail
    assert not (await check_keys(Settings(data=tmp_path, oidc_issuer="http://idp.example/realm"))).ok


async def test_the_development_issuer_is_said_to_be_one(tmp_path: Path) -> None:
    found = await check_keys(Settings(data=tmp_path))
    assert found.ok
    assert "not for production" in found.detail
    (tmp_path / "dev" / "private.pem").write_text("damaged")
    assert not (await check_keys(Settings(data=tmp_path))).ok


def test_this_python_will_do() -> None:
    assert check_python().ok
