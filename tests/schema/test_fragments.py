"""The canary of our one override in graphql-core: finished JSON passes through completion, and nothing else does."""

from __future__ import annotations

import inspect

import orjson
from graphql import build_schema, execute, parse
from graphql.execution import Executor

from schema.execution import PlannedExecutor

SCHEMA = build_schema("type Query { finished: [Thing!]! plain: Int! } type Thing { id: ID! }")


async def run(finished: object, plain: object) -> bytes:
    result = execute(
        SCHEMA,
        parse("{ finished { id } plain }"),
        root_value={"finished": finished, "plain": plain},
        executor_class=PlannedExecutor,
    )
    assert not inspect.isawaitable(result)
    errors = [error.message for error in result.errors or []]
    return orjson.dumps({"data": result.data, "errors": errors})


async def test_a_fragment_reaches_the_client_byte_by_byte() -> None:
    body = await run(orjson.Fragment(b'[{"id" : "1",  "more":true}]'), 7)
    assert body == b'{"data":{"finished":[{"id" : "1",  "more":true}],"plain":7},"errors":[]}'


async def test_everything_else_is_completed_as_the_specification_says() -> None:
    body = await run([{"id": 1}], None)
    assert b"Cannot return null for non-nullable field Query.plain" in body


def test_the_overridden_method_is_still_what_we_override() -> None:
    """A new graphql-core that renames it would silently complete fragments, and fail on each: told here first."""
    names = list(inspect.signature(Executor.complete_value).parameters)
    assert names[:6] == ["self", "return_type", "field_details_list", "info", "path", "result"]
    assert issubclass(PlannedExecutor, Executor)
