"""`/graphql`: one URL for queries and mutations, after the GraphQL-over-HTTP specification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.errors import ErrorCode, YingsuError
from core.http.body import ClientGone, parse_body, parse_url, read_body, require_json
from core.http.context import read_context
from core.http.contract import ExecutionOutcome, GraphQLExecutor, GraphQLRequest, RequestContext
from core.http.errors import HttpRefusal, error_body, error_response, headers_of, internal_error, request_id_of
from core.http.hanging_up import Caller
from core.http.media_types import ResponseType, negotiate
from core.http.metrics import HttpMetrics
from core.http.settings import HttpSettings
from core.http.status import batch_status, response_status

_METHODS = "GET, HEAD, POST, OPTIONS"


class GraphQLEndpoint:
    """The GraphQL endpoint as an ASGI application."""

    def __init__(self, executor: GraphQLExecutor, settings: HttpSettings, metrics: HttpMetrics) -> None:
        self._executor = executor
        self._settings = settings
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        response_type = negotiate(request.headers.getlist("accept"))
        try:
            response = await self._answer(request, response_type)
        except ClientGone:
            return
        except HttpRefusal as refusal:
            self._metrics.count_refusal(refusal.code)
            # A 406 has no acceptable type; plain JSON is then the least surprising.
            media_type = (response_type or ResponseType.LEGACY_JSON).value
            response = error_response(refusal, request_id_of(scope), media_type)
        response.headers["Cache-Control"] = "no-store"
        response.headers.add_vary_header("Accept")
        await response(scope, receive, send)

    async def _answer(self, request: Request, response_type: ResponseType | None) -> Response:
        method: Literal["GET", "POST"]
        match request.method:
            case "POST":
                method = "POST"
            case "GET" | "HEAD":
                method = "GET"
            case "OPTIONS":
                return Response(status_code=204, headers={"Allow": _METHODS})
            case _:
                raise HttpRefusal(
                    405,
                    ErrorCode.BAD_USER_INPUT,
                    "Send GraphQL by POST, or queries by GET.",
                    "请使用 POST 发送 GraphQL 请求，查询也可使用 GET。",
                    headers={"Allow": _METHODS},
                )
        if response_type is None:
            raise HttpRefusal(
                406,
                ErrorCode.BAD_USER_INPUT,
                "Accept application/graphql-response+json or application/json.",
                "仅能以 application/graphql-response+json 或 application/json 应答。",
            )
        caller = Caller(request.receive)
        context = read_context(request, method, caller.must_finish)
        parsed = await self._read(request)
        with caller.waiting():
            if isinstance(parsed, list):
                return await self._answer_batch(parsed, context, response_type)
            outcome = await self._execute(parsed, context)
        return _respond(outcome.body, response_status(outcome, response_type), response_type, outcome.headers)

    async def _read(self, request: Request) -> GraphQLRequest | list[GraphQLRequest]:
        if request.method != "POST":
            return parse_url(request.scope["query_string"], self._settings)
        require_json(request.headers)
        return parse_body(await read_body(request.headers, request.receive, self._settings), self._settings)

    async def _answer_batch(
        self, requests: list[GraphQLRequest], context: RequestContext, response_type: ResponseType
    ) -> Response:
        """Execute the entries one after another, each on its own; one that fails leaves the others alone."""
        outcomes = []
        for index, entry in enumerate(requests):
            key = context.idempotency_key
            entry_context = replace(context, idempotency_key=key and f"{key}:{index}")
            outcomes.append(await self._execute(entry, entry_context))
        body = b"[" + b",".join(outcome.body for outcome in outcomes) + b"]"
        headers = {name: text for outcome in outcomes for name, text in outcome.headers.items()}
        return _respond(body, batch_status(outcomes), response_type, headers)

    async def _execute(self, request: GraphQLRequest, context: RequestContext) -> ExecutionOutcome:
        started = perf_counter()
        try:
            outcome = await self._executor.execute(request, context)
        except YingsuError as error:
            outcome = _refused(error, context.request_id)
        except Exception as exception:  # noqa: BLE001 - the last line of defence: logged in full, told in part
            outcome = _refused(internal_error(context.request_id, exception), context.request_id)
        self._metrics.observe_operation(outcome, perf_counter() - started)
        self._metrics.deprecated_uses.count(outcome.deprecated, context)
        if outcome.unregistered is not None:
            self._metrics.unregistered_documents.count(outcome.unregistered, request, context)
        return outcome


def _refused(error: YingsuError, request_id: str) -> ExecutionOutcome:
    body = error_body(error, request_id)
    return ExecutionOutcome(body, executed=False, refusal=error.code, headers=headers_of(error))


def _respond(body: bytes, status: int, response_type: ResponseType, more: Mapping[str, str]) -> Response:
    headers = {**more, "Content-Type": f"{response_type.value}; charset=utf-8"}
    if status == 405:  # noqa: PLR2004 - a mutation by GET
        headers["Allow"] = "POST"
    elif status == 401:  # noqa: PLR2004
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body, status, headers)
