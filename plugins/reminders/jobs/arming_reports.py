"""补报备: documents that must be reported and have no report: received while the plugin was disabled, or imported.

One whose term still runs is armed. One that was registered while the plugin was away, and whose term has passed, is listed as missed
meanwhile, without a message: neither on the day on which it is found nor later. Where the plugin was never enabled before nothing was
owed, and nothing is listed; nor is what lies long before it left, which an import may bring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Row, text

from core.sdk.acts import Area, SettingsBook, SystemSession
from core.sdk.rules import Clock, WorkingCalendar
from plugins.reminders.jobs.meanwhile import begun_from, happened_while_away, longest, said
from plugins.reminders.rules.births import ALWAYS_REPORTED, INFORMED, is_informed, is_reported
from plugins.reminders.rules.terms import report_period
from plugins.reminders.settings import RemindersSettings

_AREAS: Final = (
    "unnest(cast(:shards as integer[]), cast(:lows as bigint[]), cast(:highs as bigint[]), cast(:froms as date[]))"
    " as a(shard, low, high, received_from)"
)
FIND: Final = text(f"""
select d.id, d.shard, d.code, d.agency_id, d.case_id, d.response_id, d.doc_type, d.direction, d.received_on, d.registered_at
  from {_AREAS} join document d on d.shard = a.shard and d.code >= a.low and d.code < a.high
 where d.received_on >= a.received_from and d.doc_type = any(cast(:types as text[])) and d.id > cast(:after as uuid)
   and not exists (select 1 from reminders_report r where r.shard = d.shard and r.document_id = d.id)
 order by d.id limit :batch""")

_OWNER: Final = "shard, code, agency_id, case_id, response_id"
_FOUND: Final = (
    "unnest(cast(:shard as integer[]), cast(:code as bigint[]), cast(:agency_id as uuid[]), cast(:case_id as uuid[]),"
    " cast(:response_id as uuid[]), cast(:document_id as uuid[]), cast(:doc_type as text[]), cast(:received_on as date[]),"
    " cast(:due_on as date[]), cast(:trace as text[]), cast(:info_only as boolean[]), cast(:passed as boolean[]))"
    f" as s({_OWNER}, document_id, doc_type, received_on, due_on, trace, info_only, passed)"
)
BEAR: Final = text(f"""
with born as (
  insert into reminders_report ({_OWNER}, document_id, doc_type, received_on, due_on, trace, info_only, state, registered_at,
         overdue_at, missed_meanwhile)
  select {_OWNER}, document_id, doc_type, received_on, due_on, trace::jsonb, info_only,
         case when passed then 'REPORT_OVERDUE' else 'RECEIVED' end, cast(:now as timestamptz),
         case when passed then (due_on + 1)::timestamp at time zone 'Asia/Shanghai' end, passed
    from {_FOUND} on conflict do nothing
  returning id, {_OWNER}, doc_type, due_on, state, info_only
), armed as (
  insert into reminders_timer ({_OWNER}, subject_type, subject_id, due_version, kind, offset_days, fires_on, fires_at)
  select {_OWNER}, 'CaseReport', id, 1, 'REPORT_OVERDUE', 0, due_on + 1, (due_on + 1)::timestamp at time zone 'Asia/Shanghai'
    from born where state = 'RECEIVED' and not info_only
), noted as (
  insert into reminders_event ({_OWNER}, report_id, ordinal, transition, from_state, to_state, actor, at, reason, evidence)
  select b.shard, b.code, b.agency_id, b.case_id, b.response_id, b.id, e.ordinal, e.transition, e.from_state, e.to_state,
         'system', cast(:now as timestamptz), e.reason, '{{"kinds": ["CASE_RECORD"]}}'::jsonb
    from born b cross join lateral (values (1, 'RECEIVE', null, 'RECEIVED', '补立项'),
         (2, 'LAPSE', 'RECEIVED', 'REPORT_OVERDUE', '停用期间已到期')) e(ordinal, transition, from_state, to_state, reason)
   where e.transition = 'RECEIVE' or b.state = 'REPORT_OVERDUE'
)
insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)
select b.shard, b.code, b.agency_id, 'ReportReceive', 'CaseReport', b.id,
       jsonb_build_object('case_id', b.case_id, 'doc_type', b.doc_type, 'from_state', null, 'to_state', b.state,
                          'due_on', b.due_on), cast(:now as timestamptz)
  from born b order by b.shard, b.id
""")


@dataclass(frozen=True, slots=True)
class _Owed:
    """A report that is owed for a document, or was while the plugin was away."""

    document: Row[Any]
    due_on: date
    trace: str
    info_only: bool
    passed: bool


@dataclass(frozen=True, slots=True)
class ReportArming:
    """What is looked for, and by which rules."""

    clock: Clock
    calendar: WorkingCalendar
    areas: Sequence[Area]
    settings: SettingsBook[RemindersSettings]

    def owed(self, found: Iterable[Row[Any]]) -> list[_Owed]:
        """Those of the documents found for which a report is to be there."""
        return [one for one in map(self._owed, found) if one is not None]

    def _owed(self, document: Row[Any]) -> _Owed | None:
        own = self.settings.of(document.shard, document.code)
        reported = is_reported(document.doc_type, document.direction, own.report.also)
        if not reported and not is_informed(document.doc_type, document.direction, own.report.also):
            return None
        period = report_period(document.received_on, own, self.calendar)
        passed = period.due < self.clock.today()
        place = (document.shard, document.code)
        if passed and not (reported and happened_while_away(self.areas, place, document.registered_at)):
            return None
        trace = orjson.dumps(period.to_json()["trace"]).decode()
        return _Owed(document, period.due, trace, not reported, passed)

    def given(self, batch: int) -> dict[str, Any]:
        """What the statement that finds them is given."""
        term = longest(self.settings, "report", RemindersSettings().report.term)
        also = {kind for one in said(self.settings, "report") for kind in one.get("also", ())}
        return {
            "shards": [area.shard for area in self.areas],
            "lows": [area.low for area in self.areas],
            "highs": [area.high for area in self.areas],
            "froms": [begun_from(area, self.clock.now(), term) for area in self.areas],
            "types": sorted(ALWAYS_REPORTED | INFORMED | also),
            "batch": batch,
        }


async def arm_reports(session: SystemSession, arming: ReportArming, batch: int) -> int:
    """Batch after batch, each document looked at once; how many reports were born."""
    given = arming.given(batch) | {"after": UUID(int=0)}
    total = 0
    while found := await session.rows(FIND, given):
        owed = arming.owed(found)
        if owed:
            total += await session.execute(BEAR, _columns(owed) | {"now": arming.clock.now()})
        given["after"] = found[-1].id
    return total


def _columns(owed: Sequence[_Owed]) -> dict[str, Any]:
    kept = ("shard", "code", "agency_id", "case_id", "response_id", "doc_type", "received_on")
    return {name: [getattr(one.document, name) for one in owed] for name in kept} | {
        "document_id": [one.document.id for one in owed],
        "due_on": [one.due_on for one in owed],
        "trace": [one.trace for one in owed],
        "info_only": [one.info_only for one in owed],
        "passed": [one.passed for one in owed],
    }
