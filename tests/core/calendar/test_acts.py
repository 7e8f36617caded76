"""Loading a calendar year on a real database: what rests on it follows, and is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from core.audit.tables import DomainEvent
from core.calendar import CalendarDay, DayKind, YearStatus, shipped_calendar
from core.calendar.acts import CalendarImport, YearOutcome, import_calendar
from core.calendar.records import CalendarSource, load_calendar
from core.calendar.tables import CalendarVersion
from core.cases.acts.documents import DOCUMENT_REGISTER
from core.cases.tables import Obligation, Period, PeriodCalculation, PeriodChange, Response, Suggestion
from core.cases.vocabulary import DocType
from core.clock import FrozenClock
from core.db.session import Database
from tests.support.acting import Desk, Docket, row_of, rows_of, trail
from tests.support.city import City

SHIPPED = list(shipped_calendar().rows())
NOTICE = "国办发明电〔2026〕7号"
NOW = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
# 15 days from Sunday 12-20 end on Monday 01-04, from Saturday 12-26 on Sunday 01-10, hence on Monday 01-11.
MOVING, STAYING = date(2026, 12, 20), date(2026, 12, 26)


def year_2027(*holidays: date, status: YearStatus = YearStatus.OFFICIAL) -> list[CalendarDay]:
    days = [replace(day, status=status) for day in SHIPPED if day.date.year == 2027]
    return [
        replace(day, is_workday=False, kind=DayKind.HOLIDAY, holiday="元旦") if day.date in holidays else day
        for day in days
    ]


async def load(database: Database, rows: Sequence[CalendarDay], **more: Any) -> CalendarImport:
    async with database.system() as session:
        return await import_calendar(session, rows, NOTICE, NOW, by="tester", **more)


@pytest.fixture(scope="module")
async def periods(database: Database, city: City) -> dict[str, UUID]:
    """Three answer periods on the provisional year 2027, two of them reckoned alike, and one that was met."""
    await load(database, SHIPPED)
    docket = Docket(database, city)
    opened: dict[str, UUID] = {}
    for name, agency, received in (
        ("moving", "huangpu", MOVING),
        ("alike", "tianhe", MOVING),
        ("foreign", "shenzhen", MOVING),
        ("staying", "huangpu", STAYING),
        ("met", "tianhe", MOVING),
        ("old", "tianhe", date(2026, 3, 5)),
    ):
        _, (response,) = await docket.case(agency)
        root = 440_300_000 if agency == "shenzhen" else 440_100_000
        desk = Desk(database, city.scope(root), FrozenClock(NOW))
        await desk.perform(
            DOCUMENT_REGISTER, response_id=response, doc_type=DocType.RESPONSE_NOTICE, received_on=received
        )
        (period,) = await rows_of(database, Period, response_id=response)
        opened[name] = period.id
    async with database.system() as session:
        await session.execute(update(Period).where(Period.id == opened["met"]).values(status="MET", met_on=MOVING))
        moving = await session.row(select(Period.__table__).where(Period.id == opened["moving"]))
        assert moving is not None
        place = {"shard": 4401, "code": moving.code, "agency_id": moving.agency_id}
        whole = {**place, "case_id": moving.case_id, "response_id": moving.response_id}
        for name, due in (("follows", date(2027, 1, 4)), ("own", date(2027, 1, 2))):
            opened[name] = await session.scalar(
                insert(Obligation)
                .values(**whole, kind="DEFENCE", content="答辩", due_on=due, status="OPEN", period_id=moving.id)
                .returning(Obligation.id)
            )
        opened["suggestion"] = await session.scalar(
            insert(Suggestion)
            .values(
                **place,
                kind="JUDICIAL",
                issued_by="广州铁路运输法院",
                subject="规范执法",
                received_on=MOVING,
                reply_due_on=moving.due_on,
                status="OPEN",
                calculation_id=moving.calculation_id,
            )
            .returning(Suggestion.id)
        )
    return opened


async def test_what_rests_on_2027_is_provisional_before_its_notice(
    database: Database, periods: dict[str, UUID]
) -> None:
    moving, old = await row_of(database, Period, periods["moving"]), await row_of(database, Period, periods["old"])
    assert (moving.due_on, moving.provisional) == (date(2027, 1, 4), True)
    assert not old.provisional


async def test_a_holiday_of_the_official_year_moves_last_days(database: Database, periods: dict[str, UUID]) -> None:
    before = {name: await row_of(database, Period, periods[name]) for name in ("staying", "met", "old")}
    result = await load(database, year_2027(date(2027, 1, 4)))
    (year,) = result.years
    assert (year.outcome, year.status, year.version) == (YearOutcome.LOADED, YearStatus.OFFICIAL, 2)
    assert (result.recalculated.moved, result.recalculated.confirmed, result.recalculated.suggestions) == (3, 1, 1)
    for name in ("moving", "alike", "foreign"):
        period = await row_of(database, Period, periods[name])
        assert (period.due_on, period.earliest_due_on, period.provisional) == (
            date(2027, 1, 5),
            date(2027, 1, 5),
            False,
        )
        response = await row_of(database, Response, period.response_id)
        assert response.answer_due_on == date(2027, 1, 5)
        calculation = await row_of(database, PeriodCalculation, period.calculation_id)
        assert (calculation.due_on, calculation.provisional, calculation.shard) == (
            date(2027, 1, 5),
            False,
            period.shard,
        )
        assert any(step["rule"] == "ROLL_REST_DAY" for step in calculation.trace), calculation.trace
    staying = await row_of(database, Period, periods["staying"])
    assert (staying.due_on, staying.provisional) == (before["staying"].due_on, False)
    assert await row_of(database, Period, periods["met"]) == before["met"]
    assert await row_of(database, Period, periods["old"]) == before["old"]


async def test_each_change_is_logged_with_its_cause(database: Database, periods: dict[str, UUID]) -> None:
    for name, new in (("moving", date(2027, 1, 5)), ("staying", date(2027, 1, 11))):
        (change,) = await rows_of(database, PeriodChange, period_id=periods[name])
        assert (change.cause, change.new_due_on, change.reason) == ("CALENDAR", new, NOTICE)
        (entry,) = [entry for entry in await trail(database, periods[name]) if entry.act == "periodRecalculate"]
        assert (entry.actor, entry.after) == ("tester", {"due_on": new.isoformat(), "provisional": False})
        former = await row_of(database, PeriodCalculation, change.former_calculation_id)
        assert former.provisional
    async with database.system() as session:
        events = await session.rows(
            select(DomainEvent.subject_id, DomainEvent.payload).where(DomainEvent.name == "PeriodChanged")
        )
    assert {event.subject_id for event in events} == {periods["moving"], periods["alike"], periods["foreign"]}
    assert {event.payload["due_on"] for event in events} == {"2027-01-05"}


async def test_duties_and_suggestions_that_repeat_the_day_follow(database: Database, periods: dict[str, UUID]) -> None:
    follows = await row_of(database, Obligation, periods["follows"])
    own = await row_of(database, Obligation, periods["own"])
    suggestion = await row_of(database, Suggestion, periods["suggestion"])
    assert (follows.due_on, own.due_on) == (date(2027, 1, 5), date(2027, 1, 2))
    assert suggestion.reply_due_on == date(2027, 1, 5)
    assert [entry.act for entry in await trail(database, suggestion.id)] == ["suggestionRecalculate"]


async def test_the_same_file_again_changes_nothing(database: Database, periods: dict[str, UUID]) -> None:
    before = [await rows_of(database, table) for table in (Period, PeriodChange, PeriodCalculation, Obligation)]
    result = await load(database, year_2027(date(2027, 1, 4)))
    assert [year.outcome for year in result.years] == [YearOutcome.UNCHANGED]
    assert (result.recalculated.moved, result.recalculated.confirmed, result.recalculated.suggestions) == (0, 0, 0)
    assert [await rows_of(database, table) for table in (Period, PeriodChange, PeriodCalculation, Obligation)] == before


async def test_a_provisional_list_never_replaces_an_official_one(database: Database, periods: dict[str, UUID]) -> None:
    for rows, more in (
        (year_2027(status=YearStatus.PROVISIONAL), {}),
        (year_2027(), {"corrects_official": False}),
    ):
        result = await load(database, rows, **more)
        assert [year.outcome for year in result.years] == [YearOutcome.OFFICIAL_STANDS]


async def test_a_corrected_official_year_moves_periods_that_were_not_provisional(
    database: Database, periods: dict[str, UUID]
) -> None:
    result = await load(database, year_2027(date(2027, 1, 4), date(2027, 1, 5)))
    assert (result.years[0].version, result.recalculated.moved) == (3, 3)
    assert (await row_of(database, Period, periods["moving"])).due_on == date(2027, 1, 6)


async def test_editions_are_kept_and_one_is_in_force(database: Database, periods: dict[str, UUID]) -> None:
    async with database.system() as session:
        rows = await session.rows(
            select(CalendarVersion.version, CalendarVersion.status, CalendarVersion.superseded_at)
            .where(CalendarVersion.year == 2027)
            .order_by(CalendarVersion.version)
        )
        calendar = await load_calendar(session)
    assert [(row.version, row.status, row.superseded_at is None) for row in rows] == [
        (1, "provisional", False),
        (2, "official", False),
        (3, "official", True),
    ]
    assert calendar.status(2027) is YearStatus.OFFICIAL
    assert not calendar.is_workday(date(2027, 1, 5))


async def test_the_source_reads_the_calendar_again_only_when_a_year_was_loaded(
    database: Database, periods: dict[str, UUID]
) -> None:
    source = CalendarSource()
    async with database.anonymous() as session:
        first = await source.current(session)
        assert await source.current(session) is first
    await load(database, year_2027(date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6)))
    async with database.anonymous() as session:
        second = await source.current(session)
    assert second is not first
    assert first.is_workday(date(2027, 1, 6))
    assert not second.is_workday(date(2027, 1, 6))
