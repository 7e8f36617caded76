"""One person a role, for the development issuer's `tokens.json`; their places are rows, as everybody's are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, insert, select, text

from core.cases.tables import CaseShell, Response
from core.db.session import SystemSession
from core.identity.development_issuer import DEVELOPMENT_ISSUER, DevelopmentIssuer
from core.identity.roles import Role
from core.identity.tables import CaseGrant, Member

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
    busiest = await _busiest(session, DISTRICT, DISTRICT + 1, shared=True)
    town = await _busiest(session, DISTRICT + 1, DISTRICT + 1000, shared=False)
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


_ELSEWHERE = "{0}.district not in (:district, :city)"
_BUSIEST = text(f"""
    select a.code, a.id as agency_id
      from agency a
      left join response r on r.shard = a.shard and r.agency_id = a.id
      left join response o on o.shard = r.shard and o.case_id = r.case_id and {_ELSEWHERE.format("o")}
     where a.shard = :shard and a.code >= :low and a.code < :high
     group by a.code, a.id, a.external_id
     order by (:shared and count(o.id) > 0) desc, count(distinct r.id) desc, a.external_id
     limit 1
""")
_PARTNER = text(f"""
    select a.code, a.id as agency_id
      from agency a
      left join response o on o.shard = a.shard and o.agency_id = a.id
      left join response r on r.shard = o.shard and r.case_id = o.case_id and r.agency_id = :agency
     where a.shard = :shard and {_ELSEWHERE.format("a")}
     group by a.code, a.id, a.external_id
     order by count(r.id) desc, count(o.id) desc, a.external_id
     limit 1
""")
_PLACE = {"shard": CITY // 100000, "city": CITY, "district": DISTRICT}


async def _busiest(session: SystemSession, low: int, high: int, *, shared: bool) -> Row[Any]:
    """The agency with most cases; with `shared` rather one that shares a case with another district's."""
    found = await session.row(_BUSIEST, {**_PLACE, "low": low, "high": high, "shared": shared})
    if found is None:
        raise LookupError("the demonstration has no agency in 黄埔")
    return found


async def _co_respondent(session: SystemSession, agency_id: UUID) -> Row[Any]:
    """An agency of a sibling district that shares a case with this one; where none does, the busiest elsewhere."""
    found = await session.row(_PARTNER, {**_PLACE, "agency": agency_id})
    if found is None:
        raise LookupError("the demonstration has no agency beside 黄埔")
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
    """The longest open cases, then the closed ones; a handler's are its agency's. The grant is the member's, as by the act."""
    among = select(CaseShell.id).join(
        Response, and_(Response.shard == CaseShell.shard, Response.case_id == CaseShell.id)
    )
    own = Response.ordinal == 0 if person.agency_id is None else Response.agency_id == person.agency_id
    among = among.where(CaseShell.shard == person.shard, own)
    order = (CaseShell.status.desc(), CaseShell.filed_on, CaseShell.number_text)
    for row in await session.rows(among.order_by(*order).limit(GRANTED_CASES)):
        await session.execute(
            insert(CaseGrant).values(
                shard=person.shard,
                code=person.code,
                agency_id=person.agency_id,
                case_id=row.id,
                member_id=member_id,
                valid_from=SINCE,
                granted_by="yingsu dev",
                granted_at=now,
            )
        )


def tokens(issuer: DevelopmentIssuer, people: Sequence[Person], now: datetime, lifetime: timedelta) -> dict[str, str]:
    """A bearer token a person, by name."""
    return {
        person.name: issuer.issue(person.subject, lifetime, now, {"name": f"演示·{person.role.zh}"})
        for person in people
    }
