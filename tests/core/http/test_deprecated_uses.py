"""Use of deprecated things is counted for each client, with bounded labels, and told to the log once."""

from __future__ import annotations

import json
import logging

import pytest
from prometheus_client import CollectorRegistry

from core.http.contract import RequestContext
from core.http.deprecated_uses import CLIENTS, DeprecatedUses


def context(name: str | None, version: str | None = None) -> RequestContext:
    return RequestContext("r1", "POST", client_name=name, client_version=version)


def test_over_http_each_client_has_its_count(served):
    def count(client: str) -> float:
        labels = {"field": "Query.old", "client": client}
        return served.metrics.registry.get_sample_value("yingsu_deprecated_field_uses_total", labels) or 0.0

    for _ in range(2):
        served.graphql("{ old }", headers={"GraphQL-Client-Name": "desk"})
    served.graphql("{ old }")
    served.graphql("{ hello }", headers={"GraphQL-Client-Name": "tidy"})
    served.graphql("{ old nothing }", headers={"GraphQL-Client-Name": "broken"})
    assert [count(name) for name in ("desk", "unnamed", "tidy", "broken")] == [2, 1, 0, 0]
    assert (
        'yingsu_deprecated_field_uses_total{client="desk",field="Query.old"} 2.0' in served.client.get("/metrics").text
    )


def test_clients_cannot_grow_the_metric():
    registry = CollectorRegistry()
    uses = DeprecatedUses(registry)
    for number in range(CLIENTS + 20):
        uses.count(["Query.old"], context(f"c{number}"))
    (family,) = registry.collect()
    clients = {sample.labels["client"]: sample.value for sample in family.samples if sample.name.endswith("_total")}
    assert len(clients) == CLIENTS + 1
    assert clients["other"] == 20


def test_the_log_tells_each_use_once(caplog: pytest.LogCaptureFixture):
    uses = DeprecatedUses(CollectorRegistry())
    with caplog.at_level(logging.INFO, "yingsu.deprecated"):
        for version in ("1", "1", "2"):
            uses.count(["Query.old"], context("desk", version))
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    assert [line["clientVersion"] for line in lines] == ["1", "2"]
    assert lines[0] == {"deprecated": "Query.old", "client": "desk", "clientVersion": "1", "requestId": "r1"}
