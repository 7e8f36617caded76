"""`make soak`: rounds of faults, one after another, on a server of their own. Exits with 1 if any round is not exact."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.faults.rounds import soak
from tests.faults.trouble import Fault


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="Of the first round; each has the next.")
    parser.add_argument("--faults", type=int, help="In each round; each kind once by default.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yingsu-soak-") as folder:
        rounds = asyncio.run(soak(Path(folder), given.rounds, given.seed, _say, given.faults))
    total: Counter[Fault] = sum((one.faults for one in rounds), Counter())
    wrong = [one.seed for one in rounds if not one.is_exact]
    _say(f"{len(rounds)} rounds, {sum(total.values())} faults, {len(wrong)} rounds with a difference {wrong or ''}")
    for fault, times in sorted(total.items(), key=str):
        _say(f"  {times:5} x {fault.value}")
    sys.exit(bool(wrong))


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
