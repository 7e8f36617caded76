"""Migrating as a login that may make roles and databases but is no superuser, as a managed PostgreSQL gives it."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from core.db.engine import make_engine
from core.db.session import Database
from core.extension.migration import migrate
from core.extension.registry import Registry
from core.reference.tables import Court
from tests.conftest import _administer, on


async def test_a_login_without_superuser_rights_migrates_and_serves(server_url: str) -> None:
    login, name = f"login_{uuid4().hex[:8]}", f"r_{uuid4().hex[:8]}"
    roles = ("yingsu_owner", "yingsu_app", "yingsu_system", "yingsu_definer")
    await _administer(server_url, f"create role {login} login createrole nosuperuser nobypassrls password 'x'")
    await _administer(server_url, f"create database {name} owner {login}")
    # Roles belong to the whole server: where another database has made them, its administrator shares them.
    administrator = await asyncpg.connect(on(server_url, "postgres"))
    for role in roles:
        if await administrator.fetchval("select 1 from pg_roles where rolname = $1", role):
            await administrator.execute(f"grant {role} to {login} with admin option")
    await administrator.close()
    url = make_url(on(server_url, name)).set(username=login, password="x").render_as_string(hide_password=False)
    await migrate(url, Registry.load())
    database = Database(make_engine(url, pool_size=1))
    async with database.system() as session:
        assert await session.scalar(select(func.count()).select_from(Court)) == 0
    await database.dispose()
    await _administer(server_url, f"drop database {name} with (force)")


async def test_the_first_migration_of_a_server_needs_no_superuser(tmp_path: object) -> None:
    """On a server that never saw our roles, so that the login makes them itself."""
    from pathlib import Path

    from core.db.embedded import EmbeddedServer

    server = EmbeddedServer(Path(str(tmp_path)) / "fresh", fsync=False)
    with server.lease() as info:
        await _administer(info.dsn, "create role manager login createrole createdb nosuperuser password 'x'")
        await _administer(info.dsn, "create database house owner manager")
        url = (
            make_url(on(info.dsn, "house")).set(username="manager", password="x").render_as_string(hide_password=False)
        )
        await migrate(url, Registry.load())
        await migrate(url, Registry.load())
