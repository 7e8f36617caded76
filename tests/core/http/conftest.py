"""A real server on a loopback port, executing a small real schema with graphql-core."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import orjson
import pytest
import uvicorn
from graphql import (
    GraphQLError,
    OperationType,
    build_schema,
    execute,
    get_operation_ast,
    parse,
    validate,
)

from core.errors import ErrorCode, Unauthenticated
from core.http.application import build_http_app
from core.http.contract import ExecutionOutcome, GraphQLRequest, RequestContext
from core.http.metrics import HttpMetrics
from core.http.persisted.automatic import AutomaticQueries
from core.http.server import server_config
from core.http.settings import HttpSettings
from schema.deprecation import Deprecations

SDL = """
type Query { hello: String!  old: String @deprecated(reason: "hello says it")  echo(text: String, number: Int): String  long: String!  broken: String  brokenHard: String! }
type Mutation { increase(by: Int = 1): Int! }
"""


class Root:
    """The resolvers of the toy schema."""

    def __init__(self) -> None:
        self.count = 0

    def hello(self, _info):
        return "你好"

    old = hello

    def echo(self, _info, text=None, number=None):
        return text if number is None else str(number)

    def long(self, _info):
        return "应诉" * 3000

    def broken(self, _info):
        raise ValueError("a secret of the database")

    brokenHard = broken  # noqa: N815 - the field's name

    def increase(self, _info, by):
        self.count += by
        return self.count


class ToyExecutor:
    """Executes the toy schema as the contract asks; remembers whom it served."""

    def __init__(self) -> None:
        self.schema = build_schema(SDL)
        self.deprecations = Deprecations(self.schema)
        self.root = Root()
        self.contexts: list[RequestContext] = []
        self.automatic = AutomaticQueries()

    async def execute(self, request: GraphQLRequest, context: RequestContext) -> ExecutionOutcome:
        self.contexts.append(context)
        if context.authorization == "Bearer expired":
            raise Unauthenticated("The token has expired.", "令牌已过期。")
        if context.client_name == "crash":
            raise RuntimeError("select secret from everything")
        query = request.query
        if request.document is not None:
            if query:
                self.automatic.keep(0, request.document.id, query)
            query = self.automatic.text_of(0, request.document.id)
        try:
            document = parse(query, max_tokens=2000)
        except GraphQLError:
            return self._refuse(ErrorCode.GRAPHQL_PARSE_FAILED, context)
        if validate(self.schema, document):
            return self._refuse(ErrorCode.GRAPHQL_VALIDATION_FAILED, context)
        operation = get_operation_ast(document, request.operation_name)
        if operation is None:
            return self._refuse(ErrorCode.BAD_USER_INPUT, context)
        if operation.operation is OperationType.MUTATION and context.method == "GET":
            return self._refuse(ErrorCode.BAD_USER_INPUT, context, wrong_method=True)
        result = execute(
            self.schema,
            document,
            self.root,
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
        )
        if result.data is None and any(error.path is None for error in result.errors or ()):
            return self._refuse(ErrorCode.BAD_USER_INPUT, context)
        body = {"data": result.data}
        if result.errors:
            body["errors"] = [{"message": "masked", "path": error.path} for error in result.errors]
        used = self.deprecations.in_document(operation, {})
        return ExecutionOutcome(orjson.dumps(body), executed=True, has_errors=bool(result.errors), deprecated=used)

    def _refuse(self, code, context, *, wrong_method=False):
        error = {"message": code.value, "extensions": {"code": code.value, "requestId": context.request_id}}
        return ExecutionOutcome(orjson.dumps({"errors": [error]}), False, code, wrong_method)


@dataclass
class Served:
    port: int
    executor: ToyExecutor
    metrics: HttpMetrics
    client: httpx.Client
    ready: dict[str, bool] = field(default_factory=lambda: {"database": True})

    def exchange(self, raw: bytes, *, half_close: bool = False) -> bytes:
        """Send bytes over a raw socket and read until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(raw)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            return read_to_end(connection)

    def graphql(self, query, *, accept="application/graphql-response+json", headers=None, **parameters):
        return self.client.post(
            "/graphql", json={"query": query, **parameters}, headers={"Accept": accept, **(headers or {})}
        )


def read_to_end(connection: socket.socket) -> bytes:
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


@contextmanager
def _serve(settings: HttpSettings, header_timeout: float = 10.0) -> Iterator[Served]:
    executor, metrics = ToyExecutor(), HttpMetrics()
    listener = socket.create_server(("127.0.0.1", 0), backlog=200)
    port = listener.getsockname()[1]
    served = Served(port, executor, metrics, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20))

    async def readiness():
        if "crash" in served.ready:
            raise ConnectionError("password of the database")
        return served.ready

    async def sdl(context: RequestContext) -> str:
        if context.authorization == "Bearer expired":
            raise Unauthenticated("The token has expired.", "令牌已过期。")
        return SDL

    app = build_http_app(executor, readiness=readiness, sdl=sdl, settings=settings, metrics=metrics)
    config = server_config(app, host="127.0.0.1", port=port, header_timeout=header_timeout)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with served.client:
            yield served
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def serve() -> Callable[..., object]:
    """Start a server with settings of one's own: `with serve(HttpSettings(...)) as served`."""
    return _serve


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The server that the tests share."""
    settings = HttpSettings(cors_origins=("https://front.example",), graphiql=True)
    with _serve(settings) as running:
        yield running


@pytest.fixture(scope="session")
def assert_typed() -> Callable[..., dict]:
    """Check that a response is one of our errors; return the first error's extensions."""

    def check(response: httpx.Response, status: int, code: ErrorCode | None = None) -> dict:
        assert response.status_code == status, response.text
        media_type = response.headers["content-type"]
        assert media_type in {
            "application/json; charset=utf-8",
            "application/graphql-response+json; charset=utf-8",
        }
        body = response.json()
        assert set(body) == {"errors"}
        error = body["errors"][0]
        assert error["message"]
        extensions = error["extensions"]
        assert extensions["code"] in set(ErrorCode)
        if code is not None:
            assert extensions["code"] == code.value
        assert any("一" <= character <= "鿿" for character in extensions["messageZh"])
        assert extensions["requestId"] == response.headers["x-request-id"]
        return extensions

    return check
