"""Reading what is supervised: one statement a root field, and boards, tasks and histories that say what is there."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import get_named_type, is_leaf_type

from core.extension.registry import Registry
from schema.declared.fields import ComputedField
from schema.execution import Operation
from tests.support.supervision import CITY, Desk, bureau, liaison

CONTRIBUTION = Registry.load().plugins["reminders"].contribution
assert CONTRIBUTION is not None
ROOTS = sorted(name for name, field in CONTRIBUTION.queries.items() if not isinstance(field, ComputedField))


def leaves(kind: Any) -> Iterator[str]:
    for name, field in kind.fields.items():
        if is_leaf_type(get_named_type(field.type)) and not field.args:
            yield name


@pytest.mark.parametrize("name", ROOTS)
async def test_a_root_field_is_one_statement(desk: Desk, name: str) -> None:
    """Whatever it selects: all leaves of its nodes, and the leaves of every node one step away."""
    desk.at("2026-03-10")
    filed = await desk.file()
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    context, schema = await desk.lab._for(CITY)
    root = "".join(word.capitalize() if place else word for place, word in enumerate(name.split("_")))
    field = schema.graphql.query_type.fields[root]
    kind = get_named_type(field.type)
    if "nodes" in kind.fields:
        node = get_named_type(kind.fields["nodes"].type)
        objects = {
            key: get_named_type(one.type)
            for key, one in node.fields.items()
            if not one.args and hasattr(get_named_type(one.type), "fields")
        }
        below = " ".join(f"{key} {{ {' '.join(list(leaves(one))[:6])} }}" for key, one in objects.items())
        query = f"{{ {root} {{ totalCount nodes {{ {' '.join(leaves(node))} {below} }} pageInfo {{ hasNextPage }} }} }}"
    else:
        query = (
            f"{{ {root}(by: [STATE, KIND]) {{ state kind total notOver running missed onTimeRate {{ percent }} }} }}"
        )
    done = await desk.lab.engine.execute(schema, Operation(query, None, {}, "count"), context)
    assert b'"errors"' not in done.body, done.body[:600]
    assert context.statements == 1


async def test_a_board_counts_what_a_list_lists(desk: Desk) -> None:
    answer = (await desk.lab.ask(bureau(), BOARD))["data"]
    listed = answer["supervisedObligations"]["totalCount"]
    assert listed > 0
    assert sum(group["total"] for group in answer["supervisionTally"]) == listed
    for group in answer["supervisionTally"]:
        classes = ("void", "onTime", "late", "missed", "running")
        assert sum(group[name] for name in classes) == group["total"]


BOARD = """{ supervisedObligations { totalCount }
  supervisionTally(by: [STATE]) { state total void onTime late missed running } }"""
MINE = "{ myTasks { nodes { state } } myReports { nodes { state } } upcomingDeadlines { nodes { dueOn state } } }"


async def test_what_waits_for_somebody_is_what_they_can_take_the_next_step_of(desk: Desk) -> None:
    desk.at("2026-03-10")
    filed = await desk.file("street")
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    street = liaison("street")
    (report,) = await desk.reports(filed)
    mine = (await desk.lab.ask(street, MINE))["data"]
    assert [one["state"] for one in mine["myReports"]["nodes"]] == ["RECEIVED"]
    assert [one["state"] for one in mine["myTasks"]["nodes"]] == ["RECEIVED"]
    assert mine["upcomingDeadlines"]["nodes"] == [{"dueOn": "2026-03-25", "state": "RECEIVED"}]
    await desk.done(street, "reportSubmit", {"reportId": desk.lab.id("CaseReport", report.id), "summary": "报备"})
    assert (await desk.lab.ask(street, MINE))["data"]["myReports"]["nodes"] == []
    theirs = (await desk.lab.ask(bureau(), MINE))["data"]
    assert "REPORTED" in {one["state"] for one in theirs["myReports"]["nodes"]}


async def test_a_change_is_told_to_those_who_see_it(desk: Desk) -> None:
    desk.at("2026-03-10")
    query = "subscription { obligationChanged { event obligation { kind state dueOn } } }"
    since = await desk.lab.now()
    filed = await desk.file("tianhe")
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    told = {"event": "BEAR", "obligation": {"kind": "DEFENCE", "state": "RECEIVED", "dueOn": "2026-03-25"}}
    for who in (CITY, liaison("tianhe")):
        (answer,) = await desk.lab.told(who, query, since)
        assert answer["data"]["obligationChanged"] == told
    assert await desk.lab.told(bureau("huangpu"), query, since) == []
