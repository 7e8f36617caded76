"""Telling members: who is found, in whose words, once for a key; in the transaction of the act, whoever acts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from core.acting import Subject
from core.db.scope import ScopeKind
from core.db.session import Database
from core.identity.roles import Role
from core.notifications.declared import NotificationKind, Placeholder
from core.notifications.recipients import Recipients, ToAgency, ToMember, ToTenant
from core.notifications.tables import Notification, NotificationDelivery, NotificationPreference, NotificationTemplate
from core.notifications.writing import Message, Told, notify, notify_many
from tests.support.acting import NOW, TODAY, Desk, add_member, rows_of
from tests.support.city import City

DUE = NotificationKind(
    "example.due",
    "期限将至",
    "a period ends soon",
    title="{案号}将到期",
    body="{案号}于{到期日}到期",
    placeholders=(Placeholder("case_number", "案号", "甲"), Placeholder("due_on", "到期日", "2026年1月1日")),
)
VALUES = {"case_number": "（2026）粤7101行初1号", "due_on": date(2026, 3, 20)}
URGENT = NotificationKind("example.now", "立即", "now", "题", "文", urgent=True)


@pytest.fixture(scope="module")
async def members(database: Database, city: City) -> Mapping[str, UUID]:
    huangpu, town = {"agency_id": city.agencies["huangpu"]}, {"agency_id": city.agencies["town"]}
    async with database.system() as session:
        return {
            "city": await add_member(session, 440100000, Role.CITY_BUREAU),
            "district": await add_member(session, 440112000, Role.DISTRICT_BUREAU),
            "liaison": await add_member(session, 440112000, Role.AGENCY, **huangpu),
            "second": await add_member(session, 440112000, Role.AGENCY, subject="second", **huangpu),
            "ended": await add_member(session, 440112000, Role.AGENCY, subject="ended", valid_until=TODAY, **huangpu),
            "later": await add_member(
                session, 440112000, Role.AGENCY, subject="later", valid_from=TODAY + timedelta(1), **huangpu
            ),
            "head": await add_member(session, 440112000, Role.AGENCY_HEAD, **huangpu),
            "town": await add_member(session, 440112001, Role.AGENCY, **town),
            "shenzhen": await add_member(session, 440300000, Role.CITY_BUREAU),
        }


def desk(database: Database, city: City) -> Desk:
    return Desk(database, city.agency_scope("huangpu"))


async def tell(
    acting: Desk, to: Recipients, kind: NotificationKind = DUE, values: Mapping[str, Any] = VALUES, key: str = ""
) -> list[Told]:
    async with acting.at_work() as context:
        about = Subject("Case", UUID(int=9), 440112000)
        return await notify(context, to, kind, about, values, key=key or str(uuid4()))


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (lambda who: ToMember(who["liaison"]), {"liaison"}),
        (lambda who: ToMember(who["ended"]), set()),
        (lambda who: ToMember(who["later"]), set()),
        (lambda who: ToMember(who["shenzhen"]), set()),
        (lambda who: ToAgency(who["at huangpu"]), {"liaison", "second"}),
        (lambda who: ToAgency(who["at huangpu"], (Role.AGENCY_HEAD,)), {"head"}),
        (lambda who: ToAgency(who["at shenzhen"]), set()),
        (lambda _: ToTenant(440112000), {"district"}),
        (lambda _: ToTenant(440112001), {"district"}),
        (lambda _: ToTenant(440106000), {"city"}),
        (lambda _: ToTenant(440100000), {"city"}),
        (lambda _: ToTenant(440112000, (Role.AUDITOR,)), set()),
        (
            lambda who: (ToMember(who["head"]), ToAgency(who["at huangpu"])),
            {"head", "liaison", "second"},
        ),
        (lambda who: (ToMember(who["head"]), ToMember(who["head"])), {"head"}),
    ],
)
async def test_recipients_are_found_whoever_acts(
    database: Database, city: City, members: Mapping[str, UUID], to: Any, expected: set[str]
) -> None:
    """The act is an agency's: it sees neither the bureau's members nor anybody's inbox."""
    told = await tell(
        desk(database, city), to({**members, **{f"at {name}": agency for name, agency in city.agencies.items()}})
    )
    names = {member_id: name for name, member_id in members.items()}
    assert sorted(names[one.member_id] for one in told) == sorted(expected)
    assert all(one.fresh for one in told)


async def test_a_second_call_with_the_key_changes_nothing(
    database: Database, city: City, members: Mapping[str, UUID]
) -> None:
    acting, to = desk(database, city), ToAgency(city.agencies["huangpu"])
    first = await tell(acting, to, key="once")
    before = await rows_of(database, Notification, key="once")
    again = await tell(acting, (to, ToMember(members["head"])), values={**VALUES, "case_number": "另"}, key="once")
    assert {(one.member_id, one.notification_id) for one in again if not one.fresh} == {
        (one.member_id, one.notification_id) for one in first
    }
    assert [one.member_id for one in again if one.fresh] == [members["head"]]
    after = await rows_of(database, Notification, key="once")
    assert [row for row in after if row.member_id != members["head"]] == before
    deliveries = await rows_of(database, NotificationDelivery, key="once")
    assert len(deliveries) == 3
    async with database.system() as session:
        told = text("select count(*) from domain_event where name = 'NotificationWritten' and subject_id = any(:ids)")
        assert await session.scalar(told, {"ids": [row.id for row in after]}) == 3


async def test_a_message_is_the_members_own_and_says_what_it_tells(
    database: Database, city: City, members: Mapping[str, UUID]
) -> None:
    (told,) = await tell(desk(database, city), ToMember(members["district"]))
    (row,) = await rows_of(database, Notification, id=told.notification_id)
    assert (row.title, row.body) == ("（2026）粤7101行初1号将到期", "（2026）粤7101行初1号于2026年3月20日到期")
    assert (row.code, row.agency_id, row.case_id, row.created_at, row.read_at) == (
        440112000,
        None,
        UUID(int=9),
        NOW,
        None,
    )
    (delivery,) = await rows_of(database, NotificationDelivery, notification_id=row.id)
    assert (delivery.channel, delivery.state, delivery.sent_at, delivery.read_at) == ("IN_APP", "SENT", NOW, None)
    own = city.scope(440112000, member_id=members["district"])
    async with database.write(own) as session:
        assert (
            await session.execute(text("update notification set read_at = now() where id = :id"), {"id": row.id}) == 1
        )
    (delivery,) = await rows_of(database, NotificationDelivery, notification_id=row.id)
    assert delivery.read_at is not None


async def test_nothing_is_written_by_an_act_that_fails(
    database: Database, city: City, members: Mapping[str, UUID]
) -> None:
    async def act() -> None:
        async with desk(database, city).at_work() as context:
            about = Subject("Case", UUID(int=9), 440112000)
            assert await notify(context, ToMember(members["district"]), DUE, about, VALUES, key="gone")
            raise LookupError

    with pytest.raises(LookupError):
        await act()
    assert await rows_of(database, Notification, key="gone") == []
    assert await rows_of(database, NotificationDelivery, key="gone") == []


async def test_the_nearest_tenants_wording_of_the_day_is_taken(
    database: Database, city: City, members: Mapping[str, UUID]
) -> None:
    written = [
        (440100000, 440200000, 1, TODAY - timedelta(9), "市{案号}"),
        (440100000, 440200000, 2, TODAY + timedelta(1), "明日{案号}"),
        (440112000, 440113000, 1, TODAY - timedelta(8), "区{案号}"),
        (440112000, 440113000, 2, TODAY - timedelta(1), None),
        (440112001, 440112002, 1, TODAY, "街{案号}"),
        (440106000, 440107000, 1, TODAY, "天河{案号}"),
    ]
    common = {"shard": 4401, "kind": DUE.name, "changed_at": NOW, "changed_by": "x"}
    async with database.system() as session:
        for code, high, version, valid_from, title in written:
            values = {"code": code, "high": high, "version": version, "valid_from": valid_from}
            wording = {"title": title, "body": title}
            await session.execute(insert(NotificationTemplate).values(**common, **values, **wording))
    acting = desk(database, city)
    to = [ToMember(members[name]) for name in ("city", "district", "town")]
    told = await tell(acting, to, key="worded")
    titles = {row.member_id: row.title[0] for row in await rows_of(database, Notification, key="worded")}
    assert {name: titles[members[name]] for name in ("city", "district", "town")} == {
        "city": "市",
        "district": "市",
        "town": "街",
    }
    assert len(told) == 3
    acting.clock.instant = NOW + timedelta(days=1)
    await tell(acting, to, key="tomorrow")
    titles = {row.member_id: row.title[:2] for row in await rows_of(database, Notification, key="tomorrow")}
    assert titles[members["city"]] == "明日"
    async with database.system() as session:
        await session.execute(text("delete from notification_template"))


async def test_outside_channels_are_those_that_the_member_turned_on(
    database: Database, city: City, members: Mapping[str, UUID]
) -> None:
    preference = {"shard": 4401, "code": 440112000, "member_id": members["second"], "changed_at": NOW}
    channels = {"EMAIL": "second@agency.test", "case_label.file": "x"}
    async with database.system() as session:
        await session.execute(
            insert(NotificationPreference).values(
                **preference, channels=channels, digest_at=None, quiet_from=time(9), quiet_until=time(12)
            )
        )
    acting = desk(database, city)
    for kind, values, due in ((DUE, VALUES, NOW + timedelta(hours=2)), (URGENT, {}, NOW)):
        (told,) = await tell(acting, ToMember(members["second"]), kind, values)
        found = await rows_of(database, NotificationDelivery, notification_id=told.notification_id)
        outside = {row.channel: (row.address, row.state, row.due_at) for row in found if row.channel != "IN_APP"}
        assert outside == {name: (address, "PENDING", due) for name, address in channels.items()}


async def test_many_are_told_of_many_cities_in_a_few_statements(
    database: Database, city: City, members: Mapping[str, UUID]
) -> None:
    def message(n: int, shard: int, to: Recipients) -> Message:
        return Message(shard, to, DUE, Subject("Case", UUID(int=n), shard * 100000), VALUES, f"many:{n}")

    messages = [message(n, 4401, ToAgency(city.agencies["huangpu"])) for n in range(2_500)]
    messages += [message(9_999, 4403, ToTenant(440300000)), message(9_998, 4401, ToMember(members["shenzhen"]))]
    acting = desk(database, city)
    async with database.system() as session:
        told = await notify_many(session, messages, acting.clock)
        again = await notify_many(session, messages, acting.clock)
    assert len(told) == len(again) == 5_001
    assert all(one.fresh for one in told)
    assert not any(one.fresh for one in again)
    assert [one.shard for one in told if one.member_id == members["shenzhen"]] == [4403]


async def test_two_at_once_tell_once(database: Database, city: City, members: Mapping[str, UUID]) -> None:
    acting = [desk(database, city) for _ in range(4)]
    told = await asyncio.gather(*(tell(one, ToAgency(city.agencies["huangpu"]), key="race") for one in acting))
    assert sum(one.fresh for some in told for one in some) == 2
    assert len(await rows_of(database, NotificationDelivery, key="race", channel="IN_APP")) == 2


async def test_nobody_else_reads_a_message(database: Database, city: City, members: Mapping[str, UUID]) -> None:
    (told,) = await tell(desk(database, city), ToMember(members["district"]))
    count = text("select count(*) from notification where id = :id")
    log = text("select count(*) from notification_delivery where notification_id = :id")
    for scope, inbox, deliveries in (
        (city.scope(440112000, member_id=members["district"]), 1, 1),
        (city.scope(440100000, member_id=members["city"]), 0, 1),
        (city.scope(440100000, ScopeKind.ADMIN, member_id=uuid4()), 0, 1),
        (city.scope(440106000, member_id=uuid4()), 0, 0),
        (city.agency_scope("huangpu"), 0, 0),
        (city.scope(440300000, member_id=members["shenzhen"]), 0, 0),
        (city.scope(440100000, ScopeKind.NONE), 0, 0),
    ):
        async with database.read(scope) as session:
            assert await session.scalar(count, {"id": told.notification_id}) == inbox, scope
            assert await session.scalar(log, {"id": told.notification_id}) == deliveries, scope
