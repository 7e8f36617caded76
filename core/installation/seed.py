"""What every database begins with: divisions, courts, causes, the tenants of all of China, and the working-day calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.calendar.acts import YearOutcome, import_calendar
from core.calendar.calendar_file import SHIPPED_FILE, read_calendar_file, shipped_calendar_file
from core.db.session import SystemSession
from core.installation.sort_keys import shipped_or_computed
from core.reference.readers import read_causes, read_closed_divisions, read_courts, read_divisions
from core.reference.records import merge_causes, merge_courts, merge_divisions
from core.tenancy.hierarchy import build_hierarchy
from core.tenancy.records import add_missing_tenants


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many rows (of the calendar: years) were written; all 0 where the database had everything."""

    divisions: int
    courts: int
    causes: int
    tenants: int
    calendar_years: int


async def seed_reference(session: SystemSession, now: datetime) -> Seeded:
    """Bring the shipped reference data into the database. Running it again changes nothing.

    Divisions, courts and causes become what is shipped. Tenants are only added: those that are there have a history of their
    own. A calendar year is loaded if it is missing, or official where the database has it provisional.
    """
    await session.driver.execute("select pg_advisory_xact_lock(hashtextextended('yingsu.seed', 0))")
    divisions = list(read_divisions())
    tenants = build_hierarchy(divisions, read_closed_divisions(), sort_key=shipped_or_computed())
    written = (
        await merge_divisions(session, divisions),
        await merge_courts(session, read_courts()),
        await merge_causes(session, read_causes()),
        await add_missing_tenants(session, tenants),
    )
    days = read_calendar_file(shipped_calendar_file())
    calendar = await import_calendar(session, days, SHIPPED_FILE, now, corrects_official=False)
    loaded = sum(year.outcome is YearOutcome.LOADED for year in calendar.years)
    return Seeded(*written, calendar_years=loaded)
