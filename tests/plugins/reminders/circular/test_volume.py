"""Issues with thousands of missed duties are drawn up within the time that any statement has."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from core.db.session import Database
from plugins.reminders.circular import issuing
from plugins.reminders.circular.tables import CircularMiss
from tests.plugins.reminders.circular import world
from tests.plugins.reminders.circular.duties import AUGUST, JULY, at
from tests.plugins.reminders.circular.test_snapshot import enable, issue
from tests.support.acting import Desk
from tests.support.city import City

MISSED = """insert into reminders_obligation (shard, code, agency_id, kind, source_type, source_id, state, due_on, earliest_due_on,
       registered_on, registered_at, missed_at, violation_date)
select 4401, a.code, a.id, 'DEFENCE', 'PERIOD', gen_random_uuid(), 'MISSED', due_on, due_on, due_on - 20, due_on - 20, due_on + 1,
       due_on + 1
  from generate_series(0, 3999) g cross join lateral (select date '2026-07-01' + g % 60 as due_on) d
  join agency a on a.shard = 4401 and a.id = :agency"""


async def test_who_is_listed_already_is_asked_once_and_not_for_each_miss(database: Database, city: City) -> None:
    """Two thousand misses listed before, two thousand now: asking for each anew ran into the time limit of ten seconds."""
    await enable(database)
    async with database.system() as session:
        await session.execute(text(MISSED), {"agency": city.agencies["city"]})
    desk = Desk(database, city.scope(440100000))
    july = await issue(desk, JULY)
    desk.clock.instant = at(date(2026, 9, 7), 9)
    async with desk.at_work() as context:
        august = await issuing.draw_up(context, AUGUST)
    listed = [{row.subject_id for row in await world.rows_of(database, CircularMiss, each)} for each in (july, august)]
    assert [len(each) > 1_900 for each in listed] == [True, True]
    assert not listed[0] & listed[1]
