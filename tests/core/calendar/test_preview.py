"""The preview of a period answers for every term that the engine can count, and refuses every other by its field."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from core.calendar import shipped_calendar
from core.calendar.period_input import LONGEST
from core.calendar.unit import PeriodUnit
from core.db.session import Database
from schema.execution import Engine, Operation
from tests.support.city import City
from tests.support.house import HOUSE, operation_context

QUERY = """query($from: Date!, $amount: Int!, $unit: PeriodUnit!) {
  periodPreview(startOn: $from, amount: $amount, unit: $unit, roll: true) { dueOn } }"""


async def preview(database: Database, city: City, amount: int, unit: PeriodUnit, start: str) -> dict[str, Any]:
    async def calendar() -> Any:
        return shipped_calendar()

    context = replace(operation_context(database, city.scope(440100000)), extras={"calendar": calendar})
    variables = {"from": start, "amount": amount, "unit": unit.name}
    done = await Engine().execute(HOUSE.schema(()), Operation(QUERY, None, variables, "t"), context)
    answer: dict[str, Any] = json.loads(done.body)
    return answer


@pytest.mark.parametrize("unit", PeriodUnit)
async def test_the_longest_term_is_counted_and_a_longer_one_refused(
    database: Database, city: City, unit: PeriodUnit
) -> None:
    longest = LONGEST[unit.unit]
    assert (await preview(database, city, longest, unit, "2026-03-10"))["data"]["periodPreview"]["dueOn"]
    for amount in (0, -1, longest + 1, 2**31 - 1):
        error = (await preview(database, city, amount, unit, "2026-03-10"))["errors"][0]
        assert error["extensions"]["code"] == "BAD_USER_INPUT", error
        assert error["extensions"]["field"] == "amount"
        assert str(longest) in error["extensions"]["messageZh"]


@pytest.mark.parametrize("start", ["1989-12-31", "2101-01-01", "0001-01-01", "9999-12-31", "2100-12-31"])
async def test_a_day_without_a_calendar_is_refused(database: Database, city: City, start: str) -> None:
    answer = await preview(database, city, 20, PeriodUnit.YEAR, start)
    if "errors" in answer:
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT", answer
    else:
        assert answer["data"]["periodPreview"]["dueOn"] == "2120-12-31"
