"""Settings: the version of the day, inheritance, and what a change is refused for."""

from datetime import date, timedelta
from typing import Any, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from core.extension.settings import (
    PluginSettings,
    SettingsInvalid,
    SettingsVersion,
    check_change,
    in_force,
    merged,
    parse_settings,
    read_settings,
)

DAY = date(2026, 3, 10)
CITY, DISTRICT, TOWN = (440100000, 440200000), (440112000, 440113000), (440112001, 440112002)


class Term(BaseModel, extra="forbid"):
    days: int = Field(default=2, ge=1)
    unit: Literal["calendar", "working"] = "calendar"


class Example(PluginSettings):
    plugin: ClassVar[str] = "example"

    offsets: list[int] = [7, 1]
    term: Term = Term()
    least: int = 0
    most: int = 10
    starts_on: date = date(2026, 1, 1)

    def model_post_init(self, _context: Any) -> None:
        if self.least > self.most:
            raise ValueError("least is above most")


def version(place: tuple[int, int], number: int, day: date = DAY, **data: Any) -> SettingsVersion:
    return SettingsVersion(*place, number, day, data)


def test_without_a_word_the_defaults_hold() -> None:
    assert read_settings(Example, [], TOWN[0], DAY) == Example()


def test_the_nearer_tenant_states_only_what_it_wants_otherwise() -> None:
    versions = [
        version(CITY, 1, offsets=[5], term={"days": 3}, most=8),
        version(DISTRICT, 1, term={"unit": "working"}),
        version(TOWN, 1, offsets=[]),
    ]
    town = read_settings(Example, versions, TOWN[0], DAY)
    assert town == Example(offsets=[], term=Term(days=3, unit="working"), most=8)
    assert read_settings(Example, versions, CITY[0], DAY).term == Term(days=3)
    assert read_settings(Example, versions, 440106000, DAY).offsets == [5]


def test_a_version_holds_from_its_day_until_the_next() -> None:
    versions = [version(CITY, 1, DAY, most=5), version(CITY, 2, DAY + timedelta(10), most=6)]
    days = {-1: 10, 0: 5, 9: 5, 10: 6, 99: 6}
    assert {n: read_settings(Example, versions, CITY[0], DAY + timedelta(n)).most for n in days} == days


def test_of_two_versions_of_one_day_the_later_written_holds() -> None:
    versions = [version(CITY, 2, most=6), version(CITY, 1, most=5)]
    assert read_settings(Example, versions, CITY[0], DAY).most == 6


places = st.sampled_from([CITY, DISTRICT, TOWN, (440106000, 440107000)])
parts = st.fixed_dictionaries(
    {}, optional={"most": st.integers(1, 99), "offsets": st.lists(st.integers(0, 9), max_size=3)}
)
histories = st.lists(st.tuples(places, st.integers(0, 20), parts), max_size=12).map(
    lambda rows: [version(place, n, DAY + timedelta(days), **data) for n, (place, days, data) in enumerate(rows)]
)


@given(histories, places, st.integers(-1, 25))
def test_each_value_comes_from_the_nearest_tenant_that_states_it_on_the_day(
    versions: list[SettingsVersion], place: tuple[int, int], days: int
) -> None:
    on_day = DAY + timedelta(days)
    levels = {CITY: [CITY], DISTRICT: [DISTRICT, CITY], TOWN: [TOWN, DISTRICT, CITY]}.get(place, [place, CITY])
    for name, default in (("most", 10), ("offsets", [7, 1])):
        expected = default
        for level in levels:
            known = [one for one in versions if (one.low, one.high) == level and one.valid_from <= on_day]
            newest = max(known, key=lambda one: (one.valid_from, one.version), default=None)
            if newest is not None and name in newest.data:
                expected = newest.data[name]
                break
        assert getattr(read_settings(Example, versions, place[0], on_day), name) == expected


@given(histories, places, st.integers(0, 20), parts)
def test_a_change_for_later_leaves_every_earlier_day_as_it_was(
    versions: list[SettingsVersion], place: tuple[int, int], days: int, data: dict[str, Any]
) -> None:
    new = version(place, 99, DAY + timedelta(days), **data)
    stored = check_change(Example, versions, new)
    assert stored == data
    before = new.valid_from - timedelta(1)
    for low, _ in (CITY, DISTRICT, TOWN):
        assert merged(Example, [*versions, new], low, before) == merged(Example, versions, low, before)
    assert in_force([*versions, new], place[0], new.valid_from)[-1] == new


@pytest.mark.parametrize(
    ("data", "field", "zh"),
    [
        ({"term": {"days": 0}}, "term.days", "不能小于1"),
        ({"term": {"unit": "weeks"}}, "term.unit", "只能是 'calendar'或'working'"),
        ({"term": {"hours": 1}}, "term.hours", "没有这个参数"),
        ({"offsets": [1, "2"]}, "offsets.1", "应为整数"),
        ({"most": 1.5}, "most", "应为整数"),
        ({"most": None}, "most", "应为整数"),
        ({"starts_on": "tomorrow"}, "starts_on", "应为日期，如 2026-03-10"),
    ],
)
def test_a_wrong_value_is_named_with_its_reason_in_both_languages(data: dict[str, Any], field: str, zh: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        check_change(Example, [], version(CITY, 1, **data))
    assert [(one.field, one.message_zh) for one in caught.value.problems] == [(field, zh)]
    assert caught.value.problems[0].message
    assert caught.value.code == CITY[0]


def test_a_change_above_may_not_break_a_tenant_below() -> None:
    later = version(DISTRICT, 1, DAY + timedelta(30), least=7)
    with pytest.raises(SettingsInvalid) as caught:
        check_change(Example, [later], version(CITY, 1, most=5))
    assert (caught.value.code, caught.value.on_day) == (DISTRICT[0], DAY + timedelta(30))
    assert check_change(Example, [later], version(CITY, 1, most=7)) == {"most": 7}


def test_what_is_stored_is_what_was_written_as_json_holds_it() -> None:
    new = version(CITY, 1, starts_on="2026-05-01", term={"days": 5})
    assert check_change(Example, [version(CITY, 0, most=4)], new) == {"starts_on": "2026-05-01", "term": {"days": 5}}


def test_stored_settings_that_the_model_no_longer_knows_are_told_not_guessed() -> None:
    with pytest.raises(SettingsInvalid, match="gone"):
        read_settings(Example, [version(CITY, 1, gone=1)], CITY[0], DAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "1",
        "null",
        '"x"',
        '{"a": NaN}',
        '{"a": "\\u0000"}',
        '{"\\u0000": 1}',
        "{" * 5000,
        "\ud800",
        " " * 70000,
    ],
)
def test_what_is_no_storable_json_object_is_refused(text: str) -> None:
    with pytest.raises(SettingsInvalid):
        parse_settings(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(parse_settings(text), dict)
    except SettingsInvalid as refused:
        assert refused.problems[0].message_zh
