"""What stands in a calendar: one entry for each hearing and due day, with no more of a case than number, court, room and kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from core.db.session import TenantReadSession
from core.notifications.declared import KIND_NAME

BEFORE: Final = timedelta(days=30)
AFTER: Final = timedelta(days=400)
MOST: Final = 2_000
"""Entries that one source gives: the nearest days first."""
_TIMED: Final = 7
"""The version of UUIDs that begin with their time."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days of which a calendar tells: [first, last]."""

    first: date
    last: date

    @classmethod
    def around(cls, today: date) -> Window:
        """A month back, a year and a month ahead."""
        return cls(today - BEFORE, today + AFTER)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """日程: an hour-long appointment (`starts_at`, Shanghai), or a whole day.

    `uid` names it for ever, and begins with its owner's name; `sequence` rises with each change. What is cancelled stays, marked.
    `code` is the tenant of the row that it tells of. The id of that row dates the entry.
    """

    uid: str
    row_id: UUID
    code: int
    day: date
    title: str
    sequence: int
    starts_at: time | None = None
    place: str | None = None
    notes: tuple[str, ...] = ()
    cancelled: bool = False

    @property
    def stamp(self) -> datetime:
        """When the row was made (its id tells), a second later for each change: the same row gives the same bytes."""
        milliseconds = self.row_id.int >> 80
        known = milliseconds if self.row_id.version == _TIMED else 0
        return datetime.fromtimestamp(known // 1000, UTC) + timedelta(seconds=self.sequence)


@dataclass(frozen=True, slots=True)
class FeedSource:
    """日程来源: entries that a plugin adds. `entries` reads under the member's own scope; `permission` is what they must hold."""

    name: str
    permission: str
    entries: Callable[[TenantReadSession, Window], Awaitable[Sequence[FeedEntry]]] = field(repr=False)

    def __post_init__(self) -> None:
        """`ValueError` for a name that is not `<plugin>.<what>`."""
        if not KIND_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a feed's source: <plugin>.<what> in lower case")
