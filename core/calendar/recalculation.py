"""重算: what a new calendar year does to what was reckoned by the former one.

Periods reckoned alike share one calculation, so each distinct input is reckoned once, however many periods of however many
cities hang on it; the rows follow by one statement a table and batch (`recalculation.sql` holds them, in order).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import text

from core.calendar.counting import PeriodSuspended
from core.calendar.period import Period, period
from core.calendar.period_input import PeriodInput
from core.calendar.working_days import DateOutOfRange, WorkingCalendar
from core.cases.acts.terms import ANSWER_PERIODS, PeriodChangeCause
from core.cases.records.periods import digest_of
from core.db.session import SystemSession
from core.db.uuid7 import uuid7

BATCH = 2_000
"""Calculations that are staged at once; thousands of periods may hang on one."""

_STAGED = (
    "shard",
    "former_id",
    "new_id",
    "digest",
    "input",
    "trace",
    "due_on",
    "earliest_due_on",
    "provisional",
    "calendar_versions",
)

_CANDIDATES = text(
    "select c.shard, c.id, c.input, c.due_on, c.earliest_due_on, c.provisional from period_calculation c"
    " where c.provisional or exists (select 1 from jsonb_array_elements(c.calendar_versions) v"
    " where (v ->> 'year')::integer = any(:years)) order by c.shard, c.id"
)


@dataclass(frozen=True, slots=True)
class Recalculated:
    """重算结果: how many rows follow a new calendar. `moved` periods have another last day, `confirmed` the same one."""

    moved: int = 0
    confirmed: int = 0
    suggestions: int = 0

    def __add__(self, other: Recalculated) -> Recalculated:
        return Recalculated(
            self.moved + other.moved, self.confirmed + other.confirmed, self.suggestions + other.suggestions
        )


async def recalculate(
    session: SystemSession, calendar: WorkingCalendar, loaded: Sequence[int], *, source: str, by: str, now: datetime
) -> Recalculated:
    """Reckon anew what is provisional, or rests on one of the years just loaded, in all cities.

    An open period whose last day, earliest end or standing changes gets the new calculation, a row in its changes, an audit
    entry and, if the day moved, an event. Obligations, answer days, appeal terms and open suggestions that repeat the former
    day follow. What stands still (中止) is reckoned when it resumes.
    """
    candidates = await session.rows(_CANDIDATES, {"years": list(loaded)})
    results: dict[str, Period | None] = {}
    staged: list[tuple[Any, ...]] = []
    for row in candidates:
        key = json.dumps(row.input, sort_keys=True)
        if key not in results:
            results[key] = _reckon(row.input, calendar)
        result = results[key]
        if result is None or _standing(result) == (row.due_on, row.earliest_due_on, row.provisional):
            continue
        staged.append(_staged(row.shard, row.id, row.input, result))
    total = Recalculated()
    for first in range(0, len(staged), BATCH):
        total += await _follow(session, staged[first : first + BATCH], source=source, by=by, now=now)
    return total


def _standing(result: Period) -> tuple[Any, ...]:
    return result.due, result.earliest_due, result.provisional


def _reckon(given: Mapping[str, Any], calendar: WorkingCalendar) -> Period | None:
    try:
        return period(PeriodInput.from_json(given), calendar)
    except PeriodSuspended:
        return None
    except DateOutOfRange:
        # The new list pushes it past 2120: the former day stands, as it would for an act.
        return None


def _staged(shard: int, former: UUID, given: Mapping[str, Any], result: Period) -> tuple[Any, ...]:
    plain = result.to_json()
    return (
        shard,
        former,
        uuid7(),
        digest_of(given, plain),
        json.dumps(dict(given), ensure_ascii=False),
        json.dumps(plain["trace"], ensure_ascii=False),
        result.due,
        result.earliest_due,
        result.provisional,
        json.dumps(plain["versions"]),
    )


async def _follow(
    session: SystemSession, staged: Sequence[tuple[Any, ...]], *, source: str, by: str, now: datetime
) -> Recalculated:
    statements = _statements()
    for name in ("drop_staging", "stage", "stage_moved", "stage_suggestions"):
        await session.driver.execute(statements[name])
    await session.driver.copy_records_to_table("reckoned", schema_name="pg_temp", columns=list(_STAGED), records=staged)
    given: dict[str, Any] = {
        "now": now,
        "by": by,
        "source": source,
        "cause": PeriodChangeCause.CALENDAR.value,
        "answers": sorted(kind.value for kind in ANSWER_PERIODS),
    }
    counts: dict[str, int] = {}
    for name, statement in statements.items():
        if "stag" not in name:
            wanted = {key: value for key, value in given.items() if f":{key}" in statement}
            counts[name] = await session.execute(text(statement), wanted)
    moved = int(await session.scalar(text("select count(*) from moved where former_due_on <> due_on")))
    return Recalculated(moved, counts["find_periods"] - moved, counts["find_suggestions"])


def _statements() -> dict[str, str]:
    """The statements of the SQL file by the name on the comment line before each."""
    return dict(_named(files(__package__).joinpath("recalculation.sql").read_text(encoding="utf-8")))


def _named(script: str) -> Iterator[tuple[str, str]]:
    for part in script.split("-- name: ")[1:]:
        name, _, statement = part.partition("\n")
        yield name.strip(), statement.strip().rstrip(";")
