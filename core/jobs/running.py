"""Running one message: the effect and the row that says it is done in one transaction; or the next attempt; or a dead letter.

What became of a message is always written down before the broker hears that it is over. While that cannot be (no database),
it is tried again and again: a process that is stopped meanwhile leaves the message to others.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import asyncpg
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from core.acting import Subscriber
from core.calendar.records import CalendarSource
from core.clock import Clock
from core.db.session import Database, SystemSession, TenantSession
from core.errors import NotFound
from core.jobs import records
from core.jobs.context import JobContext
from core.jobs.job import Job
from core.jobs.message import JobMessage, payload_in
from core.tenancy.scopes import tenant_scope

LONGEST_BACKOFF: Final = 600.0
LONGEST_PAUSE: Final = 10.0
_UNREACHABLE = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
_logger = logging.getLogger("yingsu.jobs")


class Outcome(StrEnum):
    """What became of a message."""

    DONE = "done"
    ALREADY_DONE = "already_done"
    RETRIED = "retried"
    DIED = "died"


class Hopeless(Exception):
    """A message that no further attempt can help: an unknown job, a payload that does not fit, no tenant."""


@dataclass(slots=True)
class JobRunner:
    """Runs messages on a database, with what a process has for its jobs."""

    database: Database
    jobs: Mapping[str, Job]
    clock: Clock
    subscribers: Mapping[str, Sequence[Subscriber]] = field(default_factory=dict)
    permissions: frozenset[str] = frozenset()
    resources: Mapping[type[Any], Any] = field(default_factory=dict)
    requires: Mapping[str, Sequence[str]] = field(default_factory=dict)
    retry_seconds: float = 5.0
    timeout: float = 900.0
    calendar: CalendarSource = field(default_factory=CalendarSource)

    async def run(self, message: JobMessage) -> Outcome:
        """Do the job, unless its key is done already; failures are written down, and never raised."""
        try:
            async with asyncio.timeout(self.timeout):
                return await self._perform(message)
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its failure
            _logger.warning("job %s failed in attempt %d: %s", message.job, message.attempt, type(error).__name__)
            return await self._settle(message, error)

    async def _perform(self, message: JobMessage) -> Outcome:
        job = self._known(message)
        payload = self._payload(job, message)
        async with self._transaction(job, message) as session:
            if session is None:
                return Outcome.ALREADY_DONE
            context = JobContext(
                session=session,
                clock=self.clock,
                job=job,
                calendar=await self.calendar.current(session),
                key=message.key,
                attempt=message.attempt,
                slot=message.slot,
                permissions=self.permissions,
                subscribers=self.subscribers,
                resources=self.resources,
                requires=self.requires,
            )
            await job.perform(context, payload)
        return Outcome.DONE

    def _known(self, message: JobMessage) -> Job:
        job = self.jobs.get(message.job)
        if job is None:
            raise Hopeless("there is no such job")
        if job.system != (message.tenant is None):
            raise Hopeless("a job of a tenant carries a tenant, a system job none")
        return job

    def _payload(self, job: Job, message: JobMessage) -> Any:
        try:
            return payload_in(job, message.payload)
        except ValidationError as error:
            raise Hopeless("the payload does not fit") from error

    @asynccontextmanager
    async def _transaction(self, job: Job, message: JobMessage) -> AsyncGenerator[TenantSession | SystemSession | None]:
        """The transaction of the effect, its key claimed; None where the key is done. Who comes second waits for the first."""
        milliseconds = int(self.timeout * 1000)
        async with self.database.system(milliseconds) as session:
            if not await records.claim(session, message, self.clock.now()):
                yield None
            elif job.system:
                yield session
            else:
                yield await self._in_scope(session, message, milliseconds)

    async def _in_scope(self, session: SystemSession, message: JobMessage, milliseconds: int) -> TenantSession:
        if message.tenant is None:
            raise Hopeless("a job of a tenant carries a tenant")
        try:
            scope = await tenant_scope(session, message.tenant, self.clock.today())
        except NotFound as error:
            raise Hopeless("there is no such tenant") from error
        return await session.narrowed(scope, milliseconds)

    async def _settle(self, message: JobMessage, error: Exception) -> Outcome:
        job = self.jobs.get(message.job)
        final = isinstance(error, Hopeless) or job is None or message.attempt > job.retries
        if final:
            await self._persist(lambda session: records.bury(session, message, error, self.clock.now()))
            return Outcome.DIED
        wait = backoff(message.attempt, self.retry_seconds)
        await self._persist(lambda session: records.put_back(session, message.again(), wait))
        return Outcome.RETRIED

    async def _persist(self, write: Callable[[SystemSession], Any]) -> None:
        """Write until it is written; only the end of the process ends this."""
        pause = 0.1
        while True:
            try:
                async with asyncio.timeout(30), self.database.system(20_000) as session:
                    await write(session)
            except _UNREACHABLE as error:
                _logger.warning("what became of a job cannot be written: %s", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return


def backoff(attempt: int, first: float) -> float:
    """Seconds before the attempt that follows this one: doubling, bounded, and spread so that not all come back at once."""
    return min(first * 2.0 ** (attempt - 1), LONGEST_BACKOFF) * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load
