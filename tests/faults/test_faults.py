"""Real processes, killed without warning in a busy week; `make soak` does so for two hundred rounds.

One round in every run of the tests, since each takes a minute or two; `YINGSU_FAULT_ROUNDS` asks for more, `YINGSU_FAULT_SEED` for others.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.faults.rounds import soak

ROUNDS = int(os.environ.get("YINGSU_FAULT_ROUNDS", "1"))
SEED = int(os.environ.get("YINGSU_FAULT_SEED", "1"))


async def test_no_reminder_is_lost_and_none_doubled_whatever_is_killed(tmp_path: Path):
    told: list[str] = []
    rounds = await soak(tmp_path, ROUNDS, SEED, told.append)
    assert all(one.is_exact for one in rounds), "\n".join(told)
    assert sum(sum(one.faults.values()) for one in rounds) >= ROUNDS * 5
