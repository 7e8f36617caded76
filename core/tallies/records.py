"""Recounts: whether the kept figures are those that counting the responses gives, and counting them anew."""

from __future__ import annotations

from sqlalchemy import text

from core.db.session import SystemSession

CELL = "level, tenant_code, agency_id, month, series, procedure_kind, status, outcome, lost"
WRONG = text(
    f"""
select count(*) from (
  select {CELL} from (
    select {CELL}, responses from case_tally where shard = :shard
    union all select {CELL}, -responses from case_tally_counted(:shard)
  ) both_ways group by {CELL} having sum(responses) <> 0
) wrong
"""
)
SHARDS = text("select distinct shard from tenant order by shard")
REBUILD = text("select case_tally_rebuild(:shard)")


async def shards(session: SystemSession) -> list[int]:
    """Every root tenant."""
    return [int(row.shard) for row in await session.rows(SHARDS)]


async def wrong_cells(session: SystemSession, shard: int) -> int:
    """How many cells of a city differ from what its responses give; one statement, so that writers do not disturb it."""
    return int(await session.scalar(WRONG, {"shard": shard}))


async def rebuild(session: SystemSession, shard: int) -> int:
    """Count a city anew; answers how many cells it has. Whoever changes a response meanwhile waits for it."""
    return int(await session.scalar(REBUILD, {"shard": shard}))
