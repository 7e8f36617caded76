"""What counts as the same answer of two servers, and how a query is asked of one that has plain lists."""

from __future__ import annotations

from graphql import parse, print_ast

from benchmarks.load import at
from benchmarks.operations import DETAIL, LIST, flattened
from benchmarks.sameness import difference, plain

OURS = {
    "cases": {"nodes": [{"id": "01", "parties": {"nodes": [{"name": "王某甲"}]}}], "pageInfo": {"hasNextPage": True}}
}


def test_ids_and_wrappers_do_not_count() -> None:
    others = {
        "cases": {
            "nodes": [{"case": {"id": "a-b", "parties": [{"name": "王某甲"}]}}],
            "pageInfo": {"hasNextPage": True},
        }
    }
    assert difference(plain(OURS), plain(others)) is None


def test_a_difference_is_found_however_deep() -> None:
    others = {"cases": {"nodes": [{"parties": [{"name": "李某甲"}]}], "pageInfo": {"hasNextPage": True}}}
    assert difference(plain(OURS), plain(others)) == "data.cases.nodes[0].parties[0].name: '王某甲' against '李某甲'"
    fewer = {"cases": {"nodes": [], "pageInfo": {"hasNextPage": True}}}
    assert difference(plain(OURS), plain(fewer)) == "data.cases.nodes: 1 against 0 items"
    assert "on one side only" in str(difference(plain(OURS), plain({})))


def test_errors_of_a_payload_count_unless_empty() -> None:
    assert plain({"note": {"body": "x"}, "errors": []}) == {"note": {"body": "x"}}
    assert difference(plain({"note": 1}), plain({"note": 1, "errors": [{"code": "NOT_FOUND"}]})) is not None


def test_lists_are_flattened_below_the_root_list_only() -> None:
    assert "nodes" not in flattened(DETAIL)
    assert print_ast(parse(flattened(LIST))).count("nodes") == 1


def test_percentiles_are_of_the_sorted_times() -> None:
    times = [number / 1000 for number in range(1, 201)]
    assert (at(times, 50), at(times, 99), at(times, 100)) == (101.0, 199.0, 200.0)
    assert at([], 99) == 0.0
