"""The embedded server as the rest of the project uses it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core.db.embedded import databases
from core.db.embedded.cluster import HOST, Cluster
from core.db.embedded.connection import DEFAULT_DATABASE, SUPERUSER, ConnectionInfo, EmbeddedServerError
from core.db.embedded.files import Files
from core.db.embedded.lease import Lease, drop_dead_leases, held_leases
from core.db.embedded.lock import FileLock
from core.db.embedded.watchdog import await_watchdog, ensure_watchdog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.db.embedded.postmaster import Postmaster


class EmbeddedServer:
    """嵌入式数据库: the PostgreSQL of a data folder (`YINGSU_DATA`), shared by all processes that name this folder.

    `fsync=False` is for tests: faster, and not safe against a crash of the machine; it takes effect where this
    process makes or starts the server. `start_timeout` (seconds) also bounds recovery after a crash.
    All methods raise `EmbeddedServerError`; all are synchronous and may wait for seconds.
    """

    def __init__(
        self, data: Path, *, fsync: bool = True, start_timeout: float = 60.0, stop_timeout: float = 20.0
    ) -> None:
        self._files = Files(data.absolute())
        self._cluster = Cluster(self._files, durable=fsync, start_timeout=start_timeout, stop_timeout=stop_timeout)
        self._lease: Lease | None = None

    @contextmanager
    def lease(self) -> Iterator[ConnectionInfo]:
        """Use the server for the length of a `with`: start it or attach to it, and stop it if nobody else is left."""
        lease, postmaster = self._take()
        try:
            yield self._connection(postmaster)
        finally:
            self._give_back(lease)

    def ensure_running(self) -> ConnectionInfo:
        """Start the server or attach to it, and hold a lease until `release`, `stop` or the end of this process.

        Calling it again starts a server that has died meanwhile.
        """
        lease, postmaster = self._take()
        if self._lease is not None:
            self._lease.release()
        self._lease = lease
        return self._connection(postmaster)

    def release(self) -> None:
        """Give back what `ensure_running` took; the server stops if nobody else uses it."""
        if self._lease is not None:
            lease, self._lease = self._lease, None
            self._give_back(lease)

    def stop(self) -> None:
        """Stop the server whoever uses it; nothing happens if it does not run."""
        if not self._files.state.is_dir():
            return
        with self._starting():
            if self._lease is not None:
                self._lease.release()
                self._lease = None
            self._cluster.stop()
        self._settle()

    def is_running(self) -> bool:
        """Whether the server takes connections."""
        return self._files.state.is_dir() and self._cluster.running() is not None

    def info(self, database: str = DEFAULT_DATABASE) -> ConnectionInfo:
        """Return how to reach a database of the running server."""
        postmaster = self._cluster.running() if self._files.state.is_dir() else None
        if postmaster is None:
            raise EmbeddedServerError(
                f"The embedded database in {self._files.data} does not run.", "嵌入式数据库未在运行。"
            )
        return self._connection(postmaster).with_database(database)

    def create_database(self, name: str, *, template: str | None = None) -> ConnectionInfo:
        """Create a database on the running server, as a copy of `template` if one is named (nobody may be in it)."""
        databases.create(self.info("postgres"), name, template=template)
        return self.info(name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, ending the connections to it."""
        databases.drop(self.info("postgres"), name)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with FileLock(self._files.start_lock) as lock:
            lock.lock(self._cluster.start_timeout)
            yield

    def _take(self) -> tuple[Lease, Postmaster]:
        self._files.prepare()
        with self._starting():
            drop_dead_leases(self._files)
            lease = Lease(self._files)
            try:
                # Before the server: were we killed in between, nobody would stop it.
                ensure_watchdog(self._files)
                return lease, self._cluster.ensure()
            except BaseException:
                lease.release()
                raise

    def _give_back(self, lease: Lease) -> None:
        ours = lease.is_ours
        lease.release()
        if not ours:
            return
        with self._starting():
            drop_dead_leases(self._files)
            if held_leases(self._files):
                return
            self._cluster.stop()
        self._settle()

    def _settle(self) -> None:
        if not held_leases(self._files):
            await_watchdog(self._files)

    def _connection(self, postmaster: Postmaster) -> ConnectionInfo:
        return ConnectionInfo(HOST, postmaster.port, SUPERUSER, self._files.password(), DEFAULT_DATABASE)
