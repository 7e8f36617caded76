"""The viewer (当前用户): who asks, under which membership, in which scope, with which permissions.

The token says only who it is. Everything else is read from the database at each request: a membership that ended yesterday
gives nothing today, whatever the token claims.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.db.queries import Recogniser
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.errors import Forbidden
from core.identity import roles
from core.identity.permissions import PermissionRegistry, permissions_of
from core.identity.roles import Role
from core.identity.tokens import Identity

SCOPES = {
    roles.ScopeKind.TENANT: ScopeKind.TENANT,
    roles.ScopeKind.AGENCY: ScopeKind.AGENCY,
    roles.ScopeKind.COURT: ScopeKind.COURT,
    roles.ScopeKind.ASSIGNED: ScopeKind.ASSIGNED,
    roles.ScopeKind.REFERRED: ScopeKind.ASSIGNED,
    roles.ScopeKind.NONE: ScopeKind.NONE,
}
"""A referral is a grant of the case like an assignment: one policy serves both."""

MEMBERSHIPS = (
    "select f.*, memberships_digest($1::text, $2::text, $3::date) as digest"
    " from memberships_of($1::text, $2::text, $3::date) f"
)


@dataclass(frozen=True, slots=True)
class Membership:
    """任职: one place of a person: a role in a tenant, with its agency or court."""

    id: UUID
    shard: int
    role: Role
    code: int
    low: int
    high: int
    level: TenantLevel
    agency_id: UUID | None
    court_code: str | None
    display_name: str

    def scope(self, today: date) -> Scope:
        """What a request under this membership may see."""
        kind = ScopeKind.ADMIN if self.role is Role.PLATFORM_ADMIN else SCOPES[self.role.scope]
        return Scope(
            kind,
            self.shard,
            self.low,
            self.high,
            self.level,
            today,
            self.id,
            self.agency_id,
            self.court_code,
        )


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person under one of their memberships."""

    identity: Identity
    membership: Membership
    memberships: tuple[Membership, ...]
    scope: Scope
    permissions: frozenset[str]


async def memberships_of(queries: Recogniser, identity: Identity, today: date) -> tuple[tuple[Membership, ...], str]:
    """Every membership that the subject holds today, the oldest first; and their digest (`core.identity.recognition`)."""
    found = await queries.ask(MEMBERSHIPS, identity.issuer, identity.subject, today)
    memberships = tuple(
        Membership(
            row["member_id"],
            row["shard"],
            Role[row["role"]],
            row["code"],
            row["low"],
            row["high"],
            _level(row["code"], row["shard"], row["tenant_level"]),
            row["agency_id"],
            row["court_code"],
            row["display_name"],
        )
        for row in found
    )
    return memberships, found[0]["digest"] if found else ""


def _level(code: int, shard: int, level: str) -> TenantLevel:
    """The root of a shard is its city, whatever level its division has (直辖市, 省直辖县)."""
    is_root = str(code).rstrip("0") == str(shard).rstrip("0")
    return TenantLevel.CITY if is_root else TenantLevel(level.lower())


def choose(memberships: tuple[Membership, ...], wanted: UUID | None) -> Membership:
    """The membership that the request names, or the oldest; `Forbidden` if there is none."""
    for membership in memberships:
        if wanted is None or membership.id == wanted:
            return membership
    if not memberships:
        raise Forbidden("you are not a member of any tenant", "您不是任何租户的成员", reason="NO_MEMBERSHIP")
    raise Forbidden("you do not hold that membership", "您没有该任职", reason="NOT_YOUR_MEMBERSHIP")


def viewer_of(
    identity: Identity,
    memberships: tuple[Membership, ...],
    wanted: UUID | None,
    registry: PermissionRegistry,
    today: date,
) -> Viewer:
    """The viewer of a request."""
    chosen = choose(memberships, wanted)
    return Viewer(identity, chosen, memberships, chosen.scope(today), permissions_of(chosen.role, registry))
