"""Filter inputs as SQL conditions on the driver row, with every value bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.errors import BadUserInput
from schema.declared.figures import Grouping
from schema.declared.lists import Filter, ListSource
from schema.declared.values import column_of
from schema.ids import IdCodec
from schema.names import camel
from schema.planner.paging import sql_type
from schema.planner.selection import plain
from schema.planner.statement import Statement

Condition = Callable[[str], str]
"""Given the alias of a driver row, the text of a condition."""

MAX_VALUES = 100
"""Values of one `in` or `notIn`: as many as a page has rows."""
COMPARISONS = {"gte": ">=", "lte": "<=", "gt": ">", "lt": "<"}


def filter_conditions(
    source: ListSource | Grouping, given: Mapping[str, Any] | None, statement: Statement, ids: IdCodec, shard: int
) -> list[Condition]:
    """The conditions of a filter input; what is null or absent says nothing."""
    conditions: list[Condition] = []
    for declared in source.filters:
        operators = (given or {}).get(camel(declared.name))
        for operator, value in (operators or {}).items():
            if value is None:
                continue
            conditions.append(_condition(declared, operator, value, statement, ids, shard))
    return conditions


def filtered_names(source: ListSource | Grouping, given: Mapping[str, Any] | None) -> frozenset[str]:
    """The filters of a filter input that say something."""
    said = {name for name, operators in (given or {}).items() if any(v is not None for v in (operators or {}).values())}
    return frozenset(one.name for one in source.filters if camel(one.name) in said)


def _condition(
    declared: Filter, operator: str, value: Any, statement: Statement, ids: IdCodec, shard: int
) -> Condition:
    column = column_of(declared.attribute)
    name, kind = column.name, sql_type(column)
    if operator == "isNull":
        return lambda driver: f"{driver}.{name} is {'' if value else 'not '}null"
    bind = statement.bind  # only when the condition is written: PostgreSQL refuses a value that the text does not use
    if operator in COMPARISONS:
        return lambda driver: f"{driver}.{name} {COMPARISONS[operator]} {bind(value, kind)}"
    _stay_within_list(declared, operator, value)
    values = [
        _key(declared, plain(item), operator, ids, shard) if declared.ref else plain(item)
        for item in (value if isinstance(value, list) else [value])
    ]
    if operator == "eq" and values[0] is not None:
        return lambda driver: f"{driver}.{name} = {bind(values[0], kind)}"
    known = [item for item in values if item is not None]
    if operator == "notIn":
        return lambda driver: f"{driver}.{name} <> all({bind(known, f'{kind}[]')})"
    return lambda driver: f"{driver}.{name} = any({bind(known, f'{kind}[]')})"


def _stay_within_list(declared: Filter, operator: str, value: Any) -> None:
    if isinstance(value, list) and len(value) > MAX_VALUES:
        field = f"filter.{camel(declared.name)}.{operator}"
        raise BadUserInput(
            f"{field} takes at most {MAX_VALUES}", f"{field} 最多 {MAX_VALUES} 项", field=field, limit=MAX_VALUES
        )


def _key(declared: Filter, text: str, operator: str, ids: IdCodec, shard: int) -> Any:
    """The key that an id names; None, which no row matches, for an id of another shard."""
    found = ids.decode_as(text, str(declared.ref), f"filter.{camel(declared.name)}.{operator}")
    if isinstance(found.key, str):
        return int(found.key) if sql_type(column_of(declared.attribute)) in {"integer", "bigint"} else found.key
    return found.key if found.shard == shard else None
