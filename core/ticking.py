"""What a serving process does every minute until the scheduler does it: telling periods that come near their last day."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from core.cases.period_notices import notice_due_periods
from core.clock import Clock
from core.db.session import Database

FIRST_AFTER = 5.0
"""Seconds after the start of a process: it has requests to answer first."""

_logger = logging.getLogger("yingsu.ticking")


async def notice_periods_forever(database: Database, clock: Clock, every_seconds: float) -> None:
    """Sweep until cancelled. Several processes may do so: each period is told once all the same."""
    await asyncio.sleep(min(FIRST_AFTER, every_seconds))
    while True:
        try:
            async with database.system() as session:
                await notice_due_periods(session, clock)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            _logger.warning("periods that are due could not be told: %s", type(error).__name__)
        except Exception:
            _logger.exception("periods that are due could not be told")
        await asyncio.sleep(every_seconds)
