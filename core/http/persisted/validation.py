"""Documents of a manifest, judged as requests would be: by syntax, limits and the schema of the tenant's enabled set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graphql import OperationDefinitionNode

from core.trusted.manifest import Entry
from schema.compose import ComposedSchema
from schema.limits import Limits
from schema.prepared import Documents, Refused


def faults_of(entries: Sequence[Entry], schema: ComposedSchema, limits: Limits) -> list[str]:
    """What is wrong with each document that could not be executed, by its name; nothing where all are good."""
    documents = Documents(replace(limits))
    return [
        f"{_called(entry)}: {fault}" for entry in entries if (fault := _fault(entry, documents, schema)) is not None
    ]


def _called(entry: Entry) -> str:
    return f"{entry.name} ({entry.id})" if entry.name else entry.id


def _fault(entry: Entry, documents: Documents, schema: ComposedSchema) -> str | None:
    try:
        prepared = documents.prepare(schema, entry.body)
    except Refused as refused:
        return "; ".join(error.message for error in refused.errors)
    if not any(isinstance(one, OperationDefinitionNode) for one in prepared.document.definitions):
        return "it has no operation"
    return None
