"""The GraphQL-over-HTTP specification, sentence by sentence; each test's docstring is the sentence that it checks."""

from __future__ import annotations

import httpx
import pytest

from core.errors import ErrorCode

NEW = "application/graphql-response+json"
OLD = "application/json"


def media_type(response: httpx.Response) -> str:
    return response.headers["content-type"]


def test_json_is_supported(served):
    """Servers and clients MUST support JSON."""
    assert served.graphql("{ hello }").json() == {"data": {"hello": "你好"}}


def test_one_url(served):
    """A server MUST NOT require the client to use different URLs for different GraphQL query and mutation requests."""
    assert served.graphql("{ hello }").status_code == 200
    assert "data" in served.graphql("mutation { increase }").json()


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json;charset=UTF-8", 'application/json; charset="utf-8"'],
)
def test_utf8_is_assumed(served, content_type):
    """For POST requests … without indicating an encoding, the server MUST assume the encoding is utf-8."""
    body = '{"query": "{ echo(text: \\"行政应诉\\") }"}'.encode()
    response = served.client.post("/graphql", content=body, headers={"Content-Type": content_type})
    assert response.json() == {"data": {"echo": "行政应诉"}}


def test_post_is_accepted(served):
    """A server MUST accept POST requests."""
    assert served.graphql("{ hello }").status_code == 200


def test_get_with_parameters(served):
    """The parameters MUST be provided in the query component of the request URL … variables and extensions as JSON."""
    parameters = {
        "query": "query A($t: String) { echo(text: $t) } query B { hello }",
        "operationName": "A",
        "variables": '{"t": "应诉+ &"}',
        "extensions": "{}",
    }
    response = served.client.get("/graphql", params=parameters)
    assert (response.status_code, response.json()) == (200, {"data": {"echo": "应诉+ &"}})


def test_empty_operation_name_is_none(served):
    """Setting operationName to the empty string is equivalent to omitting it."""
    response = served.client.get("/graphql", params={"query": "{ hello }", "operationName": "", "variables": ""})
    assert response.json() == {"data": {"hello": "你好"}}


def test_operation_called_null(served):
    """`operationName=null` represents an operation with the name "null"."""
    response = served.client.get("/graphql", params={"query": "query null { hello }", "operationName": "null"})
    assert response.json() == {"data": {"hello": "你好"}}


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_mutation_by_get(served, accept):
    """If a mutation operation is to be executed, the server MUST respond with 405 and halt execution."""
    before = served.executor.root.count
    response = served.client.get("/graphql", params={"query": "mutation { increase }"}, headers={"Accept": accept})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert "data" not in response.json()
    assert served.executor.root.count == before


def test_query_beside_a_mutation_by_get(served):
    """`query` and `operationName` together say what is to be executed."""
    document = "query Q { hello } mutation M { increase }"
    ask = lambda name: served.client.get("/graphql", params={"query": document, "operationName": name}).status_code  # noqa: E731
    assert (ask("Q"), ask("M")) == (200, 405)


def test_missing_content_type(served, assert_typed):
    """If the client does not supply a Content-Type header, the server SHOULD reject the request … 4xx."""
    request = served.client.build_request("POST", "/graphql", content=b'{"query":"{hello}"}')
    request.headers.pop("content-type", None)
    assert_typed(served.client.send(request), 415, ErrorCode.BAD_USER_INPUT)


@pytest.mark.parametrize("name", ["operationName", "variables", "extensions"])
def test_null_is_omitted(served, name):
    """Specifying null for optional request parameters is equivalent to not specifying them at all."""
    assert served.graphql("{ hello }", **{name: None}).json() == {"data": {"hello": "你好"}}


def test_other_properties_are_reserved(served):
    """All other property names are reserved for future expansion: they change nothing."""
    assert served.graphql("{ hello }", futureThing=[1]).json() == {"data": {"hello": "你好"}}


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_content_type_says_type_and_encoding(served, accept):
    """A server MUST indicate the media type with a Content-Type header, and SHOULD indicate the encoding."""
    assert media_type(served.graphql("{ hello }", accept=accept)) == f"{accept}; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (f"{NEW}; charset=utf-8, {OLD}; charset=utf-8", NEW),
        (f"{NEW}, {OLD};q=0.9", NEW),
        (f"{NEW};q=0.8, {OLD};q=0.9", OLD),
        (f"{OLD}, {NEW};q=0.1", OLD),
        (f"text/html, {OLD};q=0.5", OLD),
        (
            "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
            NEW,
        ),
    ],
)
def test_accept_is_respected(served, accept, expected):
    """The server MUST respect the Accept header … the highest priority media type listed that is supported."""
    assert media_type(served.graphql("{ hello }", accept=accept)) == f"{expected}; charset=utf-8"


@pytest.mark.parametrize(
    "accept", ["text/html", "application/jsonp", f"{NEW};q=0", "application/json;charset=gbk", "nonsense"]
)
def test_not_acceptable(served, assert_typed, accept):
    """Respond with a 406 Not Acceptable status code and stop processing the request (RECOMMENDED)."""
    before = served.executor.root.count
    assert_typed(served.graphql("mutation { increase }", accept=accept), 406, ErrorCode.BAD_USER_INPUT)
    assert served.executor.root.count == before


def test_no_accept_header(served):
    """If the client does not supply an Accept header, the server SHOULD treat it as application/graphql-response+json."""
    request = served.client.build_request("POST", "/graphql", json={"query": "{ hello }"})
    del request.headers["accept"]
    assert media_type(served.client.send(request)) == f"{NEW}; charset=utf-8"


REQUEST_ERRORS = {
    "document parsing failure": {"query": "{"},
    "document validation failure": {"query": "{ unknown }"},
    "operation cannot be determined": {"query": "query A { hello } query B { hello }"},
    "unknown operation": {"query": "query A { hello }", "operationName": "B"},
    "variable coercion failure": {"query": "query($n: Int!) { echo(number: $n) }", "variables": {"n": None}},
}


@pytest.mark.parametrize("what", REQUEST_ERRORS)
def test_request_errors_under_the_legacy_type(served, what):
    """application/json: the server SHOULD use 200 for every response to a well-formed request."""
    response = served.client.post("/graphql", json=REQUEST_ERRORS[what], headers={"Accept": OLD})
    assert (response.status_code, set(response.json())) == (200, {"errors"})


@pytest.mark.parametrize("what", REQUEST_ERRORS)
def test_request_errors_under_the_graphql_type(served, what):
    """If the response does not contain the data entry then the server MUST reply with 4xx or 5xx (SHOULD: 400)."""
    response = served.client.post("/graphql", json=REQUEST_ERRORS[what], headers={"Accept": NEW})
    assert (response.status_code, set(response.json())) == (400, {"errors"})
    assert media_type(response) == f"{NEW}; charset=utf-8"


@pytest.mark.parametrize("accept", [NEW, OLD])
@pytest.mark.parametrize(
    "body",
    [
        b"NONSENSE",
        b'{"query":',
        b'{"qeury": "{__typename}"}',
        b'{"query": "query Q ($i:Int!) { q(i: $i) }", "variables": [7]}',
    ],
)
def test_not_well_formed(served, assert_typed, accept, body):
    """Requests that the server cannot interpret, and those not well-formed, SHOULD result in status code 400."""
    headers = {"Content-Type": "application/json", "Accept": accept}
    response = served.client.post("/graphql", content=body, headers=headers)
    assert_typed(response, 400, ErrorCode.BAD_USER_INPUT)
    assert media_type(response) == f"{accept}; charset=utf-8"


@pytest.mark.parametrize("accept", [NEW, OLD])
@pytest.mark.parametrize(
    ("query", "data"), [("{ hello broken }", {"hello": "你好", "broken": None}), ("{ brokenHard }", None)]
)
def test_field_errors(served, accept, query, data):
    """If the operation is executed and no request error is raised then the server SHOULD respond with 200."""
    response = served.graphql(query, accept=accept)
    assert response.status_code == 200
    assert response.json()["data"] == data
    assert response.json()["errors"]


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_not_permitted(served, assert_typed, accept):
    """If the client is not permitted to issue the request then the server SHOULD reply with 403, 401 or similar."""
    response = served.graphql("{ hello }", accept=accept, headers={"Authorization": "Bearer expired"})
    assert_typed(response, 401, ErrorCode.UNAUTHENTICATED)
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "QUERY"])
def test_other_methods(served, assert_typed, method):
    """RFC 9110: a 405 names the methods that are allowed."""
    response = served.client.request(method, "/graphql", json={"query": "{ hello }"})
    assert_typed(response, 405, ErrorCode.BAD_USER_INPUT)
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_head_and_options(served):
    """RFC 9110: HEAD answers like GET without a body; OPTIONS names the methods."""
    head = served.client.head("/graphql", params={"query": "{ hello }"})
    assert (head.status_code, head.content) == (200, b"")
    options = served.client.options("/graphql")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_never_cached(served):
    """Answers depend on the caller and on Accept."""
    response = served.graphql("{ hello }")
    assert response.headers["cache-control"] == "no-store"
    assert "Accept" in response.headers["vary"].split(", ")
