"""Giving out slots: the slot's row and its messages in one transaction, so that any number of schedulers give each slot once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import text

from core.clock import Clock
from core.db.session import Database, SystemSession
from core.extension.everywhere import enabled_areas
from core.jobs.enqueue import message_of, send
from core.jobs.job import Job, NoPayload, Schedule
from core.jobs.slots import due_slots
from core.tenancy.records import shard_number

_LAST = text("select job, max(slot) as slot from job_slot where job = any(:jobs) group by job")
_TAKE = text(
    "insert into job_slot (job, slot, given_at) values (:job, :slot, :now) on conflict do nothing returning slot"
)
_CITIES = text(
    "select code from tenant where parent_code is null and (valid_to is null or valid_to > :today) order by code"
)
_SEEN = text(
    "insert into job_scheduler (scheduler_id, clock_at, seen_at) values (:id, :now, clock_timestamp())"
    " on conflict (scheduler_id) do update set clock_at = excluded.clock_at, seen_at = excluded.seen_at"
)
_FORGET = text("delete from job_scheduler where seen_at < clock_timestamp() - interval '1 day'")
SEEN_EVERY: Final = timedelta(seconds=10)
_logger = logging.getLogger("yingsu.jobs")


class Scheduler:
    """One scheduler. It knows which slots it has seen given, so that a tick without a due slot asks the database nothing."""

    def __init__(
        self,
        database: Database,
        schedules: Sequence[Schedule],
        clock: Clock,
        requires: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.id: UUID = uuid4()
        self._database = database
        self._schedules = schedules
        self._clock = clock
        self._requires = {} if requires is None else requires
        """The installed plugins, with what each requires."""
        self._last: dict[str, datetime | None] | None = None
        self._seen: datetime | None = None

    async def tick(self) -> int:
        """Give out every slot that is due and nobody has given; how many this scheduler gave."""
        now = self._clock.now()
        if self._last is None:
            self._last = await self._given()
        due = [(one, slot) for one in self._schedules for slot in due_slots(one, self._last.get(one.job.name), now)]
        given = 0
        for schedule, slot in sorted(due, key=lambda pair: pair[1]):
            given += await self._give(schedule, slot, now)
            self._last[schedule.job.name] = slot
        await self._tell(now)
        return given

    async def _given(self) -> dict[str, datetime | None]:
        names = [one.job.name for one in self._schedules]
        async with self._database.system() as session:
            return {row.job: row.slot for row in await session.rows(_LAST, {"jobs": names})}

    async def _give(self, schedule: Schedule, slot: datetime, now: datetime) -> int:
        """Take the slot and queue its messages. Who comes second waits for the first, and finds the slot taken."""
        job = schedule.job
        async with self._database.system(20_000) as session:
            if await session.scalar(_TAKE, {"job": job.name, "slot": slot, "now": now}) is None:
                return 0
            for tenant in await self._tenants(session, schedule):
                # A slot of a city is done once, even where its message is written twice.
                key = f"{slot.isoformat()}"
                await send(session, message_of(job, NoPayload(), tenant=tenant, key=key, slot=slot))
        return 1

    async def _tenants(self, session: SystemSession, schedule: Schedule) -> Sequence[int | None]:
        if schedule.job.system:
            return (None,)
        cities = [row.code for row in await session.rows(_CITIES, {"today": self._clock.today()})]
        shards = await self._shards(session, schedule.job)
        return cities if shards is None else [code for code in cities if shard_number(code) in shards]

    async def _shards(self, session: SystemSession, job: Job) -> set[int] | None:
        """Where the plugin that a job is of is effective, be it in one district; None for the core, which is everywhere.

        Of hundreds of cities few have a plugin: a message for each of the others would be taken, and found idle, every time.
        """
        plugin = job.name.partition(".")[0]
        if plugin not in self._requires:
            return None
        return {area.shard for area in await enabled_areas(session, plugin, self._requires)}

    async def _tell(self, now: datetime) -> None:
        """Say now and then, and whenever the clock has moved, that this scheduler is alive and up to date."""
        if self._seen is not None and timedelta() <= now - self._seen < SEEN_EVERY:
            return
        async with self._database.system(20_000) as session:
            await session.execute(_SEEN, {"id": self.id, "now": now})
            await session.execute(_FORGET)
        self._seen = now
