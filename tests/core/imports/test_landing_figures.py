"""The kept figures after imports: what the landed responses give when they are counted."""

from __future__ import annotations

import pytest

from core.tallies.records import wrong_cells
from tests.core.imports.landing_support import SAMPLES

FILED = """select coalesce(sum(responses), 0) from case_tally
            where level = 'CITY' and tenant_code = 440100000 and series = 'FILED'"""


@pytest.mark.parametrize("sample", ["clean", "dirty-11"])
async def test_imports_keep_the_figures(landing, sample):
    for _ in range(2):
        await landing.run(SAMPLES / sample)
        async with landing.database.system() as session:
            assert await wrong_cells(session, 4401) == 0
        assert await landing.value(FILED) == await landing.value("select count(*) from response") > 0
    assert await landing.value("select count(distinct slot) from case_tally") == 1


async def test_a_dry_run_counts_nothing(landing):
    await landing.run(SAMPLES / "clean", dry_run=True)
    assert await landing.value("select count(*) from case_tally") == 0
