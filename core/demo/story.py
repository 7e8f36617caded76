"""The course of one dispute: a first instance, perhaps an appeal, perhaps a review; its dates follow the working calendar."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.calendar import WorkingCalendar
from core.demo import vocabulary as words
from core.demo.agencies import DemoAgency

ANSWER_DAYS = 15
JUDGMENT_APPEAL_DAYS, RULING_APPEAL_DAYS = 15, 10


@dataclass(slots=True)
class Instance:
    """One procedure of a dispute, before it has a number."""

    stage: str
    agency: DemoAgency
    co_agency: DemoAgency | None
    plaintiff: str
    plaintiff_type: str
    cause: str
    procedure: str
    filed: date
    received: date | None
    due: date | None
    replied: date | None
    hearings: list[date]
    closed: date
    outcome: str
    lost: bool
    served: date
    appeal_until: date | None
    previous: Instance | None = None
    root: Instance | None = None
    case_id: str = ""
    number: str = ""
    court: str = ""
    appealed: bool = False
    details: dict[str, str] = field(default_factory=dict)


class Storyteller:
    """Tells disputes; the same random source tells the same ones."""

    def __init__(self, rnd: random.Random, calendar: WorkingCalendar, governments: dict[str, DemoAgency]) -> None:
        self._rnd = rnd
        self._calendar = calendar
        self._governments = governments

    def dispute(self, filed: date, agency: DemoAgency) -> Iterator[Instance]:
        """The instances of one dispute that begins on a day."""
        first = self._first(filed, agency)
        yield first
        if first.outcome in words.WITHOUT_APPEAL or self._rnd.random() > 0.5:
            return
        second = self._next(first, "second", words.SECOND_OUTCOMES, 80)
        yield second
        if second.outcome in {"维持", "改判"} and self._rnd.random() < 0.25:
            yield self._next(second, "retrial_review", words.REVIEW_OUTCOMES, 150)

    def _first(self, filed: date, agency: DemoAgency) -> Instance:
        rnd = self._rnd
        natural = rnd.random() < 0.75
        causes = words.CAUSES.get(agency.category, words.CAUSES["other"])
        simple = rnd.random() < 0.2
        outcome = self._pick(words.FIRST_OUTCOMES)
        base = Instance(
            "first", agency, self._co_respondent(agency), self._plaintiff(natural), "自然人" if natural else "法人",
            self._pick(causes), "简易" if simple else "普通", filed, None, None, None, [], filed, outcome,
            outcome in words.LOST, filed, None,
        )  # fmt: skip
        return self._run(base, rnd.randint(20, 44) if simple else rnd.randint(60, 175))

    def _next(self, before: Instance, stage: str, outcomes: words.Weighted, longest: int) -> Instance:
        before.appealed = stage == "second"
        start = before.appeal_until or before.served
        filed = self._calendar.add_workdays(start, self._rnd.randint(8, 30))
        outcome = self._pick(outcomes)
        lost = not before.lost if outcome == "改判" else before.lost and outcome != "发回重审"
        follow = Instance(
            stage, before.agency, before.co_agency, before.plaintiff, before.plaintiff_type, before.cause, "普通", filed,
            None, None, None, [], filed, outcome, lost, filed, None, before, before.root or before,
        )  # fmt: skip
        return self._run(follow, self._rnd.randint(40, longest))

    def _run(self, instance: Instance, length: int) -> Instance:
        """Give an instance its dates."""
        rnd, calendar = self._rnd, self._calendar
        if instance.outcome != "不予立案":
            instance.received = calendar.add_workdays(instance.filed, rnd.randint(2, 5))
            instance.due = calendar.next_workday(instance.received + timedelta(days=ANSWER_DAYS))
            early = calendar.next_workday(instance.due - timedelta(days=rnd.randint(0, 6)))
            instance.replied = calendar.add_workdays(instance.due, 2) if rnd.random() < 0.02 else early
        earliest = calendar.add_workdays(instance.replied or instance.filed, 4)
        instance.closed = max(calendar.next_workday(instance.filed + timedelta(days=length)), earliest)
        if instance.stage in {"first", "second"} and instance.replied and rnd.random() < 0.7:
            instance.hearings.append(calendar.add_workdays(instance.replied, rnd.randint(1, 2)))
        instance.served = calendar.add_workdays(instance.closed, rnd.randint(1, 7))
        if instance.stage == "first" and instance.outcome not in words.WITHOUT_APPEAL:
            days = RULING_APPEAL_DAYS if instance.outcome in words.RULINGS else JUDGMENT_APPEAL_DAYS
            instance.appeal_until = calendar.next_workday(instance.served + timedelta(days=days))
        return instance

    def _co_respondent(self, agency: DemoAgency) -> DemoAgency | None:
        """Reconsideration that maintains makes the government above a co-respondent (行政诉讼法 26(2)); a few are of elsewhere."""
        chance = self._rnd.random()
        if chance < 0.03:
            other = self._rnd.choice(list(self._governments.values()))
        elif chance < 0.13 and agency.tenant_code[:6] in self._governments:
            other = self._governments[agency.tenant_code[:6]]
        else:
            return None
        return other if other != agency else None

    def _plaintiff(self, natural: bool) -> str:
        rnd = self._rnd
        if not natural:
            return rnd.choice(words.FIRMS) + rnd.choice(words.TRADES) + "有限公司"
        name = f"{rnd.choice(words.SURNAMES)}某{rnd.choice(words.STEMS)}"
        return f"{name}等{rnd.randint(2, 20)}人" if rnd.random() < 0.08 else name

    def _pick(self, weighted: words.Weighted) -> str:
        return self._rnd.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]
