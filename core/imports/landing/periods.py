"""The answer periods of an import: one calculation a day of receipt and kind of procedure, shared by all responses alike."""

from __future__ import annotations

from datetime import date

import asyncpg
import orjson

from core.calendar import DateOutOfRange, TermNotFixed, WorkingCalendar, period, period_input
from core.cases.acts.terms import answer_term
from core.cases.records.periods import digest_of
from core.cases.states import ProcedureForm
from core.cases.vocabulary import ProcedureKind

CREATE = """
create temp table answer_period (starts_on date, procedure_kind text, form text, period_kind text, digest text, input text,
    trace text, due_on date, earliest_due_on date, provisional boolean, versions text, calculation_id uuid) on commit drop
"""
KEEP = """
insert into period_calculation (shard, digest, input, trace, due_on, earliest_due_on, provisional, calendar_versions)
  select distinct on (d.digest) s.shard, d.digest, d.input::jsonb, d.trace::jsonb, d.due_on, d.earliest_due_on, d.provisional,
         d.versions::jsonb
    from answer_period d cross join import_scope s
   where d.digest is not null and exists (
     select 1 from fresh f where f.received_date = d.starts_on and f.procedure_kind = d.procedure_kind and f.form = d.form
        and (f.reply_due is null or f.reply_due = d.due_on))
   order by d.digest
  on conflict (shard, digest) do nothing;
update answer_period d set calculation_id = c.id
  from period_calculation c, import_scope s where c.shard = s.shard and c.digest = d.digest;
analyze answer_period;
"""
COLUMNS = (
    "starts_on", "procedure_kind", "form", "period_kind", "digest", "input", "trace", "due_on", "earliest_due_on", "provisional",
    "versions",
)  # fmt: skip
ONLY_FILED = (None, None, None, None, None, False, None)


async def reckon_answer_periods(driver: asyncpg.Connection, calendar: WorkingCalendar) -> None:
    """Fill `answer_period` for the new cases (domain D2, D2b, D2.second, D2.retrial; 行政诉讼法 67, 适用解释 104)."""
    await driver.execute(CREATE)
    wanted = await driver.fetch(
        "select distinct received_date, procedure_kind, form from fresh where received_date is not null"
    )
    records = [
        (
            row["received_date"],
            row["procedure_kind"],
            row["form"],
            term[0].value,
            *_reckoned(term[1], row["received_date"], calendar),
        )
        for row in wanted
        if (term := answer_term(ProcedureKind[row["procedure_kind"]], ProcedureForm[row["form"]])) is not None
    ]
    await driver.copy_records_to_table("answer_period", records=records, columns=COLUMNS)
    await driver.execute(KEEP)


def _reckoned(term: str, received: date, calendar: WorkingCalendar) -> tuple[object, ...]:
    """What is stored of a calculation; nothing where only the file can tell the last day.

    So it is in the simplified procedure, where the court sets the term, and beyond the calendar.
    """
    try:
        given = period_input(term, received)
        found = period(given, calendar)
    except (DateOutOfRange, TermNotFixed):
        return ONLY_FILED
    plain = found.to_json()
    return (
        digest_of(given.to_json(), plain),
        orjson.dumps(given.to_json()).decode(),
        orjson.dumps(plain["trace"]).decode(),
        found.due,
        found.earliest_due,
        found.provisional,
        orjson.dumps(plain["versions"]).decode(),
    )
