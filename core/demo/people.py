"""One person a role, for the development issuer's `tokens.json`; their places are rows, as everybody's are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select

from core.cases.tables import Response
from core.db.session import SystemSession
from core.identity.development_issuer import DEVELOPMENT_ISSUER, DevelopmentIssuer
from core.identity.roles import Role
from core.identity.tables import CaseGrant, Member
from core.tenancy.tables import Agency

CITY, DISTRICT, OTHER_CITY, COURT = 440100000, 440112000, 440300000, "粤7101"
SINCE = date(2024, 1, 1)
GRANTED_CASES = 5


@dataclass(frozen=True, slots=True)
class Person:
    """演示成员: a name in `tokens.json`, a role, a place."""

    name: str
    role: Role
    code: int
    agency_id: UUID | None = None
    court_code: str | None = None

    @property
    def subject(self) -> str:
        """Who they are to the development issuer."""
        return f"dev:{self.name}"

    @property
    def shard(self) -> int:
        """The city that they belong to."""
        return self.code // 100000


async def people_of(session: SystemSession) -> tuple[Person, ...]:
    """The people of the demonstration, the agency's being of the agency in 黄埔 that has most cases."""
    busiest = await _busiest(session, DISTRICT, DISTRICT + 1000)
    town = await _busiest(session, DISTRICT + 1, DISTRICT + 1000)
    partner = await _co_respondent(session, busiest.agency_id)
    at_agency = {"code": busiest.code, "agency_id": busiest.agency_id}
    return (
        Person("city_bureau", Role.CITY_BUREAU, CITY),
        Person("city_leader", Role.CITY_LEADER, CITY),
        Person("district_bureau", Role.DISTRICT_BUREAU, DISTRICT),
        Person("town", Role.TOWN, town.code),
        Person("agency", Role.AGENCY, **at_agency),
        Person("agency_legal", Role.AGENCY_LEGAL, **at_agency),
        Person("agency_head", Role.AGENCY_HEAD, **at_agency),
        Person("handler", Role.HANDLER, **at_agency),
        Person("co_respondent", Role.AGENCY, partner.code, partner.agency_id),
        Person("court_liaison", Role.COURT_LIAISON, CITY, court_code=COURT),
        Person("mediator", Role.MEDIATOR, CITY),
        Person("centre_staff", Role.CENTRE_STAFF, CITY),
        Person("executive_secretary", Role.EXECUTIVE_SECRETARY, CITY),
        Person("auditor", Role.AUDITOR, CITY),
        Person("platform_admin", Role.PLATFORM_ADMIN, CITY),
        Person("other_city", Role.CITY_BUREAU, OTHER_CITY),
    )


async def _busiest(session: SystemSession, low: int, high: int) -> Row[Any]:
    statement = (
        select(Response.code, Response.agency_id)
        .where(Response.shard == CITY // 100000, Response.code >= low, Response.code < high)
        .group_by(Response.code, Response.agency_id)
        .order_by(func.count().desc(), Response.agency_id)
        .limit(1)
    )
    found = await session.row(statement)
    if found is None:
        raise LookupError("the demonstration has no case in 黄埔: ask for more cases")
    return found


async def _co_respondent(session: SystemSession, agency_id: UUID) -> Row[Any]:
    """An agency that shares a case with this one; where none does, any other agency of the city."""
    shared = select(Response.case_id).where(Response.agency_id == agency_id)
    among = select(Response.code, Response.agency_id).where(Response.agency_id != agency_id)
    found = await session.row(among.where(Response.case_id.in_(shared)).order_by(Response.agency_id).limit(1))
    if found is None:
        others = select(Agency.code, Agency.id.label("agency_id")).where(
            Agency.id != agency_id, Agency.shard == CITY // 100000
        )
        found = await session.row(others.order_by(Agency.external_id).limit(1))
    if found is None:
        raise LookupError("the demonstration has one agency only")
    return found


async def install_people(session: SystemSession, people: Sequence[Person], now: datetime) -> None:
    """Give each their place, once; the mediator, the centre and the handler also a few cases."""
    for person in people:
        known = await session.scalar(
            select(Member.id).where(Member.issuer == DEVELOPMENT_ISSUER, Member.subject == person.subject)
        )
        if known is not None:
            continue
        member_id: UUID = await session.scalar(
            insert(Member)
            .values(
                shard=person.shard,
                code=person.code,
                issuer=DEVELOPMENT_ISSUER,
                subject=person.subject,
                role=person.role.value,
                agency_id=person.agency_id,
                court_code=person.court_code,
                display_name=f"演示·{person.role.zh}",
                valid_from=SINCE,
                created_at=now,
            )
            .returning(Member.id)
        )
        if person.role in {Role.MEDIATOR, Role.CENTRE_STAFF, Role.HANDLER}:
            await _grant_cases(session, person, member_id, now)


async def _grant_cases(session: SystemSession, person: Person, member_id: UUID, now: datetime) -> None:
    cases = select(Response).where(Response.shard == person.shard, Response.ordinal == 0)
    if person.agency_id is not None:
        cases = cases.where(Response.agency_id == person.agency_id)
    columns = cases.with_only_columns(Response.case_id, Response.code, Response.agency_id)
    for row in await session.rows(columns.order_by(Response.filed_on.desc(), Response.id).limit(GRANTED_CASES)):
        await session.execute(
            insert(CaseGrant).values(
                shard=person.shard,
                code=row.code,
                agency_id=row.agency_id,
                case_id=row.case_id,
                member_id=member_id,
                valid_from=SINCE,
                granted_by="yingsu dev",
                granted_at=now,
            )
        )


def tokens(issuer: DevelopmentIssuer, people: Sequence[Person], now: datetime, lifetime: timedelta) -> dict[str, str]:
    """A bearer token a person, by name."""
    return {person.name: issuer.issue(person.subject, lifetime, now) for person in people}
