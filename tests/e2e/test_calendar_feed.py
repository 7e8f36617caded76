"""Calendars by secret address: what a member may see and no more, read again by two readers that are not ours."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import httpx
import icalendar
import pytest
from sqlalchemy import insert, text

from core.cases.acts.hearings import HEARING_CANCEL, HEARING_RESCHEDULE, HEARING_SCHEDULE
from core.cases.tables import Period
from core.db.session import Database, TenantReadSession
from core.extension.tables import PluginEnablement
from core.feed_routes import feed_routes
from core.feeds.entries import FeedEntry, FeedSource, Window
from core.feeds.reading import Feeds
from core.http.application import build_http_app
from core.http.server import server_config
from core.http.settings import HttpSettings
from tests.e2e.conftest import Api
from tests.support.acting import Desk
from tests.support.city import AGENCIES, City
from tests.support.front_end import PackagesMissing, install, node

CREATE = """mutation { calendarFeedCreate(input: {name: "手机"}) { url calendarFeed { id name } errors { code } } }"""
REVOKE = (
    "mutation($id: ID!) { calendarFeedRevoke(input: {feedId: $id}) { calendarFeed { revokedAt } errors { code } } }"
)
LIST = "{ calendarFeeds { nodes { id name revokedAt } } }"


async def feed(api: Api, who: str) -> tuple[str, str]:
    """A new feed's id and where it is."""
    made = (await api.ask(who, CREATE))["calendarFeedCreate"]
    assert made["errors"] == []
    return made["calendarFeed"]["id"], api.url + made["url"]


async def fetch(url: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(url, headers=headers)


def events(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(one["SUMMARY"]): one for one in calendar.walk("VEVENT")}


@pytest.fixture(scope="module")
async def hearing(database: Database, city: City) -> Any:
    desk = Desk(database, city.scope(440112000))
    made = await desk.perform(
        HEARING_SCHEDULE,
        case_id=city.cases["huangpu"],
        held_on=date(2026, 3, 20),
        starts_at=time(9, 30),
        place="第三法庭，A座; 2楼",
    )
    async with database.system() as session:
        for name, day in (("huangpu", 25), ("tianhe", 26), ("town", 27)):
            await session.execute(
                insert(Period).values(
                    shard=4401,
                    code=AGENCIES[name][1],
                    agency_id=city.agencies[name],
                    case_id=city.cases[name],
                    response_id=city.responses[name],
                    kind="DEFENCE",
                    starts_on=date(2026, 3, 1),
                    due_on=date(2026, 3, day),
                    earliest_due_on=date(2026, 3, day),
                    provisional=False,
                    status="OPEN",
                )
            )
    return made


async def test_a_calendar_has_what_the_member_may_see(api: Api, hearing: Any) -> None:
    expected = {
        "district_bureau": {"开庭：3", "答辩举证期限届满：3", "答辩举证期限届满：4"},
        "agency": {"开庭：3", "答辩举证期限届满：3"},
        "town": {"答辩举证期限届满：4"},
        "co_respondent": {"答辩举证期限届满：2"},
        "court_liaison": {"开庭：3"},
        "mediator": set(),
        "platform_admin": set(),
        "secretary": set(),
        "other_city": set(),
    }
    for who, titles in expected.items():
        _, url = await feed(api, who)
        answer = await fetch(url)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        found = {title.replace("（2026）粤7101行初", "").removesuffix("号") for title in events(answer)}
        assert found == titles, who


async def test_two_readers_that_are_not_ours_read_it(api: Api, hearing: Any) -> None:
    _, url = await feed(api, "agency")
    answer = await fetch(url)
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    found = events(answer)
    sitting = found["开庭：（2026）粤7101行初3号"]
    assert sitting["DTSTART"].dt == datetime(2026, 3, 20, 1, 30, tzinfo=UTC)
    assert sitting["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert str(sitting["LOCATION"]) == "第三法庭，A座; 2楼"
    assert "广州铁路运输法院" in str(sitting["DESCRIPTION"])
    due = found["答辩举证期限届满：（2026）粤7101行初3号"]
    assert (due["DTSTART"].dt, due["DTEND"].dt) == (date(2026, 3, 25), date(2026, 3, 26))
    assert b"\r\n" in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    read = read_by_ical_js(answer.text)
    assert {one["summary"] for one in read} == set(found)
    (again,) = [one for one in read if one["uid"] == str(sitting["UID"])]
    assert (again["start"], again["zone"], again["location"]) == (
        "2026-03-20T01:30:00.000Z",
        "Asia/Shanghai",
        "第三法庭，A座; 2楼",
    )


READER = """
import ICAL from 'ical.js';
const calendar = new ICAL.Component(ICAL.parse(process.env.CALENDAR));
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
const events = calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));
console.log(JSON.stringify(events.map((one) => ({
  uid: one.uid, summary: one.summary, location: one.location, start: one.startDate.toJSDate().toISOString(),
  zone: one.startDate.zone.tzid,
}))));
"""


def read_by_ical_js(calendar: str) -> list[dict[str, Any]]:
    """As the reader of Thunderbird and of many web calendars reads it."""
    try:
        install()
    except PackagesMissing as missing:
        pytest.skip(str(missing))
    done = node("--input-type=module", "--eval", READER, variables={"CALENDAR": calendar})
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)


async def test_a_change_raises_the_sequence_and_a_cancelled_hearing_stays_marked(
    api: Api, database: Database, city: City, hearing: Any
) -> None:
    _, url = await feed(api, "district_bureau")
    title = "开庭：（2026）粤7101行初3号"
    first = await fetch(url)
    before = events(first)[title]
    same = await fetch(url, **{"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    desk = Desk(database, city.scope(440112000))
    await desk.perform(
        HEARING_RESCHEDULE, hearing_id=hearing, held_on=date(2026, 3, 23), starts_at=time(14), reason="法院通知"
    )
    moved = await fetch(url, **{"If-None-Match": first.headers["etag"]})
    after = events(moved)[title]
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert after["DTSTART"].dt == datetime(2026, 3, 23, 6, tzinfo=UTC)
    await desk.perform(HEARING_CANCEL, hearing_id=hearing, reason="撤诉")
    cancelled = events(await fetch(url))[title]
    assert (cancelled["UID"], cancelled["STATUS"]) == (before["UID"], "CANCELLED")
    assert int(cancelled["SEQUENCE"]) > int(after["SEQUENCE"])


async def test_a_feed_is_its_members_own_and_revoked_at_once(api: Api, database: Database) -> None:
    feed_id, url = await feed(api, "agency")
    assert feed_id in [one["id"] for one in (await api.ask("agency", LIST))["calendarFeeds"]["nodes"]]
    for stranger in ("district_bureau", "auditor", "platform_admin", "mediator"):
        assert feed_id not in [one["id"] for one in (await api.ask(stranger, LIST))["calendarFeeds"]["nodes"]]
        refused = (await api.ask(stranger, REVOKE, {"id": feed_id}))["calendarFeedRevoke"]
        assert [one["code"] for one in refused["errors"]] == ["NOT_FOUND"]
    token = url.rsplit("/", 1)[1].removesuffix(".ics")
    async with database.system() as session:
        everything = await session.scalar(text("select string_agg(f::text, ' ') from calendar_feed f"))
    assert token not in everything
    assert (await fetch(url)).status_code == 200
    for _ in range(2):
        done = (await api.ask("agency", REVOKE, {"id": feed_id}))["calendarFeedRevoke"]
        assert done["calendarFeed"]["revokedAt"]
    assert (await fetch(url)).status_code == 404


async def test_whoever_has_left_and_whoever_guesses_finds_nothing(api: Api, database: Database) -> None:
    _, url = await feed(api, "sibling_bureau")
    assert (await fetch(url)).status_code == 200
    async with database.system() as session:
        leave = text("update member set valid_until = '2026-03-10' where subject = 'dev:sibling_bureau'")
        await session.execute(leave)
    left = await fetch(url)
    guessed = await fetch(f"{api.url}/calendar/{'A' * 43}.ics")
    assert left.status_code == guessed.status_code == 404
    assert [json.loads(one.content)["errors"][0]["message"] for one in (left, guessed)] == [
        "There is no such calendar."
    ] * 2


async def test_there_are_not_too_many(api: Api) -> None:
    for _ in range(10):
        await feed(api, "auditor")
    assert (await api.ask("auditor", CREATE))["calendarFeedCreate"]["errors"] == [{"code": "TOO_MANY"}]


async def test_a_plugins_entries_are_there_where_it_is_enabled_and_the_member_may_read_them(
    api: Api, database: Database
) -> None:
    asked: list[Window] = []

    async def entries(session: TenantReadSession, window: Window) -> list[FeedEntry]:
        asked.append(window)
        assert await session.scalar(text("select current_setting('app.lo')")) == "440100000", "the member's own scope"
        return [
            FeedEntry(f"example-{code}", UUID(int=code), code, date(2026, 3, 27), f"插件日程 {code}", 0)
            for code in (440106000, 440112000)
        ]

    execution = api.application.execution
    _, url = await feed(api, "city_bureau")
    token = url.rsplit("/", 1)[1].removesuffix(".ics")

    async def titles(permission: str) -> set[str]:
        source = FeedSource("reminders.example", permission, entries)
        feeds = Feeds(database, api.clock, execution.services.permissions, [source], {"reminders": ()})
        calendar = await feeds.calendar(token)
        assert calendar is not None
        shown = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
        return {str(one["SUMMARY"]) for one in shown if str(one["SUMMARY"]).startswith("插件")}

    assert await titles("cases.read") == set(), "off until a city enables it"
    enable = {"plugin": "reminders", "choice": "ENABLED", "policy": "ALLOWED"}
    async with database.system() as session:
        for code, high, choice in ((440100000, 440200000, "ENABLED"), (440106000, 440107000, "DISABLED")):
            values = enable | {"shard": 4401, "code": code, "high": high, "choice": choice}
            said = {"changed_at": api.clock.now(), "changed_by": "x", "version": 1}
            await session.execute(insert(PluginEnablement).values(**values, **said))
    assert await titles("cases.read") == {"插件日程 440112000"}, "not of the district that has turned it off"
    assert await titles("nobody.holds.this") == set()
    assert {(one.first, one.last) for one in asked} == {(date(2026, 2, 8), date(2027, 4, 14))}


async def test_one_address_may_fetch_so_many_calendars_a_minute(api: Api, database: Database) -> None:
    execution = api.application.execution
    feeds = Feeds(database, api.clock, execution.services.permissions)
    settings = HttpSettings()

    async def ready() -> dict[str, bool]:
        return {}

    app = build_http_app(execution, readiness=ready, sdl=execution.sdl, settings=settings, routes=feed_routes(feeds, 3))

    async def fetched(address: str) -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://calendar.test") as client:
            return await client.get(f"/calendar/{'A' * 43}.ics")

    statuses = [(await fetched("10.0.0.1")).status_code for _ in range(3)]
    refused = await fetched("10.0.0.1")
    assert (statuses, refused.status_code) == ([404] * 3, 429), "a guess counts as much as a hit"
    (error,) = refused.json()["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert refused.headers["retry-after"] == str(error["extensions"]["retryAfter"])
    assert (await fetched("10.0.0.2")).status_code == 404, "others are served"


async def test_the_secret_of_a_calendar_stands_in_no_log_and_no_figure(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    _, url = await feed(api, "co_respondent")
    token = url.rsplit("/", 1)[1].removesuffix(".ics")
    with caplog.at_level("DEBUG"):
        for address in (url, f"{url}?x=1", f"{url}/more", url.replace(token, f"x{token}")):
            await fetch(address)
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(url)
            figures = await client.get(f"{api.url}/metrics")
    lines = [json.loads(one.message) for one in caplog.records if one.name == "yingsu.access"]
    assert {one["path"] for one in lines} == {"/calendar/…", "/metrics"}
    assert not [one for one in caplog.records if one.name.startswith("yingsu") and token in one.getMessage()]
    assert not server_config(api.application.asgi, host="127.0.0.1", port=0).access_log, "the server's own log has URLs"
    assert token not in figures.text
