"""One operation from text to finished JSON: parse, validate, execute; errors in one shape, with one closed list of codes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    parse,
    validate,
)
from graphql.execution import Executor

from core.errors import ErrorCode, YingsuError
from schema.bounded import BoundedCache
from schema.compose import ComposedSchema
from schema.context import OperationContext

MAX_TOKENS = 20_000
"""Far more than a front end writes; parsing them takes some 60 ms."""
MAX_VALIDATION_ERRORS = 20
CACHED_DOCUMENTS = 512
CACHED_DOCUMENT_SIZE = 32_768

log = logging.getLogger("yingsu.graphql")


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
    """A finished response. `executed` is False where execution never began: there is then no `data`."""

    body: bytes
    executed: bool
    refusal: ErrorCode | None = None
    wrong_method: bool = False
    has_errors: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """What is asked, as it came, for one request."""

    query: str
    name: str | None
    variables: Mapping[str, Any]
    request_id: str
    allow_mutation: bool = True


class Engine:
    """Executes operations; keeps the documents that it has parsed and validated, bounded."""

    def __init__(self) -> None:
        self._documents: BoundedCache[tuple[ComposedSchema, str], DocumentNode] = BoundedCache(CACHED_DOCUMENTS)

    async def execute(self, schema: ComposedSchema, operation: Operation, context: OperationContext) -> Execution:
        """Execute an operation in its context; never raises for what a client sent."""
        try:
            document = self._document(schema, operation.query)
            chosen = _chosen(document, operation.name)
        except _Refused as refused:
            return _refusal(refused.errors, refused.code, operation.request_id)
        if chosen.operation is OperationType.MUTATION and not operation.allow_mutation:
            error = GraphQLError("a mutation is sent by POST")
            body = _body(_MISSING, [error], ErrorCode.BAD_USER_INPUT, operation.request_id)
            return Execution(body, executed=False, refusal=ErrorCode.BAD_USER_INPUT, wrong_method=True)
        return await self._run(schema, document, operation, context)

    def _document(self, schema: ComposedSchema, query: str) -> DocumentNode:
        key = (schema, query)
        known = self._documents.get(key)
        if known is not None:
            return known
        try:
            document = parse(query, no_location=False, max_tokens=MAX_TOKENS)
        except GraphQLError as error:
            raise _Refused([error], ErrorCode.GRAPHQL_PARSE_FAILED) from None
        except RecursionError:
            raise _Refused(
                [GraphQLError("the document is nested too deeply")], ErrorCode.GRAPHQL_PARSE_FAILED
            ) from None
        try:
            errors = validate(schema.graphql, document, max_errors=MAX_VALIDATION_ERRORS)
        except RecursionError:
            errors = [GraphQLError("the document is nested too deeply")]
        if errors:
            raise _Refused(errors, ErrorCode.GRAPHQL_VALIDATION_FAILED)
        if len(query) <= CACHED_DOCUMENT_SIZE:
            self._documents.put(key, document)
        return document

    async def _run(
        self, schema: ComposedSchema, document: DocumentNode, operation: Operation, context: OperationContext
    ) -> Execution:
        failure: BaseException | None = None
        try:
            pending = execute(
                schema.graphql,
                document,
                context_value=context,
                variable_values=dict(operation.variables),
                operation_name=operation.name,
                executor_class=PlannedExecutor,
            )
            result: ExecutionResult = await pending if not isinstance(pending, ExecutionResult) else pending
        except BaseException as error:
            failure = error
            raise
        finally:
            await context.close(failure)
        if result.data is None and result.errors and all(error.path is None for error in result.errors):
            return _refusal(result.errors, ErrorCode.BAD_USER_INPUT, operation.request_id)
        errors = result.errors or []
        return Execution(
            _body(result.data, errors, ErrorCode.INTERNAL, operation.request_id), executed=True, has_errors=bool(errors)
        )


class _Refused(Exception):
    def __init__(self, errors: list[GraphQLError], code: ErrorCode) -> None:
        super().__init__(code)
        self.errors = errors
        self.code = code


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    chosen = get_operation_ast(document, name)
    if chosen is None:
        raise _Refused([GraphQLError("operationName names no single operation")], ErrorCode.BAD_USER_INPUT)
    if chosen.operation is OperationType.SUBSCRIPTION:
        raise _Refused([GraphQLError("subscriptions are not sent over this path")], ErrorCode.BAD_USER_INPUT)
    return chosen


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


def _body(data: Any, errors: list[GraphQLError], code: ErrorCode, request_id: str) -> bytes:
    response: dict[str, Any] = {}
    if errors:
        response["errors"] = [formatted(error, code, request_id) for error in errors]
    if data is not _MISSING:
        response["data"] = data
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
    shown: dict[str, Any] = {"message": message}
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
