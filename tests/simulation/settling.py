"""Waiting until real processes have done all that is due: the scheduler has seen the hour, and no message is left."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from tests.support.running import Running

_STATE = """
select (select max(clock_at) from job_scheduler) as clock_at,
       (select count(*) from job_queue where state in ('queued', 'consumed')) as messages,
       (select count(*) from dead_letter where status = 'DEAD') as dead
"""


class NotSettled(AssertionError):
    """Work that is due is not done, or a process ended by itself."""


@dataclass(slots=True)
class Look:
    """A connection that looks, many times a second; opened anew when it has been cut."""

    url: str
    _connection: asyncpg.Connection | None = None

    async def row(self, query: str, *given: object) -> asyncpg.Record:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self.url, timeout=20)
        found = await self._connection.fetchrow(query, *given, timeout=20)
        assert found is not None
        return found

    async def close(self) -> None:
        """Nobody is in the database when this returns: it may become the template of others."""
        if self._connection is not None:
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                await self._connection.close(timeout=5)


@dataclass(slots=True)
class Settling:
    """Looks at the database until all is quiet. A dead letter, or a process that ended, is an error at once."""

    look: Look
    processes: Sequence[Running] = ()
    patience: float = 300.0
    every: float = 0.01
    waited: list[float] = field(default_factory=list)

    async def until(self, instant: datetime) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while not await self._is_quiet(instant):
            self._check_processes()
            if loop.time() - began > self.patience:
                raise NotSettled(f"at {instant}: {await self._state()}\n{self._logs()}")
            await asyncio.sleep(self.every)
        self.waited.append(loop.time() - began)

    async def _is_quiet(self, instant: datetime) -> bool:
        state = await self._state()
        if state["dead"]:
            raise NotSettled(f"at {instant}: {state['dead']} jobs died\n{self._logs()}")
        return state["clock_at"] is not None and state["clock_at"] >= instant and not state["messages"]

    async def _state(self) -> asyncpg.Record:
        return await self.look.row(_STATE)

    def _check_processes(self) -> None:
        for one in self.processes:
            if not one.is_alive():
                raise NotSettled(f"{one.name} ended by itself:\n{one.said()}")

    def _logs(self) -> str:
        return "\n".join(f"--- {one.name}\n{one.said()}" for one in self.processes)
