"""What the kinds of timers do when they fire, as SQL over a set: the rules' transitions, written once for thousands of rows.

`ok` says whether a timer still has something to do; the others are settled without effect. In these expressions `t` is the
timer, `o` the obligation or report; `:today` and `:now` are the job's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from plugins.reminders.rules.table import LATE_TRACK, TABLE
from plugins.reminders.rules.timers import FIRES, FIRES_ON_REPORT
from plugins.reminders.rules.vocabulary import CancelReason, ObligationState, TimerKind

_NOW: Final = "cast(:now as timestamptz)"
OBLIGATION, REPORT = "reminders_obligation", "reminders_report"
SUBJECT: Final = {OBLIGATION: "SupervisedObligation", REPORT: "CaseReport"}


def _among(states: frozenset[ObligationState]) -> str:
    return "o.state in (" + ", ".join(f"'{state.value}'" for state in sorted(states)) + ")"


@dataclass(frozen=True, slots=True)
class Firing:
    """One kind of timer. `sets` are the subject's new columns; `reminder` says that a record of reminding is written."""

    kind: TimerKind
    table: str
    transition: str
    ok: str
    sets: str = ""
    at: str = "greatest(t.fires_at, o.registered_at)"

    @property
    def name(self) -> str:
        """The domain event's name, as `plugins.reminders.events` gives it."""
        prefix = "Supervision" if self.table == OBLIGATION else "Report"
        return prefix + "".join(word.capitalize() for word in self.transition.split("_"))


def _of_obligation(
    kind: TimerKind, also: str, sets: str = "", at: str = "greatest(t.fires_at, o.registered_at)"
) -> Firing:
    transition = FIRES[kind]
    return Firing(kind, OBLIGATION, transition.value, f"{_among(TABLE[transition].from_states)} and {also}", sets, at)


def _of_report(kind: TimerKind, state: str, sets: str = "", at: str = "t.fires_at") -> Firing:
    return Firing(kind, REPORT, FIRES_ON_REPORT[kind].value, f"o.state = '{state}'", sets, at)


_LATE = "(" + ", ".join(f"'{state.value}'" for state in sorted(LATE_TRACK)) + ")"
_FEEDBACK_LAPSED = (
    f"state = case when o.state in {_LATE} then o.state else 'FEEDBACK_OVERDUE' end, "
    "feedback_overdue_at = coalesce(o.feedback_overdue_at, f.at)"
)
_REMEDY_LAPSED = "remedy_overdue_at = coalesce(o.remedy_overdue_at, f.at)"
_SAME_VERSION = "o.due_version = t.due_version"
_TO_COME = f"{_SAME_VERSION} and o.due_on >= cast(:today as date)"
# A reminder whose day had passed when the plugin was enabled (again) is not made up for.
_SINCE = "t.fires_on >= (a.since at time zone 'Asia/Shanghai')::date"

FIRINGS: Final = (
    _of_obligation(
        TimerKind.MISS,
        f"{_SAME_VERSION} and o.acted_on is null",
        "state = 'MISSED', missed_at = f.at, violation_date = o.due_on + 1, remedy_due_on = m.remedy_due_on, "
        "missed_meanwhile = f.meanwhile",
    ),
    _of_obligation(TimerKind.REMIND, f"{_TO_COME} and {_SINCE}", at=_NOW),
    _of_obligation(TimerKind.REMIND_REST_DAY, f"{_TO_COME} and {_SINCE}", at=_NOW),
    _of_obligation(
        TimerKind.PHONE_TASK,
        f"{_TO_COME} and exists (select 1 from reminders_reminder r where r.shard = t.shard and r.obligation_id = o.id"
        " and r.due_version = t.due_version and r.kind = 'REMIND_' || t.offset_days and r.read_at is null"
        " and r.confirmed_at is null)",
        at=_NOW,
    ),
    _of_obligation(
        TimerKind.FEEDBACK_OVERDUE, "o.feedback_filed_at is null and o.acted_on is not null", _FEEDBACK_LAPSED
    ),
    _of_obligation(TimerKind.RESUBMISSION_OVERDUE, "o.feedback_filed_at is null", _FEEDBACK_LAPSED),
    _of_obligation(TimerKind.VERIFICATION_OVERDUE, "o.feedback_filed_at is not null"),
    _of_obligation(TimerKind.REMEDY_OVERDUE, "o.remedy_due_on is not null", _REMEDY_LAPSED),
    _of_obligation(TimerKind.PLAN_OVERDUE, "o.plan_due_on is not null", _REMEDY_LAPSED),
    _of_report(
        TimerKind.REPORT_OVERDUE,
        "RECEIVED",
        "state = 'REPORT_OVERDUE', overdue_at = f.at, missed_meanwhile = f.meanwhile",
    ),
    _of_report(TimerKind.REPORT_NAG, "REPORT_OVERDUE", at=_NOW),
    _of_report(TimerKind.REPORT_TO_BUREAU, "REPORT_OVERDUE", at=_NOW),
)
"""In the order of a sweep: what was missed is marked before anything is reminded of."""

REASON_UNREAD: Final = {TimerKind.PHONE_TASK: CancelReason.READ, TimerKind.REMIND: CancelReason.MISSED_WHILE_DISABLED}
"""Why a timer of the kind that has nothing to do any more is settled; by default because its day has passed."""
