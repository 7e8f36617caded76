"""What must not harm the server: kills, two starts at once, stale files, a restart of the machine."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import asyncpg
import pytest

from core.db.embedded import EmbeddedServerError
from core.db.embedded.account import account_for
from core.db.embedded.binaries import binaries_for
from core.db.embedded.postmaster import members, pid_file, read_postmaster


async def fetch(info, statement):
    connection = await asyncpg.connect(info.dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def shared_memory():
    """Ids of the System V segments, and names of the POSIX ones, that exist on the machine."""
    segments = {line.split()[1] for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]}
    return segments | {path.name for path in Path("/dev/shm").glob("PostgreSQL.*")}


def shared_memory_of(folder):
    """Those of the running server; other servers of the machine have theirs."""
    segment = pid_file(folder.files.cluster).read_text().splitlines()[6].split()[1]
    maps = Path(f"/proc/{folder.postmaster_pid()}/maps").read_text()
    return {segment, *re.findall(r"/dev/shm/(PostgreSQL\.\d+)", maps)}


async def test_killed_holder_takes_the_server_with_it(folder, hold):
    holder = hold()
    holder.info()
    holder.kill()
    folder.await_no_server()
    assert members(folder.files.cluster) == []
    assert folder.watchdogs() == []
    assert "database system is shut down" in folder.files.log.read_text(), "stopped in order, not killed"


async def test_process_that_ends_without_release_takes_the_server_with_it(folder, hold):
    holder = hold("ensure_running")
    holder.info()
    assert folder.server().is_running()
    holder.leave()
    folder.await_no_server()
    assert members(folder.files.cluster) == []


async def test_killed_holder_spares_the_others(folder, hold):
    killed, other = hold(), hold()
    assert killed.info() == other.info()
    pid = folder.postmaster_pid()
    killed.kill()
    with folder.server().lease() as info:
        assert folder.postmaster_pid() == pid
        assert await fetch(info, "SELECT 1") == 1
    assert folder.postmaster_pid() == pid, "the other holder still needs it"
    other.leave()
    assert members(folder.files.cluster) == []


async def test_server_left_by_a_killed_holder_and_watchdog_is_taken_over(folder, hold):
    holder = hold()
    left = holder.info()
    pid = folder.postmaster_pid()
    for watchdog in folder.watchdogs():
        os.kill(watchdog, signal.SIGKILL)
    while folder.watchdogs():  # the kernel takes its lock away when it is really gone
        await asyncio.sleep(0.01)
    holder.kill()
    with folder.server().lease() as info:
        assert (info.port, folder.postmaster_pid()) == (left["port"], pid)
        assert len(folder.watchdogs()) == 1
    assert members(folder.files.cluster) == []


async def test_starts_at_once_give_one_server(folder, hold):
    holders = [hold() for _ in range(4)]
    infos = [holder.info() for holder in holders]
    assert all(info == infos[0] for info in infos)
    assert folder.files.log.read_text().count("starting PostgreSQL") == 1
    assert len(folder.watchdogs()) == 1
    for holder in holders:
        holder.leave()
    assert members(folder.files.cluster) == []


async def test_interrupted_making_leaves_nothing_half_made(folder, hold):
    holder = hold()
    while not folder.files.unfinished_cluster.joinpath("PG_VERSION").exists():
        assert holder.process.poll() is None
        time.sleep(0.001)
    holder.kill()
    with folder.server().lease() as info:
        assert await fetch(info, "SELECT 1") == 1
    assert not folder.files.unfinished_cluster.exists()


async def test_full_restart_of_the_machine(folder):
    """Stale locks, a pid that belongs to a stranger by now, and shared memory that nobody owns."""
    server = folder.server()
    info = server.ensure_running()
    await fetch(info, "CREATE TABLE kept AS SELECT 42 AS answer")
    leftovers = shared_memory_of(folder)
    assert len(leftovers) > 1
    folder.kill_all()
    assert leftovers <= shared_memory(), "nobody freed it"
    folder.files.leases.joinpath("1-00000000").touch()
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **account_for(folder.files.cluster).run_as)
    try:
        pid_file(folder.files.cluster).write_text(
            pid_file(folder.files.cluster).read_text().replace(str(folder.postmaster_pid()), str(stranger.pid), 1)
        )
        with folder.server().lease() as again:
            assert await fetch(again, "SELECT answer FROM kept") == 42
            assert again == info, "the same port and password as before"
            server.release()
            assert len(list(folder.files.leases.iterdir())) == 1
        assert stranger.poll() is None, "a stranger is never signalled"
    finally:
        stranger.kill()
        stranger.wait()
    assert not leftovers & shared_memory(), "the next start freed it"


async def test_dead_server_is_started_again(folder):
    server = folder.server()
    server.ensure_running()
    dead = folder.kill_postmaster()
    info = server.ensure_running()
    assert folder.postmaster_pid() != dead
    assert await fetch(info, "SELECT 1") == 1
    server.release()


async def test_orphan_that_computes_does_not_keep_a_new_server_from_starting(folder):
    server = folder.server()
    connection = await asyncpg.connect(server.ensure_running().dsn)
    orphan = await connection.fetchval("SELECT pg_backend_pid()")
    # Waits for nothing, so that it would notice the postmaster's death in hours only.
    query = asyncio.ensure_future(connection.execute("DO $$ BEGIN LOOP END LOOP; END $$"))
    observer = await asyncpg.connect(server.info().dsn)
    while await observer.fetchval("SELECT state FROM pg_stat_activity WHERE pid = $1", orphan) != "active":
        pass
    await observer.close()
    folder.kill_postmaster()
    info = server.ensure_running()
    assert await fetch(info, "SELECT 1") == 1
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await query
    connection.terminate()
    server.release()


async def test_taken_port_is_replaced(folder):
    with folder.server().lease() as info:
        first = info.port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        with folder.server().lease() as info:
            assert info.port != first
            assert await fetch(info, "SELECT 1") == 1


async def test_port_taken_in_the_last_moment_is_replaced(folder, monkeypatch):
    with folder.server().lease() as info:
        first = info.port
    monkeypatch.setattr("core.db.embedded.cluster._is_free", lambda _: True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        with folder.server().lease() as info:
            assert info.port != first
            assert await fetch(info, "SELECT 1") == 1


def test_limit_of_the_start_is_told_and_nothing_is_left(folder):
    with folder.server().lease():
        pass
    with pytest.raises(EmbeddedServerError, match="allow more time"), folder.server(start_timeout=0).lease():
        pass
    folder.await_no_server()
    assert members(folder.files.cluster) == []
    assert list(folder.files.leases.iterdir()) == []


def test_failed_start_shows_the_log(folder):
    with folder.server().lease():
        pass
    with folder.files.cluster.joinpath("postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedServerError) as caught, folder.server().lease():
        pass
    assert 'unrecognized configuration parameter "no_such_setting"' in caught.value.log_tail
    assert caught.value.log_tail in str(caught.value)
    folder.await_no_server()


def test_foreign_postgresql_on_the_folder_is_not_touched(folder):
    """One started by hand holds no lock of ours."""
    with folder.server().lease() as info:
        pass
    account = account_for(folder.files.cluster)
    directory = account.data_directory(folder.files.cluster)
    by_hand = subprocess.Popen(
        [binaries_for(account).program("postgres"), "-D", directory, "-p", str(info.port), "-k", ""],
        cwd=folder.files.cluster,
        stderr=subprocess.DEVNULL,
        **account.run_as,
    )
    try:
        while not ((found := read_postmaster(folder.files.cluster)) and found.ready):
            assert by_hand.poll() is None
            time.sleep(0.01)
        with (
            pytest.raises(EmbeddedServerError, match=f"not started by Yingsu .process {by_hand.pid}"),
            folder.server().lease(),
        ):
            pass
        assert by_hand.poll() is None
    finally:
        by_hand.send_signal(signal.SIGINT)
        by_hand.wait()
