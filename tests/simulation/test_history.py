"""The told year holds every kind of trouble, in an order that can be, and is the same each time."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time

import pytest

from tests.simulation.history.steps import OF_THE_PLUGIN, Deed
from tests.simulation.history.year import AWAY, LAST, WORKDAYS, Year, switches, tell_year
from tests.simulation.reference.expectation import What, Word
from tests.simulation.reference.facts import BEIJING, Acted, DutyBorn, DutyKind
from tests.simulation.reference.standing import standing
from tests.simulation.reference.walk import by_key, expected_and_told
from tests.simulation.reference.working_days import WorkingDays


@pytest.fixture(scope="module")
def year() -> Year:
    return tell_year(1_000, 1)


def test_the_same_seed_tells_the_same_year(year: Year):
    assert tell_year(1_000, 1) == year
    assert tell_year(1_000, 2) != year


def test_every_kind_of_step_and_of_duty_occurs(year: Year):
    assert {step.deed for step in year.steps} == set(Deed)
    kinds = {fact.kind for step in year.steps for fact in step.facts if isinstance(fact, DutyBorn)}
    assert kinds == set(DutyKind)


def test_the_facts_of_every_duty_can_be_told(year: Year):
    for facts in by_key(year.history().facts).values():
        assert isinstance(facts[0], DutyBorn) is False or standing(facts, facts[-1].at) is not None


def test_nobody_is_ahead_of_time(year: Year):
    """What was done is entered on its day or later; two steps of one case never share an instant."""
    for step in year.steps:
        for fact in step.facts:
            assert fact.at == step.at
            assert not isinstance(fact, Acted) or fact.on <= step.at.date()
    instants = Counter((step.case, step.at) for step in year.steps if step.deed not in OF_THE_PLUGIN)
    assert max(instants.values()) == 1


def test_the_disabled_district_takes_no_step_of_the_plugin(year: Year):
    off, on = (switch.at for switch in switches())
    of_district = [step for step in year.steps if AWAY <= year.agencies[step.case].code < AWAY + 1000]
    away = [step for step in of_district if off <= step.at < on]
    assert away
    assert not [step for step in away if step.deed in OF_THE_PLUGIN]


def test_every_kind_of_expectation_occurs(year: Year):
    days = WorkingDays.read(WORKDAYS)
    told = expected_and_told(year.history(), days, year.first, datetime.combine(LAST, time.max, BEIJING))
    found = told.happened
    kinds = Counter(one.what for one in (*found, *told.messages))
    assert min(kinds[one.value] for one in (*What, *Word)) > 50
    assert any(one.short_lead for one in found)
    # Spring Festival: what would be told in the holidays is told on the working Saturday before them.
    assert Counter(one.day for one in found if one.what == "REMINDED")[date(2026, 2, 14)] > 10
    assert not [one for one in found if one.what == "REMINDED" and not one.short_lead and not days.is_worked(one.day)]
