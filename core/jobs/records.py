"""The SQL of running jobs: keys that are done, further attempts, dead letters, and how many messages wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import text

from core.db.session import ReadSession, SystemSession
from core.errors import ActRefused, YingsuError
from core.jobs.job import Urgency
from core.jobs.message import JobMessage
from core.tenancy.codes import NoRootTenant
from core.tenancy.records import shard_number

SYSTEM_SHARD: Final = 0
LONGEST_MESSAGE: Final = 300

_CLAIM = text("""
with claimed as (
  insert into job_done (shard, job, key, done_at) values (:shard, :job, :key, :now)
  on conflict (shard, job, key) do nothing returning 1
), answered as (
  update dead_letter set status = 'DONE', settled_at = :now, version = version + 1
   where job = :job and key = :key and tenant is not distinct from cast(:tenant as bigint)
     and status in ('DEAD', 'RERUN') and exists (select 1 from claimed)
)
select exists (select 1 from claimed)
""")
_PUT_BACK = text("""
insert into job_queue (message_id, queue_name, message, available_at)
values (cast(:id as uuid), :queue, cast(:message as jsonb), now() + make_interval(secs => :wait))
on conflict (message_id) do update
  set state = 'queued', message = excluded.message, available_at = excluded.available_at,
      worker_id = null, consumed_at = null, mtime = now()
""")
_BURY = text("""
insert into dead_letter as former (shard, code, tenant, job, key, queue, payload, slot, attempts, error_class, error_message,
                                   status, died_at)
select cast(:shard as integer), cast(:code as bigint), cast(:tenant as bigint), cast(:job as text), cast(:key as text), :queue,
       cast(:payload as jsonb), cast(:slot as timestamptz), cast(:attempts as integer), :error_class, :error_message, 'DEAD',
       cast(:now as timestamptz)
 where not exists (select 1 from job_done d where d.shard = :done_shard and d.job = :job and d.key = :key)
on conflict (shard, job, key) do update
  set attempts = excluded.attempts, error_class = excluded.error_class, error_message = excluded.error_message,
      died_at = excluded.died_at, status = 'DEAD', settled_at = null, reason = null, version = former.version + 1
""")
_ONLY_CITY = text(
    "select min(code) as code from tenant where parent_code is null and valid_to is null having count(*) = 1"
)
_FORGET = text("delete from job_done where done_at < :before")
_FORGET_SLOTS = text(
    "delete from job_slot s where slot < :before and slot < (select max(slot) from job_slot m where m.job = s.job)"
)
_DEPTHS = text("""
select queue_name, count(*) filter (where state = 'queued' and available_at <= now()) as waiting,
       count(*) filter (where state = 'queued' and available_at > now()) as delayed,
       count(*) filter (where state = 'consumed') as running,
       coalesce(extract(epoch from now() - min(available_at) filter (where state = 'queued' and available_at <= now())), 0) as oldest
  from job_queue group by queue_name
""")


_OPEN_LETTERS = text("select count(*) from dead_letter where status = 'DEAD'")


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """How many messages of a queue wait now, wait for their retry, and are being worked on; the age of the oldest, in seconds."""

    waiting: int = 0
    delayed: int = 0
    running: int = 0
    oldest: float = 0.0

    @property
    def empty(self) -> bool:
        """Whether there is no message at all."""
        return not (self.waiting or self.delayed or self.running)


async def claim(session: SystemSession, message: JobMessage, now: datetime) -> bool:
    """Take the key for this transaction; false if it is done. Waits for a transaction that holds it. Closes its dead letter."""
    given = {"shard": _shard(message), "job": message.job, "key": message.key, "tenant": message.tenant, "now": now}
    return bool(await session.scalar(_CLAIM, given))


async def put_back(session: SystemSession, message: JobMessage, wait: float) -> None:
    """Queue a further attempt under the message's own id, in `wait` seconds: of two that failed side by side one remains."""
    given = {"id": message.id, "queue": message.queue.value, "message": message.encoded(), "wait": wait}
    await session.execute(_PUT_BACK, given)


async def bury(session: SystemSession, message: JobMessage, error: BaseException, now: datetime) -> None:
    """Write the dead letter of a message; a letter of the same key is renewed. A key that is done meanwhile needs none."""
    code = message.tenant or await session.scalar(_ONLY_CITY) or 0
    given = {
        "shard": _shard_of(code),
        "done_shard": _shard(message),
        "code": code,
        "tenant": message.tenant,
        "job": message.job,
        "key": message.key,
        "queue": message.queue.name,
        "payload": _json(message.payload),
        "slot": message.slot,
        "attempts": message.attempt,
        "error_class": type(error).__name__,
        "error_message": safe_message(error),
        "now": now,
    }
    await session.execute(_BURY, given)


def safe_message(error: BaseException) -> str:
    """What an error may say to an administrator: our own words. SQL, addresses and the texts of libraries stay in the log."""
    told = str(error) if isinstance(error, YingsuError | ActRefused) or type(error).__name__ == "Hopeless" else ""
    return told.replace("\x00", "")[:LONGEST_MESSAGE]


async def depths(session: ReadSession) -> Mapping[Urgency, QueueDepth]:
    """Of every queue, how much is in it."""
    found = {
        row.queue_name: QueueDepth(row.waiting, row.delayed, row.running, float(row.oldest))
        for row in await session.rows(_DEPTHS)
    }
    return {urgency: found.get(urgency.value, QueueDepth()) for urgency in Urgency}


async def open_letters(session: ReadSession) -> int:
    """How many dead letters nobody has dealt with."""
    return int(await session.scalar(_OPEN_LETTERS))


async def forget(session: SystemSession, now: datetime, keep: timedelta) -> int:
    """Let go of keys and slots that are older than anybody asks for; how many keys. The last slot of each schedule stays."""
    before = {"before": now - keep}
    await session.execute(_FORGET_SLOTS, before)
    return await session.execute(_FORGET, before)


def _shard(message: JobMessage) -> int:
    return _shard_of(message.tenant or 0)


def _shard_of(code: int) -> int:
    try:
        return shard_number(code) if code else SYSTEM_SHARD
    except (NoRootTenant, ValueError):
        return SYSTEM_SHARD


def _json(value: Mapping[str, Any]) -> str:
    return orjson.dumps(dict(value)).decode()
