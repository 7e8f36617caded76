"""Periods and the calculations that they share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.cases.states import PeriodStatus
from core.cases.tables import Period, PeriodCalculation
from core.db.session import TenantSession


def digest_of(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """SHA-256 over input and result: equal calculations of a city are one row."""
    whole = json.dumps([given, result], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


async def store_calculation(session: TenantSession, given: Mapping[str, Any], result: Mapping[str, Any]) -> UUID:
    """The id of the calculation with this input and this result, stored now or found; `result` is `Period.to_json()`."""
    digest = digest_of(given, result)
    shard = session.scope.shard
    stored = await session.scalar(
        insert(PeriodCalculation)
        .values(
            shard=shard,
            digest=digest,
            input=dict(given),
            trace=result["trace"],
            due_on=date.fromisoformat(result["due"]),
            earliest_due_on=date.fromisoformat(result["earliest_due"]),
            provisional=result["provisional"],
            calendar_versions=result["versions"],
        )
        .on_conflict_do_nothing(index_elements=["shard", "digest"])
        .returning(PeriodCalculation.id)
    )
    if stored is None:
        stored = await session.scalar(
            select(PeriodCalculation.id).where(PeriodCalculation.shard == shard, PeriodCalculation.digest == digest)
        )
    return cast("UUID", stored)


async def running(
    session: TenantSession, response_id: UUID, kind: str, starts_on: date | None = None, judgment_id: UUID | None = None
) -> UUID | None:
    """A period of the response of this kind (and start, and judgment) that is not void."""
    statement = select(Period.id).where(
        Period.shard == session.scope.shard,
        Period.response_id == response_id,
        Period.kind == kind,
        Period.status != PeriodStatus.VOID.value,
    )
    if starts_on is not None:
        statement = statement.where(Period.starts_on == starts_on)
    if judgment_id is not None:
        statement = statement.where(Period.judgment_id == judgment_id)
    return cast("UUID | None", await session.scalar(statement.limit(1)))


async def input_of(session: TenantSession, calculation_id: UUID | None) -> Mapping[str, Any] | None:
    """What a period was reckoned from; None for one that was entered with a last day only (imported)."""
    if calculation_id is None:
        return None
    return cast(
        "Mapping[str, Any] | None",
        await session.scalar(
            select(PeriodCalculation.input).where(
                PeriodCalculation.shard == session.scope.shard, PeriodCalculation.id == calculation_id
            )
        ),
    )


async def result_of(session: TenantSession, calculation_id: UUID) -> Mapping[str, Any]:
    """The stored result of a calculation, in the form of `Period.to_json()` as far as it is stored."""
    row = await session.row(
        select(PeriodCalculation.__table__).where(
            PeriodCalculation.shard == session.scope.shard, PeriodCalculation.id == calculation_id
        )
    )
    if row is None:
        raise LookupError(f"no calculation {calculation_id}")
    return {
        "due": row.due_on.isoformat(),
        "earliest_due": row.earliest_due_on.isoformat(),
        "provisional": row.provisional,
        "trace": row.trace,
        "versions": row.calendar_versions,
    }
