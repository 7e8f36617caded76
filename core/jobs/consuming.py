"""A worker's inside: dramatiq's threads take messages, the process's one event loop runs them over asyncpg."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Collection
from typing import Any

from dramatiq import Broker, Worker

from core.jobs.broker import declare_actors
from core.jobs.job import Urgency
from core.jobs.message import JobMessage
from core.jobs.running import JobRunner, Outcome

Watch = Callable[[JobMessage, Outcome, float], None]
WAKE_MS = 1_000
_logger = logging.getLogger("yingsu.jobs")


class Consumers:
    """Takes messages from a broker and runs them on the loop that it was made on."""

    def __init__(
        self, broker: Broker, runner: JobRunner, threads: int, queues: Collection[Urgency], watch: Watch
    ) -> None:
        self.broken = asyncio.Event()
        self._stopping = False
        self._loop = asyncio.get_running_loop()
        self._runner = runner
        self._watch = watch
        declare_actors(broker, self._perform)
        self._broker = broker
        self._worker = Worker(
            broker, queues={one.value for one in queues}, worker_timeout=WAKE_MS, worker_threads=threads
        )
        # Each queue's consumer holds this many: more would wait here while another worker has nothing to do.
        self._worker.queue_prefetch = threads

    def start(self) -> None:
        """Begin to take messages."""
        self._worker.start()

    async def stop(self, grace: float) -> None:
        """Take no more, let those that run end within `grace` seconds, give the others back."""
        self._stopping = True
        await asyncio.to_thread(self._worker.stop, int(grace * 1000))
        await asyncio.to_thread(self._broker.close)

    def _perform(self, carried: dict[str, Any]) -> None:
        """Called in a thread of dramatiq's. A message that cannot be read raises, and is set aside."""
        message = JobMessage.of(carried)
        future = asyncio.run_coroutine_threadsafe(self._run(message), self._loop)
        try:
            future.result()
        except BaseException:
            _logger.critical("a job was left without an outcome; the process ends", exc_info=True)
            self._loop.call_soon_threadsafe(self.broken.set)
            threading.Event().wait()

    async def _run(self, message: JobMessage) -> None:
        began = self._loop.time()
        outcome = await self._runner.run(message)
        self._watch(message, outcome, self._loop.time() - began)
