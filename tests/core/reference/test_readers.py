from __future__ import annotations

from collections import Counter

from core.reference import readers


def test_divisions_are_all_there_and_parents_come_first() -> None:
    seen: set[str] = set()
    levels: Counter[str] = Counter()
    for row in readers.read_divisions():
        assert row.code not in seen
        if row.parent_code is None:
            assert row.level == "province"
        else:
            assert row.parent_code in seen
            assert row.code.startswith(row.parent_code)
        seen.add(row.code)
        levels[row.level] += 1
    assert levels == {"province": 34, "city": 342, "district": 2980, "town": 41279}
    assert levels.total() == 44_635


def test_readers_stream() -> None:
    rows = readers.read_divisions()
    assert next(rows).name_zh == "北京市"


def test_closed_divisions_are_not_among_the_living_and_their_successors_are() -> None:
    living = {row.code for row in readers.read_divisions()}
    closed = list(readers.read_closed_divisions())
    assert {row.code: row.successor_code for row in closed} == {"500105": "500157", "500112": "500157"}
    assert all(row.code not in living and row.successor_code in living and row.parent_code in living for row in closed)


def test_courts() -> None:
    courts = {row.code: row for row in readers.read_courts()}
    assert len(courts) == 49
    assert courts["粤7101"].name_zh == "广州铁路运输法院"
    assert courts["粤7101"].since is not None
    assert courts["最高法"].since is None
    assert {row.level for row in courts.values()} == {"supreme", "high", "intermediate", "basic"}


def test_causes_form_a_tree() -> None:
    causes = list(readers.read_causes())
    assert Counter(row.level for row in causes) == {1: 1, 2: 22, 3: 140}
    seen: set[str] = set()
    for row in causes:
        assert (row.parent_code is None) == (row.level == 1)
        assert row.parent_code is None or row.parent_code in seen
        seen.add(row.code)


def test_case_types() -> None:
    types = {row.type: row for row in readers.read_case_types()}
    assert len(types) == 20
    assert types["行初"].basic_court_possible
    assert not types["行终"].basic_court_possible


def test_agencies_stand_in_divisions_that_exist() -> None:
    living = {row.code for row in readers.read_divisions()}
    agencies = list(readers.read_agencies_guangzhou())
    assert len(agencies) == 503
    assert all(row.tenant_code in living and row.tenant_code.startswith("4401") for row in agencies)
    assert {row.basis for row in agencies} == {"known", "rule", "unverified"}
