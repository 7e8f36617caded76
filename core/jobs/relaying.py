"""The relay: hands messages from the outbox to RabbitMQ, and takes them out only when RabbitMQ has said that it has them.

Rows are claimed and deleted in one transaction, so any number of relays may run. One that dies in between leaves the rows, and
they are handed over again: twice is harmless, never is not.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final

import pika.exceptions
from dramatiq import Broker, Message
from dramatiq.errors import DramatiqError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.db.session import Database

BATCH: Final = 100
LOOK_EVERY: Final = 0.2
"""Seconds: what RabbitMQ adds to the way of a message is mostly this."""
LONGEST_PAUSE: Final = 10.0
_CLAIM = text(f"""
select message_id, message::text as message from job_queue
 where (state = 'queued' and available_at <= now()) or state = 'consumed'
 order by available_at, position limit {BATCH} for update skip locked
""")
_DELETE = text("delete from job_queue where message_id = any(:ids)")
_logger = logging.getLogger("yingsu.jobs")


class Relay:
    """Empties the outbox into a broker."""

    def __init__(self, database: Database, broker: Broker) -> None:
        self._database = database
        self._broker = broker

    async def hand_over(self) -> int:
        """Hand over one batch of what may be delivered now; how many messages. Raises what the broker or database raises.

        What a worker of before held when RabbitMQ came between (`consumed`) is handed over as well.
        """
        async with self._database.system(60_000) as session:
            rows = await session.rows(_CLAIM)
            if rows:
                await asyncio.to_thread(self._send, [row.message for row in rows])
                await session.execute(_DELETE, {"ids": [row.message_id for row in rows]})
        return len(rows)

    def _send(self, messages: list[str]) -> None:
        """Each is confirmed before the next is sent: dramatiq raises where the broker does not say that it has it."""
        for message in messages:
            self._broker.enqueue(Message.decode(message.encode()))

    async def run(self, stop: asyncio.Event) -> None:
        """Hand over until `stop`; what the broker does not take now it is offered again."""
        pause = LOOK_EVERY
        while not stop.is_set():
            try:
                handed = await self.hand_over()
                pause = 0.0 if handed == BATCH else LOOK_EVERY
            except (DramatiqError, pika.exceptions.AMQPError, SQLAlchemyError, OSError, TimeoutError) as error:
                _logger.warning("messages could not be handed over: %s", type(error).__name__)
                pause = min(max(pause, LOOK_EVERY) * 2, LONGEST_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
