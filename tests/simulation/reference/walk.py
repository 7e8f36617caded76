"""The reference itself: walk from day to day and ask, at every moment that matters, what is expected now.

Written from the rule sheet (domain §2, §4) and the calendar's table alone. It shares no line with what it judges: every
answer is found by telling the whole history of the duty again. Slow and plain on purpose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.simulation.reference.expectation import Expected, What, Word
from tests.simulation.reference.facts import (
    BEIJING,
    DocumentReceived,
    DutyBorn,
    Fact,
    History,
    Nonworking,
    Reported,
    Settings,
)
from tests.simulation.reference.known import is_enabled, known_since
from tests.simulation.reference.standing import Standing, standing
from tests.simulation.reference.terms import last_day
from tests.simulation.reference.working_days import ONE_DAY, WorkingDays, each_day


@dataclass(slots=True)
class Told:
    """All that must be there: what happened, and the messages about it."""

    happened: set[Expected] = field(default_factory=set)
    messages: set[Expected] = field(default_factory=set)


def expected(history: History, days: WorkingDays, first: date, until: datetime) -> set[Expected]:
    """Everything that must have happened from the first day to this moment."""
    return expected_and_told(history, days, first, until).happened


def expected_and_told(history: History, days: WorkingDays, first: date, until: datetime) -> Told:
    """Everything that must have happened from the first day to this moment, with the messages that must have been written."""
    told = Told()
    for facts in by_key(history.facts).values():
        begins = facts[0]
        walk: _Walk
        if isinstance(begins, DocumentReceived):
            walk = _ReportWalk(history, days, facts, begins)
        else:
            assert isinstance(begins, DutyBorn), begins
            walk = _DutyWalk(history, days, facts, begins)
        told.happened |= walk.walked(first, until)
        told.messages |= set(walk.messages)
    return told


def by_key(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    """The facts of each duty or document, in the order in which they became known."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda one: one.at):
        found[fact.key].append(fact)
    return found


def reminder_days(due: date, offset: int, days: WorkingDays, rule: Nonworking) -> set[date]:
    """The day or days on which a duty is reminded of, so many days before its last day."""
    nominal = due - timedelta(days=offset)
    match rule:
        case Nonworking.KEEP:
            return {nominal}
        case Nonworking.ADVANCE:
            return {days.advanced(nominal)}
        case Nonworking.BOTH:
            return {nominal, days.advanced(nominal)}


@dataclass(slots=True)
class _Walk:
    history: History
    days: WorkingDays
    facts: list[Fact]
    begins: DocumentReceived | DutyBorn
    found: list[Expected] = field(default_factory=list)
    messages: list[Expected] = field(default_factory=list)
    known_at: datetime | None = None

    @property
    def settings(self) -> Settings:
        return self.history.settings

    def walked(self, first: date, until: datetime) -> set[Expected]:
        begin = max(first, self.begins.at.date())
        for day in each_day(begin, until.date()):
            for moment in self._moments(day):
                if self.begins.at <= moment <= until and self.enabled(moment) and self.is_known(moment):
                    self.ask(day, moment)
            if self.over():
                break
        return set(self.found)

    def _moments(self, day: date) -> Iterator[datetime]:
        """Midnight, the morning's reminders, noon; and whenever something happened."""
        hours = {datetime.min.time(), self.settings.morning, self.settings.noon}
        moments = {datetime.combine(day, hour, BEIJING) for hour in hours}
        moments |= {fact.at for fact in self.facts if fact.at.date() == day}
        moments |= {switch.at for switch in self.history.switches if switch.at.date() == day}
        yield from sorted(moments)

    def enabled(self, moment: datetime) -> bool:
        return is_enabled(self.begins.place, self.history.switches, moment)

    def is_known(self, moment: datetime) -> bool:
        """Most are known from birth; only where the plugin was ever away it takes a look."""
        if not any(switch.covers(self.begins.place) for switch in self.history.switches):
            return True
        self.known_at = known_since(self.facts, self.history.switches, moment)
        return self.known_at is not None and self.known_at <= moment

    def passed_on(self, last: date, known_on: date) -> date:
        """The day on which a last day is over: the next one, or the day on which that became known.

        It is the day of the lapse by law, whenever the platform could mark it.
        """
        if self.known_at is not None:
            known_on = max(known_on, self.known_at.date())
        return max(last + ONE_DAY, known_on)

    def enabled_since(self, moment: datetime) -> datetime | None:
        """When the plugin came back to the tenant, if it ever was away; what happened before is not replayed."""
        back = [
            one.at
            for one in self.history.switches
            if one.at <= moment and one.enabled and one.covers(self.begins.place)
        ]
        return max(back, default=None)

    def has(self, what: What, version: int | None = None, offset: int | None = None) -> bool:
        return any(
            one.what == what.value and version in (None, one.version) and offset in (None, one.offset)
            for one in self.found
        )

    def add(self, day: date, what: What, version: int = 0, offset: int = 0, *, short_lead: bool = False) -> None:
        self.found.append(Expected(day, self.begins.key, what.value, version, offset, short_lead))

    def tell(self, day: date, word: Word, version: int = 0) -> None:
        """One message: two reminders of one last day that fall on one day are one."""
        self.messages.append(Expected(day, self.begins.key, word.value, version))

    def ask(self, day: date, moment: datetime) -> None:
        raise NotImplementedError

    def over(self) -> bool:
        raise NotImplementedError


class _ReportWalk(_Walk):
    """报备: due within its term from the receipt, overdue once, whatever comes later."""

    def ask(self, day: date, moment: datetime) -> None:
        assert isinstance(self.begins, DocumentReceived)
        due = last_day(self.settings.report, self.begins.received_on, self.days)
        reported = next((fact.at for fact in self.facts if isinstance(fact, Reported) and fact.at <= moment), None)
        if reported is not None:
            if not self.has(What.REPORTED) and not self.has(What.REPORTED_LATE):
                self.add(reported.date(), What.REPORTED if reported.date() <= due else What.REPORTED_LATE)
            return
        if day > due and not self.has(What.REPORT_OVERDUE):
            # Its two days run from the receipt: one that was registered too late had been overdue before.
            self.add(due + ONE_DAY, What.REPORT_OVERDUE)

    def over(self) -> bool:
        return self.has(What.REPORTED) or self.has(What.REPORTED_LATE)


class _DutyWalk(_Walk):
    """One duty from its birth until nothing more is expected of it."""

    last: Standing | None = None

    def ask(self, day: date, moment: datetime) -> None:
        now = self.last = standing(self.facts, moment, self.known_at)
        assert now is not None
        due = now.due(self.days)
        if now.waits() and day <= due:
            for offset in self.settings.offsets:
                self._ask_reminder(day, moment, now, offset)
            self._ask_telephone(day, moment, now)
        # Done too late while the plugin was away: nobody marked it then, and it is among what was missed meanwhile.
        was_late = not now.void and now.acted is not None and now.acted.on > due
        if (now.waits() or was_late) and day > due and not self.has(What.MISSED):
            assert now.version_at is not None
            self.add(self.passed_on(due, now.version_at.date()), What.MISSED)
            if now.waits() and not self._lapsed_while_away(now, due, moment):
                self.tell(day, Word.MISSED)
                self.tell(day, Word.MISSED_BY_MAIL)
                self.tell(day, Word.MISSED_TO_BUREAU)
        if not now.void:
            self._ask_feedback(day, now)
            self._ask_remedy(day, now, due)

    def _ask_reminder(self, day: date, moment: datetime, now: Standing, offset: int) -> None:
        if self.has(What.REMINDED, now.version, offset):
            return
        assert now.version_at is not None
        planned = min(reminder_days(now.due(self.days), offset, self.days, self.settings.nonworking))
        if moment < datetime.combine(planned, self.settings.morning, BEIJING):
            return
        if self._passed_while_away(now, planned, moment):
            return
        self.add(day, What.REMINDED, now.version, offset, short_lead=planned < now.version_at.date())
        self.tell(day, Word.REMINDER, now.version)
        self.tell(day, Word.REMINDER_BY_MAIL, now.version)

    def _lapsed_while_away(self, now: Standing, due: date, moment: datetime) -> bool:
        """Whether it was over when the plugin came back: that is listed, without a message."""
        since = self.enabled_since(moment)
        assert now.version_at is not None
        lapsed_at = max(datetime.combine(due + ONE_DAY, datetime.min.time(), BEIJING), now.version_at)
        return since is not None and lapsed_at <= since

    def _passed_while_away(self, now: Standing, planned: date, moment: datetime) -> bool:
        """Whether the reminder's day passed while nobody was to be reminded of this last day: the past is not replayed.

        A last day that became known since is another matter: its reminders come at once, at short lead.
        """
        assert now.version_at is not None
        born_away = self.known_at is not None and self.known_at > self.begins.at
        since = [self.enabled_since(moment), self.known_at if born_away else None]
        return any(one is not None and now.version_at <= one and planned < one.date() for one in since)

    def _ask_telephone(self, day: date, moment: datetime, now: Standing) -> None:
        nearest = min(self.settings.offsets)
        told = [
            one
            for one in self.found
            if (one.what, one.version, one.offset) == (What.REMINDED.value, now.version, nearest)
        ]
        if not told or (now.version, nearest) in now.confirmed or self.has(What.PHONE_TASK, now.version):
            return
        if moment >= datetime.combine(told[0].day, self.settings.noon, BEIJING):
            self.add(day, What.PHONE_TASK, now.version, nearest)
            self.tell(day, Word.PHONE_TASK_TO_BUREAU)

    def _ask_feedback(self, day: date, now: Standing) -> None:
        if now.acted is None or now.feedback_at is not None or self.has(What.FEEDBACK_OVERDUE):
            return
        due = last_day(self.settings.feedback, now.acted.on, self.days)
        if now.returned_at is not None:
            due = last_day(self.settings.returned, now.returned_at.date(), self.days)
        if day > due:
            self.add(self.passed_on(due, now.acted.at.date()), What.FEEDBACK_OVERDUE)

    def _ask_remedy(self, day: date, now: Standing, due: date) -> None:
        if not self.has(What.MISSED) or now.remedy_filed or self.has(What.REMEDY_OVERDUE):
            return
        if now.acted is not None and now.acted.on <= due:
            return  # it was done in time after all, and only told late
        assert now.version_at is not None
        # Three working days "after miss": a last day that was over when it became known is missed on that day.
        known_on = max(now.version_at.date(), self.known_at.date() if self.known_at else now.version_at.date())
        remedy_due = last_day(self.settings.remedy, max(due, known_on), self.days)
        if day > remedy_due:
            self.add(self.passed_on(remedy_due, known_on), What.REMEDY_OVERDUE)

    def over(self) -> bool:
        return self.last is not None and (self.last.void or (self.last.verified and not self.has(What.MISSED)))
