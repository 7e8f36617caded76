"""A lock on a file that the kernel releases when its last holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from core.db.embedded.connection import EmbeddedServerError

POLL_SECONDS = 0.01


class FileLock:
    """文件锁: `flock` on a file, which is made if missing.

    Each instance is a holder of its own, also within one process. A child process given the descriptor (`pass_fds`)
    shares the lock and keeps it after the parent is gone.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self.fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0), 0o600)

    def try_lock(self, *, shared: bool = False) -> bool:
        """Take the lock if nobody is in the way."""
        try:
            fcntl.flock(self.fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def lock(self, timeout: float) -> None:
        """Take the lock, waiting up to `timeout` seconds. Raises `EmbeddedServerError`."""
        deadline = time.monotonic() + timeout
        while not self.try_lock():
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"Another process has held {self.path} for {timeout:g} s, starting or stopping the database.",
                    "另一进程正在启动或停止数据库, 等待超时。",
                )
            time.sleep(POLL_SECONDS)

    def wait_shared(self) -> None:
        """Sleep in the kernel until no exclusive holder is left."""
        fcntl.flock(self.fd, fcntl.LOCK_SH)

    def close(self) -> None:
        """Give up this holder's part; a child that inherited the descriptor keeps the lock."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
