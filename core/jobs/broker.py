"""The brokers: the queue's table in PostgreSQL, or RabbitMQ. Both carry messages only; what became of one is written by us.

No middleware of dramatiq's is used but our own: retries, time limits and dead letters are rows of ours, and must not depend on
what a broker can do (docs/decisions/0022-jobs-in-the-business-transaction.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from dramatiq import Broker, Message, actor
from dramatiq.middleware import Middleware
from dramatiq_postgres import PostgresBroker
from dramatiq_postgres.utils import make_pool
from sqlalchemy.engine import make_url

from core.db.roles import SYSTEM
from core.jobs.job import Urgency
from core.jobs.message import ACTOR

LEASE: Final = 10.0
"""Seconds: a worker that was killed gives its messages back within about eleven."""
HEARTBEATS: Final = 5
"""Signs of life within a lease, so that one that comes late costs nothing; others look for dead workers every 0.4 of it."""
POLL: Final = 1.0
PRIORITY: Final = {Urgency.URGENT: 0, Urgency.NORMAL: 10, Urgency.BULK: 20}
_logger = logging.getLogger("yingsu.jobs")


class RejectedMessages(Middleware):
    """What our actor cannot even read is set aside by the broker (`rejected`), never acknowledged as if it were done."""

    def after_process_message(
        self, _broker: Broker, message: Any, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        """Mark a message whose actor raised."""
        del result
        if exception is not None:
            message.fail()


class QueueBroker(PostgresBroker):  # type: ignore[misc]
    """The queue's table. It only reads: messages are written by `enqueue`, in the transaction that wants them."""

    def __init__(self, url: str, lease: float = LEASE) -> None:
        super().__init__(
            pool=make_pool(_as_system(url), maxconn=8),
            results=False,
            schema="public",
            prefix="job_",
            heartbeat_interval=lease / HEARTBEATS,
            heartbeat_ttl=lease,
            maintenance_interval=lease * 2 / HEARTBEATS,
            poll_interval=min(POLL, lease / HEARTBEATS),
            middleware=[RejectedMessages()],
        )

    def declare_queue(self, queue_name: str) -> None:
        """A queue without a second one for delayed messages: when a row may be taken stands in the row."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = True
            self.emit_after("declare_queue", queue_name)

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        """Refused: a message that is written by the broker is in nobody's transaction."""
        raise TypeError(f"{message.message_id} ({delay}): messages are written by core.jobs.enqueue")

    def close(self) -> None:
        """Close the connections too, which the pool was handed to us with."""
        super().close()
        self.pool.close()


def rabbit_broker(url: str) -> Broker:
    """RabbitMQ, which says of each message that it has it."""
    from dramatiq.brokers.rabbitmq import RabbitmqBroker  # noqa: PLC0415  # pika is of no use without RabbitMQ

    return RabbitmqBroker(url=url, confirm_delivery=True, middleware=[RejectedMessages()])


def _as_system(url: str) -> str:
    """The address for psycopg, as the role that sees the queue."""
    address = make_url(url).set(drivername="postgresql")
    options = f"{address.query.get('options', '')} -c role={SYSTEM}".strip()
    return address.update_query_dict({"options": options}).render_as_string(hide_password=False)


def declare_actors(broker: Broker, perform: Callable[[dict[str, Any]], None]) -> None:
    """One actor a queue; within a worker the urgent ones go first."""
    for urgency in Urgency:
        actor(
            actor_name=f"{ACTOR}.{urgency.value}", queue_name=urgency.value, priority=PRIORITY[urgency], broker=broker
        )(perform)
