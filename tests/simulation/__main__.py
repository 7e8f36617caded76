"""`make simulate`: a whole year with as many cases as Guangzhou has, on a server of its own. Exits with 1 for any difference."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from datetime import date
from pathlib import Path

from core.app import settle_memory
from core.db.embedded import EmbeddedServer
from tests.simulation.history.year import CASES_OF_A_YEAR, FIRST, LAST, tell_year
from tests.simulation.simulating import Outcome, simulate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES_OF_A_YEAR)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=date.fromisoformat, default=LAST, help="Last day, for less than a year.")
    given = parser.parse_args()
    outcome = asyncio.run(_simulate(given.cases, given.seed, given.until))
    print(outcome.told(most=50))
    sys.exit(not outcome.is_exact)


async def _simulate(cases: int, seed: int, until: date) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="yingsu-year-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        with EmbeddedServer(Path(folder) / "server", fsync=False).lease() as info:
            year = tell_year(cases, seed, FIRST, until)
            settle_memory()  # the story lies in memory all year: it is not to be gone through again and again
            return await simulate(year, info.dsn, data, _say)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
