"""Writing messages to members, in the transaction of what they tell of: with it, or not at all.

The row in the inbox, the rows of its deliveries by other channels and the event that streams tell of are written together, in
three statements however many recipients there are. Nothing is sent here: `core.notifications.sending` does, afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, Protocol
from uuid import UUID

import orjson
from sqlalchemy import Row, text

from core.acting import ActContext
from core.clock import Clock
from core.db.session import WriteSession
from core.db.uuid7 import uuid7
from core.notifications.declared import NotificationKind
from core.notifications.recipients import Recipients, each
from core.notifications.timing import Quiet, leaving

AT_ONCE: Final = 2_000
"""Messages written by one statement."""
WRITTEN: Final = "NotificationWritten"
"""通知已发出: the event of a message, subject Notification. Only streams tell it: plugins are no part of who is told what."""

_RECIPIENTS = text("select * from notification_recipients(cast(:asked as jsonb), :day)")
_WORDINGS = text("select * from notification_wordings(cast(:asked as jsonb), :day)")
_WRITE = text("select * from notification_write(cast(:rows as jsonb))")


class About(Protocol):
    """The row that a message is about; `core.acting.Subject` is one."""

    @property
    def type_name(self) -> str:
        """Its GraphQL type."""
        ...

    @property
    def id(self) -> UUID:
        """Its id."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """One message to whoever its recipients are. `values` are exactly the kind's placeholders.

    `key` names what it tells, once for ever: `reminders.remind_7:<obligation>:<due version>`. `case_id` is the case that it
    leads to, by default the subject itself where that is a case.
    """

    shard: int
    to: Recipients
    kind: NotificationKind
    about: About
    values: Mapping[str, Any]
    key: str
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A member has been told: now (`fresh`), or before with the same key."""

    shard: int
    member_id: UUID
    key: str
    notification_id: UUID
    fresh: bool


async def notify(
    context: ActContext,
    to: Recipients,
    kind: NotificationKind,
    about: About,
    values: Mapping[str, Any],
    *,
    key: str,
    case_id: UUID | None = None,
) -> list[Told]:
    """Tell members within an act. A second call with the same key changes nothing for those who were told.

    The actor need not see the recipients: who they are is found by a function of the database, within the city.
    """
    message = Message(context.shard, to, kind, about, values, key, case_id)
    return await notify_many(context.session, [message], context.clock)


async def notify_many(session: WriteSession, messages: Sequence[Message], clock: Clock) -> list[Told]:
    """Tell many, in a few statements for thousands; in a system session, members of many cities at once.

    Answers who has been told: nobody for a message whose recipients are nobody, and not those whom another transaction tells
    of the same at this very moment.
    """
    told: list[Told] = []
    waiting = iter(messages)
    while some := list(islice(waiting, AT_ONCE)):
        told += await _write(session, some, clock.now(), clock.today())
    return told


async def _write(session: WriteSession, messages: Sequence[Message], now: datetime, today: date) -> list[Told]:
    asked = [{"n": n, "shard": one.shard, **to.asked()} for n, one in enumerate(messages) for to in each(one.to)]
    recipients = await session.rows(_RECIPIENTS, {"asked": _json(asked), "day": today})
    wordings = await _wordings(session, messages, recipients, today)
    texts = [one.kind.texts(one.values) for one in messages]
    told: list[Told] = []
    rows = (_row(messages[to.n], texts[to.n], wordings, to, now) for to in recipients)
    while some := list(islice(rows, AT_ONCE)):
        written = await session.rows(_WRITE, {"rows": _json(some)})
        told += [Told(row.shard, row.member_id, row.key, row.notification_id, row.fresh) for row in written]
    return told


_Wordings = Mapping[tuple[int, str, int], tuple[str, str]]


async def _wordings(
    session: WriteSession, messages: Sequence[Message], recipients: Sequence[Row[Any]], today: date
) -> _Wordings:
    """By (city, kind, code) the wording of the recipients' tenants, where they have one."""
    wanted = sorted({(to.shard, messages[to.n].kind.name, to.code) for to in recipients})
    if not wanted:
        return {}
    asked = [{"shard": shard, "kind": kind, "code": code} for shard, kind, code in wanted]
    found = await session.rows(_WORDINGS, {"asked": _json(asked), "day": today})
    return {(row.shard, row.kind, row.code): (row.title, row.body) for row in found}


def _row(
    message: Message, texts: Mapping[str, str], wordings: _Wordings, to: Row[Any], now: datetime
) -> dict[str, Any]:
    """One message to one member, as the database writes it."""
    about = message.about
    wording = wordings.get((to.shard, message.kind.name, to.code), (None, None))
    title, body = message.kind.worded(texts, *wording)
    return {
        "id": str(uuid7()),
        "shard": to.shard,
        "member_id": str(to.member_id),
        "key": message.key,
        "kind": message.kind.name,
        "title": title,
        "body": body,
        "urgent": message.kind.urgent,
        "subject_type": about.type_name,
        "subject_id": str(about.id),
        "case_id": message.case_id or (about.id if about.type_name == "Case" else None),
        "at": now,
        "outside": list(_outside(message.kind, to, now)),
    }


def _outside(kind: NotificationKind, to: Row[Any], now: datetime) -> Iterator[dict[str, Any]]:
    """The deliveries by the channels that the member has turned on."""
    quiet = Quiet(to.quiet_from, to.quiet_until) if to.quiet_from is not None and to.quiet_until is not None else None
    for channel, address in sorted((to.channels or {}).items()):
        when = leaving(now, urgent=kind.urgent, digest_at=to.digest_at, quiet=quiet)
        yield {"channel": channel, "address": address, "due_at": when.at, "digest": when.digest}


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()
