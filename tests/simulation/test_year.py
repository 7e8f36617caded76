"""A year of Guangzhou, day by day, through a real scheduler, a real worker and a real API: nothing missed, nothing twice.

A thousand cases over the whole year in every run of the tests; `YINGSU_SIMULATED_CASES` and `YINGSU_SIMULATED_UNTIL` ask for less or
more of it; `make simulate` lives the year with all 21,500.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import _administer, on
from tests.simulation.history.year import FIRST, LAST, tell_year
from tests.simulation.simulating import simulate

CASES = int(os.environ.get("YINGSU_SIMULATED_CASES", "1000"))
UNTIL = date.fromisoformat(os.environ.get("YINGSU_SIMULATED_UNTIL", LAST.isoformat()))
SEED = int(os.environ.get("YINGSU_SIMULATED_SEED", "1"))


@pytest.fixture
async def empty_url(server_url: str) -> AsyncIterator[str]:
    """A database with nothing in it: the year makes its own world."""
    name = f"year_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name}")
    yield on(server_url, name)
    await _administer(server_url, f"drop database {name} with (force)")


async def test_time_passes_and_every_reminder_was_there_on_its_day(empty_url: str, tmp_path: Path):
    outcome = await simulate(tell_year(CASES, SEED, FIRST, UNTIL), empty_url, tmp_path)
    assert outcome.expected > CASES
    assert outcome.is_exact, outcome.told()
