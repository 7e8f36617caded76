"""Members and grants of single cases: who may give what to whom, and what a grant lets its holder see."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given as random
from hypothesis import strategies as st
from sqlalchemy import select

from core.cases.acts.notes import NOTE_WRITE
from core.cases.events import CaseGranted, CaseGrantEnded
from core.cases.tables import CaseShell
from core.clock import FrozenClock
from core.db.scope import ScopeKind
from core.db.session import Database
from core.errors import ActRefused
from core.identity.acts.events import MemberAdded, MemberEnded, MemberRoleChanged
from core.identity.acts.granting import AGENCY_ROLES, GRANTABLE, fits_level, may_give
from core.identity.acts.grants import CASE_GRANT, CASE_GRANT_END
from core.identity.acts.members import MEMBER_ADD, MEMBER_CHANGE_ROLE, MEMBER_END
from core.identity.acts.refusals import (
    CaseGrantEndRefusal,
    CaseGrantRefusal,
    MemberAddRefusal,
    MemberChangeRoleRefusal,
    MemberEndRefusal,
)
from core.identity.roles import Role
from core.identity.roles import ScopeKind as RoleScope
from core.identity.tables import CaseGrant, Member
from core.tenancy.codes import TenantLevel
from tests.support.acting import TODAY, Desk, Docket, add_member, row_of, rows_of, trail, written_events
from tests.support.city import City


@pytest.fixture(scope="module")
async def members(database: Database, city: City) -> dict[str, UUID]:
    """Somebody in every place that these tests need."""
    async with database.system() as session:
        return {
            "city": await add_member(session, 440100000, Role.CITY_BUREAU),
            "district": await add_member(session, 440112000, Role.DISTRICT_BUREAU),
            "mediator": await add_member(session, 440112000, Role.MEDIATOR),
            "legal": await add_member(session, 440112000, Role.AGENCY_LEGAL, agency_id=city.agencies["huangpu"]),
            "handler": await add_member(session, 440112000, Role.HANDLER, agency_id=city.agencies["huangpu"]),
            "stranger": await add_member(session, 440106000, Role.HANDLER, agency_id=city.agencies["tianhe"]),
            "shenzhen": await add_member(session, 440300000, Role.CITY_BUREAU),
        }


@pytest.fixture
def bureau(database: Database, city: City, clock: FrozenClock, members: dict[str, UUID]) -> Desk:
    scope = city.scope(440100000, member_id=members["city"])
    return Desk(database, scope, clock, Role.CITY_BUREAU, "CITY_BUREAU-440100000")


@pytest.fixture
def district(database: Database, city: City, clock: FrozenClock, members: dict[str, UUID]) -> Desk:
    scope = city.scope(440112000, member_id=members["district"])
    return Desk(database, scope, clock, Role.DISTRICT_BUREAU, "DISTRICT_BUREAU-440112000")


@pytest.fixture
def legal(database: Database, city: City, clock: FrozenClock, members: dict[str, UUID]) -> Desk:
    scope = city.scope(440112000, ScopeKind.AGENCY, agency_id=city.agencies["huangpu"], member_id=members["legal"])
    return Desk(database, scope, clock, Role.AGENCY_LEGAL, "AGENCY_LEGAL-440112000")


@pytest.fixture
def shenzhen(database: Database, city: City, clock: FrozenClock, members: dict[str, UUID]) -> Desk:
    scope = city.scope(440300000, member_id=members["shenzhen"])
    return Desk(database, scope, clock, Role.CITY_BUREAU, "CITY_BUREAU-440300000")


@pytest.fixture(scope="module")
def docket(database: Database, city: City) -> Docket:
    return Docket(database, city)


def person(**more: Any) -> dict[str, Any]:
    return {"subject": f"sub-{uuid4()}", "display_name": "李四"} | more


async def seen_cases(database: Database, city: City, member_id: UUID, **narrowed: Any) -> set[UUID]:
    scope = city.scope(440112000, ScopeKind.ASSIGNED, member_id=member_id, **narrowed)
    async with database.read(scope) as session:
        return {row.id for row in await session.rows(select(CaseShell.id))}


async def test_the_bureau_of_a_city_adds_members_anywhere_in_it(database: Database, city: City, bureau: Desk) -> None:
    member_id = await bureau.perform(
        MEMBER_ADD, **person(subject=" s-1 ", role=Role.DISTRICT_BUREAU, tenant_code="440106")
    )
    assert [type(event) for event in bureau.heard] == [MemberAdded]
    member = await row_of(database, Member, member_id)
    assert (member.subject, member.role, member.code, member.issuer, member.valid_from, member.valid_until) == (
        "s-1",
        "DISTRICT_BUREAU",
        440106000,
        "https://issuer.test",
        TODAY,
        None,
    )
    [entry] = await trail(database, member_id)
    assert (entry.act, entry.code, entry.after["role"]) == ("memberAdd", 440106000, "DISTRICT_BUREAU")
    assert await written_events(database, member_id) == ["MemberAdded"]
    court = await bureau.perform(MEMBER_ADD, **person(role=Role.COURT_LIAISON, tenant_code="4401", court_code="粤7101"))
    assert (await row_of(database, Member, court)).court_code == "粤7101"


async def test_an_agency_adds_its_own_people_only(database: Database, city: City, legal: Desk) -> None:
    code = MemberAddRefusal
    own = {"agency_id": city.agencies["huangpu"]}
    member_id = await legal.perform(MEMBER_ADD, **person(role=Role.HANDLER, **own))
    member = await row_of(database, Member, member_id)
    assert (member.code, member.agency_id) == (440112000, city.agencies["huangpu"])
    await legal.refused(
        MEMBER_ADD, code.NOT_FOUND, "agencyId", **person(role=Role.HANDLER, agency_id=city.agencies["tianhe"])
    )
    for role in set(Role) - AGENCY_ROLES:
        await legal.refused(MEMBER_ADD, code.ROLE_TOO_WIDE, "role", **person(role=role, tenant_code="440112"))


async def test_a_district_stays_in_its_district(city: City, district: Desk) -> None:
    code = MemberAddRefusal
    await district.perform(MEMBER_ADD, **person(role=Role.TOWN, tenant_code="440112001"))
    outside = person(role=Role.DISTRICT_BUREAU, tenant_code="440106")
    await district.refused(MEMBER_ADD, code.NOT_FOUND, "tenantCode", **outside)
    for role in (Role.CITY_BUREAU, Role.CITY_LEADER, Role.AUDITOR, Role.COURT_LIAISON, Role.PLATFORM_ADMIN):
        await district.refused(MEMBER_ADD, code.ROLE_TOO_WIDE, "role", **person(role=role, tenant_code="440112"))


async def test_adding_a_member_is_refused(database: Database, city: City, bureau: Desk) -> None:
    code = MemberAddRefusal
    agency = {"agency_id": city.agencies["huangpu"]}
    for given, expected, path in [
        (person(role=Role.PLATFORM_ADMIN, tenant_code="4401"), code.ROLE_TOO_WIDE, "role"),
        (person(role=Role.CITY_BUREAU, tenant_code="440112"), code.ROLE_NOT_AT_LEVEL, "role"),
        (person(role=Role.TOWN, tenant_code="440112"), code.ROLE_NOT_AT_LEVEL, "role"),
        (person(role=Role.HANDLER), code.AGENCY_REQUIRED, "agencyId"),
        (person(role=Role.HANDLER, agency_id=uuid4()), code.NOT_FOUND, "agencyId"),
        (person(role=Role.HANDLER, tenant_code="440106", **agency), code.TENANT_MISMATCH, "tenantCode"),
        (person(role=Role.COURT_LIAISON, tenant_code="4401"), code.COURT_REQUIRED, "courtCode"),
        (person(role=Role.COURT_LIAISON, tenant_code="4401", court_code="x"), code.COURT_UNKNOWN, "courtCode"),
        (person(role=Role.TOWN, tenant_code="440112001", court_code="粤7101"), code.NOT_FOR_ROLE, "courtCode"),
        (person(role=Role.TOWN, tenant_code="440112001", **agency), code.NOT_FOR_ROLE, "agencyId"),
        (person(role=Role.TOWN), code.TENANT_REQUIRED, "tenantCode"),
        (person(role=Role.TOWN, tenant_code="440112009"), code.NOT_FOUND, "tenantCode"),
        (person(role=Role.CITY_BUREAU, tenant_code="4403"), code.NOT_FOUND, "tenantCode"),
        (person(role=Role.TOWN, tenant_code="x"), code.INVALID_INPUT, "tenantCode"),
        (person(role=Role.TOWN, tenant_code="440112001") | {"subject": " "}, code.INVALID_INPUT, "subject"),
        (person(role=Role.TOWN, tenant_code="440112001", valid_until=TODAY), code.DATES_OUT_OF_ORDER, "validUntil"),
        (person(role=Role.TOWN, tenant_code="440112001", valid_from=date(1, 1, 1)), code.INVALID_INPUT, "validFrom"),
    ]:
        await bureau.refused(MEMBER_ADD, expected, path, **given)
    nobody = Desk(database, city.scope(440100000), bureau.clock)
    await nobody.refused(MEMBER_ADD, code.ISSUER_REQUIRED, "issuer", **person(role=Role.TOWN, tenant_code="440112001"))


async def test_one_membership_added_twice_at_once_is_there_once(database: Database, bureau: Desk) -> None:
    desks = [Desk(database, bureau.scope, bureau.clock, bureau.role, bureau.subject) for _ in range(2)]
    given = person(role=Role.TOWN, tenant_code="440112001")
    done = await asyncio.gather(*(desk.perform(MEMBER_ADD, **given) for desk in desks), return_exceptions=True)
    assert [one.code for one in done if isinstance(one, ActRefused)] == [MemberAddRefusal.ALREADY_MEMBER]
    # The same person may hold another place beside it.
    await bureau.perform(MEMBER_ADD, **given | {"role": Role.DISTRICT_BUREAU, "tenant_code": "440112"})


async def test_a_membership_ends_at_once_or_later(
    database: Database, bureau: Desk, shenzhen: Desk, members: dict[str, UUID]
) -> None:
    code = MemberEndRefusal
    new = await bureau.perform(MEMBER_ADD, **person(role=Role.TOWN, tenant_code="440112001"))
    await bureau.perform(MEMBER_END, member_id=new, reason="调离", expected_version=1)
    assert [type(event) for event in bureau.heard] == [MemberEnded]
    member = await row_of(database, Member, new)
    # What began today and ends today holds on no day.
    assert (member.valid_from, member.valid_until, member.version) == (TODAY - timedelta(days=1), TODAY, 2)
    entry = (await trail(database, new))[-1]
    assert (entry.act, entry.before["valid_from"], entry.reason) == ("memberEnd", TODAY.isoformat(), "调离")
    await bureau.refused(MEMBER_END, code.ENDED, member_id=new)
    later = await bureau.perform(MEMBER_ADD, **person(role=Role.TOWN, tenant_code="440112001"))
    await bureau.perform(MEMBER_END, member_id=later, ends_on=date(2026, 4, 1))
    assert (await row_of(database, Member, later)).valid_until == date(2026, 4, 1)
    await bureau.refused(MEMBER_END, code.DATES_OUT_OF_ORDER, "endsOn", member_id=later, ends_on=date(2026, 3, 9))
    await bureau.refused(MEMBER_END, code.INVALID_INPUT, "endsOn", member_id=later, ends_on=date(1, 3, 9))
    await bureau.refused(MEMBER_END, code.CONFLICT, "expectedVersion", member_id=later, expected_version=9)
    await bureau.refused(MEMBER_END, code.SELF, "memberId", member_id=members["city"])
    await bureau.refused(MEMBER_END, code.NOT_FOUND, "memberId", member_id=members["shenzhen"])
    await shenzhen.refused(MEMBER_END, code.NOT_FOUND, "memberId", member_id=members["city"])


async def test_nobody_manages_a_role_that_they_may_not_give(
    database: Database, district: Desk, legal: Desk, members: dict[str, UUID]
) -> None:
    async with database.system() as session:
        auditor = await add_member(session, 440112000, Role.AUDITOR)
    await district.refused(MEMBER_END, MemberEndRefusal.ROLE_TOO_WIDE, "memberId", member_id=auditor)
    change = {"member_id": auditor, "role": Role.MEDIATOR}
    await district.refused(MEMBER_CHANGE_ROLE, MemberChangeRoleRefusal.ROLE_TOO_WIDE, "memberId", **change)
    await legal.refused(MEMBER_END, MemberEndRefusal.NOT_FOUND, "memberId", member_id=members["district"])


async def test_a_role_changes_in_its_place(
    database: Database, city: City, bureau: Desk, legal: Desk, district: Desk, shenzhen: Desk, members: dict[str, UUID]
) -> None:
    code = MemberChangeRoleRefusal
    new = await legal.perform(MEMBER_ADD, **person(role=Role.HANDLER, agency_id=city.agencies["huangpu"]))
    await legal.perform(MEMBER_CHANGE_ROLE, member_id=new, role=Role.AGENCY_HEAD, reason="任命", expected_version=1)
    assert [(type(event), event.former_role) for event in legal.heard if isinstance(event, MemberRoleChanged)] == [
        (MemberRoleChanged, "HANDLER")
    ]
    assert (await row_of(database, Member, new)).role == "AGENCY_HEAD"
    entry = (await trail(database, new))[-1]
    assert (entry.before, entry.after) == ({"role": "HANDLER"}, {"role": "AGENCY_HEAD"})
    for desk, change, expected, path in [
        (legal, {"role": Role.DISTRICT_BUREAU}, code.ROLE_TOO_WIDE, ("role",)),
        (legal, {"role": Role.AGENCY_HEAD}, code.NOTHING_TO_CHANGE, ("role",)),
        (legal, {"role": Role.AGENCY, "expected_version": 9}, code.CONFLICT, ("expectedVersion",)),
        (legal, {"role": Role.AGENCY, "reason": "甲" * 2001}, code.INVALID_INPUT, ("reason",)),
        (bureau, {"role": Role.TOWN}, code.ROLE_NOT_FOR_PLACE, ("role",)),
        (shenzhen, {"role": Role.TOWN}, code.NOT_FOUND, ("memberId",)),
    ]:
        await desk.refused(MEMBER_CHANGE_ROLE, expected, *path, member_id=new, **change)
    await legal.refused(MEMBER_CHANGE_ROLE, code.SELF, "memberId", member_id=members["legal"], role=Role.AGENCY)
    mediator = {"member_id": members["mediator"]}
    await district.refused(MEMBER_CHANGE_ROLE, code.ROLE_NOT_AT_LEVEL, "role", **mediator, role=Role.TOWN)
    await bureau.perform(MEMBER_END, member_id=new)
    await bureau.refused(MEMBER_CHANGE_ROLE, code.ENDED, "memberId", member_id=new, role=Role.AGENCY)


async def test_a_grant_shows_a_case_to_a_mediator_until_it_ends(
    database: Database, city: City, district: Desk, members: dict[str, UUID], docket: Docket
) -> None:
    case_id, _ = await docket.case("huangpu")
    mediator = members["mediator"]
    assert await seen_cases(database, city, mediator) == set()
    grant_id = await district.perform(CASE_GRANT, case_id=case_id, member_id=mediator)
    assert [type(event) for event in district.heard] == [CaseGranted]
    assert await seen_cases(database, city, mediator) == {case_id}
    code = CaseGrantRefusal
    await district.refused(CASE_GRANT, code.ALREADY_GRANTED, "memberId", case_id=case_id, member_id=mediator)
    await district.perform(CASE_GRANT_END, grant_id=grant_id, reason="回避")
    assert [type(event) for event in district.heard] == [CaseGrantEnded]
    assert await seen_cases(database, city, mediator) == set()
    assert [entry.act for entry in await trail(database, grant_id)] == ["caseGrant", "caseGrantEnd"]
    await district.refused(CASE_GRANT_END, CaseGrantEndRefusal.ENDED, grant_id=grant_id)
    again = await district.perform(CASE_GRANT, case_id=case_id, member_id=mediator, valid_until=date(2026, 4, 1))
    assert (await row_of(database, CaseGrant, again)).valid_until == date(2026, 4, 1)


async def test_a_handling_unit_works_on_its_agencys_part_only(
    database: Database, city: City, legal: Desk, clock: FrozenClock, members: dict[str, UUID], docket: Docket
) -> None:
    case_id, [own, other] = await docket.case("huangpu", "tianhe")
    await legal.perform(CASE_GRANT, case_id=case_id, member_id=members["handler"])
    scope = city.scope(440112000, ScopeKind.ASSIGNED, member_id=members["handler"], agency_id=city.agencies["huangpu"])
    handler = Desk(database, scope, clock, Role.HANDLER, "HANDLER-440112000")
    note_id = await handler.perform(NOTE_WRITE, response_id=own, body="已阅卷")
    [entry] = await trail(database, note_id)
    assert entry.actor == "HANDLER-440112000"
    with pytest.raises(ActRefused) as caught:
        await handler.perform(NOTE_WRITE, response_id=other, body="x")
    assert caught.value.code.value == "NOT_FOUND"


async def test_granting_is_refused(
    database: Database,
    city: City,
    bureau: Desk,
    legal: Desk,
    shenzhen: Desk,
    members: dict[str, UUID],
    docket: Docket,
) -> None:
    code, end = CaseGrantRefusal, CaseGrantEndRefusal
    case_id, _ = await docket.case("huangpu")
    foreign, _ = await docket.case("tianhe")
    handler = members["handler"]
    for desk, given, expected, path in [
        (shenzhen, {}, code.NOT_FOUND, "caseId"),
        (legal, {"case_id": foreign}, code.NOT_FOUND, "caseId"),
        (legal, {"member_id": members["mediator"]}, code.NOT_FOUND, "memberId"),
        (bureau, {"member_id": members["shenzhen"]}, code.NOT_FOUND, "memberId"),
        (bureau, {"member_id": members["legal"]}, code.ROLE_NOT_ASSIGNABLE, "memberId"),
        (bureau, {"member_id": members["stranger"]}, code.AGENCY_NOT_IN_CASE, "memberId"),
        (bureau, {"valid_until": TODAY}, code.DATES_OUT_OF_ORDER, "validUntil"),
        (bureau, {"valid_from": date(1, 1, 1)}, code.INVALID_INPUT, "validFrom"),
    ]:
        await desk.refused(CASE_GRANT, expected, path, **{"case_id": case_id, "member_id": handler} | given)
    async with database.system() as session:
        gone = await add_member(session, 440112000, Role.MEDIATOR, valid_until=date(2026, 3, 1))
    await bureau.refused(CASE_GRANT, code.ENDED, "memberId", case_id=case_id, member_id=gone)
    grant_id = await legal.perform(CASE_GRANT, case_id=case_id, member_id=handler)
    await shenzhen.refused(CASE_GRANT_END, end.NOT_FOUND, "grantId", grant_id=grant_id)
    await legal.refused(CASE_GRANT_END, end.DATES_OUT_OF_ORDER, "endsOn", grant_id=grant_id, ends_on=date(2026, 3, 9))
    await legal.refused(CASE_GRANT_END, end.INVALID_INPUT, "reason", grant_id=grant_id, reason="甲" * 2001)


async def test_one_case_granted_twice_at_once_is_granted_once(
    database: Database, bureau: Desk, members: dict[str, UUID], docket: Docket
) -> None:
    case_id, _ = await docket.case("huangpu")
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    given = {"case_id": case_id, "member_id": members["mediator"]}
    done = await asyncio.gather(*(desk.perform(CASE_GRANT, **given) for desk in desks), return_exceptions=True)
    assert [one.code for one in done if isinstance(one, ActRefused)] == [CaseGrantRefusal.ALREADY_GRANTED]
    assert len(await rows_of(database, CaseGrant, case_id=case_id)) == 1


@random(st.sampled_from(Role), st.sampled_from(Role))
def test_nobody_gives_a_role_wider_than_their_own(giver: Role, role: Role) -> None:
    if not may_give(giver, role):
        return
    assert giver in GRANTABLE
    if giver is Role.PLATFORM_ADMIN:
        return
    assert role is not Role.PLATFORM_ADMIN
    if giver.scope is RoleScope.AGENCY:
        assert role in AGENCY_ROLES
    if giver is Role.DISTRICT_BUREAU:
        assert not fits_level(role, TenantLevel.CITY) or role in AGENCY_ROLES | {Role.MEDIATOR, Role.CENTRE_STAFF}
