"""The scope itself, bound beside the policy that holds it: so that a list walks the index of its level (architecture §2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from core.db.base import RowClass
from core.db.rls import MEMBER, row_class
from core.db.scope import Scope, ScopeKind, TenantLevel

Bind = Callable[[Any, str], str]

EVERYBODYS = frozenset({RowClass.SHARED, RowClass.ISSUE, RowClass.ISSUE_PART})
"""Rows that are read beyond one's own range: what a city publishes names every agency to every agency."""


def narrowed(table: Table, driver: str, scope: Scope, bind: Bind) -> list[str]:
    """The conditions on the rows of a table, under an alias, that say the scope. Public rows are those of the viewer's city."""
    columns = table.columns
    if "shard" not in columns:
        return []
    conditions = [f"{driver}.shard = {bind(scope.shard, 'integer')}"]
    if row_class(table) in EVERYBODYS:
        return conditions
    if row_class(table) is RowClass.INBOX:
        # Asked, not bound: a statement is kept for colleagues too, whose inboxes are others.
        return [*conditions, f"{driver}.member_id = {MEMBER}"]
    if scope.kind is ScopeKind.AGENCY and "agency_id" in columns:
        conditions.append(f"{driver}.agency_id = {bind(scope.agency_id, 'uuid')}")
    elif scope.kind is ScopeKind.COURT:
        conditions.extend(_of_court(table, driver, scope, bind))
    elif scope.kind is ScopeKind.ASSIGNED and "case_id" in columns:
        member = bind(scope.member_id, "uuid")
        conditions.append(
            f"{driver}.case_id in (select g.case_id from case_grant g"
            f" where g.shard = {driver}.shard and g.member_id = {member})"
        )
    elif scope.level is TenantLevel.DISTRICT and "district" in columns:
        conditions.append(f"{driver}.district = {bind(scope.low, 'bigint')}")
    elif scope.level is TenantLevel.TOWN and "code" in columns:
        conditions.append(f"{driver}.code = {bind(scope.low, 'bigint')}")
    return conditions


def _of_court(table: Table, driver: str, scope: Scope, bind: Bind) -> list[str]:
    """What the scope's court sees of a table: its own cases, of internal rows none; said here, so that none is searched."""
    if row_class(table) is RowClass.RESPONSE:
        return ["false"]
    if "court_code" not in table.columns and "response_id" not in table.columns:
        return []
    court = bind(scope.court_code, "text")
    if "court_code" in table.columns:
        return [f"{driver}.court_code = {court}"]
    own = f"r.shard = {driver}.shard and r.id = {driver}.response_id and r.court_code = {court}"
    return [f"exists (select 1 from response r where {own})"]
