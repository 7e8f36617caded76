"""Putting a job into its queue: a row of the business transaction, so it is there with what it follows from, or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from core.acting import ActContext
from core.db.session import SystemSession, TenantSession
from core.db.uuid7 import uuid7
from core.jobs.job import Job
from core.jobs.message import JobMessage, payload_out

_ENQUEUE = text("select enqueue_job(cast(:message as jsonb))")


class TenantMissing(Exception):
    """A job of a tenant without one, or a system job with one."""


async def enqueue(
    where: ActContext | TenantSession | SystemSession,
    job: Job,
    payload: Any,
    *,
    tenant: int | None = None,
    key: str | None = None,
) -> UUID:
    """Let a job be done after this transaction is committed; the message's id.

    `tenant` is the code whose scope the job works in, by default that of the session. With a `key` the job has its effect once,
    however often it is enqueued; without one each call has. Raises `TenantMissing`, and `TypeError` for a wrong payload.
    """
    session = where.session if isinstance(where, ActContext) else where
    if tenant is None and not job.system and isinstance(session, TenantSession):
        tenant = session.scope.code
    message = message_of(job, payload, tenant=tenant, key=key)
    await send(session, message)
    return message.id


def message_of(
    job: Job, payload: Any, *, tenant: int | None, key: str | None = None, slot: datetime | None = None
) -> JobMessage:
    """The first message of a job. Raises `TenantMissing` and `TypeError` as `enqueue` does."""
    if job.system != (tenant is None):
        raise TenantMissing(f"job {job.name} works on {'all tenants' if job.system else 'one tenant'}: tenant={tenant}")
    message_id = uuid7()
    return JobMessage(
        id=message_id,
        queue=job.queue,
        job=job.name,
        payload=payload_out(job, payload),
        key=str(message_id) if key is None else key,
        tenant=tenant,
        slot=slot,
    )


async def send(session: TenantSession | SystemSession, message: JobMessage) -> None:
    """Write the row of a message, and wake those who wait for one when it is committed."""
    await session.scalar(_ENQUEUE, {"message": message.encoded()})
