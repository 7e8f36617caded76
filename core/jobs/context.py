"""What a job works with: one transaction, in the scope that its message carries, and the time, which is passed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from core.acting import ActContext, Actor, Subscriber
from core.calendar.working_days import WorkingCalendar
from core.clock import Clock
from core.db.session import SystemSession, TenantSession
from core.extension.everywhere import Area, enabled_areas
from core.extension.guard import is_enabled
from core.jobs.enqueue import enqueue
from core.jobs.job import Job
from core.tenancy.records import shard_number

S = TypeVar("S", bound=TenantSession | SystemSession)
R = TypeVar("R")
ROLE: Final = "SYSTEM"
"""What the audit trail names as the role of a job."""


@dataclass(slots=True)
class JobContext(Generic[S]):
    """Handed to every job. `slot` is the instant that a schedule gave the job for, which may be long past when it was missed."""

    session: S
    clock: Clock
    job: Job
    calendar: WorkingCalendar
    key: str
    attempt: int = 1
    slot: datetime | None = None
    permissions: frozenset[str] = frozenset()
    subscribers: Mapping[str, Sequence[Subscriber]] = field(default_factory=dict)
    resources: Mapping[type[Any], Any] = field(default_factory=dict)
    requires: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The instant at which the job runs."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """The day on which it runs, in Shanghai."""
        return self.clock.today()

    def resource(self, kind: type[R]) -> R:
        """A resource of the process by its type; `LookupError` if it has none."""
        found: R | None = self.resources.get(kind)
        if found is None:
            raise LookupError(f"this process has no {kind.__name__}")
        return found

    async def enqueue(self, job: Job, payload: Any, *, tenant: int | None = None, key: str | None = None) -> UUID:
        """Let another job be done after this one; see `enqueue`."""
        return await enqueue(self.session, job, payload, tenant=tenant, key=key)

    async def enabled(self, code: int) -> bool:
        """Whether the plugin that this job is of is effective for the tenant `code`."""
        plugin = self.job.name.partition(".")[0]
        return await is_enabled(self.session, shard_number(code), plugin, code, self.requires)

    async def enabled_areas(self) -> list[Area]:
        """Where in all cities the plugin that this job is of is effective; for system jobs."""
        if not isinstance(self.session, SystemSession):
            raise TypeError(f"the job {self.job.name} works on one tenant")
        return await enabled_areas(self.session, self.job.name.partition(".")[0], self.requires)

    @property
    def act_context(self) -> ActContext:
        """The context by which a job of a tenant performs acts and emits events, as the system itself."""
        if not isinstance(self.session, TenantSession):
            raise LookupError(f"the system job {self.job.name} has no tenant to act in")  # noqa: TRY004 - not a wrong argument
        return ActContext(
            session=self.session,
            clock=self.clock,
            actor=Actor(f"job:{self.job.name}", self.job.zh, ROLE),
            calendar=self.calendar,
            permissions=self.permissions,
            request_id=self.key,
            subscribers=self.subscribers,
            resources=self.resources,
        )
