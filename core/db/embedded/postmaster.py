"""The postmaster of a cluster, as its `postmaster.pid` and the kernel tell of it."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# Lines of postmaster.pid (PostgreSQL: src/include/utils/pidfile.h), counted from 0.
LINE_PID, LINE_PORT, LINE_STATUS = 0, 3, 7


@dataclass(frozen=True)
class Postmaster:
    """What `postmaster.pid` says; the file is only to be believed while the server lock is held."""

    pid: int
    port: int
    ready: bool


def pid_file(cluster: Path) -> Path:
    """Return the file in which PostgreSQL keeps its process id."""
    return cluster / "postmaster.pid"


def read_postmaster(cluster: Path) -> Postmaster | None:
    """Read `postmaster.pid`; None if there is none, or it is not yet written."""
    try:
        lines = pid_file(cluster).read_text(encoding="utf-8", errors="replace").splitlines()
        ready = len(lines) > LINE_STATUS and lines[LINE_STATUS].strip() == "ready"
        return Postmaster(int(lines[LINE_PID]), int(lines[LINE_PORT]) if ready else 0, ready)
    except (FileNotFoundError, NotADirectoryError, ValueError, IndexError):
        return None


def serves(pid: int, cluster: Path) -> bool:
    """Whether the process is a PostgreSQL that works in this cluster folder, and not a stranger with a reused id."""
    if not PROC.joinpath("self").exists():
        return _exists(pid)
    try:
        inside = os.path.samestat(PROC.joinpath(str(pid), "cwd").stat(), cluster.stat())
        return inside and PROC.joinpath(str(pid), "comm").read_text().strip() == "postgres"
    except OSError:
        return False


def members(cluster: Path) -> list[int]:
    """Return all PostgreSQL processes of the cluster, orphans too (Linux; elsewhere the postmaster at most)."""
    if PROC.joinpath("self").exists():
        return [
            int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and serves(int(entry.name), cluster)
        ]
    postmaster = read_postmaster(cluster)
    return [postmaster.pid] if postmaster and _exists(postmaster.pid) else []


def send(pid: int, number: signal.Signals) -> None:
    """Signal a process that may have ended meanwhile."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
