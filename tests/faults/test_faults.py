"""Real processes, killed without warning in a busy week; `make soak` does so for two hundred rounds.

Two rounds in every run of the tests, by the queue in PostgreSQL and by RabbitMQ; `YINGSU_FAULT_ROUNDS` asks for more of each,
`YINGSU_FAULT_SEED` for others.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from tests.faults.rounds import HAS_RABBIT, KINDS, KINDS_BY_RABBIT, Round, Week, live, prepared

ROUNDS = int(os.environ.get("YINGSU_FAULT_ROUNDS", "1"))
SEED = int(os.environ.get("YINGSU_FAULT_SEED", "1"))


@pytest.fixture(scope="module")
async def week(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Week]:
    async with prepared(tmp_path_factory.mktemp("week")) as made:
        yield made


def is_exact(one: Round) -> bool:
    assert one.is_exact, one.told()
    return True


async def test_no_reminder_is_lost_and_none_doubled_whatever_is_killed(week: Week):
    for number in range(ROUNDS):
        told = await live(week, SEED + number)
        assert is_exact(told)
        assert set(told.faults) == set(KINDS)


@pytest.mark.skipif(not HAS_RABBIT, reason="LEFT OUT: rabbitmq-server is not installed here")
async def test_nor_where_rabbitmq_is_between_and_it_is_killed_too(week: Week):
    for number in range(ROUNDS):
        told = await live(week, SEED + ROUNDS + number, by_rabbit=True)
        assert is_exact(told)
        assert set(told.faults) == set(KINDS_BY_RABBIT)
