"""How the people of a case go about one duty: confirming its last reminder, doing it or not, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.simulation.history.course import Course
from tests.simulation.history.steps import Deed
from tests.simulation.reference.facts import Acted, Confirmed, Moved, Nonworking, Resumed, Suspended
from tests.simulation.reference.terms import Pause, Term, Unit, last_day
from tests.simulation.reference.walk import reminder_days


@dataclass(slots=True)
class Duty:
    """A duty as the people of the case know it. `starts` is when its term began to run, `act` how it is recorded as done."""

    key: str
    born_at: datetime
    starts: date
    term: Term
    act: Deed

    def due(self, course: Course) -> date:
        return last_day(self.term, self.starts, course.days)


def attend_to(course: Course, duty: Duty) -> None:
    """Confirm the last reminder, mostly; act, mostly in time; report back, mostly the next day."""
    due = duty.due(course)
    _confirm(course, duty, due)
    acted_on = _act(course, duty, due)
    if acted_on is None or acted_on > due:
        _remedy(course, duty, due)
    if acted_on is not None:
        _feed_back(course, duty, acted_on)


def _confirm(course: Course, duty: Duty, due: date) -> None:
    day = min(reminder_days(due, 1, course.days, Nonworking.ADVANCE))
    if day <= duty.born_at.date() or day <= course.clock.date() or not course.one_in(0.75):
        return
    at = course.hour(day, before_noon=course.one_in(0.8))
    course.do(at, Deed.CONFIRM, duty.key, Confirmed(at, course.name(duty.key), 1), offset=1)


def _act(course: Course, duty: Duty, due: date) -> date | None:
    """The day on which it was done, recorded the same day or a little later; None where it never is."""
    drawn = course.chance.random()
    if drawn > 0.985:
        return None
    if drawn > 0.945:
        acted_on = due + timedelta(days=course.chance.randint(1, 25))
    elif duty.act is Deed.HEARING_HOLD or drawn > 0.8:
        acted_on = due
    else:
        acted_on = course.worked(due - timedelta(days=course.chance.randint(0, 6)))
    acted_on = due if duty.act is Deed.HEARING_HOLD else min(acted_on, due) if drawn <= 0.945 else acted_on
    acted_on = max(acted_on, duty.born_at.date(), course.clock.date() if acted_on <= due else acted_on)
    recorded_on = acted_on + timedelta(days=course.chance.randint(1, 3) if course.one_in(0.05) else 0)
    at = max(course.hour(recorded_on), course.swept(duty.born_at))
    given = {} if duty.act is Deed.HEARING_HOLD else {"on": acted_on}
    course.do(at, duty.act, duty.key, Acted(at, course.name(duty.key), acted_on), **given)
    return acted_on


def _feed_back(course: Course, duty: Duty, acted_on: date) -> None:
    recorded = course.clock
    drawn = course.chance.random()
    if drawn > 0.97:
        return
    due = last_day(Term(1), acted_on, course.days)
    day = due if drawn <= 0.9 else due + timedelta(days=course.chance.randint(1, 8))
    filed = course.later(course.hour(max(day, recorded.date())), Deed.FEEDBACK, duty.key, recorded)
    checked_on = course.worked(filed.date() + timedelta(days=course.chance.randint(0, 4)))
    if course.one_in(0.05):
        returned = course.later(course.hour(checked_on), Deed.RETURN, duty.key, filed)
        again_on = course.worked(returned.date() + timedelta(days=course.chance.randint(0, 3)))
        filed = course.later(course.hour(again_on), Deed.FEEDBACK, duty.key, returned)
        checked_on = course.worked(filed.date() + timedelta(days=1))
    if course.one_in(0.97):
        course.later(course.hour(checked_on), Deed.VERIFY, duty.key, filed)


def _remedy(course: Course, duty: Duty, due: date) -> None:
    """A plan for what was missed: mostly within its three working days."""
    drawn = course.chance.random()
    if drawn > 0.95:
        return
    last = last_day(Term(3, Unit.WORKING_DAY), due, course.days)
    day = (
        course.worked(due + timedelta(days=1)) if drawn <= 0.85 else last + timedelta(days=course.chance.randint(1, 5))
    )
    at = course.hour(day)
    missed = max(duty.born_at, datetime.combine(due, at.timetz()) + timedelta(days=1))
    course.later(at, Deed.REMEDY, duty.key, missed)


def stand_still(course: Course, duty: Duty) -> bool:
    """Suspend the term of a duty some days after its start, and resume it weeks later; whether it was possible."""
    due = duty.due(course)
    first = course.worked(max(duty.born_at.date(), duty.starts) + timedelta(days=course.chance.randint(0, 8)))
    if first > due:
        return False
    at = max(course.hour(first), course.swept(duty.born_at))
    if at.date() > first:
        return False
    course.do(at, Deed.PERIOD_SUSPEND, duty.key, Suspended(at, course.name(duty.key), first), on=first)
    back = course.worked(first + timedelta(days=course.chance.randint(5, 60)))
    at = course.hour(back)
    course.do(at, Deed.PERIOD_RESUME, duty.key, Resumed(at, course.name(duty.key), back), on=back)
    due = last_day(duty.term, duty.starts, course.days, (Pause(first, back),))
    duty.born_at, duty.term = at, Term(unit=Unit.STATED, stated_on=due)
    return True


def extend(course: Course, duty: Duty) -> bool:
    """The court gives more time before the last day; whether it was possible."""
    due = duty.due(course)
    granted = course.worked(max(duty.born_at.date(), due - timedelta(days=course.chance.randint(0, 9))))
    if granted > due:
        return False
    longer = Term(unit=Unit.STATED, stated_on=due + timedelta(days=course.chance.randint(3, 20)))
    at = course.hour(granted)
    if at <= course.swept(duty.born_at):
        return False
    until = longer.stated_on
    course.do(at, Deed.PERIOD_EXTEND, duty.key, Moved(at, course.name(duty.key), longer), until=until, on=granted)
    duty.born_at, duty.term = at, longer
    return True
