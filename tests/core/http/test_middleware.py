from __future__ import annotations

import asyncio
import gzip
import json
import logging

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

from core.errors import ErrorCode, Forbidden
from core.http.application import build_http_app
from core.http.settings import HttpSettings

ORIGIN = "https://front.example"


@pytest.mark.parametrize("given", ["abc-123", "A.b_c", "0" * 64])
def test_sane_request_id_is_kept(served, given):
    response = served.graphql("{ hello }", headers={"X-Request-ID": given})
    assert response.headers["x-request-id"] == given
    assert served.executor.contexts[-1].request_id == given


@pytest.mark.parametrize("given", ["", "a b", "0" * 65, "<script>", "-x", "a\tb", "é"])
def test_other_request_id_is_replaced(served, given):
    response = served.client.get("/livez", headers=[(b"X-Request-ID", given.encode("latin-1"))])
    assert response.headers["x-request-id"] != given
    assert len(response.headers["x-request-id"]) == 32


def test_security_headers(served):
    for path in ("/graphql?query={hello}", "/livez", "/nothing", "/schema.graphql", "/graphiql"):
        headers = served.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers
        assert "cache-control" in headers


def test_unknown_address(served, assert_typed):
    assert_typed(served.client.get("/nothing"), 404, ErrorCode.NOT_FOUND)
    assert_typed(served.client.get("/graphql/"), 404, ErrorCode.NOT_FOUND)
    assert_typed(served.client.get("/graphiql/files/nothing.js"), 404, ErrorCode.NOT_FOUND)
    assert_typed(served.client.get("/graphiql/files/..%2f..%2fserver.py"), 404, ErrorCode.NOT_FOUND)
    assert_typed(served.client.get("/%00%ff"), 404, ErrorCode.NOT_FOUND)


def test_wrong_method(served, assert_typed):
    response = served.client.post("/livez")
    assert_typed(response, 405, ErrorCode.BAD_USER_INPUT)
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}


def preflight(served, origin=ORIGIN, method="POST", headers="authorization, content-type"):
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return served.client.options("/graphql", headers=asked)


def test_preflight(served):
    response = preflight(served)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert "yingsu-membership" in response.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize(
    "asked",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://front.example.evil.example"},
        {"origin": "null"},
        {"method": "DELETE"},
        {"headers": "x-evil"},
    ],
)
def test_refused_preflight(served, assert_typed, asked):
    response = preflight(served, **asked)
    assert_typed(response, 400, ErrorCode.FORBIDDEN)
    if "origin" in asked:
        assert "access-control-allow-origin" not in response.headers


def test_cors_on_answers(served):
    friend = served.graphql("{ hello }", headers={"Origin": ORIGIN})
    assert friend.headers["access-control-allow-origin"] == ORIGIN
    assert "X-Request-ID" in friend.headers["access-control-expose-headers"]
    assert "Origin" in friend.headers["vary"]
    stranger = served.graphql("{ hello }", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers
    assert "access-control-allow-credentials" not in friend.headers


def test_a_browser_can_read_an_internal_error(served):
    response = served.graphql("{ hello }", headers={"Origin": ORIGIN, "GraphQL-Client-Name": "crash"})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (500, ORIGIN)


@pytest.mark.parametrize(
    ("accepted", "compressed"), [("gzip", True), ("br;q=1, gzip;q=0.2", True), ("gzip;q=0", False), ("xgzip", False)]
)
def test_compression(served, accepted, compressed):
    request = served.client.build_request(
        "POST", "/graphql", json={"query": "{ long }"}, headers={"Accept-Encoding": accepted}
    )
    response = served.client.send(request, stream=True)
    raw = b"".join(response.iter_raw())
    response.close()
    assert ("content-encoding" in response.headers) is compressed
    assert "Accept-Encoding" in response.headers["vary"]
    text = gzip.decompress(raw) if compressed else raw
    assert json.loads(text)["data"]["long"].startswith("应诉")


def test_small_answers_are_not_compressed(served):
    assert "content-encoding" not in served.graphql("{ hello }", headers={"Accept-Encoding": "gzip"}).headers


def test_access_log(served, caplog):
    with caplog.at_level(logging.INFO, "yingsu.access"):
        served.client.get(
            "/graphql",
            params={"query": "{ hello } # a-secret-name"},
            headers={"Authorization": "Bearer a-secret", "GraphQL-Client-Name": "web\x07", "X-Request-ID": "log-1"},
        )
        served.client.get("/livez", headers={"X-Request-ID": "log-2"})  # so that the first line is surely written
    lines = [json.loads(record.message) for record in caplog.records if record.name == "yingsu.access"]
    line = next(line for line in lines if line["requestId"] == "log-1")
    assert "a-secret" not in caplog.text
    assert line.pop("milliseconds") >= 0
    assert line.pop("bytes") > 0
    assert line == {
        "requestId": "log-1",
        "method": "GET",
        "path": "/graphql",
        "status": 200,
        "address": "127.0.0.1",
        "client": "web",
    }


async def _ready():
    return {}


async def _sdl(_context):
    return ""


def application(served, endpoint) -> Starlette:
    return build_http_app(
        served.executor,
        readiness=_ready,
        sdl=_sdl,
        settings=HttpSettings(),
        routes=[Route("/extra", endpoint)],
    )


def in_process(served, endpoint) -> httpx.AsyncClient:
    app = application(served, endpoint)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")


async def test_routes_of_others_answer_in_the_same_form(served, assert_typed, caplog):
    async def forbidden(_request):
        raise Forbidden("Not for you.", "无权访问。")

    async def crash(_request):
        raise OSError("/etc/secret")

    async with in_process(served, forbidden) as client:
        assert_typed(await client.get("/extra"), 403, ErrorCode.FORBIDDEN)
        assert_typed(await client.get("/graphiql"), 404, ErrorCode.NOT_FOUND)  # off unless set
    async with in_process(served, crash) as client:
        response = await client.get("/extra")
        extensions = assert_typed(response, 500, ErrorCode.INTERNAL)
        assert "secret" not in response.text
    assert extensions["requestId"] in caplog.text


async def test_an_answer_that_breaks_off_is_not_completed(served):
    async def half(_request):
        async def chunks():
            yield b"first"
            raise ValueError("gone")

        return StreamingResponse(chunks())

    app = application(served, half)
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return await asyncio.Event().wait()  # the client stays and says nothing more

    scope = {"type": "http", "method": "GET", "path": "/extra", "query_string": b"", "headers": []}
    with pytest.raises((ValueError, ExceptionGroup)):
        await app(scope, receive, send)
    assert sent[0]["status"] == 200
    assert all(message.get("more_body", True) for message in sent)
