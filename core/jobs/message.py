"""The message of a job: what a queue carries, in the form that dramatiq reads."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from core.jobs.job import Job, Urgency

ACTOR = "job"
"""One actor a queue: `job.urgent`. Which job it is stands in the message, so that an unknown one can become a dead letter."""


_adapters: dict[type[Any], TypeAdapter[Any]] = {}
"""One for each payload type; there are as many as jobs are declared."""


def _adapter(payload: type[Any]) -> TypeAdapter[Any]:
    if payload not in _adapters:
        _adapters[payload] = TypeAdapter(payload)
    return _adapters[payload]


def payload_out(job: Job, payload: Any) -> dict[str, Any]:
    """A payload as JSON holds it. `TypeError` for the payload of another job."""
    if type(payload) is not job.payload:
        raise TypeError(f"job {job.name} takes {job.payload.__name__}, not {type(payload).__name__}")
    out: dict[str, Any] = _adapter(job.payload).dump_python(payload, mode="json")
    return out


def payload_in(job: Job, stored: Mapping[str, Any]) -> Any:
    """The payload that JSON holds. Raises pydantic's `ValidationError` where it does not fit (any more)."""
    return _adapter(job.payload).validate_json(orjson.dumps(stored))


@dataclass(frozen=True, slots=True)
class JobMessage:
    """One message. `key` says what must have its effect once; `tenant` is the code of the scope, None for a system job."""

    id: UUID
    queue: Urgency
    job: str
    payload: Mapping[str, Any]
    key: str
    tenant: int | None = None
    attempt: int = 1
    slot: datetime | None = None

    def again(self) -> Self:
        """The message of the next attempt."""
        return replace(self, attempt=self.attempt + 1)

    def carried(self) -> dict[str, Any]:
        """What dramatiq carries to the actor."""
        return {
            "id": str(self.id),
            "queue": self.queue.value,
            "job": self.job,
            "payload": dict(self.payload),
            "key": self.key,
            "tenant": self.tenant,
            "attempt": self.attempt,
            "slot": None if self.slot is None else self.slot.isoformat(),
        }

    @classmethod
    def of(cls, carried: Mapping[str, Any]) -> Self:
        """The message that an actor is handed."""
        slot = carried["slot"]
        return cls(
            id=UUID(carried["id"]),
            queue=Urgency(carried["queue"]),
            job=carried["job"],
            payload=carried["payload"],
            key=carried["key"],
            tenant=carried["tenant"],
            attempt=carried["attempt"],
            slot=None if slot is None else datetime.fromisoformat(slot),
        )

    def encoded(self) -> str:
        """The message as dramatiq writes it: the JSON of the queue's row and of the broker's body."""
        return orjson.dumps(
            {
                "queue_name": self.queue.value,
                "actor_name": f"{ACTOR}.{self.queue.value}",
                "args": [],
                "kwargs": {"carried": self.carried()},
                "options": {},
                "message_id": str(self.id),
                "message_timestamp": int(time.time() * 1000),
            }
        ).decode()
