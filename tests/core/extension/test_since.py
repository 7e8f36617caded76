"""Since when a plugin is effective without a break: each code asked by itself, day after day, says the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.extension.enablement import Choice, Policy, effective_everywhere
from core.extension.records import said_of
from core.extension.since import Statement, enabled_since

CITY, SPAN = 440100000, (440100000, 440200000)
DISTRICT, TOWN, OTHER = 440112000, 440112001, 440113000
TENANTS = {CITY: 440200000, DISTRICT: 440113000, TOWN: 440112002, OTHER: 440114000}
PROBES = (440101000, DISTRICT, TOWN, 440112002, OTHER, 440199999)
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
REQUIRES = {"watched": ("needed",), "needed": ()}


def day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def said(number: int, choice: Choice, code: int = CITY, plugin: str = "needed") -> Statement:
    return Statement(day(number), plugin, code, TENANTS[code], Policy.ALLOWED, choice)


def since(code: int, *statements: Statement) -> datetime | None:
    for one in enabled_since(4401, statements, "needed", REQUIRES, SPAN):
        if one.low <= code < one.high:
            return one.since
    return None


def test_to_say_enabled_again_is_no_new_beginning() -> None:
    first = said(0, Choice.ENABLED)
    assert since(DISTRICT, first, said(5, Choice.ENABLED, DISTRICT)) == day(0)
    assert since(DISTRICT, first, said(5, Choice.ENABLED)) == day(0)
    assert since(TOWN, first, said(5, Choice.ENABLED, DISTRICT), said(9, Choice.INHERIT, DISTRICT)) == day(0)


def test_a_break_is_a_new_beginning_where_it_was_and_nowhere_else() -> None:
    story = (said(0, Choice.ENABLED), said(3, Choice.DISABLED, DISTRICT), said(7, Choice.INHERIT, DISTRICT))
    assert since(TOWN, *story) == day(7)
    assert since(OTHER, *story) == day(0)
    assert since(TOWN, *story[:2]) is None


statements = st.lists(
    st.builds(
        lambda number, plugin, code, policy, choice: Statement(
            day(number), plugin, code, TENANTS[code], policy, choice
        ),
        st.integers(0, 12),
        st.sampled_from(sorted(REQUIRES)),
        st.sampled_from(sorted(TENANTS)),
        st.sampled_from(Policy),
        st.sampled_from(Choice),
    ),
    max_size=10,
)


@given(statements)
def test_each_code_by_itself_says_the_same(story: list[Statement]) -> None:
    areas = enabled_since(4401, story, "watched", REQUIRES, SPAN)
    for code in PROBES:
        beginning: datetime | None = None
        away: datetime | None = None
        for number in range(13):
            # What holds at the end of the day: of two statements of one instant the later one in the list.
            latest = {
                (one.plugin, one.low): one for one in sorted(story, key=lambda one: one.at) if one.at <= day(number)
            }
            rows = [(one.plugin, one.low, one.high, one.policy, one.choice) for one in latest.values()]
            effective = bool(effective_everywhere(said_of(4401, rows), REQUIRES, code, code + 1)["watched"])
            if beginning is not None and not effective:
                away = day(number)
            beginning = (beginning or day(number)) if effective else None
        found = [(one.since, one.away) for one in areas if one.low <= code < one.high]
        assert found == ([] if beginning is None else [(beginning, away)])
