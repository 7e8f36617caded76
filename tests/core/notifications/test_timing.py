"""When a message leaves: quiet hours and digests in Shanghai, urgent ones at once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI
from core.notifications.timing import Quiet, leaving

NIGHT = Quiet(time(22), time(8))
NOON = Quiet(time(12), time(14))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """2026-03, Shanghai."""
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "urgent", "digest_at", "quiet", "expected"),
    [
        (at(10, 10), False, None, None, at(10, 10)),
        (at(10, 10), False, None, NIGHT, at(10, 10)),
        (at(10, 23), False, None, NIGHT, at(11, 8)),
        (at(10, 22), False, None, NIGHT, at(11, 8)),
        (at(10, 7, 59), False, None, NIGHT, at(10, 8)),
        (at(10, 8), False, None, NIGHT, at(10, 8)),
        (at(10, 13), False, None, NOON, at(10, 14)),
        (at(10, 23), True, None, NIGHT, at(10, 23)),
        (at(10, 10), True, time(17), NIGHT, at(10, 10)),
        (at(10, 10), False, time(17), None, at(10, 17)),
        (at(10, 17), False, time(17), None, at(11, 17)),
        (at(10, 18), False, time(17), None, at(11, 17)),
        (at(10, 18), False, time(6), NIGHT, at(11, 8)),
        (at(31, 23), False, None, NIGHT, datetime(2026, 4, 1, 8, tzinfo=SHANGHAI)),
        (at(10, 10), False, None, Quiet(time(9), time(9)), at(10, 10)),
    ],
)
def test_when_it_leaves(
    now: datetime, urgent: bool, digest_at: time | None, quiet: Quiet | None, expected: datetime
) -> None:
    when = leaving(now.astimezone(UTC), urgent=urgent, digest_at=digest_at, quiet=quiet)
    assert when.at == expected
    assert when.digest == (digest_at is not None and not urgent)


@given(
    st.integers(0, 4 * 365 * 1440).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.one_of(st.none(), st.times()),
    st.one_of(st.none(), st.builds(Quiet, st.times(), st.times())),
)
def test_it_leaves_within_two_days_never_before_now_and_never_in_quiet_hours(
    now: datetime, digest_at: time | None, quiet: Quiet | None
) -> None:
    when = leaving(now, urgent=False, digest_at=digest_at, quiet=quiet)
    assert 0 <= (when.at - now).total_seconds() <= 2 * 86_400
    assert quiet is None or not quiet.holds(when.at.astimezone(SHANGHAI).time())
    assert when.at == now or when.at > now
