"""The scheduler process: gives out the slots of every schedule, again and again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from core.clock import process_clock
from core.config import Settings
from core.db.session import Database
from core.extension.registry import Registry
from core.house import schedules_of
from core.jobs.scheduling import Scheduler

_logger = logging.getLogger("yingsu.jobs")


def scheduler_of(settings: Settings, database: Database, registry: Registry) -> Scheduler:
    """The scheduler of this process."""
    return Scheduler(database, schedules_of(registry), process_clock(settings.clock), registry.requires)


async def schedule_forever(scheduler: Scheduler, every: float, stop: asyncio.Event) -> None:
    """Tick until `stop`; what cannot be done now (no database) is done by a later tick."""
    while not stop.is_set():
        try:
            await scheduler.tick()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            _logger.warning("slots could not be given out: %s", type(error).__name__)
        except Exception:
            _logger.exception("slots could not be given out")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)
