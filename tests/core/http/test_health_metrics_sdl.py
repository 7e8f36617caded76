from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from core.errors import ErrorCode


def test_livez(served):
    response = served.client.get("/livez")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readyz(served, monkeypatch):
    assert served.client.get("/readyz").json() == {"status": "ready", "checks": {"database": True}}
    monkeypatch.setattr(served, "ready", {"database": True, "migrations": False})
    response = served.client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unready", "checks": {"database": True, "migrations": False}}
    monkeypatch.setattr(served, "ready", {"crash": True})
    response = served.client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "unready", "checks": {"check": False}})


def sample(served, name, **labels):
    return served.metrics.registry.get_sample_value(name, labels) or 0.0


def test_metrics(served):
    cases = {
        ("ok", ""): lambda: served.graphql("{ hello }"),
        ("partial", ""): lambda: served.graphql("{ broken }"),
        ("refused", "GRAPHQL_PARSE_FAILED"): lambda: served.graphql("{"),
        ("refused", "UNAUTHENTICATED"): lambda: served.graphql(
            "{ hello }", headers={"Authorization": "Bearer expired"}
        ),
        ("refused", "BAD_USER_INPUT"): lambda: served.graphql(1),
    }
    for (outcome, code), act in cases.items():
        before = sample(served, "yingsu_graphql_operations_total", outcome=outcome, code=code)
        act()
        assert sample(served, "yingsu_graphql_operations_total", outcome=outcome, code=code) == before + 1
    response = served.client.get("/metrics")
    families = {family.name for family in text_string_to_metric_families(response.text)}
    assert {"yingsu_http_requests", "yingsu_http_request_seconds", "yingsu_graphql_operation_seconds"} <= families
    assert "python_info" not in response.text


def test_clients_cannot_grow_the_metrics(served):
    for number in range(20):
        served.client.request(f"X{number}", f"/made/up/{number}")
    served.client.get("/livez")
    labels = {
        (sample.labels["method"], sample.labels["route"])
        for family in text_string_to_metric_families(served.client.get("/metrics").text)
        if family.name == "yingsu_http_requests"
        for sample in family.samples
        if sample.name.endswith("_total")
    }
    assert ("other", "other") in labels
    assert not any("made" in route or method.startswith("X") for method, route in labels)


def test_sdl(served):
    response = served.client.get("/schema.graphql")
    assert response.status_code == 200
    assert "type Query" in response.text
    assert response.headers["content-type"] == "application/graphql; charset=utf-8"
    assert response.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("condition", "status"),
    [("{tag}", 304), ("{strong}", 304), ('"other", {tag}', 304), ("*", 304), ('"other"', 200), ("nonsense", 200)],
)
def test_sdl_that_the_caller_has(served, condition, status):
    tag = served.client.get("/schema.graphql").headers["etag"]
    sent = condition.format(tag=tag, strong=tag.removeprefix("W/"))
    response = served.client.get("/schema.graphql", headers={"If-None-Match": sent})
    assert response.status_code == status
    assert response.headers["etag"] == tag
    assert bool(response.content) is (status == 200)


def test_sdl_refused(served, assert_typed):
    response = served.client.get("/schema.graphql", headers={"Authorization": "Bearer expired"})
    assert_typed(response, 401, ErrorCode.UNAUTHENTICATED)
