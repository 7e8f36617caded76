"""One operation from text to finished JSON: prepare, cost, execute; errors in one shape, with one closed list of codes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType, execute, execute_sync
from graphql.execution import Executor

from core.errors import CostLimitExceeded, ErrorCode, YingsuError, too_late
from schema.bounded import BoundedCache
from schema.compose import ComposedSchema
from schema.context import OperationContext
from schema.cost import Cost, check_cost
from schema.limits import Limits
from schema.prepared import Documents, Prepared, Refused, over_limit
from schema.subscription import Asked, SourceEvent, asked_of

log = logging.getLogger("yingsu.graphql")

KEPT_SCHEMAS = 16
"""Answers about the schema that are kept; a whole one is a megabyte."""

MESSAGE_LENGTH = 500
"""Characters of an error's message: graphql-core quotes what was sent, however long it is."""


class PlannedExecutor(Executor[OperationContext]):
    """Completes what resolvers answer, but lets finished JSON pass: a Fragment is complete already."""

    def complete_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, *rest: Any
    ) -> Any:
        """Complete a value; see `tests/schema/test_fragments.py`, the canary for this override."""
        if type(result) is orjson.Fragment:
            return result
        return super().complete_value(return_type, field_details_list, info, path, result, *rest)


@dataclass(frozen=True, slots=True)
class Execution:
    """A finished response. `executed` is False where execution never began: there is then no `data`.

    `deprecated` are the coordinates of what it used and should not any more; `cost` is what it was reckoned at.
    """

    body: bytes
    executed: bool
    refusal: ErrorCode | None = None
    wrong_method: bool = False
    has_errors: bool = False
    deprecated: frozenset[str] = frozenset()
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """What is asked, as it came, for one request."""

    query: str
    name: str | None
    variables: Mapping[str, Any]
    request_id: str
    allow_mutation: bool = True
    before_writing: Callable[[], None] = lambda: None
    """Called when a mutation is about to run."""
    event: SourceEvent | None = None
    """For a subscription: the event to answer it for."""


class Engine:
    """Executes operations on prepared documents, within limits of size and time."""

    def __init__(self, limits: Limits | None = None, *, introspection: bool = True) -> None:
        self.limits = limits or Limits()
        self.introspection = introspection
        self.documents = Documents(self.limits, introspection=introspection)
        self._told: BoundedCache[tuple[ComposedSchema, str, str | None], orjson.Fragment] = BoundedCache(KEPT_SCHEMAS)

    async def execute(self, schema: ComposedSchema, operation: Operation, context: OperationContext) -> Execution:
        """Execute an operation in its context; never raises for what a client sent."""
        try:
            prepared = self.documents.prepare(schema, operation.query)
            chosen = prepared.operation(operation.name)
            if chosen.operation is OperationType.SUBSCRIPTION and operation.event is None:
                return _other_path(operation)
            if chosen.operation is OperationType.MUTATION and not operation.allow_mutation:
                return _wrong_method(operation)
            cost = prepared.cost(chosen, operation.variables)
            check_cost(cost, self.limits)
            if chosen.operation is OperationType.MUTATION:
                operation.before_writing()
        except Refused as refused:
            return _refusal(refused.errors, refused.code, operation.request_id)
        except CostLimitExceeded as over:
            return _refusal(over_limit(over).errors, over.code, operation.request_id)
        done = await self._run(prepared, chosen, operation, context, cost)
        if not done.executed:
            return done
        return replace(done, deprecated=prepared.deprecated(chosen, operation.variables), cost=cost.cost)

    def ask(self, schema: ComposedSchema, operation: Operation) -> Asked | Execution | None:
        """What a subscription asks for, checked as any operation is; a refusal; None for a query or a mutation."""
        try:
            prepared = self.documents.prepare(schema, operation.query)
            chosen = prepared.operation(operation.name)
            if chosen.operation is not OperationType.SUBSCRIPTION:
                return None
            check_cost(prepared.cost(chosen, operation.variables), self.limits)
            told = schema.house.catalogue.subscriptions
            return asked_of(schema.graphql, told, prepared.document, chosen, operation.variables)
        except Refused as refused:
            return _refusal(refused.errors, refused.code, operation.request_id)
        except CostLimitExceeded as over:
            return _refusal(over_limit(over).errors, over.code, operation.request_id)
        except GraphQLError as error:
            return _refusal([error], ErrorCode.BAD_USER_INPUT, operation.request_id)

    async def _run(
        self,
        prepared: Prepared,
        chosen: OperationDefinitionNode,
        operation: Operation,
        context: OperationContext,
        cost: Cost,
    ) -> Execution:
        try:
            if prepared.introspects_only(chosen):
                result = await self._introspected(prepared, operation)
            else:
                # The acts of a mutation have the time each: what the first has committed is told, though the second is late.
                limit = None if chosen.operation is OperationType.MUTATION else context.timeout_ms / 1_000
                result = await self._within_time(prepared, operation, context, limit)
        except TimeoutError:
            late = too_late(context.timeout_ms)
            body = _body(
                None, [GraphQLError(late.message, original_error=late)], ErrorCode.TIMEOUT, operation.request_id
            )
            return Execution(body, executed=True, has_errors=True)
        if result.data is None and result.errors and all(error.path is None for error in result.errors):
            return _refusal(result.errors, ErrorCode.BAD_USER_INPUT, operation.request_id)
        errors = result.errors or []
        shown = {"cost": {"requested": cost.cost, "maximum": self.limits.cost}}
        body = _body(result.data, errors, ErrorCode.INTERNAL, operation.request_id, shown)
        return Execution(body, executed=True, has_errors=bool(errors))

    async def _introspected(self, prepared: Prepared, operation: Operation) -> ExecutionResult:
        """What the schema says of itself: told apart from the event loop, which it would hold up, and then remembered."""
        key = (prepared.schema, operation.query, operation.name)
        known = self._told.get(key)
        if known is None:
            found = await asyncio.to_thread(
                execute_sync, prepared.schema.graphql, prepared.document, operation_name=operation.name
            )
            if found.errors:
                return found
            known = orjson.Fragment(orjson.dumps(found.data))
            self._told.put(key, known)
        return ExecutionResult(data=known, errors=None)  # type: ignore[arg-type]  # finished JSON, as of planned fields

    async def _within_time(
        self, prepared: Prepared, operation: Operation, context: OperationContext, limit: float | None
    ) -> ExecutionResult:
        """Execute; raises TimeoutError when it takes longer than it may, and PostgreSQL has cancelled what was running."""
        failure: BaseException | None = None
        try:
            async with asyncio.timeout(limit):
                pending = execute(
                    prepared.schema.graphql,
                    prepared.document,
                    operation.event,
                    context_value=context,
                    variable_values=dict(operation.variables),
                    operation_name=operation.name,
                    executor_class=PlannedExecutor,
                    hide_suggestions=not self.introspection,
                )
                return await pending if not isinstance(pending, ExecutionResult) else pending
        except BaseException as error:
            failure = error
            raise
        finally:
            await context.close(failure)


def _other_path(operation: Operation) -> Execution:
    error = GraphQLError("subscriptions are not sent over this path")
    return _refusal([error], ErrorCode.BAD_USER_INPUT, operation.request_id)


def _wrong_method(operation: Operation) -> Execution:
    error = GraphQLError("a mutation is sent by POST")
    body = _body(_MISSING, [error], ErrorCode.BAD_USER_INPUT, operation.request_id)
    return Execution(body, executed=False, refusal=ErrorCode.BAD_USER_INPUT, wrong_method=True)


_MISSING = object()
MESSAGES_ZH = {
    ErrorCode.GRAPHQL_PARSE_FAILED: "查询语句有语法错误",
    ErrorCode.GRAPHQL_VALIDATION_FAILED: "查询语句与接口定义不符",
    ErrorCode.BAD_USER_INPUT: "输入有误",
    ErrorCode.INTERNAL: "系统内部错误",
    ErrorCode.TIMEOUT: "执行超时",
}


def _refusal(errors: list[GraphQLError], code: ErrorCode, request_id: str) -> Execution:
    own = errors[0].original_error
    refusal = own.code if isinstance(own, YingsuError) else code
    return Execution(_body(_MISSING, errors, code, request_id), executed=False, refusal=refusal, has_errors=True)


def _body(
    data: Any,
    errors: list[GraphQLError],
    code: ErrorCode,
    request_id: str,
    extensions: Mapping[str, Any] | None = None,
) -> bytes:
    response: dict[str, Any] = {}
    if errors:
        response["errors"] = [formatted(error, code, request_id) for error in errors]
    if data is not _MISSING:
        response["data"] = data
    if extensions:
        response["extensions"] = extensions
    return orjson.dumps(response)


def formatted(error: GraphQLError, code: ErrorCode, request_id: str) -> dict[str, Any]:
    """An error as the client sees it. What is not meant for a client is logged, and shown as INTERNAL without its text."""
    own = error.original_error
    message = error.message
    extensions: dict[str, Any]
    if isinstance(own, YingsuError):
        extensions = own.extensions
    elif (own is not None and not isinstance(own, GraphQLError)) or (own is None and error.path):
        # Without an original error but with a path it is graphql-core's own complaint of what we answered.
        code = ErrorCode.TIMEOUT if _timed_out(own) else ErrorCode.INTERNAL
        if code is ErrorCode.INTERNAL:
            log.error("request %s failed", request_id, exc_info=own or error)
        message = "the operation took too long" if code is ErrorCode.TIMEOUT else "internal error"
        extensions = {"code": code.value, "messageZh": MESSAGES_ZH[code]}
    else:
        code = ErrorCode.BAD_USER_INPUT if code is ErrorCode.INTERNAL else code
        extensions = {"code": code.value, "messageZh": MESSAGES_ZH[code]}
    shown: dict[str, Any] = {"message": message[:MESSAGE_LENGTH]}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        shown["path"] = error.path
    shown["extensions"] = {**extensions, "requestId": request_id}
    return shown


def _timed_out(error: BaseException | None) -> bool:
    """Whether PostgreSQL cancelled the statement (57014), however deeply the driver's error is wrapped."""
    while error is not None:
        if getattr(error, "sqlstate", None) == "57014":
            return True
        error = getattr(error, "orig", None) or error.__cause__
    return False
