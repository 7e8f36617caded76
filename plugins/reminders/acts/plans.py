"""What the acts on remedy plans share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.sdk.acts import ActContext, Subject, at, found, locked, refuse
from core.sdk.rules import Labelled
from plugins.reminders.acts.steps import obligation_at
from plugins.reminders.ladder import RemedyState
from plugins.reminders.tables import Remedy


async def plan_at(
    context: ActContext, codes: type[Labelled], remedy_id: UUID, version: int | None, *states: RemedyState
) -> tuple[Row[Any], Row[Any]]:
    """The obligation, locked first as every step does, and the plan, which must be in one of the states."""
    seen = await found(context, Remedy, remedy_id, at("remedy_id"))
    obligation = await obligation_at(context, seen.obligation_id, None, "remedy_id")
    plan = await locked(context, Remedy, remedy_id, at("remedy_id"), version)
    if RemedyState[plan.state] not in states:
        raise refuse(codes["NOT_IN_STATE"], at("remedy_id"))
    return obligation, plan


def not_by(context: ActContext, codes: type[Labelled], former: Collection[str | None]) -> None:
    """Nobody approves their own step."""
    if context.actor.subject in former:
        raise refuse(codes["OWN_STEP"], at("remedy_id"))


def plan_subject(plan: Row[Any]) -> Subject:
    """The plan, as the trail names it."""
    return Subject("RemedyPlan", plan.id, plan.code, plan.agency_id)
