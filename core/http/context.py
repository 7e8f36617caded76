"""What the headers tell about a caller, cut to size and checked for form only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from starlette.requests import HTTPConnection

from core.http.contract import RequestContext
from core.http.errors import malformed, request_id_of

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_LABEL_LENGTH = 100


def read_context(
    connection: HTTPConnection, method: Literal["GET", "POST"], must_finish: Callable[[], None] = lambda: None
) -> RequestContext:
    """Build the context of a request; raises HttpRefusal (400) for a doubled or malformed header."""
    headers = connection.headers
    for name in ("authorization", "yingsu-membership", "idempotency-key"):
        if len(headers.getlist(name)) > 1:
            raise malformed(f"The header {name} stands twice.", f"请求头 {name} 重复。", field=name)
    key = headers.get("idempotency-key")
    if key is not None:
        check_idempotency_key(key, "idempotency-key")
    return RequestContext(
        request_id=request_id_of(connection.scope),
        method=method,
        authorization=headers.get("authorization"),
        membership=headers.get("yingsu-membership"),
        idempotency_key=key,
        client_name=label(headers.get("graphql-client-name") or headers.get("apollographql-client-name")),
        client_version=label(headers.get("graphql-client-version") or headers.get("apollographql-client-version")),
        client_address=connection.client.host if connection.client else None,
        must_finish=must_finish,
    )


def check_idempotency_key(key: object, field: str) -> str:
    """A key of idempotency (幂等键), from a header or a message; raises HttpRefusal (400) for what cannot be one."""
    if not isinstance(key, str) or not _IDEMPOTENCY_KEY.fullmatch(key):
        raise malformed(
            "Idempotency-Key is 1 to 255 visible ASCII characters.",
            "Idempotency-Key 须为 1 至 255 个可见 ASCII 字符。",
            field=field,
        )
    return key


def label(text: str | None) -> str | None:
    """Make a header fit for logs: printable characters only, at most 100; None when nothing is left."""
    if text is None:
        return None
    return "".join(character for character in text if character.isprintable())[:_LABEL_LENGTH].strip() or None
