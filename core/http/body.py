"""From bytes to GraphQL requests: reading a body within its limits, and checking what it says."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import Receive

from core.errors import ErrorCode
from core.http.contract import GraphQLRequest
from core.http.errors import HttpRefusal, malformed
from core.http.json_document import parse_json
from core.http.media_types import is_utf8, parse_content_type
from core.http.persisted.naming import PARAMETERS, document_name
from core.http.settings import HttpSettings

_PARAMETERS_IN_A_URL = 50
_NUL_ESCAPE = re.compile(r"\\u(?:0000|\{0+\})")


class ClientGone(Exception):
    """The client closed the connection before its request was whole; nobody is left to answer."""


def require_json(headers: Headers) -> None:
    """Check that a POST carries uncompressed UTF-8 JSON; raises HttpRefusal (415) otherwise."""
    sent = headers.getlist("content-type")
    media_type = parse_content_type(sent[0]) if len(sent) == 1 else None
    if media_type is None or media_type.essence != "application/json":
        raise HttpRefusal(
            415,
            ErrorCode.BAD_USER_INPUT,
            "Send the request as Content-Type: application/json.",
            "请以 application/json 发送请求。",
            headers={"Accept-Post": "application/json"},
        )
    if not is_utf8(media_type.parameters.get("charset", "utf-8")):
        raise HttpRefusal(415, ErrorCode.BAD_USER_INPUT, "Send JSON in UTF-8.", "请使用 UTF-8 编码。")
    codings = ",".join(headers.getlist("content-encoding")).strip().lower()
    if codings not in {"", "identity"}:
        raise HttpRefusal(
            415,
            ErrorCode.BAD_USER_INPUT,
            "Compressed request bodies are not accepted.",
            "不接受压缩的请求内容。",
            headers={"Accept-Encoding": "identity"},
        )


async def read_body(headers: Headers, receive: Receive, settings: HttpSettings) -> bytes:
    """Read the whole body.

    Raises HttpRefusal 413 when it is larger than the limit (after reading past it for a while, because a client that is
    cut off while sending never reads the answer), 408 when it does not arrive in time, and ClientGone.
    """
    announced = headers.get("content-length", "")
    size = int(announced) if announced.isdecimal() and len(announced) < 20 else 0  # noqa: PLR2004 - 64 bits
    patient = size <= settings.body_drain_limit and "expect" not in headers
    if size > settings.body_limit and not patient:
        raise _too_large(settings.body_limit, size)
    chunks: list[bytes] = []
    received = 0
    try:
        async with asyncio.timeout(settings.body_timeout):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                chunk: bytes = message.get("body", b"")
                more = message.get("more_body", False)
                received += len(chunk)
                if received <= settings.body_limit:
                    chunks.append(chunk)
                else:
                    chunks.clear()
                if received > settings.body_drain_limit:
                    break
    except TimeoutError as timeout:
        raise HttpRefusal(
            408,
            ErrorCode.TIMEOUT,
            f"The request body did not arrive within {settings.body_timeout:g} seconds.",
            "请求内容未在规定时间内送达。",
            headers={"Connection": "close"},
            details={"limit": settings.body_timeout},
        ) from timeout
    if received > settings.body_limit:
        raise _too_large(settings.body_limit, max(size, received))
    return b"".join(chunks)


def _too_large(limit: int, actual: int) -> HttpRefusal:
    return HttpRefusal(
        413,
        ErrorCode.COST_LIMIT_EXCEEDED,
        f"The request body has more than {limit} bytes.",
        f"请求内容超过 {limit} 字节。",
        headers={"Connection": "close"},
        details={"limit": limit, "actual": actual},
    )


def parse_body(body: bytes, settings: HttpSettings) -> GraphQLRequest | list[GraphQLRequest]:
    """Read one request, or a batch of them; raises HttpRefusal (400) before anything of a batch is executed."""
    document = parse_json(body, settings.json_depth_limit, where="body")
    if not isinstance(document, list):
        return parse_request(document)
    if not document:
        raise malformed("The batch is empty.", "批量请求为空。")
    if len(document) > settings.batch_limit:
        raise HttpRefusal(
            400,
            ErrorCode.COST_LIMIT_EXCEEDED,
            f"A batch may hold at most {settings.batch_limit} operations.",
            f"批量请求最多包含 {settings.batch_limit} 个操作。",
            details={"limit": settings.batch_limit, "actual": len(document)},
        )
    return [parse_request(entry, index) for index, entry in enumerate(document)]


def parse_url(query_string: bytes, settings: HttpSettings) -> GraphQLRequest:
    """Read a request from a URL's query; raises HttpRefusal (400)."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_PARAMETERS_IN_A_URL,
        )
    except ValueError as failure:  # broken UTF-8, or too many parameters
        raise malformed("The URL's parameters are not readable as UTF-8.", "网址参数无法解析。") from failure
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise malformed("A parameter stands twice in the URL.", "网址参数重复。")
    texts = ("query", "operationName", *PARAMETERS)
    document: dict[str, Any] = {name: parameters[name] for name in texts if name in parameters}
    for name in ("variables", "extensions"):
        if parameters.get(name):
            document[name] = parse_json(parameters[name].encode(), settings.json_depth_limit, where=name)
    return parse_request(document)


def parse_request(document: Any, index: int | None = None) -> GraphQLRequest:
    """Check names and types of one request's parameters; `index` is its place in a batch. Raises HttpRefusal (400)."""
    place = {} if index is None else {"index": index}
    if not isinstance(document, dict):
        raise malformed("A GraphQL request is a JSON object.", "GraphQL 请求必须是 JSON 对象。", **place)
    variables = _optional(document, "variables", place)
    extensions = _optional(document, "extensions", place)
    operation_name = document.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise _wrong_type("operationName", "string", place)
    query = document.get("query")
    named = document_name(document, extensions, place)
    if query is None and named is not None:
        query = ""
    if not isinstance(query, str):
        raise _wrong_type("query", "string", place)
    if "\0" in query or "\0" in (operation_name or "") or _NUL_ESCAPE.search(query):
        raise malformed("The query holds a NUL character.", "查询含有空字符(NUL)。", field="query", **place)
    return GraphQLRequest(query, operation_name or None, variables, extensions, named)


def _optional(document: dict[str, Any], name: str, place: dict[str, int]) -> Mapping[str, Any]:
    found = document.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _wrong_type(name, "object", place)
    return found


def _wrong_type(name: str, expected: str, place: dict[str, int]) -> HttpRefusal:
    text = f"“{name}” must be a JSON {expected}."
    return malformed(text, f"参数 {name} 缺失或类型错误。", field=name, **place)
