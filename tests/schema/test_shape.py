"""The shape of a document is measured once a node, whatever it spreads; each limit refuses by its own reason."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query, parse

from core.errors import CostLimitExceeded
from schema.limits import LimitReason, Limits
from schema.shape import check_shape

SMALL = Limits(definitions=40, depth=6, fields=50, aliases=5, root_fields=4, repeats=3)


def refusal(query: str, limits: Limits = SMALL) -> dict[str, object]:
    with pytest.raises(CostLimitExceeded) as refused:
        check_shape(parse(query), limits)
    assert refused.value.message_zh
    return refused.value.details


def spreading_twice(levels: int) -> str:
    """Fragments that each spread the next one twice: 2 to the power of `levels` fields."""
    chain = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    return "\n".join(["{ ...F0 }", *chain, f"fragment F{levels} on Query {{ __typename }}"])


@pytest.mark.parametrize(
    ("query", "reason", "actual"),
    [
        ("{ a { b { c { d { e { f { g } } } } } } }", LimitReason.DEPTH, 7),
        ("{ ...A } fragment A on Q { b { c { d { e { f { ... on G { g } } } } } } a } ", None, None),
        ("{ x { ...A } } fragment A on Q { b { c { d { e { f { ... on G { g } } } } } } } ", LimitReason.DEPTH, 7),
        ("{ a b c d e }", LimitReason.ROOT_FIELDS, 5),
        ("{ ...A ...A } fragment A on Q { a b c }", LimitReason.ROOT_FIELDS, 6),
        ("{ x { a: b c: b d: b } y { a: b c: b d: b } }", LimitReason.ALIASES, 6),
        ("{ x { a a a a a } }", LimitReason.REPEATS, 4),
        ("{ x { a ... { a ... @include(if: true) { a } } a: b a: c } }", LimitReason.REPEATS, 4),
        ("{ x { a { b c d } a { b c d } } }", None, None),
        (spreading_twice(30), LimitReason.ROOT_FIELDS, 2**30),
        (spreading_twice(30).replace("{ ...F0 }", "{ x { ...F0 } }"), LimitReason.FIELDS, 2**30 + 1),
        ("query A { a } query B { a b c d e }", LimitReason.ROOT_FIELDS, 5),
        ("\n".join(f"query Q{n} {{ a }}" for n in range(41)), LimitReason.DEFINITIONS, 41),
    ],
)
def test_each_limit(query: str, reason: LimitReason | None, actual: int | None) -> None:
    if reason is None:
        check_shape(parse(query), SMALL)
        return
    limit = getattr(SMALL, reason.value.lower())
    assert refusal(query) == {"reason": reason.value, "limit": limit, "actual": actual}


def test_a_hundred_levels_of_doubling_are_counted_at_once() -> None:
    assert refusal(spreading_twice(98), Limits())["actual"] == 2**53 - 1


def test_fragments_that_spread_themselves_are_left_to_validation() -> None:
    check_shape(parse("{ ...A } fragment A on Q { a ...B } fragment B on Q { ...A ...A }"), SMALL)


def test_what_a_tool_asks_is_within_the_limits() -> None:
    check_shape(parse(get_introspection_query(input_value_deprecation=True, specified_by_url=True)), Limits())
