"""The SQL of sending: taking up what is due, reading what it says, writing down what became of it.

A delivery is taken up by a conditional update: whoever claims it has it until `due_at`, and another takes it up after that. What
became of it is written only by the claim that still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core.db.session import SystemSession

AT_ONCE: Final = 50
"""Parcels that one claim takes."""
DIGEST_ROWS: Final = 2_000

_SINGLE = text("""
update notification_delivery d
   set state = 'SENDING', claim = :claim, attempts = d.attempts + 1, due_at = :until, batch_id = coalesce(d.batch_id, d.id)
  from (select w.shard, w.id from notification_delivery w
         where w.state in ('PENDING', 'SENDING') and w.channel = :channel and w.urgent = :urgent and not w.digest
           and w.due_at <= :now
         order by w.due_at, w.id limit :at_once for update skip locked) due
 where d.shard = due.shard and d.id = due.id
returning d.id
""")
_DIGEST = text("""
with due as (
  select w.shard, w.id, w.member_id, w.address, w.batch_id from notification_delivery w
   where w.state in ('PENDING', 'SENDING') and w.channel = :channel and w.digest and w.due_at <= :now
   order by w.shard, w.member_id, w.id limit :rows for update skip locked
), batched as (
  select shard, id,
         coalesce(batch_id, first_value(id) over (partition by shard, member_id, address, batch_id order by id)) as batch
    from due
)
update notification_delivery d
   set state = 'SENDING', claim = :claim, attempts = d.attempts + 1, due_at = :until, batch_id = b.batch
  from batched b where d.shard = b.shard and d.id = b.id
returning d.id
""")
_ONE_AT_A_TIME = text("select pg_try_advisory_xact_lock(hashtextextended('notification digests', 0))")
_WAITING = text("""
select channel, count(*) as waiting, min(due_at) as oldest from notification_delivery
 where state in ('PENDING', 'SENDING') group by channel
""")
_CHANNELS = text("""
select distinct channel from notification_delivery where state in ('PENDING', 'SENDING') and due_at <= :now
""")
_CONTENT = text("""
select d.id, d.batch_id, d.attempts, d.channel, d.address, d.key, d.kind, d.urgent, d.created_at, d.target,
       n.id as notification_id, n.title, n.body, n.subject_type, n.subject_id,
       m.shard, m.id as member_id, m.code, m.issuer, m.subject, m.display_name,
       (m.valid_until is not null and m.valid_until <= :today) as ended,
       e.id as endpoint_id, e.url, e.secret_version, e.former_until
  from notification_delivery d
  join notification n on n.shard = d.shard and n.id = d.notification_id
  join member m on m.shard = d.shard and m.id = d.member_id
  left join notification_endpoint e on e.shard = d.shard and e.id::text = d.target and e.disabled_at is null
 where d.claim = :claim and d.state = 'SENDING'
 order by d.batch_id, d.id
""")
_SENT = text("""
update notification_delivery
   set state = 'SENT', sent_at = :now, claim = null, failure = null, version = version + 1
 where claim = :claim and state = 'SENDING' and batch_id = :batch
""")
_FAILED = text("""
update notification_delivery
   set state = :state, failure = :failure, due_at = :due_at, claim = null, version = version + 1
 where claim = :claim and state = 'SENDING' and batch_id = :batch
""")
_POSTPONED = text("""
update notification_delivery set due_at = :due_at
 where state = 'PENDING' and channel = 'WEBHOOK' and target = :target and due_at < :due_at
""")


async def channels_due(session: SystemSession, now: datetime) -> list[str]:
    """The channels by which anything is to be sent now."""
    return sorted(row.channel for row in await session.rows(_CHANNELS, {"now": now}))


async def waiting(session: SystemSession) -> Sequence[Row[Any]]:
    """By channel how many wait, and since when the oldest is due."""
    return await session.rows(_WAITING)


async def claim(session: SystemSession, channel: str, claimed: UUID, now: datetime, until: datetime) -> bool:
    """Take up what is due by a channel; whether there was anything. Digests are gathered by one process at a time."""
    given = {"channel": channel, "claim": claimed, "now": now, "until": until}
    taken = 0
    for urgent in (True, False):
        taken += len(await session.rows(_SINGLE, {**given, "urgent": urgent, "at_once": AT_ONCE - min(taken, AT_ONCE)}))
    if await session.scalar(_ONE_AT_A_TIME):
        taken += len(await session.rows(_DIGEST, {**given, "rows": DIGEST_ROWS}))
    return taken > 0


async def content(session: SystemSession, claimed: UUID, today: date) -> Sequence[Row[Any]]:
    """What was taken up, with all that is needed to send it, parcel by parcel."""
    return await session.rows(_CONTENT, {"claim": claimed, "today": today})


async def sent(session: SystemSession, claimed: UUID, batch: UUID, now: datetime) -> bool:
    """A parcel has been handed over; false if another has taken it up meanwhile."""
    return await session.execute(_SENT, {"claim": claimed, "batch": batch, "now": now}) > 0


async def failed(
    session: SystemSession, claimed: UUID, batch: UUID, failure: str, again_at: datetime | None, now: datetime
) -> bool:
    """A parcel has not been handed over: it is tried again at a time, or given up."""
    state = "FAILED" if again_at is None else "PENDING"
    given = {"claim": claimed, "batch": batch, "failure": failure, "state": state, "due_at": again_at or now}
    return await session.execute(_FAILED, given) > 0


async def postpone(session: SystemSession, target: str, until: datetime) -> None:
    """What else waits for a receiver that hangs waits with it, so that it holds up nobody."""
    await session.execute(_POSTPONED, {"target": target, "due_at": until})
