"""The server's life in one process, its settings, and its databases."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import asyncpg
import pytest

from core.db.embedded import ConnectionInfo, EmbeddedServer, EmbeddedServerError
from core.db.embedded.cluster import Cluster
from core.db.embedded.files import LOG_LIMIT_BYTES
from core.db.embedded.postmaster import members

STATE = ["leases", "password", "port", "server.lock", "start.lock", "watchdog.lock"]


async def fetch(info, statement):
    connection = await asyncpg.connect(info.dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_lease_starts_serves_and_leaves_no_process_and_no_file(folder):
    with folder.server().lease() as info:
        assert await fetch(info, "SELECT current_database()") == "yingsu"
        assert folder.server().is_running()
        assert folder.server().info() == info
        assert len(folder.watchdogs()) == 1
    assert not folder.server().is_running()
    assert members(folder.files.cluster) == []
    folder.await_no_server()
    assert folder.watchdogs() == []
    assert folder.left_behind() == [
        "postgres",
        "postgres.log",
        "postgres.state",
        *(f"postgres.state/{name}" for name in STATE),
    ]
    assert not folder.files.cluster.joinpath("postmaster.pid").exists()


async def test_inner_lease_does_not_stop_the_server_of_the_outer(folder):
    with folder.server().lease() as outer:
        with folder.server().lease() as inner:
            assert inner == outer
        assert await fetch(outer, "SELECT 1") == 1
    assert members(folder.files.cluster) == []


def test_lease_is_given_back_when_its_body_fails(folder):
    with pytest.raises(ZeroDivisionError), folder.server().lease():
        _ = 1 / 0
    assert members(folder.files.cluster) == []
    assert list(folder.files.leases.iterdir()) == []


async def test_release_stops_what_ensure_running_started_once_nobody_else_is_there(folder):
    first, second = folder.server(), folder.server()
    info = first.ensure_running()
    assert first.ensure_running() == second.ensure_running() == info
    first.release()
    assert await fetch(info, "SELECT 1") == 1
    second.release()
    assert members(folder.files.cluster) == []


def test_stop_ends_the_server_whoever_uses_it_and_may_be_called_again(folder, hold):
    folder.server().stop()
    assert not folder.data.exists(), "stopping what never was makes nothing"
    hold().info()
    folder.server().stop()
    assert members(folder.files.cluster) == []
    folder.server().stop()
    with pytest.raises(EmbeddedServerError, match="does not run"):
        folder.server().info()


async def test_stop_that_takes_too_long_becomes_immediate(folder):
    server = folder.server(stop_timeout=0.1)
    connection = await asyncpg.connect(server.ensure_running().dsn)
    await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(await connection.fetchval("SELECT pg_backend_pid()"), signal.SIGSTOP)
    server.stop()
    assert members(folder.files.cluster) == []
    connection.terminate()
    with server.lease() as info:
        assert await fetch(info, "SELECT answer FROM kept") == 42


async def test_password_is_required_and_in_no_command_line(folder):
    with folder.server().lease() as info:
        assert len(info.password) >= 32
        assert info.password not in repr(info)
        commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in members(folder.files.cluster)]
        assert commands
        assert not any(info.password.encode() in command for command in commands)
        wrong = ConnectionInfo(info.host, info.port, info.user, "wrong", info.database)
        with pytest.raises(asyncpg.InvalidPasswordError):
            await fetch(wrong, "SELECT 1")
        assert await fetch(info, "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolpassword <> ''")
    for path in (folder.files.state / "password", folder.files.log):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for path in (folder.data, folder.files.state, folder.files.cluster):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


async def test_cluster_is_set_up_as_the_architecture_asks(folder):
    expected = {
        "server_encoding": "UTF8",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "shared_buffers": "256MB",
        "max_connections": "200",
        "TimeZone": "UTC",
        "jit": "off",
        "wal_level": "replica",
        "fsync": "off",
    }
    with folder.server().lease() as info:
        assert {name: await fetch(info, f"SHOW {name}") for name in expected} == expected
        assert await fetch(info, "SHOW server_version") >= "18"
        locale = "SELECT datlocprovider::text || ' ' || datlocale || ' ' || datcollate FROM pg_database WHERE datname = 'yingsu'"
        assert await fetch(info, locale) == "b C.UTF-8 C"
        assert await fetch(info, "SELECT upper('é')") == "É"


async def test_server_is_durable_unless_told_otherwise(folder):
    with EmbeddedServer(folder.data).lease() as info:
        assert [await fetch(info, f"SHOW {name}") for name in ("fsync", "full_page_writes")] == ["on", "on"]


async def test_databases_are_made_from_a_template_and_dropped(folder):
    server = folder.server()
    with server.lease():
        template = server.create_database("template_of_tests")
        await fetch(template, "CREATE TABLE kept AS SELECT 42 AS answer")
        copy = server.create_database('测试 "1"; --', template="template_of_tests")
        assert copy == server.info('测试 "1"; --')
        assert await fetch(copy, "SELECT answer FROM kept") == 42
        connection = await asyncpg.connect(copy.dsn)
        server.drop_database(copy.database)
        server.drop_database(copy.database)
        with pytest.raises(asyncpg.InvalidCatalogNameError):
            await asyncpg.connect(copy.dsn)
        connection.terminate()
        with pytest.raises(EmbeddedServerError, match="already exists"):
            server.create_database("template_of_tests")
        with pytest.raises(EmbeddedServerError, match="does not exist"):
            server.create_database("copy", template="missing")


@pytest.mark.parametrize("name", ["", "a\0b", "长" * 22])
def test_impossible_database_name_is_refused(folder, name):
    info = ConnectionInfo("127.0.0.1", 1, "postgres", "", "postgres")
    from core.db.embedded import databases

    with pytest.raises(EmbeddedServerError, match="is no name"):
        databases.create(info, name, template=None)


def test_urls_quote_what_must_be_quoted():
    info = ConnectionInfo("127.0.0.1", 5432, "postgres", "p@/:", "yingsu")
    assert info.dsn == "postgresql://postgres:p%40%2F%3A@127.0.0.1:5432/yingsu"
    assert info.with_database("a b").url == "postgresql+asyncpg://postgres:p%40%2F%3A@127.0.0.1:5432/a%20b"


def test_missing_password_file_is_told(folder):
    with folder.server().lease():
        pass
    folder.files.state.joinpath("password").unlink()
    with pytest.raises(EmbeddedServerError, match="password file"), folder.server().lease():
        pass
    assert not Cluster(folder.files).is_alive()


def test_long_log_is_rotated_at_the_next_start(folder):
    with folder.server().lease():
        pass
    os.truncate(folder.files.log, LOG_LIMIT_BYTES + 1)
    with folder.server().lease():
        assert folder.files.log_size() < LOG_LIMIT_BYTES
    assert folder.data.joinpath("postgres.log.1").stat().st_size == LOG_LIMIT_BYTES + 1
