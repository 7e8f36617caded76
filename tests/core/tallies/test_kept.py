"""Whatever is done to responses, by whomever, the kept figures are those that counting them gives."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import insert, text

from core.cases.acts.closing import CASE_CLOSE, CASE_CORRECT, CASE_REOPEN
from core.cases.acts.holdings import HOLDING_RECORD, NewHolding
from core.cases.acts.judgments import JUDGMENT_RECORD
from core.cases.acts.terms import JudgmentKind
from core.cases.outcomes import Outcome
from core.cases.tables import Response
from core.db.session import Database, SystemSession
from core.tallies.records import wrong_cells
from tests.support.acting import Desk, Docket
from tests.support.city import AGENCIES, NOW, City

SHARD = 4401
KEPT = text(
    "select level, tenant_code, series, status, sum(responses) as n from case_tally where shard = :shard"
    " group by level, tenant_code, series, status having sum(responses) <> 0"
)


async def figures(database: Database) -> dict[tuple[str, int, str, str], int]:
    async with database.system() as session:
        rows = await session.rows(KEPT, {"shard": SHARD})
    return {(row.level, row.tenant_code, row.series, row.status): int(row.n) for row in rows}


async def is_right(database: Database) -> None:
    async with database.system() as session:
        assert await wrong_cells(session, SHARD) == 0
        assert await wrong_cells(session, 4403) == 0


async def test_a_response_is_counted_once_at_each_level(database: Database, city: City) -> None:
    found = await figures(database)
    expected = {
        ("CITY", 440100000): 6,
        ("DISTRICT", 440100000): 1,
        ("DISTRICT", 440106000): 2,
        ("DISTRICT", 440112000): 3,
        ("TOWN", 440100000): 1,
        ("TOWN", 440106000): 2,
        ("TOWN", 440112000): 2,
        ("TOWN", 440112001): 1,
    }
    by_year = {(f"{level}_YEAR", code): n for (level, code), n in expected.items()}
    opened = {key[:2]: n for key, n in found.items() if key[2:] == ("FILED", "OPEN")}
    assert {key: n for key, n in opened.items() if key[0] != "AGENCY"} == expected | by_year
    await is_right(database)


async def test_acts_keep_the_figures(database: Database, city: City) -> None:
    docket = Docket(database, city)
    desk = Desk(database, city.scope(440100000))
    case_id, responses = await docket.case("huangpu", "tianhe")
    await is_right(database)
    before = await figures(database)
    judgment = await desk.perform(
        JUDGMENT_RECORD,
        case_id=case_id,
        kind=JudgmentKind.JUDGMENT,
        decided_on=date(2026, 3, 8),
        outcome=Outcome.REVOKED,
        holdings=[NewHolding(responses[0], outcome=Outcome.REVOKED)],
    )
    await is_right(database)
    await desk.perform(CASE_CLOSE, case_id=case_id, outcome=Outcome.REVOKED, closed_on=date(2026, 3, 9))
    await is_right(database)
    after = await figures(database)
    assert after["CITY", 440100000, "CLOSED", "CLOSED"] == 2
    assert after["CITY", 440100000, "FILED", "OPEN"] == before["CITY", 440100000, "FILED", "OPEN"] - 2
    await desk.perform(HOLDING_RECORD, judgment_id=judgment, response_id=responses[1], outcome=Outcome.CLAIMS_DISMISSED)
    await is_right(database)
    await desk.perform(CASE_REOPEN, case_id=case_id, reason="误结")
    await desk.perform(CASE_CORRECT, case_id=case_id, filed_on=date(2026, 2, 27), reason="更正")
    await is_right(database)
    assert "CLOSED" not in {key[2] for key in await figures(database)}


KINDS, OUTCOMES = ["FIRST", "SECOND", "RECON"], [None, "REVOKED", "WITHDRAWN", "CLAIMS_DISMISSED"]
CODES = [AGENCIES[name][1] for name in ("city", "tianhe", "huangpu", "town")]


class _Failed(Exception):
    pass


class History:
    """Random statements on responses, of one row and of many, committed, rolled back, or undone to a savepoint."""

    def __init__(self, city: City, seed: int) -> None:
        self.city = city
        self.chance = random.Random(seed)

    def day(self) -> date:
        return date(self.chance.choice([2025, 2026]), self.chance.randint(1, 12), self.chance.randint(1, 28))

    async def add(self, session: SystemSession) -> None:
        rows = []
        for number in range(self.chance.randint(1, 5)):
            key = self.chance.choice(["city", "tianhe", "huangpu", "town"])
            closed = self.chance.random() < 0.5
            rows.append(
                {
                    "shard": SHARD,
                    "case_id": self.city.cases["city"],
                    "agency_id": UUID(int=self.chance.getrandbits(128)),
                    "code": AGENCIES[key][1],
                    "origin_code": AGENCIES[key][1],
                    "ordinal": self.chance.randint(1_000, 2_000_000_000) + number,
                    "role": "RESPONDENT",
                    "registered_at": NOW,
                    "filed_on": self.day(),
                    "closed_on": self.day() if closed else None,
                    "status": "CLOSED" if closed else "OPEN",
                    "procedure_kind": self.chance.choice(KINDS),
                    "cause_code": "0101",
                    "outcome": self.chance.choice(OUTCOMES) if closed else None,
                    "lost": self.chance.choice([None, True, False]) if closed else None,
                }
            )
        await session.execute(insert(Response), rows)

    async def change(self, session: SystemSession) -> None:
        some = "ordinal >= 1000 and ordinal % 7 = :rest and shard = 4401"
        sets = self.chance.choice(
            [
                "status = 'CLOSED', closed_on = :day, outcome = :outcome, lost = null",
                "status = 'OPEN', closed_on = null",
                "filed_on = :day",
                "lost = not lost",
                "outcome = :outcome",
                "code = :code",
                "version = version + 1",
                "procedure_kind = 'SECOND'",
            ]
        )
        given = {
            "rest": self.chance.randint(0, 6),
            "day": self.day(),
            "outcome": self.chance.choice(OUTCOMES),
            "code": self.chance.choice(CODES),
        }
        used = {name: value for name, value in given.items() if f":{name}" in sets + some}
        await session.execute(text(f"update response set {sets} where {some}"), used)

    async def remove(self, session: SystemSession) -> None:
        await session.execute(
            text("delete from response where shard = 4401 and ordinal >= 1000 and ordinal % 11 = :rest"),
            {"rest": self.chance.randint(0, 10)},
        )

    async def undone(self, session: SystemSession) -> None:
        await session.execute(text("savepoint before"))
        await self.step(session)
        await session.execute(text("rollback to savepoint before"))
        await self.change(session)

    def fail_sometimes(self) -> None:
        if self.chance.random() < 0.2:
            raise _Failed

    async def step(self, session: SystemSession) -> None:
        acts = [self.add, self.add, self.change, self.change, self.change, self.remove, self.undone]
        await self.chance.choice(acts)(session)


async def live(database: Database, city: City, seed: int, transactions: int) -> None:
    history = History(city, seed)
    for _ in range(transactions):
        with suppress(_Failed):
            async with database.system() as session:
                # The rows are invented: no party, no agency stands behind them.
                await session.execute(text("set local app.bulk = 'on'"))
                for _ in range(history.chance.randint(1, 3)):
                    await history.step(session)
                history.fail_sometimes()


@pytest.fixture
async def unchecked(database_url: str) -> None:
    """Invented agencies: the foreign key is not what is tried here."""
    import asyncpg

    connection = await asyncpg.connect(database_url)
    await connection.execute("alter table response drop constraint if exists fk_response_shard_agency_id")
    await connection.close()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.usefixtures("unchecked")
async def test_any_history_keeps_the_figures(database: Database, city: City, seed: int) -> None:
    await live(database, city, seed, 12)
    await is_right(database)


@pytest.mark.usefixtures("unchecked")
async def test_writers_at_once_keep_the_figures(database: Database, city: City) -> None:
    lives = (live(database, city, 100 + seed, 10) for seed in range(4))
    ended = await asyncio.gather(*lives, return_exceptions=True)
    # Two of them may wait for each other's responses; for the figures nobody waits.
    assert {getattr(getattr(error, "orig", None), "sqlstate", None) for error in ended if error} <= {"40P01"}
    async with database.system() as session:
        assert await session.scalar(text("select max(slot) from case_tally")) > 0
    await is_right(database)
