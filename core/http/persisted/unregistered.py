"""Documents that nobody registered, where a tenant lets them pass but wants to know: counted, and told to the log once each."""

from __future__ import annotations

import logging
from typing import Final

import orjson
from prometheus_client import CollectorRegistry, Counter

from core.http.contract import GraphQLRequest, RequestContext

TOLD: Final = 2_000
"""Documents and clients that one process tells the log of."""

_log = logging.getLogger("yingsu.documents")


class UnregisteredDocuments:
    """未登记文档: operations executed in the mode LOG that the mode ENFORCE would refuse.

    The logger `yingsu.documents` gets one JSON line for each document, client and version in the life of a process.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._executed = Counter(
            "yingsu_unregistered_documents",
            "Operations executed whose document is not registered, where the tenant's mode is LOG.",
            registry=registry,
        )
        self._told: set[tuple[str, str | None, str | None]] = set()

    def count(self, sha256: str, request: GraphQLRequest, context: RequestContext) -> None:
        """Count one operation."""
        self._executed.inc()
        use = (sha256, context.client_name, context.client_version)
        if use in self._told or len(self._told) >= TOLD:
            return
        self._told.add(use)
        line = {
            "unregistered": sha256,
            "operation": request.operation_name,
            "client": context.client_name,
            "clientVersion": context.client_version,
            "requestId": context.request_id,
        }
        _log.info(orjson.dumps(line).decode())
