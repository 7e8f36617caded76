"""Renaming, moving and merging tenants (区划变更): acts of the platform's administration, by command line alone.

The plans are made by `core.tenancy.changes`; here one is carried out: tenants, versions and the change itself are written, and
every row of the tenants' data gets its new code, in one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.acting import plain
from core.clock import SHANGHAI
from core.db.session import SystemSession
from core.errors import BadUserInput
from core.tenancy.changes import merge_tenants, move_town, rename_tenant
from core.tenancy.recoding import Pause, coded_tables, hold_still, recode
from core.tenancy.records import add_audit_entries, read_register, shard_number, write_plan
from core.tenancy.register import ChangeKind, ChangePlan, Register

ACT_NAMES = {
    ChangeKind.RENAMED: "tenantRename",
    ChangeKind.MOVED: "tenantMove",
    ChangeKind.MERGED: "tenantMerge",
}


class ChangeInFuture(BadUserInput):
    """变更日期不能晚于今日: rows get their new code now, so a change cannot be entered before its day."""

    def __init__(self, on_day: date) -> None:
        super().__init__(
            f"the change is of {on_day}, which has not come yet; enter it on that day",
            f"变更日期{on_day}尚未到来，请于当日办理",
            field="onDay",
        )


@dataclass(frozen=True, slots=True)
class Order:
    """办理信息: when a change takes effect, why, who enters it, and when. `reason` names the decision (批复文号)."""

    on_day: date
    reason: str
    by: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """变更结果: the plan that was carried out, the number of its record, and the rows that got a new code, by table."""

    change_id: int
    plan: ChangePlan
    recoded: Mapping[str, int]


async def rename(session: SystemSession, code: int, name: str, order: Order) -> Changed:
    """更名. Raises `ActRefused` with a `ChangeRefusal`, `ChangeInFuture`, `NoRootTenant`."""
    return await _carry_out(
        session, code, lambda register: rename_tenant(register, code, name, on_day=order.on_day), order
    )


async def move(
    session: SystemSession,
    code: int,
    to: int,
    order: Order,
    *,
    new_code: int | None = None,
    pause: Pause = asyncio.sleep,
) -> Changed:
    """划转: a town or street goes to another district of its city. Raises as `rename`, and `TenantBusy`."""

    def plan(register: Register) -> ChangePlan:
        return move_town(register, code, to, on_day=order.on_day, new_code=new_code)

    return await _carry_out(session, code, plan, order, pause=pause)


async def merge(
    session: SystemSession,
    sources: Sequence[int],
    target: int,
    order: Order,
    *,
    name: str | None = None,
    towns_to: Mapping[int, int] | None = None,
    new_codes: Mapping[int, int] | None = None,
    pause: Pause = asyncio.sleep,
) -> Changed:
    """合并: districts or towns end, and another takes their place. Raises as `rename`, and `TenantBusy`."""

    def plan(register: Register) -> ChangePlan:
        return merge_tenants(
            register, sources, target, on_day=order.on_day, name=name, towns_to=towns_to, new_codes=new_codes
        )

    return await _carry_out(session, target, plan, order, pause=pause)


async def _carry_out(
    session: SystemSession,
    code: int,
    make_plan: Callable[[Register], ChangePlan],
    order: Order,
    *,
    pause: Pause = asyncio.sleep,
) -> Changed:
    if order.on_day > order.now.astimezone(SHANGHAI).date():
        raise ChangeInFuture(order.on_day)
    shard = shard_number(code)
    register = await read_register(session, shard, lock=True)
    plan = make_plan(register)
    tables = coded_tables()
    if plan.recode:
        await hold_still(session, tables, pause)
    change_id = await write_plan(session, plan, reason=order.reason, by=order.by, now=order.now)
    recoded = await recode(session, shard, plan, tables) if plan.recode else {}
    await add_audit_entries(session, list(_audit(shard, register, plan, order)))
    return Changed(change_id, plan, recoded)


def _audit(shard: int, register: Register, plan: ChangePlan, order: Order) -> list[dict[str, Any]]:
    """One entry for each tenant that the plan ends, begins or renames; it stands where the tenant's rows stand now."""
    after = {tenant.code: tenant for tenant in plan.tenants}
    codes = dict.fromkeys([version.code for version in (*plan.closed, *plan.opened)])
    return [
        {
            "shard": shard,
            "code": plan.recode.get(code, code),
            "at": order.now,
            "act": ACT_NAMES[plan.kind],
            "actor": order.by,
            "subject_type": "Tenant",
            "subject_id": UUID(int=code),
            "before": _state(register.tenants.get(code)),
            "after": _state(after[code]),
            "reason": order.reason,
        }
        for code in codes
    ]


def _state(tenant: Any) -> dict[str, Any] | None:
    if tenant is None:
        return None
    names = ("code", "name_zh", "parent_code", "valid_from", "valid_to", "successor_code")
    return plain({name: getattr(tenant, name) for name in names})
