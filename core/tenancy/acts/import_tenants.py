"""导入租户: units that the shipped divisions lack (zone committees, new divisions), from a CSV file, by command line.

Columns: `parent_code`, `name`; optional `code`, `kind` (NORMAL or FUNCTIONAL), `valid_from`. A row without a code is a unit
without a legal division (功能区) and gets the next reserved code under its parent; a parent stands before its children.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from core.acting import plain
from core.db.session import SystemSession
from core.tenancy import records
from core.tenancy.acts.changes import Order
from core.tenancy.acts.row_file import FileImport, FileRow, RowFinding, Severity, read_rows
from core.tenancy.codes import (
    NoRootTenant,
    TenantCode,
    TenantCodeMalformed,
    TenantLevel,
    next_reserved_code,
    parse_tenant_code,
)
from core.tenancy.hierarchy import Tenant, TenantKind, make_tenant

REQUIRED = ("parent_code", "name")
_LONGEST_NAME = 100


class _Refused(Exception):
    def __init__(self, column: str, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.column, self.message, self.message_zh = column, message, message_zh


async def import_tenants(
    session: SystemSession, content: bytes, order: Order, *, keep_good: bool = False
) -> FileImport:
    """Add the file's tenants. One that is there under the same code (or parent) and name is left as it is.

    Rejected rows keep the whole file out, unless `keep_good`. Running it again changes nothing. Raises `FileUnreadable`.
    """
    rows = read_rows(content, REQUIRED)
    tenants: dict[int, Tenant] = {}
    for shard in sorted({shard for row in rows if (shard := _shard(row)) is not None}):
        tenants |= (await records.read_register(session, shard, lock=True)).tenants
    findings: list[RowFinding] = []
    added: list[Tenant] = []
    for row in rows:
        try:
            made = _tenant(row, tenants, order.on_day)
        except _Refused as refused:
            findings.append(row.finding(refused.column, refused.message, refused.message_zh, Severity.REJECTED))
            continue
        if made is not None:
            tenants[made.code] = made
            added.append(made)
    unchanged = len(rows) - len(added) - len(findings)
    result = FileImport(len(added), 0, unchanged, tuple(findings), landed=keep_good or not findings)
    if result.landed and added:
        await records.add_missing_tenants(session, added)
        await records.add_audit_entries(session, [_entry(tenant, order) for tenant in added])
    return result


def _shard(row: FileRow) -> int | None:
    try:
        return records.shard_number(parse_tenant_code(row.cells["parent_code"]).value)
    except (TenantCodeMalformed, NoRootTenant):
        return None


def _tenant(row: FileRow, tenants: Mapping[int, Tenant], today: date) -> Tenant | None:
    """The new tenant of a row; None if it is there already."""
    name = row.cells["name"]
    if not 0 < len(name) <= _LONGEST_NAME:
        raise _Refused("name", "must not be empty or too long", "不能为空，也不能过长")
    parent = tenants.get(_code(row, "parent_code").value)
    if parent is None or not parent.current:
        raise _Refused("parent_code", "there is no such current tenant", "上级地区不存在或已撤销")
    kind = _kind(row)
    if row.cells.get("code"):
        code = _code(row, "code")
        if _is_known(tenants, code.value, parent, name):
            return None
    else:
        if any(t.name_zh == name and t.parent_code == parent.code and t.current for t in tenants.values()):
            return None
        free = next_reserved_code(TenantCode(parent.code), tenants)
        if free is None:
            raise _Refused("code", "no code is free under the parent: name one", "上级地区下没有可用的代码，请指定")
        code = free
    made = make_tenant(code, kind, name, parent)
    return replace(made, valid_from=_day(row, today))


def _is_known(tenants: Mapping[int, Tenant], code: int, parent: Tenant, name: str) -> bool:
    known = tenants.get(code)
    if known is not None:
        if (known.name_zh, known.parent_code, known.current) == (name, parent.code, True):
            return True
        raise _Refused(
            "code", f"is taken by {known.name_zh}; use `yingsu tenant rename`", f"代码已由{known.name_zh}使用"
        )
    # Beside the range, also the level: a city's town would be seen by no district, though it has some.
    has_districts = any(t.parent_code == parent.code and t.level is TenantLevel.DISTRICT for t in tenants.values())
    skips = parent.level is TenantLevel.CITY and has_districts and TenantCode(code).level is TenantLevel.TOWN
    if not parent.low < code < parent.high or skips:
        raise _Refused("code", f"does not lie under {parent.name_zh}", f"代码不在{parent.name_zh}之下")
    return False


def _code(row: FileRow, column: str) -> TenantCode:
    try:
        return parse_tenant_code(row.cells[column])
    except TenantCodeMalformed as error:
        raise _Refused(column, error.message, error.message_zh) from None


def _kind(row: FileRow) -> TenantKind:
    text = row.cells.get("kind", "").upper()
    if not text:
        return TenantKind.NORMAL if row.cells.get("code") else TenantKind.FUNCTIONAL
    if text not in (TenantKind.NORMAL.value, TenantKind.FUNCTIONAL.value):
        raise _Refused("kind", "must be NORMAL or FUNCTIONAL", "类别应为NORMAL或FUNCTIONAL")
    return TenantKind[text]


def _day(row: FileRow, today: date) -> date | None:
    text = row.cells.get("valid_from", "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Refused("valid_from", "must be a date like 2026-01-31", "应为2026-01-31形式的日期") from None
    if day > today:
        raise _Refused("valid_from", "lies in the future", "日期不能晚于今日")
    return day


def _entry(tenant: Tenant, order: Order) -> dict[str, Any]:
    return {
        "shard": records.shard_number(tenant.code),
        "code": tenant.code,
        "at": order.now,
        "act": "tenantImport",
        "actor": order.by,
        "subject_type": "Tenant",
        "subject_id": UUID(int=tenant.code),
        "before": None,
        "after": plain({"name_zh": tenant.name_zh, "parent_code": tenant.parent_code, "valid_from": tenant.valid_from}),
        "reason": order.reason,
    }
