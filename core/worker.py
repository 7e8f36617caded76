"""The worker process, put together from its settings: what takes messages, what jobs there are, and what they have at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress

from dramatiq import Broker
from prometheus_client import CollectorRegistry

from core.app import file_location, id_secret, queue_url
from core.clock import process_clock
from core.config import Settings
from core.db.session import Database
from core.documents.files import Files
from core.extension.registry import Registry
from core.house import jobs_of
from core.identity.permissions import CORE_PERMISSIONS, PermissionRegistry
from core.jobs import records
from core.jobs.broker import QueueBroker, rabbit_broker
from core.jobs.consuming import Consumers, Watch
from core.jobs.job import Urgency
from core.jobs.running import JobRunner
from core.notifications.sending import send_forever
from core.sending import sender_of

IDLE_LOOKED_AT_EVERY = 0.1


async def job_runner(settings: Settings, database: Database, registry: Registry) -> JobRunner:
    """What runs messages on an opened, migrated database."""
    secret = await id_secret(database)
    base, limit = settings.public_url or "", settings.file_limit
    return JobRunner(
        database=database,
        jobs=jobs_of(registry),
        clock=process_clock(settings.clock),
        subscribers=registry.subscribers(frozenset(registry.plugins)),
        permissions=frozenset(
            one.name for one in PermissionRegistry.of({"core": CORE_PERMISSIONS, **registry.permissions()})
        ),
        resources={
            Settings: settings,
            Files: Files.open(file_location(settings), secret, base=base, size_limit=limit),
        },
        requires=registry.requires,
        retry_seconds=settings.job_retry_seconds,
        timeout=settings.job_timeout,
    )


async def work(
    settings: Settings,
    database: Database,
    registry: Registry,
    queues: Collection[Urgency],
    stop: asyncio.Event,
    watch: Watch,
    *,
    until_idle: bool = False,
    figures: CollectorRegistry | None = None,
) -> bool:
    """Do jobs and send messages until `stop`, or until none is left; false if the process has to end because of a fault."""
    runner = await job_runner(settings, database, registry)
    consumers = Consumers(_broker(settings, database), runner, settings.worker_threads, queues, watch)
    consumers.start()
    sender = sender_of(settings, database, registry, await id_secret(database), runner.clock, figures)
    sending = asyncio.create_task(send_forever(sender, settings.delivery_seconds), name="send messages")
    waits: list[asyncio.Task[bool]] = [asyncio.create_task(one.wait()) for one in (stop, consumers.broken)]
    if until_idle:
        waits.append(asyncio.create_task(_idle(database)))
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for one in (*waits, sending):
        one.cancel()
        with suppress(asyncio.CancelledError):
            await one
    if not consumers.broken.is_set():
        await consumers.stop(settings.grace_seconds)
    if until_idle:
        await sender.send_due()
    return not consumers.broken.is_set()


def _broker(settings: Settings, database: Database) -> Broker:
    """RabbitMQ where one is named, else the queue in PostgreSQL."""
    if settings.broker_url is not None:
        return rabbit_broker(settings.broker_url.get_secret_value())
    return QueueBroker(queue_url(settings, database), settings.job_lease_seconds)


async def _idle(database: Database) -> bool:
    """Wait until no message waits, is delayed or being worked on."""
    while True:
        async with database.system(10_000) as session:
            if all(depth.empty for depth in (await records.depths(session)).values()):
                return True
        await asyncio.sleep(IDLE_LOOKED_AT_EVERY)
