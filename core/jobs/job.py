"""What a job is, and when one runs by itself: declared data, known before any process starts."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, is_dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import Any, Final

JOB_NAME: Final = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
SHORTEST_EVERY: Final = timedelta(seconds=1)


class Urgency(StrEnum):
    """紧急程度: the queue that a job waits in. Each has its own, so that a thousand slow ones hold up none that is urgent."""

    URGENT = "urgent"
    NORMAL = "normal"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class NoPayload:
    """The payload of a job that needs none."""


@dataclass(frozen=True, slots=True)
class Job:
    """后台任务. `name` is `<plugin>.<what>`, or `core.<what>`.

    `perform(context, payload)` runs in one transaction, together with the row that says that this key has been done; it may run
    again after a failure, never after it was committed. `payload` is a frozen dataclass of what JSON can hold.
    A job works in the scope of the tenant that its message carries, and is refused without one; a `system` job works on all
    tenants, and carries none. After `retries` more attempts a failing job is put among the dead letters.
    """

    name: str
    zh: str
    en: str
    payload: type[Any]
    perform: Callable[[Any, Any], Awaitable[Any]] = field(repr=False)
    queue: Urgency = Urgency.NORMAL
    retries: int = 5
    system: bool = False

    def __post_init__(self) -> None:
        """`ValueError` for a name, a label, a payload or a count that cannot be right."""
        if not JOB_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no job's name: owner.what in lower case")
        if not (self.zh.strip() and self.en.strip()):
            raise ValueError(f"job {self.name} needs a Chinese and an English label")
        if not is_dataclass(self.payload):
            raise ValueError(f"job {self.name}: its payload is a dataclass")
        if self.retries < 0:
            raise ValueError(f"job {self.name}: retries are a number from 0 on")


@dataclass(frozen=True, slots=True)
class Schedule:
    """定时: runs a job without payload at a time of day in Shanghai (`at`), or again and again (`every`, from midnight there).

    A job of tenants runs for every root tenant (city), one of a plugin's where the plugin is effective somewhere in it. Slots that
    were missed while no scheduler ran are caught up in order, the last `catch_up` of them; older ones are given up.
    """

    job: Job
    at: time | None = None
    every: timedelta | None = None
    catch_up: int = 40

    def __post_init__(self) -> None:
        """`ValueError` unless there is one of `at` and `every`, and the job needs no payload."""
        if (self.at is None) == (self.every is None):
            raise ValueError(f"the schedule of {self.job.name} has one of `at` and `every`")
        if self.every is not None and not SHORTEST_EVERY <= self.every <= timedelta(days=1):
            raise ValueError(f"the schedule of {self.job.name}: every second at most, every day at least")
        if self.job.payload is not NoPayload:
            raise ValueError(f"the scheduled job {self.job.name} has the payload NoPayload")
        if self.catch_up < 1:
            raise ValueError(f"the schedule of {self.job.name} catches up one slot at least")
