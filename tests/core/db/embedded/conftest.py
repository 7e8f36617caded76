"""Real servers and real processes that use them."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import core
from core.db.embedded import EmbeddedServer
from core.db.embedded.cluster import Cluster
from core.db.embedded.files import Files
from core.db.embedded.lock import FileLock
from core.db.embedded.postmaster import members, read_postmaster

ROOT = Path(core.__file__).parents[1]
HOLDER = Path(__file__).with_name("holder.py")


class Holder:
    """Another process with a lease."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def info(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the holder ended without a server"
        return json.loads(line)

    def leave(self) -> None:
        self.process.communicate("\n")
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Folder:
    """A data folder as a test sees it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.files = Files(data)
        self._servers: list[EmbeddedServer] = []

    def server(self, **options: Any) -> EmbeddedServer:
        self._servers.append(EmbeddedServer(self.data, **({"fsync": False} | options)))
        return self._servers[-1]

    def close(self) -> None:
        """Stop what a failed test left, and see that nothing is left then."""
        for server in self._servers:
            server.stop()
        if self.files.state.is_dir():
            Cluster(self.files).stop()
            self.await_no_server()

    def postmaster_pid(self) -> int:
        postmaster = read_postmaster(self.files.cluster)
        assert postmaster is not None
        return postmaster.pid

    def watchdogs(self) -> list[int]:
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and [b"core.db.embedded.watchdog", os.fsencode(self.data)] == _command(entry)[2:4]
        ]

    def await_no_server(self) -> None:
        for path in (self.files.server_lock, self.files.watchdog_lock):
            with FileLock(path) as lock:
                lock.wait_shared()
        # It gives its lock up a moment before it ends.
        for pid in self.watchdogs():
            await_end_of(pid)

    def kill_postmaster(self) -> int:
        pid = self.postmaster_pid()
        os.kill(pid, signal.SIGKILL)
        await_end_of(pid)
        return pid

    def kill_all(self) -> None:
        """As a machine that loses power: nobody gets to clean up."""
        for pid in [*self.watchdogs(), *members(self.files.cluster)]:
            os.kill(pid, signal.SIGKILL)
        self.await_no_server()

    def left_behind(self) -> list[str]:
        return sorted(str(path.relative_to(self.data)) for path in self.data.rglob("*") if not self._is_clusters(path))

    def _is_clusters(self, path: Path) -> bool:
        return self.files.cluster in path.parents


def await_end_of(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        ended = os.pidfd_open(pid)
        select.select([ended], [], [])
        os.close(ended)


def _command(process: Path) -> list[bytes]:
    try:
        return process.joinpath("cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """A data folder that does not exist yet, under a parent closed to everybody else."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = Folder(closed / "data")
    yield folder
    folder.close()


@pytest.fixture
def hold(folder: Folder) -> Iterator[Callable[..., Holder]]:
    """Start processes that use the folder's server."""
    holders: list[Holder] = []

    def start(*arguments: str) -> Holder:
        process = subprocess.Popen(
            [sys.executable, str(HOLDER), str(folder.data), *arguments],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        holders.append(Holder(process))
        return holders[-1]

    yield start
    for holder in holders:
        holder.kill()
        for stream in (holder.process.stdin, holder.process.stdout):
            if stream is not None:
                stream.close()
