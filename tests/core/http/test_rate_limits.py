"""Rates: the arithmetic of buckets, their bounds, and who is limited by what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http.rate.buckets import Buckets, Rate
from core.http.rate.limits import RateLimited, RateLimits
from core.identity.tokens import Identity


def somebody(subject: str = "u-1", issuer: str = "i") -> Identity:
    return Identity(subject, issuer, datetime(2030, 1, 1, tzinfo=UTC))


def test_a_burst_then_what_comes_in_a_minute() -> None:
    buckets: Buckets[str] = Buckets(Rate(60, 3))
    assert [buckets.take("a", 0) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", 0) == pytest.approx(1)
    assert buckets.take("a", 0.25) == pytest.approx(0.75)
    assert buckets.take("b", 0.25) == 0
    assert buckets.take("a", 1.5) == 0
    assert buckets.take("a", 1.5) == pytest.approx(0.5)
    assert [buckets.take("a", 1000) for _ in range(4)] == [0, 0, 0, pytest.approx(1)]


def test_what_is_dear_is_paid_off_before_anything_else() -> None:
    buckets: Buckets[str] = Buckets(Rate(60, 10))
    buckets.take("a", 0)
    buckets.charge("a", 14, 0)
    assert buckets.take("a", 0) == pytest.approx(6)
    assert buckets.take("a", 6) == 0
    buckets.charge("a", 1_000, 6)
    assert buckets.take("a", 6) == pytest.approx(11), "nobody owes more than a bucketful"


@given(
    st.integers(1, 600),
    st.integers(1, 20),
    st.lists(st.tuples(st.floats(0, 5), st.sampled_from("ab"), st.booleans()), max_size=60),
)
def test_nobody_ever_gets_more_than_burst_and_rate(
    per_minute: int, burst: int, steps: list[tuple[float, str, bool]]
) -> None:
    buckets: Buckets[str] = Buckets(Rate(per_minute, burst))
    now, taken = 0.0, {"a": 0, "b": 0}
    for pause, who, dear in steps:
        now += pause
        wait = buckets.take(who, now)
        assert wait >= 0
        taken[who] += wait == 0
        if dear:
            buckets.charge(who, 2, now)
        assert taken[who] <= burst + now * per_minute / 60 + 1e-6


def test_who_waited_as_told_is_served() -> None:
    buckets: Buckets[str] = Buckets(Rate(7, 2))
    now = 0.0
    for _ in range(50):
        now += buckets.take("a", now) + 1e-9
    assert buckets.take("a", now + 60 / 7) == 0


def test_memory_is_bounded_and_the_latest_are_remembered() -> None:
    buckets: Buckets[int] = Buckets(Rate(1, 1), most=100)
    for client in range(1_000):
        buckets.take(client, 0)
    assert len(buckets) == 100
    assert buckets.take(999, 0) > 0
    assert buckets.take(0, 0) == 0


@pytest.mark.parametrize(("per_minute", "burst"), [(0, 1), (1, 0), (-1, 1)])
def test_a_rate_that_refuses_everything_is_none(per_minute: int, burst: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Rate(per_minute, burst)


def test_each_subject_and_each_issuer_for_itself() -> None:
    limits = RateLimits(Rate(60, 1), now=lambda: 0.0)
    for one in (somebody(), somebody("u-2"), somebody(issuer="j")):
        limits.admit(one)
        with pytest.raises(RateLimited) as refused:
            limits.admit(one)
        assert refused.value.details == {"limit": 60, "retryAfter": 1}


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        (None, None, "192.0.2.1"),
        ("testclient", "testclient", "other"),
    ],
)
def test_failures_are_counted_by_address(one: str | None, same: str | None, other: str) -> None:
    limits = RateLimits(failures=Rate(60, 1), now=lambda: 0.0)
    limits.failed(one)
    with pytest.raises(RateLimited):
        limits.failed(same)
    limits.failed(other)
    limits.admit(somebody())


def test_without_rates_nothing_is_limited() -> None:
    limits = RateLimits()
    for _ in range(10_000):
        limits.admit(somebody())
        limits.failed("192.0.2.1")
        limits.charge(somebody(), 20_000)
