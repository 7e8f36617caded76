"""Who might see an event: asked in the process first, so that a city's event does not cost each of its subscribers a statement.

This only leaves out who surely sees nothing of it. What is told is decided by row-level security when it is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.db.scope import Scope, ScopeKind


@dataclass(frozen=True, slots=True)
class Audience:
    """Tenants, agencies and courts of the event and of its case, and members whom it names or to whom the case is granted."""

    shard: int
    codes: frozenset[int]
    agencies: frozenset[UUID]
    courts: frozenset[str]
    members: frozenset[UUID]

    def may_include(self, scope: Scope) -> bool:
        """Whether somebody with this scope might see the event."""
        if scope.shard != self.shard:
            return False
        if scope.member_id is not None and scope.member_id in self.members:
            return True
        match scope.kind:
            case ScopeKind.TENANT | ScopeKind.ADMIN:
                return any(scope.low <= code < scope.high for code in self.codes)
            case ScopeKind.AGENCY | ScopeKind.ASSIGNED:
                return scope.agency_id in self.agencies
            case ScopeKind.COURT:
                return scope.court_code in self.courts
            case _:
                return False
