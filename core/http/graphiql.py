"""`/graphiql`: the query editor, from our own files, because an intranet reaches no CDN."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

_FILES = Path(__file__).parent / "static" / "graphiql"
_PAGE = (_FILES / "index.html").read_text("utf-8")
_CSP = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """示例查询: a query offered in GraphiQL, with its title in both languages and its variables as JSON text."""

    title: str
    title_zh: str
    query: str
    variables: str = ""


class GraphiQLPage:
    """The page: every answer has a fresh nonce in its content security policy."""

    def __init__(self, examples: Sequence[ExampleQuery]) -> None:
        # "<" would let a query end the script element that carries the examples.
        self._examples = orjson.dumps([asdict(example) for example in examples]).decode().replace("<", "\\u003c")

    async def answer(self, _request: Request) -> Response:
        """Answer the page."""
        nonce = secrets.token_urlsafe(18)
        page = _PAGE.replace("{{nonce}}", nonce).replace("{{examples}}", self._examples)
        return HTMLResponse(page, headers={"Content-Security-Policy": _CSP.format(nonce=nonce)})


def graphiql_routes(examples: Sequence[ExampleQuery]) -> list[BaseRoute]:
    """Give the routes of the page and its files."""
    return [
        Route("/graphiql", GraphiQLPage(examples).answer, methods=["GET"]),
        Mount("/graphiql/files", StaticFiles(directory=_FILES)),
    ]
