"""What an act works with: one transaction, one clock, one actor; and the two records that every change of state leaves.

An act (行为) is a plain async function `perform(context, given) -> id` in a slice's `acts`. It checks what only it can know,
changes rows, records itself and emits events, all in the transaction that it was handed. It never commits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from sqlalchemy import Table, insert

from core.audit.tables import AuditEntry, DomainEvent
from core.calendar.working_days import WorkingCalendar
from core.clock import Clock
from core.db.session import TenantSession

R = TypeVar("R")
# Statements are built once: building one anew cost as much as running it.
_WRITE_ENTRY = insert(cast("Table", AuditEntry.__table__)).inline()
_WRITE_EVENT = insert(cast("Table", DomainEvent.__table__)).inline()


@dataclass(frozen=True, slots=True)
class Actor:
    """行为人: who acts, under which membership."""

    subject: str
    display_name: str
    role: str
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The row that an act is about, and whose it is."""

    type_name: str
    id: UUID
    code: int
    agency_id: UUID | None = None


class Event(Protocol):
    """领域事件: a frozen dataclass in a slice's `events`; its class name is the event's name."""

    @property
    def subject(self) -> Subject:
        """The row that it happened to."""
        ...

    def payload(self) -> Mapping[str, Any]:
        """Plain data for those who react, JSON-able."""
        ...


Subscriber = Callable[["ActContext", Event], Awaitable[None]]
"""Reacts inside the act's transaction: what it writes is committed with the act, or not at all."""


@dataclass(slots=True)
class ActContext:
    """Handed to every act."""

    session: TenantSession
    clock: Clock
    actor: Actor
    calendar: WorkingCalendar
    permissions: frozenset[str] = frozenset()
    request_id: str | None = None
    subscribers: Mapping[str, Sequence[Subscriber]] = field(default_factory=dict)
    resources: Mapping[type[Any], Any] = field(default_factory=dict)
    """What an act needs from the process beside the database (the object store), by type."""

    def resource(self, kind: type[R]) -> R:
        """A resource by its type; `LookupError` if the process has none."""
        found: R | None = self.resources.get(kind)
        if found is None:
            raise LookupError(f"this process has no {kind.__name__}")
        return found

    @property
    def shard(self) -> int:
        """The root tenant that the transaction works in."""
        return self.session.scope.shard

    @property
    def now(self) -> datetime:
        """The instant of the act."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """The day of the act, in Shanghai."""
        return self.clock.today()

    async def record(
        self,
        act: str,
        subject: Subject,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        """Write the audit entry of the act; `before` and `after` hold only what changed."""
        entry = {
            "shard": self.shard,
            "code": subject.code,
            "agency_id": subject.agency_id,
            "at": self.now,
            "act": act,
            "actor": self.actor.subject,
            "member_id": self.actor.member_id,
            "subject_type": subject.type_name,
            "subject_id": subject.id,
            "before": plain(before),
            "after": plain(after),
            "reason": reason,
            "request_id": self.request_id,
        }
        await self.session.execute(_WRITE_ENTRY, entry)

    async def emit(self, event: Event) -> None:
        """Write a domain event, then let its subscribers react in this transaction."""
        name = type(event).__name__
        written = {
            "shard": self.shard,
            "code": event.subject.code,
            "agency_id": event.subject.agency_id,
            "name": name,
            "subject_type": event.subject.type_name,
            "subject_id": event.subject.id,
            "payload": plain(event.payload()),
            "occurred_at": self.now,
        }
        await self.session.execute(_WRITE_EVENT, written)
        await self.whisper(event)

    async def whisper(self, event: Event) -> None:
        """Let an event's subscribers react in this transaction, and write nothing: for what is nobody else's business."""
        for subscriber in self.subscribers.get(type(event).__name__, ()):
            await subscriber(self, event)


def plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The same values as JSON holds them: days and ids as text, decimals as text, at any depth."""
    if values is None:
        return None
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value
