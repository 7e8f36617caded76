"""Who takes nothing is told of from outside: whoever writes to them may be stuck."""

from __future__ import annotations

from uuid import uuid4

import pytest

from core.cases.graphql.changes import CASE_CHANGED
from core.events.audience import Audience
from core.events.feed import FeedEvent
from core.http.stream.contract import Overflow, TooSlow
from core.http.stream.waiting import ReplayLimits, Waiting
from schema.subscription import Asked, SourceEvent
from tests.support.city import City

CODE = 440100000


def event(number: int) -> FeedEvent:
    source = SourceEvent(uuid4(), "CaseClosed", 4401, "Case", uuid4(), {}, "2026-03-10T02:00:00+00:00", "c")
    audience = Audience(4401, frozenset([CODE]), frozenset(), frozenset(), frozenset())
    return FeedEvent(source, audience, 1, number, 0.0)


async def test_more_than_may_wait_is_told_once_and_at_once() -> None:
    told: list[str] = []
    overflow = Overflow(lambda: told.append("too slow"))
    asked = Asked(CASE_CHANGED, CASE_CHANGED.names)
    waiting = Waiting(City().scope(CODE), asked, None, ReplayLimits(queue=3), overflow)
    waiting.offer([event(number) for number in range(3)])
    assert told == []
    waiting.offer([event(3)])
    waiting.offer([event(4)])
    assert told == ["too slow"]
    with pytest.raises(TooSlow):
        await anext(aiter(waiting.events()))
