"""Leases: who uses the server."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from core.db.embedded.files import Files
from core.db.embedded.lock import FileLock

LOOK_SECONDS = 5.0


class Lease:
    """租约: one user of the server, which must not be stopped meanwhile. Made under the start lock."""

    def __init__(self, files: Files) -> None:
        self._owner = os.getpid()
        # A file for each, not one shared lock: whether anybody else holds a lease can then be told without a race.
        self._lock = FileLock(files.leases / f"{self._owner}-{secrets.token_hex(4)}")
        # Only the watchdog, looking around, can be in the way, and for no longer than a moment.
        self._lock.lock(LOOK_SECONDS)

    @property
    def is_ours(self) -> bool:
        """False in a forked child, which only keeps a copy of its parent's lease."""
        return self._owner == os.getpid()

    def release(self) -> None:
        """Give the lease back; in a forked child only its copy."""
        if self.is_ours:
            self._lock.path.unlink(missing_ok=True)
        self._lock.close()


def held_leases(files: Files) -> list[Path]:
    """Return the leases that are held."""
    return [path for path in sorted(files.leases.iterdir()) if _is_held(path)]


def drop_dead_leases(files: Files) -> None:
    """Remove what killed users left. Only under the start lock: a lease in the making looks like a dead one."""
    for path in files.leases.iterdir():
        if not _is_held(path):
            path.unlink(missing_ok=True)


def await_end(path: Path) -> None:
    """Sleep until this lease is given back, or its holder dies."""
    if (lease := _open(path)) is not None:
        with lease:
            lease.wait_shared()


def _is_held(path: Path) -> bool:
    if (lease := _open(path)) is None:
        return False
    with lease:
        return not lease.try_lock(shared=True)


def _open(path: Path) -> FileLock | None:
    try:
        return FileLock(path, create=False)
    except FileNotFoundError:
        return None
