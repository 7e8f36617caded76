"""挂断: a client that hangs up while its query runs; nobody waits for the answer, so PostgreSQL need not work it out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Receive

from core.http.body import ClientGone

WATCHED_AFTER_SECONDS = 0.2
"""Most queries are answered sooner, and are spared the task that watches."""


class Caller:
    """The caller of one request, as far as they can go away. A mutation is finished all the same: see `must_finish`."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._gone = False
        self._must_finish = False
        self._watching: asyncio.Task[None] | None = None

    def must_finish(self) -> None:
        """From now on the work is done whether or not anybody waits: something is written."""
        self._must_finish = True

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While the block runs, a caller who hangs up ends it: it is cancelled, and `ClientGone` is raised."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a request is answered in a task")
        timer = asyncio.get_running_loop().call_later(WATCHED_AFTER_SECONDS, self._watch, task)
        try:
            yield
        except asyncio.CancelledError:
            if not self._gone:
                raise
            task.uncancel()
            raise ClientGone from None
        finally:
            timer.cancel()
            if self._watching is not None:
                self._watching.cancel()

    def _watch(self, task: asyncio.Task[object]) -> None:
        self._watching = asyncio.get_running_loop().create_task(self._end_with_the_caller(task))

    async def _end_with_the_caller(self, task: asyncio.Task[object]) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if not self._must_finish:
            self._gone = True
            task.cancel()
