"""Fields that Python computes inside a planned selection: one statement, one call a place, and errors where they belong."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from core.db.scope import ScopeKind
from core.db.session import Database
from schema.execution import Engine, Operation
from schema.planner import completion
from tests.support import oddities
from tests.support.city import City
from tests.support.house import ask, operation_context
from tests.support.oddities import CALLS, ODD_HOUSE

CITY = 440100000


async def odd(database: Database, city: City, query: str, **variables: Any) -> dict[str, Any]:
    CALLS.clear()
    return await ask(database, city.scope(CITY), query, variables, house=ODD_HOUSE)


async def test_all_rows_are_computed_in_one_call_and_one_statement(database: Database, city: City) -> None:
    CALLS.clear()
    context = operation_context(database, city.scope(CITY))
    query = "{ cases { nodes { number waitingDays responses { waitingDays } } } }"
    done = await Engine().execute(ODD_HOUSE.schema({"oddities"}), Operation(query, None, {}, "t"), context)
    assert not done.has_errors
    assert context.statements == 1
    assert CALLS == [("waitingDays", 5), ("waitingDays", 6)]


async def test_values_stand_where_they_belong_with_aliases_arguments_and_fragments(
    database: Database, city: City
) -> None:
    query = """query ($until: Date) {
      cases(orderBy: FILED_ON_ASC) { edges { node { ...Days soon: waitingDays(until: "2026-03-11") } } nodes { filedOn ...Days } }
    } fragment Days on Case { now: waitingDays later: waitingDays(until: $until) statuses }"""
    answer = await odd(database, city, query, until="2026-03-20")
    assert "errors" not in answer
    found = answer["data"]["cases"]
    assert [node["now"] for node in found["nodes"]] == [9, 8, 7, 6, 4]
    assert [node["later"] for node in found["nodes"]] == [19, 18, 17, 16, 14]
    assert [edge["node"]["soon"] for edge in found["edges"]] == [10, 9, 8, 7, 5]
    assert {tuple(node["statuses"]) for node in found["nodes"]} == {("OPEN",)}
    assert sorted(CALLS) == sorted([("waitingDays", 5)] * 5 + [("statuses", 5)] * 2)


async def test_an_exception_among_the_values_is_an_error_of_its_own_place(database: Database, city: City) -> None:
    answer = await odd(database, city, "{ cases(orderBy: FILED_ON_ASC) { nodes { oddSerial } } }")
    assert [node["oddSerial"] for node in answer["data"]["cases"]["nodes"]] == [1, None, None, 4, 6]
    (error,) = answer["errors"]
    assert error["path"] == ["cases", "nodes", 1, "oddSerial"]
    assert error["message"] == "two is odd"
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("field", ["broken", "tooFew"])
async def test_a_function_that_fails_empties_its_field_and_nothing_else(
    database: Database, city: City, field: str
) -> None:
    answer = await odd(database, city, f"{{ cases(first: 2, orderBy: FILED_ON_ASC) {{ nodes {{ number {field} }} }} }}")
    nodes = answer["data"]["cases"]["nodes"]
    assert [node["number"] for node in nodes] == ["（2026）粤7101行初1号", "（2026）粤7101行初2号"]
    assert [node[field] for node in nodes] == [None, None]
    assert [error["path"] for error in answer["errors"]] == [["cases", "nodes", n, field] for n in (0, 1)]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INTERNAL"}
    assert {error["extensions"]["owner"] for error in answer["errors"]} == {"oddities"}
    assert "secret" not in str(answer)


async def test_a_null_or_an_error_in_a_non_null_field_reaches_the_nearest_nullable(
    database: Database, city: City
) -> None:
    answer = await odd(
        database, city, "{ cases(orderBy: FILED_ON_ASC, first: 3) { nodes { number strict { serial } } } }"
    )
    nodes = answer["data"]["cases"]["nodes"]
    assert [node["strict"] for node in nodes] == [[{"serial": 1}], None, None]
    assert [error["path"] for error in answer["errors"]] == [
        ["cases", "nodes", n, "strict", 0, "serial"] for n in (1, 2)
    ]


async def test_decimals_come_as_decimals_and_go_out_as_text(database: Database, city: City) -> None:
    async with database.system() as session:
        await session.execute(text("select set_config('app.bulk', 'on', true)"))
        judgment = await session.scalar(
            text(
                "insert into judgment (shard, case_id, kind, decided_on) values (4401, :case, 'JUDGMENT', date '2026-03-05') returning id"
            ),
            {"case": city.cases["city"]},
        )
        await session.execute(
            text(
                "insert into holding (shard, code, agency_id, case_id, response_id, judgment_id, decided_on, amount_yuan)"
                " select shard, code, agency_id, case_id, id, :judgment, date '2026-03-05', 1200.05 from response where id = :response"
            ),
            {"judgment": judgment, "response": city.responses["city"]},
        )
    answer = await odd(database, city, "{ judgments { nodes { holdings { amountYuan doubled } } } }")
    assert answer["data"] == {"judgments": {"nodes": [{"holdings": [{"amountYuan": "1200.05", "doubled": "2400.10"}]}]}}


async def test_computed_answers_become_bytes_again_without_a_completion_of_leaves(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists never fall back to graphql-core where nothing failed: it would complete leaf by leaf."""
    asked: list[Any] = []
    monkeypatch.setattr(completion, "_typed", lambda *given: asked.append(given))
    await odd(database, city, "{ cases { nodes { waitingDays } } }")
    assert asked == []
    await odd(database, city, "{ cases { nodes { oddSerial } } }")
    assert len(asked) == 1


async def test_what_a_viewer_may_not_see_is_not_computed(database: Database, city: City) -> None:
    CALLS.clear()
    nobody = city.scope(CITY, ScopeKind.NONE)
    answer = await ask(database, nobody, "{ cases { nodes { waitingDays } } }", house=ODD_HOUSE)
    assert answer["data"] == {"cases": {"nodes": []}}
    assert oddities.CALLS == []
