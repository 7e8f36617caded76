"""The process that stops the server when its last user was killed: `python -m core.db.embedded.watchdog DATA FD`."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from core.db.embedded.cluster import Cluster
from core.db.embedded.connection import EmbeddedServerError
from core.db.embedded.files import Files
from core.db.embedded.initialise import ENVIRONMENT
from core.db.embedded.lease import await_end, drop_dead_leases, held_leases
from core.db.embedded.lock import POLL_SECONDS, FileLock

ROOT = Path(__file__).resolve().parents[3]
# Stopping takes seconds at most; a start that recovers holds the lock for as long as its user allowed.
LOCK_SECONDS = 24 * 3600.0
LEAVE_SECONDS = 5.0


def ensure_watchdog(files: Files) -> None:
    """Start the watchdog if there is none. Called under the start lock, with a lease already held."""
    with FileLock(files.watchdog_lock) as lock:
        while not lock.try_lock():
            # Who merely waits for a watchdog to leave holds the lock shared, and for a moment; a watchdog does not.
            if not lock.try_lock(shared=True):
                return
        log = files.open_log()
        try:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "core.db.embedded.watchdog", str(files.data), str(lock.fd)],
                cwd="/",
                env=ENVIRONMENT | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock.fd],
                start_new_session=True,
            )
        except OSError as error:
            raise EmbeddedServerError(
                f"The database's watchdog cannot be run: {error}.", "无法启动数据库监护进程。"
            ) from error
        finally:
            os.close(log)
    threading.Thread(target=process.wait, name="embedded-postgres-watchdog", daemon=True).start()


def await_watchdog(files: Files) -> None:
    """Wait a little for the watchdog to leave after a stop, so that nothing touches the folder any more."""
    deadline = time.monotonic() + LEAVE_SECONDS
    with FileLock(files.watchdog_lock) as lock:
        while not lock.try_lock(shared=True) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)


def watch(files: Files, fd: int) -> None:
    """Sleep until no lease is held, then stop the server. `fd` is the watchdog lock."""
    while True:
        if held := held_leases(files):
            await_end(held[0])
            continue
        with FileLock(files.start_lock) as start:
            start.lock(LOCK_SECONDS)
            if held_leases(files):
                continue
            drop_dead_leases(files)
            Cluster(files).stop()
            # Still under the start lock: who takes it next sees that there is no watchdog any more.
            os.close(fd)
            return


def main() -> None:
    """Watch over the data folder named on the command line until its server is not used any more."""
    files = Files(Path(sys.argv[1]))
    # A folder that was deleted under us needs no watchdog: PostgreSQL notices by itself that its files are gone.
    if files.state.is_dir():
        watch(files, int(sys.argv[2]))


if __name__ == "__main__":
    main()
