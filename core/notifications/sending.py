"""Sending what is due by the channels that lead out of the house.

Between handing a parcel over and writing that down, a process may die: the parcel is then handed over again, under the same id.
In the inbox a message is there exactly once, whatever crashes; outside it is there at least once, and each receiver can tell a
repeat (`core.notifications.channel`).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Row

from core.clock import Clock
from core.db.session import Database, SystemSession
from core.notifications import claims
from core.notifications.channel import (
    WEBHOOK,
    Addressee,
    Channel,
    DeliveryFailure,
    Endpoint,
    Letter,
    NotSent,
    Parcel,
)
from core.notifications.metrics import DeliveryMetrics

CONNECTIONS: Final = 2
"""Connections that one sender takes at most, however many messages leave at once."""
LONGEST_WAIT: Final = timedelta(hours=6)
GIVEN_UP_AFTER: Final = timedelta(days=3)
_HANGING: Final = frozenset({DeliveryFailure.TIMEOUT, DeliveryFailure.UNREACHABLE})
_logger = logging.getLogger("yingsu.notifications")


@dataclass(slots=True)
class Sender:
    """Sends what is due. Several processes may have one each: a delivery is taken up by one of them at a time.

    `lease` is how long a claim lasts; whoever sends gives up after half of it, so that two never send at the same time.
    """

    database: Database
    clock: Clock
    channels: Mapping[str, Channel]
    metrics: DeliveryMetrics = field(default_factory=DeliveryMetrics)
    lease: timedelta = timedelta(seconds=120)
    first_wait: timedelta = timedelta(seconds=60)
    attempts: int = 8
    writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))

    async def send_due(self) -> int:
        """Send all that is due now, by all channels at once; how many parcels were handed over."""
        async with self.session() as session:
            due = await claims.channels_due(session, self.clock.now())
        return sum(await asyncio.gather(*(self._send_by(name) for name in due)))

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[SystemSession]:
        """A transaction on all tenants, waiting for its turn."""
        async with self.writing, self.database.system(30_000) as session:
            yield session

    async def _send_by(self, name: str) -> int:
        handed = 0
        while parcels := await self._claimed(name):
            handed += sum(await asyncio.gather(*(self._settle(*one) for one in parcels)))
        return handed

    async def _claimed(self, name: str) -> list[tuple[UUID, Parcel, int, bool]]:
        """Parcels that are ours to send for the time of the lease: claim, parcel, attempt, whether the recipient has left."""
        claimed, now = uuid4(), self.clock.now()
        async with self.session() as session:
            if not await claims.claim(session, name, claimed, now, now + self.lease):
                return []
            rows = await claims.content(session, claimed, self.clock.today())
        parcels = groupby(rows, key=lambda row: row.batch_id)
        return [_parcel(claimed, list(group)) for _, group in parcels]

    async def _settle(self, claimed: UUID, parcel: Parcel, attempt: int, ended: bool) -> bool:
        """Send a parcel and write down what became of it; whether it was handed over."""
        try:
            await self._hand_over(parcel, ended=ended)
        except NotSent as not_sent:
            await self._write_failure(claimed, parcel, attempt, not_sent)
            return False
        async with self.session() as session:
            await claims.sent(session, claimed, parcel.id, self.clock.now())
        self.metrics.count(parcel.channel, "sent")
        return True

    async def _hand_over(self, parcel: Parcel, *, ended: bool) -> None:
        if ended:
            raise NotSent(DeliveryFailure.RECIPIENT_ENDED, final=True)
        channel = self.channels.get(parcel.channel)
        if channel is None:
            raise NotSent(DeliveryFailure.CHANNEL_UNKNOWN)
        try:
            async with asyncio.timeout(min(channel.seconds, self.lease.total_seconds() / 2)):
                await channel.send(parcel)
        except NotSent:
            raise
        except TimeoutError:
            raise NotSent(DeliveryFailure.TIMEOUT) from None
        except Exception as error:
            # Its text may quote the message: only what it is goes into the log.
            _logger.warning("channel %s failed: %s", parcel.channel, type(error).__name__)
            raise NotSent(DeliveryFailure.CHANNEL_FAILED) from error

    async def _write_failure(self, claimed: UUID, parcel: Parcel, attempt: int, not_sent: NotSent) -> None:
        now = self.clock.now()
        old = now - parcel.letters[0].written_at > GIVEN_UP_AFTER
        final = not_sent.final or attempt >= self.attempts or old
        again_at = None if final else now + self._wait(attempt)
        async with self.session() as session:
            await claims.failed(session, claimed, parcel.id, not_sent.failure.value, again_at, now)
            if parcel.channel == WEBHOOK and parcel.endpoint and not_sent.failure in _HANGING:
                await claims.postpone(session, str(parcel.endpoint.id), again_at or now + self.first_wait)
        self.metrics.count(parcel.channel, "given_up" if final else "failed")

    def _wait(self, attempt: int) -> timedelta:
        """Four times as long after each attempt, bounded, and spread so that not all come back at once."""
        seconds = min(self.first_wait.total_seconds() * 4.0 ** (attempt - 1), LONGEST_WAIT.total_seconds())
        return timedelta(seconds=seconds * random.uniform(1.0, 1.25))  # noqa: S311 - spreads load


def _parcel(claimed: UUID, rows: Sequence[Row[Any]]) -> tuple[UUID, Parcel, int, bool]:
    first = rows[0]
    to = Addressee(first.shard, first.member_id, first.code, first.issuer, first.subject, first.display_name)
    letters = tuple(
        Letter(
            *(row.notification_id, row.key, row.kind, row.title, row.body, row.urgent),
            *(row.created_at, row.subject_type, row.subject_id),
        )
        for row in rows
    )
    endpoint = None
    if first.endpoint_id is not None:
        endpoint = Endpoint(first.endpoint_id, first.url, first.secret_version, first.former_until)
    parcel = Parcel(first.batch_id, first.channel, first.address or "", to, letters, endpoint)
    return claimed, parcel, max(row.attempts for row in rows), first.ended


async def tell_waiting(sender: Sender) -> None:
    """Tell the metrics what waits."""
    now = sender.clock.now()
    async with sender.session() as session:
        rows = await claims.waiting(session)
    sender.metrics.tell_waiting({row.channel: (row.waiting, (now - row.oldest).total_seconds()) for row in rows})


async def send_forever(sender: Sender, every_seconds: float) -> None:
    """Send until cancelled; several processes may do so."""
    while True:
        try:
            await sender.send_due()
            await tell_waiting(sender)
        except Exception as error:
            _logger.warning("messages could not be sent: %s", type(error).__name__, exc_info=not _expected(error))
        await asyncio.sleep(every_seconds)


def _expected(error: Exception) -> bool:
    """The database is away for a while."""
    return isinstance(error, OSError | TimeoutError)
