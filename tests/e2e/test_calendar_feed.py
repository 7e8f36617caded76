"""Calendars by secret address: what a member may see and no more, read again by two readers that are not ours."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

import httpx
import icalendar
import pytest
from sqlalchemy import insert, text

from core.cases.acts.hearings import HEARING_CANCEL, HEARING_RESCHEDULE, HEARING_SCHEDULE
from core.cases.tables import Period
from core.db.session import Database
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
