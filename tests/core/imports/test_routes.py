"""The template over HTTP."""

from __future__ import annotations

import io

import httpx
import openpyxl
from starlette.applications import Starlette

from core.imports.columns import ImportFile
from core.imports.routes import import_routes


async def test_the_template_is_downloadable_without_a_token():
    transport = httpx.ASGITransport(app=Starlette(routes=import_routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        first, second = [await client.get("/import-template.xlsx") for _ in range(2)]
        head = await client.head("/import-template.xlsx")
        refused = await client.post("/import-template.xlsx")
    assert first.status_code == 200
    assert first.headers["content-type"].endswith("spreadsheetml.sheet")
    assert "import-template.xlsx" in first.headers["content-disposition"]
    assert first.content == second.content
    assert openpyxl.load_workbook(io.BytesIO(first.content)).sheetnames == [file.value for file in ImportFile]
    assert (head.status_code, head.content) == (200, b"")
    assert refused.status_code == 405
