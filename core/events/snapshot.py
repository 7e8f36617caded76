"""What was committed at an instant (`pg_snapshot`), and a place in the feed that a client can come back to.

The number that an identity column gives is no place to resume from: a transaction that took a lower number may commit later
than one with a higher number. A snapshot knows which transactions were still running, so what it did not see is what is new.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, Self

from core.errors import BadUserInput

_LARGEST = 2**63 - 1
_SNAPSHOT = re.compile(r"(\d{1,19}):(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)", re.ASCII)
_CURSOR = re.compile(r"1~([0-9a-f]{1,16})~(\d{1,12})~([\d:,]+)~([\d:,]*)~(\d{1,19})", re.ASCII)
_LONGEST: Final = 8_000
"""Characters of a cursor: some hundred transactions at once fit into a tenth of it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Transactions below `xmin` are over; from `xmax` on none had begun; of those between, `running` were not over."""

    xmin: int
    xmax: int
    running: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """A snapshot as PostgreSQL writes it (`100:105:101,103`); `ValueError` if it is none."""
        match = _SNAPSHOT.fullmatch(text)
        if match is None:
            raise ValueError("this is no snapshot")
        xmin, xmax = int(match[1]), int(match[2])
        running = tuple(int(number) for number in match[3].split(",")) if match[3] else ()
        ordered = all(one < other for one, other in pairwise(running))
        inside = all(xmin <= number < xmax for number in running)
        if not (0 < xmin <= xmax <= _LARGEST and ordered and inside):
            raise ValueError("this is no snapshot")
        return cls(xmin, xmax, running)

    def __str__(self) -> str:
        return f"{self.xmin}:{self.xmax}:{','.join(map(str, self.running))}"

    def sees(self, transaction: int) -> bool:
        """Whether what the transaction wrote was visible then (it is known to have been committed since)."""
        if transaction < self.xmin:
            return True
        return transaction < self.xmax and transaction not in self.running


class CursorFault(StrEnum):
    """Why a cursor is not resumed from: `extensions.reason` beside BAD_USER_INPUT."""

    CURSOR_MALFORMED = "CURSOR_MALFORMED"
    CURSOR_TOO_OLD = "CURSOR_TOO_OLD"
    CURSOR_UNKNOWN = "CURSOR_UNKNOWN"
    TOO_MANY_MISSED = "TOO_MANY_MISSED"


_TEXTS: Final = {
    CursorFault.CURSOR_MALFORMED: ("after is not a cursor of this server", "after 不是本系统的游标"),
    CursorFault.CURSOR_TOO_OLD: (
        "the cursor is older than what is kept for resuming: read the data anew",
        "游标已超出可续传的时间，请重新读取数据",
    ),
    CursorFault.CURSOR_UNKNOWN: (
        "the cursor is of another database: read the data anew",
        "游标不属于当前数据库，请重新读取数据",
    ),
    CursorFault.TOO_MANY_MISSED: (
        "more was missed than is replayed: read the data anew",
        "错过的事件过多，请重新读取数据",
    ),
}


def cannot_resume(fault: CursorFault, **details: object) -> BadUserInput:
    """The refusal of a cursor: the client reads its data anew, and subscribes without one."""
    message, message_zh = _TEXTS[fault]
    return BadUserInput(message, message_zh, field="after", reason=fault.value, **details)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the feed of one database: all that `before` sees, and of what `upto` sees the events up to `sequence`.

    `taken_at` is in seconds since 1970; `cluster` tells databases apart, since a restored dump numbers its transactions anew.
    """

    cluster: int
    taken_at: int
    before: Snapshot
    upto: Snapshot
    sequence: int = 0

    @classmethod
    def at(cls, snapshot: Snapshot, cluster: int, taken_at: int) -> Self:
        """The place right after all that a snapshot sees."""
        return cls(cluster, taken_at, snapshot, snapshot)

    def covers(self, transaction: int, sequence: int) -> bool:
        """Whether an event lies before this place: whoever comes back here has had it."""
        return self.before.sees(transaction) or (sequence <= self.sequence and self.upto.sees(transaction))

    def encode(self) -> str:
        """The cursor as a client keeps it: opaque."""
        upto = "" if self.upto == self.before else str(self.upto)
        plain = f"1~{self.cluster:x}~{self.taken_at}~{self.before}~{upto}~{self.sequence}"
        return urlsafe_b64encode(plain.encode()).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str) -> Self:
        """A cursor that a client sent; `BadUserInput` if it is none of ours."""
        if len(text) > _LONGEST or not text.isascii():
            raise cannot_resume(CursorFault.CURSOR_MALFORMED)
        try:
            return cls._read(urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii"))
        except (binascii.Error, ValueError):
            raise cannot_resume(CursorFault.CURSOR_MALFORMED) from None

    @classmethod
    def _read(cls, plain: str) -> Self:
        match = _CURSOR.fullmatch(plain)
        if match is None:
            raise ValueError("this is no cursor")
        before = Snapshot.parse(match[3])
        upto = Snapshot.parse(match[4]) if match[4] else before
        return cls(int(match[1], 16), int(match[2]), before, upto, min(int(match[5]), _LARGEST))
