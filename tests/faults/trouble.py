"""Trouble: what is done to the processes of a round, drawn from a seed, so that a round can be had again."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from core.db.embedded import EmbeddedServer
from core.db.embedded.postmaster import members, send
from tests.support.rabbit import Rabbit
from tests.support.running import ClockFile, Running


class Fault(Enum):
    """What can happen. Whatever was killed is started again at once, as a supervisor of processes does."""

    WORKER = "kill -9 of a worker"
    WORKERS = "kill -9 of all workers"
    SCHEDULER = "kill -9 of a scheduler"
    API = "kill -9 of the API"
    RELAY = "kill -9 of a relay"
    RABBIT = "kill -9 of RabbitMQ"
    POSTGRESQL = "kill -9 of PostgreSQL"
    CLOCK = "the clock jumps an hour back, then forth"


@dataclass(slots=True)
class Plant:
    """Everything that runs in a round."""

    server: EmbeddedServer
    data: Path
    """The folder of the embedded server."""
    processes: list[Running]
    clock: ClockFile
    rabbit: Rabbit | None = None
    """Between relays and workers, in a round that has one."""

    def of(self, name: str) -> list[Running]:
        return [one for one in self.processes if one.name.startswith(name)]


@dataclass(slots=True)
class Trouble:
    """Makes trouble: at the hours of the week that the seed chose, some moments after the hour began."""

    plant: Plant
    chance: random.Random
    kinds: tuple[Fault, ...]
    longest_wait: float = 0.4
    done: Counter[Fault] = field(default_factory=Counter)
    _deck: list[Fault] = field(default_factory=list)

    def _drawn(self) -> Fault:
        """Every kind once, in an order that the seed gives, before any comes again."""
        if not self._deck:
            self._deck = self.chance.sample(self.kinds, len(self.kinds))
        return self._deck.pop()

    async def strike(self, now: datetime) -> None:
        """One fault, at a random moment."""
        await asyncio.sleep(self.chance.uniform(0, self.longest_wait))
        fault = self._drawn()
        match fault:
            case Fault.CLOCK:
                await self._jump(now)
            case Fault.POSTGRESQL:
                await asyncio.to_thread(self._kill_postgresql)
            case Fault.RABBIT:
                assert self.plant.rabbit is not None
                await self.plant.rabbit.kill()
                await asyncio.sleep(self.chance.uniform(0, self.longest_wait))
                await self.plant.rabbit.start()
            case Fault.WORKERS:
                self._kill(self.plant.of("worker"))
            case _:
                self._kill([self.chance.choice(self.plant.of(fault.name.lower()))])
        self.done[fault] += 1

    async def _jump(self, now: datetime) -> None:
        for jump in (timedelta(hours=-1), timedelta(hours=1)):
            if (now + jump).date() == now.date():
                self.plant.clock.show(now + jump)
                await asyncio.sleep(self.chance.uniform(0.05, 0.3))
        self.plant.clock.show(now)

    @staticmethod
    def _kill(processes: list[Running]) -> None:
        for one in processes:
            one.kill()
        for one in processes:
            one.start()

    def _kill_postgresql(self) -> None:
        """Every process of the server at once; then it is started, and recovers from its log.

        A killed process dies some moments later: one that still holds the server's lock would pass for a server.
        """
        while dying := members(self.plant.data / "postgres"):
            for pid in dying:
                send(pid, signal.SIGKILL)
            time.sleep(0.01)
        self.plant.server.ensure_running()
