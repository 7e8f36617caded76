"""Jobs of the tests: what they do is counted in a row of the business tables, so that once and twice can be told apart."""

from __future__ import annotations

import pytest

from core.clock import FrozenClock
from core.db.session import Database
from core.jobs.running import JobRunner
from tests.support.jobs import JOBS


@pytest.fixture
def runner(database: Database, clock: FrozenClock) -> JobRunner:
    return JobRunner(database=database, jobs=JOBS, clock=clock, retry_seconds=0.01)
