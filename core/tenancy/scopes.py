"""The scope of a tenant itself, for those who act for it by command line."""

from __future__ import annotations

from datetime import date

from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import ReadSession
from core.errors import NotFound
from core.tenancy.records import find_tenant, shard_number


async def tenant_scope(session: ReadSession, code: int, today: date) -> Scope:
    """The scope that sees all of a tenant; `NotFound` for a code that is none."""
    found = await find_tenant(session, code)
    if found is None:
        raise NotFound(f"there is no tenant {code}", f"没有代码为 {code} 的租户")
    shard = shard_number(found.code)
    level = TenantLevel.CITY if found.parent_code is None else TenantLevel(found.level.value.lower())
    return Scope(ScopeKind.TENANT, shard, found.low, found.high, level, today)
