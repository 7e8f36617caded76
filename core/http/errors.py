"""Errors over HTTP: always JSON `{"errors": [{"message", "extensions": {"code", "messageZh", "requestId"}}]}`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from core.errors import ErrorCode, YingsuError

APPLICATION_JSON = "application/json"

_logger = logging.getLogger(__name__)

_STATUS_OF_CODE: Mapping[ErrorCode, int] = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.CONFLICT: 409,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.TIMEOUT: 503,
    ErrorCode.INTERNAL: 500,
}

_STANDARD_TEXTS: Mapping[int, tuple[ErrorCode, str, str]] = {
    404: (ErrorCode.NOT_FOUND, "There is nothing at this address.", "该地址不存在。"),
    405: (ErrorCode.BAD_USER_INPUT, "This address does not answer that method.", "该地址不支持此请求方法。"),
}


class HttpRefusal(YingsuError):
    """请求被拒: a request that HTTP itself turns away, with the status and headers that say so."""

    def __init__(
        self,
        status: int,
        code: ErrorCode,
        message: str,
        message_zh: str,
        *,
        headers: Mapping[str, str] | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message, message_zh, **(details or {}))
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


def malformed(message: str, message_zh: str, **details: object) -> HttpRefusal:
    """Build the refusal of a request that is not well-formed: 400, BAD_USER_INPUT."""
    return HttpRefusal(400, ErrorCode.BAD_USER_INPUT, message, message_zh, details=details)


def request_id_of(scope: Scope) -> str:
    """Read the request id that the outermost middleware has set."""
    request_id: str = scope["state"]["request_id"]
    return request_id


def error_body(error: YingsuError, request_id: str) -> bytes:
    """Write a response that consists of this one error."""
    extensions = {**error.extensions, "requestId": request_id}
    return orjson.dumps({"errors": [{"message": error.message, "extensions": extensions}]})


def internal_error(request_id: str, exception: BaseException) -> YingsuError:
    """Log an unexpected exception with its stack trace; return what the client may know of it."""
    _logger.error("unexpected error in request %s", request_id, exc_info=exception, extra={"request_id": request_id})
    return YingsuError(
        "Something went wrong on our side. Quote the request id when you report it.",
        "服务器内部错误，报告问题时请注明请求编号。",
    )


def status_of(error: YingsuError) -> int:
    """Give the HTTP status of an error outside GraphQL responses."""
    return error.status if isinstance(error, HttpRefusal) else _STATUS_OF_CODE.get(error.code, 400)


def headers_of(error: YingsuError) -> dict[str, str]:
    """Give the headers that an error brings along."""
    headers = dict(error.headers) if isinstance(error, HttpRefusal) else {}
    if error.code is ErrorCode.RATE_LIMITED and "retryAfter" in error.details:
        headers["Retry-After"] = str(error.details["retryAfter"])
    return headers


def error_response(error: YingsuError, request_id: str, media_type: str = APPLICATION_JSON) -> Response:
    """Answer with this error, its status and its headers."""
    headers = headers_of(error)
    if error.code is ErrorCode.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    headers["Content-Type"] = f"{media_type}; charset=utf-8"
    return Response(error_body(error, request_id), status_of(error), headers)


async def answer_http_exception(request: Request, exception: Exception) -> Response:
    """Answer what the router or the static files raise (404, 405 …)."""
    if not isinstance(exception, HTTPException):
        raise TypeError(f"not an HTTPException: {exception!r}")
    known = _STANDARD_TEXTS.get(exception.status_code)
    if known is None:
        phrase = HTTPStatus(exception.status_code).phrase
        known = (ErrorCode.BAD_USER_INPUT, f"The request was refused: {phrase}.", "请求被拒绝。")
    refusal = HttpRefusal(exception.status_code, *known, headers=exception.headers)
    return error_response(refusal, request_id_of(request.scope))


async def answer_yingsu_error(request: Request, exception: Exception) -> Response:
    """Answer an error that a route raised for the client."""
    if not isinstance(exception, YingsuError):
        raise TypeError(f"not a YingsuError: {exception!r}")
    return error_response(exception, request_id_of(request.scope))
