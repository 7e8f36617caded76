"""`/schema.graphql`: the schema that this caller sees, as SDL, with an ETag for code generators."""

from __future__ import annotations

import hashlib
import re

from starlette.requests import Request
from starlette.responses import Response

from core.http.context import read_context
from core.http.contract import SdlSource

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


class SchemaDownload:
    """模式下载: GET answers the SDL, or 304 when the caller has it already."""

    def __init__(self, source: SdlSource) -> None:
        self._source = source

    async def answer(self, request: Request) -> Response:
        """Answer the SDL; the source's `YingsuError` (no token …) becomes the usual errors."""
        sdl = (await self._source(read_context(request, "GET"))).encode()
        # Weak, because compression changes the bytes and not the meaning.
        tag = f'"{hashlib.sha256(sdl).hexdigest()[:32]}"'
        headers = {
            "ETag": f"W/{tag}",
            "Cache-Control": "private, no-cache",
            "Vary": "Authorization, Yingsu-Membership",
        }
        known = ",".join(request.headers.getlist("if-none-match"))
        if known.strip() == "*" or tag in _ENTITY_TAG.findall(known):
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = "application/graphql; charset=utf-8"
        return Response(sdl, headers=headers)
