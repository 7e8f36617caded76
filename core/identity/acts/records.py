"""The SQL of the acts on members and grants."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, or_, select

from core.cases.tables import Response
from core.db.session import TenantSession
from core.identity.tables import CaseGrant, Member
from core.tenancy.tables import Tenant


async def tenant(session: TenantSession, code: int, today: date) -> Row[Any] | None:
    """The tenant in the session's own range, if it exists today. The hierarchy is public; to act outside one's range is not."""
    scope = session.scope
    if not scope.low <= code < scope.high:
        return None
    return await session.row(
        select(Tenant.__table__).where(
            Tenant.code == code,
            Tenant.shard == scope.shard,
            or_(Tenant.valid_to.is_(None), Tenant.valid_to > today),
        )
    )


async def issuer_of(session: TenantSession, member_id: UUID | None) -> str | None:
    """The identity provider by which a visible member is known."""
    if member_id is None:
        return None
    return await session.scalar(  # type: ignore[no-any-return]
        select(Member.issuer).where(Member.shard == session.scope.shard, Member.id == member_id)
    )


async def holds(session: TenantSession, values: dict[str, Any], since: date) -> bool:
    """Whether the subject holds this membership on or after a day."""
    same = exists().where(
        Member.shard == session.scope.shard,
        *(getattr(Member, name).is_not_distinct_from(value) for name, value in values.items()),
        or_(Member.valid_until.is_(None), Member.valid_until > since),
    )
    return bool(await session.scalar(select(same)))


async def granted(session: TenantSession, case_id: UUID, member_id: UUID, since: date) -> bool:
    """Whether the member has the case on or after a day."""
    same = exists().where(
        CaseGrant.shard == session.scope.shard,
        CaseGrant.case_id == case_id,
        CaseGrant.member_id == member_id,
        or_(CaseGrant.valid_until.is_(None), CaseGrant.valid_until > since),
    )
    return bool(await session.scalar(select(same)))


async def answers(session: TenantSession, case_id: UUID, agency_id: UUID) -> bool:
    """Whether the agency has a visible response in the case."""
    same = exists().where(
        Response.shard == session.scope.shard, Response.case_id == case_id, Response.agency_id == agency_id
    )
    return bool(await session.scalar(select(same)))
