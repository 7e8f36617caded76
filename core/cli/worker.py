"""`yingsu worker`, `yingsu scheduler`: the processes beside the API."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence

import click

from core.app import settle_memory
from core.cli.serve import configure_logging
from core.config import Settings
from core.connection import open_installation
from core.extension.registry import Registry
from core.jobs.job import Urgency
from core.scheduler import schedule_forever, scheduler_of
from core.worker import work

FAULT = 70
"""Exit code of a worker that must be started anew: a job was left without an outcome."""


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
    configure_logging()
    wanted = [Urgency(one) for one in queues] or list(Urgency)
    return asyncio.run(_work(settings, wanted, until_idle))


async def _work(settings: Settings, queues: Sequence[Urgency], until_idle: bool) -> int:
    pool = settings.model_copy(update={"database_pool_size": settings.worker_threads + 4})
    stop = _stopped_by_signal()
    async with open_installation(pool) as installation:
        registry = Registry.load()
        settle_memory()
        _say("working")
        sound = await work(
            settings, installation.database, registry, queues, stop, lambda *_: None, until_idle=until_idle
        )
    return 0 if sound else FAULT


@click.command()
@click.option("--once", is_flag=True, help="Give out what is due, say how many slots that were, and end.")
def scheduler(once: bool) -> None:
    """Give out the slots of schedules until SIGTERM. Any number of schedulers may run: each slot is given once."""
    configure_logging()
    asyncio.run(_schedule(Settings(), once))


async def _schedule(settings: Settings, once: bool) -> None:
    stop = _stopped_by_signal()
    async with open_installation(settings) as installation:
        ticking = scheduler_of(settings, installation.database, Registry.load())
        if once:
            _say(f"{await ticking.tick()} slots")
            return
        settle_memory()
        _say("scheduling")
        await schedule_forever(ticking, settings.scheduler_seconds, stop)


def _stopped_by_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for caught in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(caught, stop.set)
    return stop


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
