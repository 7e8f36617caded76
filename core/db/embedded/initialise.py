"""A new cluster: made aside and renamed when it is whole, so that an interrupted one is never taken for a cluster."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from core.db.embedded.account import Account
from core.db.embedded.binaries import Binaries
from core.db.embedded.connection import DEFAULT_DATABASE, SUPERUSER, EmbeddedServerError
from core.db.embedded.files import TAIL_BYTES, Files

# Written into postgresql.conf once; `ALTER SYSTEM` changes them for good.
SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "wal_level": "replica",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_checkpoints": "off",
    # A statement's text can hold personal data, and megabytes; the error itself is logged all the same.
    "log_min_error_statement": "panic",
}
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}


def initialise(
    files: Files, binaries: Binaries, account: Account, *, lock_fd: int, durable: bool, deadline: float
) -> None:
    """Make the cluster with a random scram password and the default database.

    `lock_fd` is the server lock: `initdb` inherits it, so an orphaned one is waited for before a new one begins.
    Raises `EmbeddedServerError`.
    """
    folder = files.unfinished_cluster
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    account.own(folder)
    directory = account.data_directory(folder)
    with tempfile.TemporaryFile(dir=files.state) as password:
        password.write(files.make_password().encode())
        password.seek(0)
        account.own(password.fileno())
        command = [
            *(binaries.program("initdb"), "-D", directory, f"--username={SUPERUSER}", "--pwfile=/dev/stdin"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(f"--set={name}={value}" for name, value in SETTINGS.items()),
            *(() if durable else ("--no-sync",)),
        ]
        _run(command, folder, account, lock_fd=lock_fd, deadline=deadline, stdin=password.fileno())
    with tempfile.TemporaryFile() as statement:
        statement.write(f"CREATE DATABASE {DEFAULT_DATABASE};\n".encode())
        statement.seek(0)
        command = [binaries.program("postgres"), "--single", "-D", directory, "-c", "exit_on_error=on"]
        command += [*(() if durable else ("-F",)), "postgres"]
        _run(command, folder, account, lock_fd=lock_fd, deadline=deadline, stdin=statement.fileno())
    folder.rename(files.cluster)
    if durable:
        _sync(files.data)


def _run(command: list[str], folder: Path, account: Account, *, lock_fd: int, deadline: float, stdin: int) -> None:
    what = Path(command[0]).name
    try:
        done = subprocess.run(  # noqa: S603
            command,
            check=False,
            cwd=folder,
            env=ENVIRONMENT,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=[lock_fd],
            start_new_session=True,
            timeout=max(1.0, deadline - time.monotonic()),
            **account.run_as,
        )
    except subprocess.TimeoutExpired:
        raise EmbeddedServerError(
            f"Making the database in {folder.parent} took too long ({what}).", "创建数据库超时。"
        ) from None
    except OSError as error:
        raise EmbeddedServerError(
            f"{what} cannot be run as user id {account.uid}: {error}.", "无法运行 PostgreSQL 程序。"
        ) from error
    if done.returncode != 0:
        raise EmbeddedServerError(
            f"The database in {folder.parent} could not be made ({what} ended with {done.returncode}).",
            "创建数据库失败。",
            log_tail=done.stdout[-TAIL_BYTES:].decode(errors="replace").strip(),
        )


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
