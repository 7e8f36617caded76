"""Reading the feed: the events that one snapshot saw and an earlier one did not, in the order in which they were written.

Acts on one case happen one after another under the case's lock, so the sequence orders the events of a case as they happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from core.db.session import ReadSession
from core.events.audience import Audience
from core.events.snapshot import Cursor, Snapshot
from schema.subscription import SourceEvent

CHUNK: Final = 1_000
"""Events that one statement reads."""

NOW: Final = """
select pg_current_snapshot()::text, extract(epoch from clock_timestamp())::bigint,
       (select system_identifier from pg_control_system())::text
"""

_UUID: Final = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"
READ: Final = f"""
select pg_current_snapshot()::text, extract(epoch from clock_timestamp())::bigint, coalesce((
  select json_agg(json_build_array(e.id, e.name, e.shard, e.subject_type, e.subject_id, e.payload, e.occurred_at,
                                   e.transaction, e.sequence, e.code, e.agency_id, w.codes, w.agencies, w.courts, g.members)
                  order by e.sequence)
    from (
      select d.*, case when d.payload ->> 'case_id' ~ {_UUID} then (d.payload ->> 'case_id')::uuid
                       when d.subject_type = 'Case' then d.subject_id end as case_id
        from domain_event d
       where d.transaction >= pg_snapshot_xmin($1::text::pg_snapshot)::text::bigint
         and not pg_visible_in_snapshot(d.transaction::text::xid8, $1::text::pg_snapshot)
         and (d.sequence > $3 or not pg_visible_in_snapshot(d.transaction::text::xid8, $2::text::pg_snapshot))
         and ($4::text::pg_snapshot is null or pg_visible_in_snapshot(d.transaction::text::xid8, $4::text::pg_snapshot))
         and ($5::integer is null or d.shard = $5)
         and ($7::text[] is null or d.name = any($7))
       order by d.sequence limit $6) e
    left join lateral (
      select json_agg(distinct r.code) as codes, json_agg(distinct r.agency_id) as agencies,
             json_agg(distinct r.court_code) as courts
        from response r where r.shard = e.shard and r.case_id = e.case_id) w on true
    left join lateral (
      select json_agg(distinct c.member_id) as members
        from case_grant c where c.shard = e.shard and c.case_id = e.case_id) g on true
), '[]'::json)::text
"""


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An event of the feed, with its place and its audience. `read_at` is the loop's time when it was read."""

    source: SourceEvent
    audience: Audience
    transaction: int
    sequence: int
    read_at: float


@dataclass(frozen=True, slots=True)
class Place:
    """Now, in the feed."""

    snapshot: Snapshot
    taken_at: int
    cluster: int

    def cursor(self) -> Cursor:
        """The cursor of this place."""
        return Cursor.at(self.snapshot, self.cluster, self.taken_at)


async def place_now(session: ReadSession) -> Place:
    """Where the feed is now: what commits from here on is new."""
    row = await session.driver.fetchrow(NOW)
    return Place(Snapshot.parse(row[0]), row[1], int(row[2]) & 0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Missed:
    """What is asked of the feed: what came after `after`, up to what `upto` sees (None: all there is), of one shard (None: all)."""

    after: Cursor
    upto: Snapshot | None = None
    shard: int | None = None
    names: Sequence[str] | None = None


async def read(session: ReadSession, missed: Missed, limit: int, read_at: float) -> tuple[list[FeedEvent], Cursor]:
    """At most `limit` events, and the place after them; the place is past all of them where fewer came."""
    after = missed.after
    row = await session.driver.fetchrow(
        READ,
        str(after.before),
        str(after.upto),
        after.sequence,
        str(missed.upto) if missed.upto is not None else None,
        missed.shard,
        limit,
        list(missed.names) if missed.names is not None else None,
    )
    snapshot = missed.upto or Snapshot.parse(row[0])
    rows: list[list[Any]] = orjson.loads(row[2])
    events = [_event(one, after, snapshot, row[1], read_at) for one in rows]
    if len(rows) < limit:
        return events, Cursor.at(snapshot, after.cluster, row[1])
    return events, Cursor(after.cluster, row[1], after.before, snapshot, events[-1].sequence)


def _event(row: list[Any], after: Cursor, upto: Snapshot, taken_at: int, read_at: float) -> FeedEvent:
    (id_, name, shard, subject_type, subject_id, payload, occurred_at, transaction, sequence, code, agency, *wider) = (
        row
    )
    codes, agencies, courts, members = (one or [] for one in wider)
    named = [UUID(payload["member_id"])] if _is_uuid(payload.get("member_id")) else []
    cursor = Cursor(after.cluster, taken_at, after.before, upto, sequence)
    return FeedEvent(
        SourceEvent(UUID(id_), name, shard, subject_type, UUID(subject_id), payload, occurred_at, cursor.encode()),
        Audience(
            shard,
            frozenset([code, *codes]),
            frozenset(UUID(one) for one in [agency, *agencies] if one is not None),
            frozenset(one for one in courts if one is not None),
            frozenset([*named, *(UUID(one) for one in members)]),
        ),
        transaction,
        sequence,
        read_at,
    )


def _is_uuid(value: object) -> bool:
    try:
        UUID(value)  # type: ignore[arg-type]
    except (ValueError, TypeError, AttributeError):
        return False
    return True
