"""What is enabled for a viewer, known to the process and checked against the database once per request.

The check is one query in the transaction that reads the memberships anyway: it sends the digest of what the process knows of
the shard, and gets rows back only if the digest of the rows differs. LISTEN/NOTIFY was not chosen: it needs a connection of
its own past a pooler, tells other processes some time after the commit, and loses what was said while it was away; so a
mutation and the next query could disagree. The digest cannot: it is of the rows that this very transaction sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.db.queries import Recogniser
from core.db.scope import Scope, ScopeKind
from core.extension.enablement import Enabled, Range, Ranges, effective_everywhere, enabled_in
from core.extension.records import root_code, said_in_shard

MAX_VIEWS = 4_096
"""Ranges kept per shard; a city has some two hundred tenants."""


@dataclass(slots=True)
class _Shard:
    digest: str
    everywhere: Mapping[str, Ranges]
    views: dict[Range, Enabled] = field(default_factory=dict)


def span_of(shard: int) -> Range:
    """The range of a whole shard: a municipality's two digits, a city's four, or a directly run county's six."""
    low = root_code(shard)
    return low, low + 10 ** (9 - len(str(shard)))


def range_of(scope: Scope) -> Range:
    """Where the rows of a scope can lie: of a court or of granted cases anywhere in the city, else in the tenant's range."""
    if scope.kind in {ScopeKind.COURT, ScopeKind.ASSIGNED}:
        return span_of(scope.shard)
    return scope.low, scope.high


class EnablementCache:
    """What every shard has enabled; one per process. `requires` is the registry's, by installed plugin."""

    def __init__(self, requires: Mapping[str, Iterable[str]]) -> None:
        self._requires = requires
        self._shards: dict[int, _Shard] = {}

    async def enabled(self, queries: Recogniser, scope: Scope) -> Enabled:
        """The plugins that a scope has, and where in it each is not effective. One query; none without plugins."""
        if not self._requires:
            return Enabled()
        shard = await self._shard(queries, scope.shard)
        wanted = range_of(scope)
        found = shard.views.get(wanted)
        if found is None:
            if len(shard.views) >= MAX_VIEWS:
                shard.views.clear()
            found = shard.views[wanted] = enabled_in(shard.everywhere, *wanted)
        return found

    def digest(self, scope: Scope) -> str | None:
        """The digest of what was said in the scope's city when it was last asked; None without plugins."""
        return self._shards[scope.shard].digest if self._requires else None

    async def _shard(self, queries: Recogniser, shard: int) -> _Shard:
        known = self._shards.get(shard)
        digest, said = await said_in_shard(queries, shard, known.digest if known else None)
        if said is not None:
            known = _Shard(digest, effective_everywhere(said, self._requires, *span_of(shard)))
            self._shards[shard] = known
        if known is None:
            raise LookupError(f"nothing is known of shard {shard}")
        return known
