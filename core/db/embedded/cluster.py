"""Start, find and stop the PostgreSQL of one data folder. The caller holds the start lock."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass

from core.db.embedded.account import Account, account_for
from core.db.embedded.binaries import Binaries, binaries_for
from core.db.embedded.connection import EmbeddedServerError
from core.db.embedded.files import Files
from core.db.embedded.initialise import ENVIRONMENT, initialise
from core.db.embedded.lock import POLL_SECONDS, FileLock
from core.db.embedded.postmaster import Postmaster, members, pid_file, read_postmaster, send, serves

HOST = "127.0.0.1"
PORT_ATTEMPTS = 8
# How long an immediate shutdown may take: PostgreSQL itself kills children that linger for 5 s.
IMMEDIATE_SECONDS = 10.0
# A server process notices the death of the postmaster when it next waits for something. One that computes does not,
# and would keep a new server from starting: after this long it is killed.
ORPHAN_SECONDS = 2.0
PORT_TAKEN = "Address already in use"


@dataclass(frozen=True)
class Cluster:
    """数据库集簇: the cluster of a data folder.

    `start_timeout` and `stop_timeout` are in seconds. Without `durable` nothing is flushed to disk: a crash of the
    machine may lose everything (for tests).
    """

    files: Files
    durable: bool = True
    start_timeout: float = 60.0
    stop_timeout: float = 20.0

    def is_alive(self) -> bool:
        """Whether any process of this cluster's PostgreSQL exists, ready or not."""
        with FileLock(self.files.server_lock) as lock:
            return not lock.try_lock(shared=True)

    def running(self) -> Postmaster | None:
        """Return the server if it takes connections."""
        postmaster = self._postmaster()
        return postmaster if postmaster and postmaster.ready and self.is_alive() else None

    def ensure(self) -> Postmaster:
        """Return the running server, or start it. Raises `EmbeddedServerError`, with the log's tail."""
        deadline = time.monotonic() + self.start_timeout
        while True:
            if found := self._attach(deadline):
                return found
            with FileLock(self.files.server_lock) as lock:
                if lock.try_lock():
                    return self._start(lock.fd, deadline)

    def stop(self) -> None:
        """Stop the server: fast; if that takes longer than `stop_timeout`, immediately; at last by SIGKILL.

        After an immediate stop the next start recovers from the log: nothing that was committed is lost.
        Raises `EmbeddedServerError` if even that leaves a process.
        """
        for number, seconds in ((signal.SIGINT, self.stop_timeout), (signal.SIGQUIT, IMMEDIATE_SECONDS)):
            if self._stop_by(number, seconds):
                return
        deadline = time.monotonic() + IMMEDIATE_SECONDS
        while self.is_alive():
            self._kill()
            if time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)
                continue
            raise EmbeddedServerError(
                f"PostgreSQL in {self.files.cluster} cannot be stopped.",
                "无法停止数据库。",
                log_tail=self.files.log_tail(),
            )

    def _attach(self, deadline: float) -> Postmaster | None:
        """Wait while somebody else's start, recovery, shutdown or orphan is under way; None if nothing runs."""
        seen = time.monotonic()
        while self.is_alive():
            if found := self.running():
                return found
            now = time.monotonic()
            if self._postmaster():
                seen = now
            elif now - seen > ORPHAN_SECONDS:
                self._kill()
            if now > deadline:
                raise self._late()
            time.sleep(POLL_SECONDS)
        return None

    def _start(self, lock_fd: int, deadline: float) -> Postmaster:
        account = account_for(self.files.cluster)
        binaries = binaries_for(account)
        if not self.files.cluster.exists():
            initialise(self.files, binaries, account, lock_fd=lock_fd, durable=self.durable, deadline=deadline)
        self._drop_stale_pid_file()
        port = self._last_port()
        for _ in range(PORT_ATTEMPTS):
            port = port if port and _is_free(port) else _free_port()
            start = self.files.log_size()
            process = self._launch(binaries, account, port, lock_fd)
            try:
                started = self._await_start(process, deadline)
            except BaseException:
                self._abandon(process)
                raise
            if started:
                self.files.port.write_text(str(started.port), encoding="ascii")
                # Somebody has to collect its exit status, or it would stay as a zombie for as long as we live.
                threading.Thread(target=process.wait, name="embedded-postgres", daemon=True).start()
                return started
            tail = self.files.log_tail(start)
            if PORT_TAKEN not in tail:
                raise EmbeddedServerError(
                    f"PostgreSQL in {self.files.cluster} did not start (it ended with {process.returncode}).",
                    "数据库启动失败。",
                    log_tail=tail,
                )
            port = None
        raise EmbeddedServerError("No free port was found for the database.", "找不到空闲端口。")

    def _launch(self, binaries: Binaries, account: Account, port: int, lock_fd: int) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": HOST,
            "port": str(port),
            "unix_socket_directories": "",
            "logging_collector": "off",
            # What `ps` shows; as root the folder does not stand in the command otherwise.
            "cluster_name": str(self.files.data).encode("ascii", "replace").decode()[-60:],
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        command = [binaries.program("postgres"), "-D", account.data_directory(self.files.cluster)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self.files.open_log()
        try:
            return subprocess.Popen(  # noqa: S603
                command,
                cwd=self.files.cluster,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock_fd],
                # A Ctrl-C in our terminal is for us: the server must outlive our own shutdown.
                start_new_session=True,
                **account.run_as,
            )
        except OSError as error:
            raise EmbeddedServerError(f"PostgreSQL cannot be run: {error}.", "无法运行 PostgreSQL 程序。") from error
        finally:
            os.close(log)

    def _await_start(self, process: subprocess.Popen[bytes], deadline: float) -> Postmaster | None:
        """Wait until the server takes connections; None if it ended instead."""
        while process.poll() is None:
            postmaster = read_postmaster(self.files.cluster)
            if postmaster and postmaster.ready and postmaster.pid == process.pid:
                return postmaster
            if time.monotonic() > deadline:
                raise self._late()
            time.sleep(POLL_SECONDS)
        return None

    @staticmethod
    def _abandon(process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(IMMEDIATE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _late(self) -> EmbeddedServerError:
        return EmbeddedServerError(
            f"PostgreSQL in {self.files.cluster} was not ready within {self.start_timeout:g} s. After a crash recovery "
            "may need longer: allow more time.",
            "数据库未在限定时间内就绪; 崩溃恢复可能需要更久, 请放宽启动时限。",
            log_tail=self.files.log_tail(),
        )

    def _drop_stale_pid_file(self) -> None:
        """Remove a pid file whose server is gone: PostgreSQL would take a stranger with the same id for it."""
        left = read_postmaster(self.files.cluster)
        if left and serves(left.pid, self.files.cluster):
            raise EmbeddedServerError(
                f"A PostgreSQL that was not started by Yingsu (process {left.pid}) works in {self.files.cluster}.",
                "该数据目录已有其他 PostgreSQL 进程在运行。",
            )
        pid_file(self.files.cluster).unlink(missing_ok=True)

    def _last_port(self) -> int | None:
        try:
            return int(self.files.port.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None

    def _stop_by(self, number: signal.Signals, seconds: float) -> bool:
        """Signal the postmaster once, as soon as it can be seen, and wait for the end of all its processes."""
        seen = time.monotonic()
        deadline = seen + seconds
        sent = False
        while self.is_alive():
            now = time.monotonic()
            if postmaster := self._postmaster():
                seen = now
                if not sent:
                    send(postmaster.pid, number)
                    sent = True
            if now > deadline or now - seen > ORPHAN_SECONDS:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def _postmaster(self) -> Postmaster | None:
        """Return the postmaster if its process exists, ready or not."""
        postmaster = read_postmaster(self.files.cluster)
        return postmaster if postmaster and serves(postmaster.pid, self.files.cluster) else None

    def _kill(self) -> None:
        for pid in members(self.files.cluster):
            send(pid, signal.SIGKILL)


def _is_free(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        # As PostgreSQL does: connections of the last run that linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
