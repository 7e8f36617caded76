"""开发用成员: a member for a token of the development issuer, made when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, or_, select, text

from core.db.session import SystemSession
from core.errors import BadUserInput, NotFound
from core.identity.acts.granting import AGENCY_ROLES, COURT_ROLES, fits_level
from core.identity.development_issuer import DEVELOPMENT_ISSUER
from core.identity.roles import Role
from core.identity.tables import Member
from core.reference.tables import Court
from core.tenancy.codes import TenantCode
from core.tenancy.hierarchy import Tenant
from core.tenancy.records import find_tenant, shard_number
from core.tenancy.tables import Agency


class PlaceRefused(BadUserInput):
    """The role cannot stand there: it lacks an agency or a court, has one too many, or is of another level."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is wanted: a role in a tenant, and the agency (by its own id or that of its import) or court where the role has one."""

    code: int
    role: Role
    agency: str | None = None
    court: str | None = None


async def ensure_member(session: SystemSession, wish: Wish, today: date, now: datetime) -> str:
    """The subject of a member with this place, made if there is none today. Raises `NotFound` and `PlaceRefused`."""
    _check_place(wish)
    tenant = await find_tenant(session, wish.code)
    if tenant is None or not tenant.current:
        raise NotFound(f"there is no current tenant {wish.code}", f"没有代码为{wish.code}的现存租户")
    if not fits_level(wish.role, tenant.level):
        raise PlaceRefused(
            f"a {tenant.level.en} has no {wish.role.token_name}", f"{tenant.level.zh}没有{wish.role.zh}角色"
        )
    if wish.court is not None and not await session.scalar(select(Court.code).where(Court.code == wish.court)):
        raise NotFound(f"there is no court {wish.court}", f"没有代字为{wish.court}的法院")
    agency_id, code = await _agency(session, wish.agency, tenant) if wish.agency else (None, wish.code)
    subject = ":".join(
        filter(None, ("dev", wish.role.token_name, TenantCode(wish.code).division_code, wish.agency, wish.court))
    )
    # Two commands at once wait for each other here and make one member.
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:subject, 0))"), {"subject": subject})
    known = await session.scalar(
        select(Member.id).where(
            Member.issuer == DEVELOPMENT_ISSUER,
            Member.subject == subject,
            Member.valid_from <= today,
            or_(Member.valid_until.is_(None), Member.valid_until > today),
        )
    )
    if known is None:
        await session.execute(
            insert(Member).values(
                shard=shard_number(code),
                code=code,
                issuer=DEVELOPMENT_ISSUER,
                subject=subject,
                role=wish.role.value,
                agency_id=agency_id,
                court_code=wish.court,
                display_name=f"{tenant.name_zh}·{wish.role.zh}",
                valid_from=today,
                created_at=now,
            )
        )
    return subject


def _check_place(wish: Wish) -> None:
    for given, roles, what, zh in (
        (wish.agency, AGENCY_ROLES, "an agency", "机关"),
        (wish.court, COURT_ROLES, "a court", "法院"),
    ):
        if (given is not None) != (wish.role in roles):
            needs, needs_zh = ("needs", "须指定") if wish.role in roles else ("has no", "不能指定")
            raise PlaceRefused(
                f"{wish.role.token_name} {needs} {what.removeprefix('an ').removeprefix('a ')}",
                f"{wish.role.zh}{needs_zh}{zh}",
            )


async def _agency(session: SystemSession, named: str, tenant: Tenant) -> tuple[UUID, int]:
    """The agency of the tenant's range with this id, its own or that of its import, and the code where it stands."""
    statement = select(Agency.id, Agency.code).where(
        Agency.shard == shard_number(tenant.code), Agency.code >= tenant.low, Agency.code < tenant.high
    )
    try:
        statement = statement.where(Agency.id == UUID(named))
    except ValueError:
        statement = statement.where(Agency.external_id == named)
    row = await session.row(statement)
    if row is None:
        raise NotFound(f"there is no agency {named} in {tenant.name_zh}", f"{tenant.name_zh}没有编号为{named}的机关")
    return row.id, row.code
