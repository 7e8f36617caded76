"""The defence periods of an import: one calculation a day of receipt, shared by every response received that day."""

from __future__ import annotations

import hashlib
from datetime import date

import asyncpg
import orjson

from core.calendar import WorkingCalendar, period, period_input

CREATE = """
create temp table defence_period (starts_on date primary key, digest text, input text, trace text, due_on date, earliest_due_on date,
    provisional boolean, versions text, calculation_id uuid) on commit drop
"""
KEEP = """
insert into period_calculation (shard, digest, input, trace, due_on, earliest_due_on, provisional, calendar_versions)
  select s.shard, d.digest, d.input::jsonb, d.trace::jsonb, d.due_on, d.earliest_due_on, d.provisional, d.versions::jsonb
    from defence_period d cross join import_scope s
  on conflict (shard, digest) do nothing;
update defence_period d set calculation_id = c.id
  from period_calculation c, import_scope s where c.shard = s.shard and c.digest = d.digest;
analyze defence_period;
"""
COLUMNS = ("starts_on", "digest", "input", "trace", "due_on", "earliest_due_on", "provisional", "versions")


async def reckon_defence_periods(driver: asyncpg.Connection, calendar: WorkingCalendar) -> None:
    """Fill `defence_period` for every day of receipt among the staged cases (domain D2, 行政诉讼法 67)."""
    await driver.execute(CREATE)
    days = await driver.fetch("select distinct received_date from stage_cases where received_date is not null")
    records = [_reckoned(row["received_date"], calendar) for row in days]
    await driver.copy_records_to_table("defence_period", records=records, columns=COLUMNS)
    await driver.execute(KEEP)


def _reckoned(received: date, calendar: WorkingCalendar) -> tuple[object, ...]:
    given = period_input("D2", received)
    found = period(given, calendar)
    as_json = orjson.dumps(given.to_json(), option=orjson.OPT_SORT_KEYS)
    trace = orjson.dumps([step.to_json() for step in found.trace])
    versions = orjson.dumps([version.version for version in found.versions])
    digest = hashlib.sha256(as_json + b"\n" + versions).hexdigest()
    return (
        received,
        digest,
        as_json.decode(),
        trace.decode(),
        found.due,
        found.earliest_due,
        found.provisional,
        versions.decode(),
    )
