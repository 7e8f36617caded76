"""Where a plugin is effective: the rule of one tenant, and the ranges, held against it code by code."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.db.scope import Scope, ScopeKind, TenantLevel
from core.extension.cache import range_of, span_of
from core.extension.enablement import (
    Choice,
    Enabled,
    PluginSaid,
    Policy,
    Said,
    common,
    effective_at,
    effective_everywhere,
    effective_ranges,
    enabled_in,
    outside,
    within,
)
from core.extension.records import root_code, said_of
from tests.support.city import TODAY

CITY, DISTRICT, TOWN, OTHER = (0, 100), (10, 20), (11, 12), (30, 40)


def said(policy: str = "ALLOWED", **choices: str) -> PluginSaid:
    places = {"city": CITY, "district": DISTRICT, "town": TOWN, "other": OTHER}
    return PluginSaid(Policy[policy], tuple(Said(*places[name], Choice[choice]) for name, choice in choices.items()))


@pytest.mark.parametrize(
    ("given", "city", "district", "town", "other"),
    [
        (said(), False, False, False, False),
        (said(city="ENABLED"), True, True, True, True),
        (said(city="ENABLED", district="DISABLED"), True, False, False, True),
        (said(city="ENABLED", district="DISABLED", town="ENABLED"), True, False, True, True),
        (said(city="ENABLED", district="INHERIT", town="DISABLED"), True, True, False, True),
        (said(city="INHERIT", district="ENABLED", town="INHERIT"), False, True, True, False),
        (said(town="ENABLED"), False, False, True, False),
        (said("REQUIRED", city="DISABLED", district="DISABLED"), True, True, True, True),
        (said("FORBIDDEN", city="ENABLED", town="ENABLED"), False, False, False, False),
    ],
)
def test_the_nearest_explicit_choice_within_what_the_city_allows(
    given: PluginSaid, city: bool, district: bool, town: bool, other: bool
) -> None:
    assert [effective_at(given, code) for code in (0, 10, 11, 30)] == [city, district, town, other]


@st.composite
def hierarchies(draw: st.DrawFn, low: int = 0, high: int = 40, depth: int = 3) -> list[Said]:
    """Ranges inside each other or apart, as tenants are; each with some choice."""
    found = [Said(low, high, draw(st.sampled_from(Choice)))] if draw(st.booleans()) else []
    if depth and high - low > 1:
        cuts = sorted({low, *draw(st.lists(st.integers(low + 1, high - 1), max_size=4)), high})
        for start, end in pairwise(cuts):
            if (start, end) != (low, high) and draw(st.booleans()):
                found += draw(hierarchies(start, end, depth - 1))
    return found


spoken = st.builds(PluginSaid, st.sampled_from(Policy), hierarchies().map(tuple))
ranges = st.tuples(st.integers(0, 39), st.integers(1, 40)).filter(lambda pair: pair[0] < pair[1])


def codes(found: tuple[tuple[int, int], ...]) -> set[int]:
    return {code for low, high in found for code in range(low, high)}


def is_minimal(found: tuple[tuple[int, int], ...]) -> bool:
    """Not empty, ascending, and none touches the next."""
    return all(low < high for low, high in found) and all(one[1] < other[0] for one, other in pairwise(found))


@given(spoken, ranges)
def test_ranges_hold_exactly_the_codes_where_it_is_effective(given: PluginSaid, view: tuple[int, int]) -> None:
    found = effective_ranges(given, *view)
    assert codes(found) == {code for code in range(*view) if effective_at(given, code)}
    assert is_minimal(found)


@given(spoken, spoken, ranges)
def test_a_viewer_has_what_is_effective_somewhere_and_is_told_where_it_is_not(
    one: PluginSaid, other: PluginSaid, view: tuple[int, int]
) -> None:
    requires = {"one": (), "needs_one": ("one",)}
    everywhere = effective_everywhere({"one": one, "needs_one": other}, requires, 0, 40)
    enabled = enabled_in(everywhere, *view)
    of_one = {code for code in range(*view) if effective_at(one, code)}
    of_other = {code for code in of_one if effective_at(other, code)}
    expected = {"one": of_one, "needs_one": of_other}
    assert enabled.plugins == {name for name, where in expected.items() if where}
    for name in enabled.plugins:
        disabled = tuple(enabled.disabled_ranges.get(name, ()))
        assert codes(disabled) == set(range(*view)) - expected[name]
        assert is_minimal(disabled)
    assert set(enabled.disabled_ranges) <= enabled.plugins


@given(spoken, spoken, ranges)
def test_ranges_are_cut_and_combined_as_sets_are(one: PluginSaid, other: PluginSaid, view: tuple[int, int]) -> None:
    first, second = effective_ranges(one, 0, 40), effective_ranges(other, 0, 40)
    assert codes(common(first, second)) == codes(first) & codes(second)
    assert codes(within(first, *view)) == codes(first) & set(range(*view))
    assert codes(outside(first, *view)) == set(range(*view)) - codes(first)
    assert all(is_minimal(found) for found in (common(first, second), within(first, *view), outside(first, *view)))


def test_only_the_root_tenants_policy_counts() -> None:
    rows = [
        ("labels", 440112000, 440113000, "FORBIDDEN", "ENABLED"),
        ("labels", 440100000, 440200000, "ALLOWED", "INHERIT"),
    ]
    assert said_of(4401, rows)["labels"].policy is Policy.ALLOWED
    assert effective_at(said_of(4401, rows)["labels"], 440112001)


@pytest.mark.parametrize(
    ("shard", "span"),
    [(4401, (440100000, 440200000)), (11, (110000000, 120000000)), (429004, (429004000, 429005000))],
)
def test_a_shard_spans_its_root_tenant(shard: int, span: tuple[int, int]) -> None:
    assert span_of(shard) == span
    assert root_code(shard) == span[0]


def test_a_court_and_granted_cases_reach_into_the_whole_city() -> None:
    def scope(kind: ScopeKind) -> Scope:
        return Scope(kind, 4401, 440112000, 440113000, TenantLevel.DISTRICT, TODAY)

    assert range_of(scope(ScopeKind.COURT)) == range_of(scope(ScopeKind.ASSIGNED)) == (440100000, 440200000)
    assert range_of(scope(ScopeKind.TENANT)) == range_of(scope(ScopeKind.AGENCY)) == (440112000, 440113000)


def test_nothing_is_enabled_where_nothing_is_installed() -> None:
    assert enabled_in({}, 0, 40) == Enabled()
