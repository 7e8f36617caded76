"""Manifests as the tools themselves write them, registered and asked for by the names that they give."""

from __future__ import annotations

import json
import shutil
from typing import Any

import httpx
import pytest

from core.app import house_of
from core.db.session import Database
from core.extension.registry import Registry
from core.http.persisted.validation import faults_of
from core.trusted.manifest import Entry, read_manifest
from core.trusted.registering import register
from schema.limits import Limits
from tests.e2e.conftest import Api
from tests.e2e.test_trusted import at_work
from tests.support.city import City
from tests.support.front_end import CLIENTS, GENERATED, PackagesMissing, generate, tool


@pytest.fixture(scope="module", autouse=True)
def generated() -> None:
    try:
        generate()
    except PackagesMissing as missing:
        pytest.skip(f"LEFT OUT: {missing}")


def of_codegen() -> list[Entry]:
    """What GraphQL Code Generator's client preset has written beside its types."""
    return read_manifest((GENERATED / "gql" / "persisted-documents.json").read_bytes())


@pytest.fixture(scope="module")
def of_relay() -> list[Entry]:
    """What Relay's compiler writes when it is told to persist; in a folder that is no other test's."""
    folder = GENERATED / "persisted-relay"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "artifacts").mkdir(parents=True)
    manifest = folder / "persisted_queries.json"
    manifest.write_text("{}")
    settings: dict[str, Any] = json.loads((CLIENTS / "relay.config.json").read_text())
    settings |= {
        "artifactDirectory": "generated/persisted-relay/artifacts",
        "persistConfig": {"file": str(manifest), "algorithm": "MD5"},
    }
    config = folder / "relay.config.json"
    config.write_text(json.dumps(settings))
    done = tool("relay-compiler", str(config.relative_to(CLIENTS)))
    assert done.returncode == 0, done.stdout
    return read_manifest(manifest.read_bytes())


def test_every_document_is_valid_on_the_live_schema(of_relay: list[Entry]) -> None:
    schema = house_of(Registry()).schema(())
    for entries in (of_codegen(), of_relay):
        assert entries
        assert faults_of(entries, schema, Limits()) == []


async def test_they_are_answered_by_the_names_of_the_tool(
    api: Api, database: Database, city: City, of_relay: list[Entry]
) -> None:
    api.application.execution.documents.trusted._shards.clear()
    await at_work(database, city, lambda context: register(context, of_codegen(), "web", "1"))
    await at_work(database, city, lambda context: register(context, of_relay, "relay", "1"))
    start = next(entry for entry in of_codegen() if entry.body.startswith("query Start"))
    query = next(entry for entry in of_relay if entry.body.startswith("query"))
    headers = {"Authorization": f"Bearer {api.tokens['agency']}", "Accept": "application/json"}
    async with httpx.AsyncClient(headers=headers) as client:
        by_hash = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": start.id}}}
        answer = (await client.post(f"{api.url}/graphql", json=by_hash)).json()
        by_id = (await client.post(f"{api.url}/graphql", json={"doc_id": query.id, "variables": {}})).json()
    assert answer["data"]["viewer"]["subject"] == "dev:agency"
    assert by_id.get("errors", [{}])[0].get("extensions", {}).get("code") not in {
        "PERSISTED_QUERY_NOT_FOUND",
        "GRAPHQL_VALIDATION_FAILED",
    }, by_id
