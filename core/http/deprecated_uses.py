"""Who still uses what is deprecated: counted for each client, and told to the log once of each."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import orjson
from prometheus_client import CollectorRegistry, Counter

from core.http.contract import RequestContext

CLIENTS = 50
"""Client names that get a series of their own, first come; the header is the client's to choose, so the rest is `other`."""
TOLD = 2_000
"""Uses that one process tells the log of."""

_log = logging.getLogger("yingsu.deprecated")


class DeprecatedUses:
    """弃用统计: uses of deprecated coordinates by the `GraphQL-Client-Name` header.

    The logger `yingsu.deprecated` gets one JSON line for each client, version and coordinate in the life of a process.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._uses = Counter(
            "yingsu_deprecated_field_uses",
            "Operations that used a deprecated field, argument, input field or enum value, by client name.",
            ["field", "client"],
            registry=registry,
        )
        self._clients: set[str] = set()
        self._told: set[tuple[str, str | None, str | None]] = set()

    def count(self, coordinates: Iterable[str], context: RequestContext) -> None:
        """Count one operation's uses."""
        for coordinate in coordinates:
            self._uses.labels(coordinate, self._client(context.client_name)).inc()
            self._tell(coordinate, context)

    def _client(self, name: str | None) -> str:
        if name is None:
            return "unnamed"
        if name not in self._clients and len(self._clients) >= CLIENTS:
            return "other"
        self._clients.add(name)
        return name

    def _tell(self, coordinate: str, context: RequestContext) -> None:
        use = (coordinate, context.client_name, context.client_version)
        if use in self._told or len(self._told) >= TOLD:
            return
        self._told.add(use)
        line = {
            "deprecated": coordinate,
            "client": context.client_name,
            "clientVersion": context.client_version,
            "requestId": context.request_id,
        }
        _log.info(orjson.dumps(line).decode())
