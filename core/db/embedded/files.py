"""Where everything of an embedded server lies within the data folder."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from core.db.embedded.connection import EmbeddedServerError

LOG_LIMIT_BYTES = 10 * 1024 * 1024
TAIL_BYTES = 4000


@dataclass(frozen=True)
class Files:
    """The files of one data folder (`YINGSU_DATA`); `data` is absolute."""

    data: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder, owned by the account that it runs under."""
        return self.data / "postgres"

    @property
    def unfinished_cluster(self) -> Path:
        """Where `initdb` works; renamed to `cluster` when it is whole."""
        return self.data / "postgres.new"

    @property
    def log(self) -> Path:
        """What the server and the watchdog write."""
        return self.data / "postgres.log"

    @property
    def state(self) -> Path:
        """Our own part: locks, leases, password, port."""
        return self.data / "postgres.state"

    @property
    def start_lock(self) -> Path:
        """Held while a process starts or stops the server, or joins or leaves its users."""
        return self.state / "start.lock"

    @property
    def server_lock(self) -> Path:
        """Held by PostgreSQL's processes themselves."""
        return self.state / "server.lock"

    @property
    def watchdog_lock(self) -> Path:
        """Held by the watchdog."""
        return self.state / "watchdog.lock"

    @property
    def leases(self) -> Path:
        """One locked file for each user of the server."""
        return self.state / "leases"

    @property
    def port(self) -> Path:
        """The port of the last start, tried first at the next, so that a written-down URL stays true."""
        return self.state / "port"

    @property
    def _password(self) -> Path:
        return self.state / "password"

    def prepare(self) -> None:
        """Make the folders; only those made here are closed to others."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, self.state, self.leases):
            folder.mkdir(mode=0o700, exist_ok=True)

    def password(self) -> str:
        """Return the superuser's password. Raises `EmbeddedServerError` if the file is gone."""
        try:
            return self._password.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            raise EmbeddedServerError(
                f"The password file {self._password} of the embedded database is missing.",
                "嵌入式数据库的密码文件缺失。",
            ) from None

    def make_password(self) -> str:
        """Write a new random password, readable by its owner only, and return it."""
        password = secrets.token_urlsafe(32)
        fresh = self._password.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(password)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._password)
        return password

    def open_log(self) -> int:
        """Open the log to append; one that has grown too long becomes `postgres.log.1`. The caller closes it."""
        if self.log_size() > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_name("postgres.log.1"))
        return os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def log_size(self) -> int:
        """Return the log's length in bytes, 0 if there is none."""
        return self.log.stat().st_size if self.log.exists() else 0

    def log_tail(self, start: int = 0) -> str:
        """Return the end of the log, from byte `start` at the earliest."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(start, self.log_size() - TAIL_BYTES))
            return file.read().decode(errors="replace").strip()
