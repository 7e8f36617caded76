"""`/import-template.xlsx`: the template of an import (导入模板). It holds no data, so everybody may fetch it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

PATH = "/import-template.xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@lru_cache(maxsize=1)
def _made() -> bytes:
    """The workbook. What makes it takes seven megabytes, which most processes never need."""
    from core.imports.template import template  # noqa: PLC0415 - therefore here

    return template()


async def import_template(_request: Request) -> Response:
    """Answer the workbook, made once per process."""
    headers = {
        "content-disposition": 'attachment; filename="import-template.xlsx"',
        "cache-control": "public, max-age=3600",
        "x-content-type-options": "nosniff",
    }
    return Response(await asyncio.to_thread(_made), media_type=MEDIA_TYPE, headers=headers)


def import_routes() -> Sequence[BaseRoute]:
    """The routes of this slice."""
    return (Route(PATH, import_template, methods=["GET"]),)
