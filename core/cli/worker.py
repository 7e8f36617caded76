"""`yingsu worker`, `yingsu scheduler`, `yingsu relay`: the processes beside the API."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress

import click
from prometheus_client import CollectorRegistry, start_http_server

from core.app import settle_memory
from core.cli.serve import configure_logging
from core.config import Settings
from core.connection import Installation, open_installation
from core.extension.registry import Registry
from core.house import jobs_of
from core.jobs.broker import rabbit_broker
from core.jobs.job import Urgency
from core.jobs.metrics import JobMetrics, QueueMetrics
from core.jobs.relaying import Relay
from core.scheduler import schedule_forever, scheduler_of
from core.supervising import end_with_supervisor
from core.worker import work

FAULT = 70
"""Exit code of a worker that must be started anew: a job was left without an outcome."""
QUEUES_LOOKED_AT_EVERY = 15.0


@click.command()
@click.option(
    "--queue",
    "queues",
    multiple=True,
    type=click.Choice([one.value for one in Urgency]),
    help="Queue to take jobs from; again for more. By default all.",
)
@click.option("--threads", type=click.IntRange(1, 64), help="Jobs to run at once (YINGSU_WORKER_THREADS).")
@click.option("--until-idle", is_flag=True, help="End when no message is left, not even one that waits for its retry.")
def worker(queues: Sequence[str], threads: int | None, until_idle: bool) -> int:
    """Do jobs until SIGTERM; those that run then get the grace time, what is not done is left to other workers."""
    given = {"worker_threads": threads} if threads is not None else {}
    settings = Settings().model_copy(update=given)
    if until_idle and settings.broker_url is not None:
        raise click.UsageError("--until-idle looks at the queue in PostgreSQL: unset YINGSU_BROKER_URL")
    wanted = [Urgency(one) for one in queues] or list(Urgency)
    return asyncio.run(_work(settings, wanted, until_idle))


async def _work(settings: Settings, queues: Sequence[Urgency], until_idle: bool) -> int:
    pool = settings.model_copy(update={"database_pool_size": settings.worker_threads + 4})
    async with _process(pool) as (installation, stop, figures):
        registry = Registry.load()
        metrics = JobMetrics(figures, jobs_of(registry))
        settle_memory()
        _say("working")
        sound = await work(
            settings,
            installation.database,
            registry,
            queues,
            stop,
            metrics.observe,
            until_idle=until_idle,
            figures=figures,
        )
    return 0 if sound else FAULT


@click.command()
@click.option("--once", is_flag=True, help="Give out what is due, say how many slots that were, and end.")
def scheduler(once: bool) -> None:
    """Give out the slots of schedules until SIGTERM. Any number of schedulers may run: each slot is given once."""
    asyncio.run(_schedule(Settings(), once))


async def _schedule(settings: Settings, once: bool) -> None:
    async with _process(settings) as (installation, stop, _):
        ticking = scheduler_of(settings, installation.database, Registry.load())
        if once:
            _say(f"{await ticking.tick()} slots")
            return
        settle_memory()
        _say("scheduling")
        await schedule_forever(ticking, settings.scheduler_seconds, stop)


@click.command()
def relay() -> None:
    """Hand messages from PostgreSQL to RabbitMQ (YINGSU_BROKER_URL) until SIGTERM. Any number of relays may run."""
    settings = Settings()
    if settings.broker_url is None:
        raise click.UsageError(
            "YINGSU_BROKER_URL is not set: workers read the queue in PostgreSQL, there is nothing to relay"
        )
    asyncio.run(_relay(settings, settings.broker_url.get_secret_value()))


async def _relay(settings: Settings, broker_url: str) -> None:
    async with _process(settings) as (installation, stop, _):
        broker = rabbit_broker(broker_url)
        _say("relaying")
        await Relay(installation.database, broker).run(stop)
        await asyncio.to_thread(broker.close)


@asynccontextmanager
async def _process(settings: Settings) -> AsyncGenerator[tuple[Installation, asyncio.Event, CollectorRegistry]]:
    """What these processes have in common: an installation, an end by signal or with their supervisor, and figures."""
    configure_logging()
    stop, figures = asyncio.Event(), CollectorRegistry()
    loop = asyncio.get_running_loop()
    for caught in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(caught, stop.set)
    async with open_installation(settings) as installation:
        beside = [asyncio.create_task(end_with_supervisor(), name="watch the supervisor")]
        if settings.worker_metrics_port is not None:
            start_http_server(settings.worker_metrics_port, settings.host, figures)
            beside.append(asyncio.create_task(_look_at_queues(installation, figures), name="look at the queues"))
        yield installation, stop, figures
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _look_at_queues(installation: Installation, figures: CollectorRegistry) -> None:
    queues = QueueMetrics(figures)
    while True:
        with suppress(Exception):
            async with installation.database.system(2_000) as session:
                await queues.refresh(session)
        await asyncio.sleep(QUEUES_LOOKED_AT_EVERY)


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
