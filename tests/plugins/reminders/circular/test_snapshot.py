"""The snapshot of a month as the database takes it: the same as the pure rules say, by one statement, and frozen for ever."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from core.db.scope import ScopeKind
from core.db.session import Database
from core.extension.tables import PluginEnablement
from core.identity.roles import Role
from plugins.reminders.circular import issuing, records
from plugins.reminders.circular.corrections import Correction, corrections, told
from plugins.reminders.circular.figures import MEASURES, Cell, Cut, Duty, lines, to_be_listed
from plugins.reminders.circular.publication import Month
from plugins.reminders.circular.tables import (
    Circular,
    CircularCorrection,
    CircularLine,
    CircularMiss,
)
from plugins.reminders.rules.counters import Counters
from tests.plugins.reminders.circular import world
from tests.plugins.reminders.circular.duties import AUGUST, JULY, KINDS, SEPTEMBER, at
from tests.support.acting import Desk, trail
from tests.support.city import City

PUBLISHED = {JULY: date(2026, 8, 5), AUGUST: date(2026, 9, 7), SEPTEMBER: date(2026, 10, 8)}


async def enable(database: Database, code: int = 440100000, high: int = 440200000, choice: str = "ENABLED") -> None:
    async with database.system() as session:
        row = {"shard": 4401, "code": code, "high": high, "plugin": "reminders", "policy": "ALLOWED", "choice": choice}
        await session.execute(
            insert(PluginEnablement).values(version=1, changed_at=at(date(2026, 1, 5)), changed_by="x", **row)
        )


def random_duties(city: City, seed: int, count: int = 120) -> list[tuple[str, Duty]]:
    """Duties of June to October in all four places, with every mark at random."""
    chance = random.Random(seed)
    first = date(2026, 6, 20)

    def some_day(after: date = first, spread: int = 115) -> date:
        return after + timedelta(days=chance.randrange(spread))

    def maybe(share: float, instant: datetime) -> datetime | None:
        return instant if chance.random() < share else None

    found = []
    for _ in range(count):
        place, kind, due_on = chance.choice(list(world.PLACES)), chance.choice(KINDS), some_day()
        acted_on = due_on + timedelta(days=chance.randrange(-9, 25)) if chance.random() < 0.7 else None
        acted_at = (
            at(acted_on + timedelta(days=0 if kind == "REPORT" else chance.randrange(12)), 15) if acted_on else None
        )
        late = acted_on is None or acted_on > due_on
        missed_at = maybe(0.8 if late else 0.1, at(due_on + timedelta(days=1), 0, 1))
        obligation = kind != "REPORT"
        void_at = maybe(0.08, at(some_day(due_on, 30))) if obligation else None
        found.append(
            (
                place,
                Duty(
                    id=UUID(int=chance.getrandbits(128), version=4),
                    agency=city.agencies[place],
                    district=world.PLACES[place] // 1000 * 1000,
                    kind=kind,
                    due_on=due_on,
                    acted_on=acted_on,
                    acted_at=acted_at,
                    missed_at=missed_at,
                    violation_on=due_on + timedelta(days=1) if missed_at and obligation else None,
                    void_at=void_at,
                    suspended_at=maybe(0.1, at(some_day(due_on, 20))) if obligation and not void_at else None,
                    remedied_at=maybe(0.5, at(some_day(due_on, 40), 11)) if obligation and missed_at else None,
                ),
            )
        )
    return found


async def issue(desk: Desk, month: Month) -> UUID:
    """Draw up and publish the circular of a month on its day, at nine."""
    desk.clock.instant = at(PUBLISHED[month], 9)
    async with desk.at_work() as context:
        await issuing.draw_up(context, month)
    async with desk.at_work() as context:
        draft = await records.draft_of(context.session, month)
        assert draft is not None
        return await issuing.publish(context, draft)


def cell(row: Any) -> Cell:
    return Cell(row.district_code, row.agency_id, row.kind)


async def frozen(database: Database, circular_id: UUID) -> dict[Cell, Counters]:
    rows = await world.rows_of(database, CircularLine, circular_id)
    return {cell(row): Counters(**{name: getattr(row, name) for name in MEASURES}) for row in rows}


async def corrected(database: Database, circular_id: UUID) -> set[Correction]:
    rows = await world.rows_of(database, CircularCorrection, circular_id)
    return {Correction(Month(row.month), cell(row), row.measure.lower(), row.before, row.after) for row in rows}


@pytest.fixture(scope="module")
async def desk(database: Database, city: City) -> Desk:
    await enable(database)
    return Desk(database, city.scope(440100000))


@pytest.fixture(scope="module")
async def published(database: Database, city: City, desk: Desk) -> tuple[list[Duty], dict[Month, UUID]]:
    """Three issues over the same rows: what is entered or marked later is told in later issues."""
    duties = random_duties(city, 7)
    await world.write(database, city, duties)
    return [one for _, one in duties], {month: await issue(desk, month) for month in PUBLISHED}


def cut(month: Month) -> Cut:
    return Cut(month, at(PUBLISHED[month], 9))


async def test_the_lines_are_those_that_the_rules_count(
    database: Database, published: tuple[list[Duty], dict[Month, UUID]]
) -> None:
    duties, issues = published
    for month, circular_id in issues.items():
        expected = dict(lines(duties, month, cut(month)))
        assert len(expected) > 8
        assert await frozen(database, circular_id) == expected


async def test_who_is_listed_is_whom_the_rules_list(
    database: Database, published: tuple[list[Duty], dict[Month, UUID]]
) -> None:
    duties, issues = published
    listed: set[UUID] = set()
    for month, circular_id in issues.items():
        expected = {one.id for one in to_be_listed(duties, listed, JULY, cut(month))}
        rows = await world.rows_of(database, CircularMiss, circular_id)
        assert {row.subject_id for row in rows} == expected
        assert expected
        assert all(row.days_late >= 0 for row in rows)
        listed |= expected


async def test_later_issues_correct_earlier_ones_as_the_rules_do(
    database: Database, published: tuple[list[Duty], dict[Month, UUID]]
) -> None:
    duties, issues = published
    said: dict[tuple[Month, Cell], Counters] = {}
    so_far: list[Correction] = []
    for month, circular_id in issues.items():
        earlier = {each for each in issues if each < month}
        now = {(each, key): value for each in earlier for key, value in lines(duties, each, cut(month)).items()}
        expected = corrections(told(said, so_far), now)
        assert await corrected(database, circular_id) == set(expected)
        assert bool(expected) == bool(earlier)
        so_far += expected
        said |= {(month, key): value for key, value in (await frozen(database, circular_id)).items()}


async def test_a_snapshot_is_one_statement_and_again_the_same(
    database: Database, desk: Desk, published: tuple[list[Duty], dict[Month, UUID]]
) -> None:
    """Taken again at the same instant, though the clock has gone on, a month has the figures that were frozen."""
    _, issues = published
    november = Month(date(2026, 10, 1))
    desk.clock.instant = at(date(2026, 11, 5), 9)
    async with desk.at_work() as context:
        first = await issuing.draw_up(context, november)
        again = await issuing.draw_up(context, november)
    assert await frozen(database, first) == await frozen(database, again)
    assert await corrected(database, first) == await corrected(database, again)
    async with database.system() as session:
        states = await session.rows(
            select(Circular.state).where(Circular.month == november.first).order_by(Circular.id)
        )
    assert [row.state for row in states] == ["SUPERSEDED", "DRAFT"]
    assert issues[SEPTEMBER] not in {first, again}


async def test_numbers_follow_each_other_within_the_year(
    database: Database, published: tuple[list[Duty], dict[Month, UUID]]
) -> None:
    async with database.system() as session:
        rows = await session.rows(
            select(Circular.number_text, Circular.published_on, Circular.as_of)
            .where(Circular.state == "PUBLISHED")
            .order_by(Circular.month)
        )
    assert [row.number_text for row in rows] == [f"广州市应诉通报〔2026〕{serial}号" for serial in (1, 2, 3)]
    assert [row.published_on for row in rows] == list(PUBLISHED.values())
    assert [row.as_of for row in rows] == [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)]


CHANGES = [
    update(CircularLine).values(missed=0),
    update(CircularMiss).values(agency_name="x"),
    update(CircularCorrection).values(after=99),
    update(Circular).values(issuer="x"),
    delete(CircularLine),
    delete(CircularMiss),
    delete(CircularCorrection),
    delete(Circular),
]


@pytest.mark.parametrize("change", CHANGES, ids=[f"{one.__visit_name__} {one.table.name}" for one in CHANGES])
async def test_no_role_changes_what_is_published(
    database: Database, city: City, published: tuple[list[Duty], dict[Month, UUID]], change: Any
) -> None:
    _, issues = published
    column = change.table.c.id if change.table.name == "reminders_circular" else change.table.c.circular_id
    of_issues = change.where(column.in_(issues.values()))
    with pytest.raises(DBAPIError) as caught:
        async with database.system() as session:
            await session.execute(of_issues)
    assert getattr(caught.value.orig, "sqlstate", "") == "42501"
    try:
        async with database.write(city.scope(440100000)) as session:
            assert await session.execute(of_issues) == 0
    except DBAPIError as refused:
        assert getattr(refused.orig, "sqlstate", "") == "42501"


async def test_nothing_is_added_to_what_is_published(
    database: Database, city: City, published: tuple[list[Duty], dict[Month, UUID]]
) -> None:
    _, issues = published
    row = {"circular_id": issues[JULY], "agency_id": city.agencies["town"], "agency_name": "x", "district_code": 1}
    row |= {
        "district_name": "x",
        "kind": "REPORT",
        "due": 1,
        "void": 0,
        "on_time": 1,
        "late": 0,
        "missed": 0,
        "open": 0,
    }
    for opened in (database.system(), database.write(city.scope(440100000))):
        with pytest.raises(DBAPIError) as caught:
            async with opened as session:
                await session.execute(insert(CircularLine).values(shard=4401, was_missed=0, remedied=0, **row))
        assert getattr(caught.value.orig, "sqlstate", "") == "42501"


async def visible(database: Database, scope: Any) -> tuple[int, int]:
    async with database.read(scope) as session:
        issues = await session.scalar(text("select count(*) from reminders_circular where published_at is not null"))
        drafts = await session.scalar(text("select count(*) from reminders_circular where published_at is null"))
        lines_seen = await session.scalar(text("select count(distinct circular_id) from reminders_circular_line"))
    assert lines_seen == issues + drafts
    return issues, drafts


async def test_everybody_in_the_city_sees_issues_and_the_city_alone_its_drafts(
    database: Database, city: City, desk: Desk, published: tuple[list[Duty], dict[Month, UUID]]
) -> None:
    desk.clock.instant = at(date(2026, 11, 5), 9)
    async with desk.at_work() as context:
        await issuing.draw_up(context, Month(date(2026, 10, 1)))
    issues, drafts = await visible(database, city.scope(440100000))
    assert issues == 3
    assert drafts >= 1
    for scope in (
        city.scope(440112000),
        city.scope(440112001),
        city.agency_scope("town"),
        city.scope(440100000, ScopeKind.NONE),
    ):
        assert await visible(database, scope) == (3, 0)
    assert await visible(database, city.scope(440300000)) == (0, 0)


async def test_the_secretary_who_reads_figures_alone_may_be_recorded_as_asking_for_an_issue(
    database: Database, city: City, desk: Desk, published: tuple[list[Duty], dict[Month, UUID]]
) -> None:
    _, issues = published
    secretary = Desk(database, city.scope(440100000, ScopeKind.NONE), desk.clock, Role.EXECUTIVE_SECRETARY)
    async with secretary.at_work() as context:
        assert await records.file_of(context.session, issues[JULY], "DOCX") is None
        await context.record("circularDownload", issuing.subject_of(context, issues[JULY]))
    assert [entry.act for entry in await trail(database, issues[JULY])][-1] == "circularDownload"


async def test_a_district_cannot_write_into_the_citys_circular(database: Database, city: City, desk: Desk) -> None:
    desk.clock.instant = at(date(2026, 11, 5), 9)
    async with desk.at_work() as context:
        draft = await issuing.draw_up(context, Month(date(2026, 10, 1)))
    row = {"circular_id": draft, "agency_id": city.agencies["town"], "agency_name": "x", "district_code": 440112000}
    row |= {
        "district_name": "x",
        "kind": "REPORT",
        "due": 1,
        "void": 0,
        "on_time": 1,
        "late": 0,
        "missed": 0,
        "open": 0,
    }
    with pytest.raises(DBAPIError) as caught:
        async with database.write(city.scope(440112000)) as session:
            await session.execute(insert(CircularLine).values(shard=4401, was_missed=0, remedied=0, **row))
    assert getattr(caught.value.orig, "sqlstate", "") == "42501"


async def test_a_district_without_the_plugin_is_not_counted(database: Database, city: City, desk: Desk) -> None:
    """It cannot enter what it did, so nobody may be told that it missed it."""
    desk.clock.instant = at(date(2026, 11, 5), 9)
    duty = Duty(uuid4(), city.agencies["tianhe"], 440106000, "DEFENCE", date(2026, 10, 9))
    await world.write(database, city, [("tianhe", duty)])
    async with desk.at_work() as context:
        counted = await issuing.draw_up(context, Month(date(2026, 10, 1)))
    await enable(database, 440106000, 440107000, "DISABLED")
    async with desk.at_work() as context:
        left_out = await issuing.draw_up(context, Month(date(2026, 10, 1)))
    assert 440106000 in {key.district for key in await frozen(database, counted)}
    assert 440106000 not in {key.district for key in await frozen(database, left_out)}
