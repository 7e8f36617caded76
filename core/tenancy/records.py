"""The SQL of tenants and agencies.

The database's `shard` is a root tenant's code as people write it (4401, 11, 429004); the pure modules give it padded to nine
digits like every code. `shard_number` is the one place where the two meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, insert, select, text, update

from core.audit.tables import AuditEntry
from core.db.session import ReadSession, SystemSession
from core.reference.records import affected, stage
from core.tenancy import tables
from core.tenancy.codes import TenantCode, TenantLevel, shard_of
from core.tenancy.hierarchy import Tenant, TenantKind
from core.tenancy.register import ChangePlan, Register, TenantVersion

TENANT_COLUMNS = (
    "code",
    "shard",
    "parent_code",
    "level",
    "kind",
    "name_zh",
    "full_name_zh",
    "sort_key",
    "division_code",
    "low",
    "high",
    "valid_from",
    "valid_to",
    "successor_code",
)


def shard_number(code: int) -> int:
    """The shard that a code belongs to, as the database keeps it: 4401, 11, 429004. `NoRootTenant` for a province."""
    return int(TenantCode(shard_of(code)).division_code)


def tenant_values(tenant: Tenant) -> tuple[Any, ...]:
    """A tenant's row, in the order of `TENANT_COLUMNS`."""
    named = {name: getattr(tenant, name) for name in TENANT_COLUMNS}
    named |= {"shard": shard_number(tenant.code), "level": tenant.level.value, "kind": tenant.kind.value}
    return tuple(named.values())


def tenant_of(row: Row[Any]) -> Tenant:
    """The tenant of a row."""
    named = {name: getattr(row, name) for name in TENANT_COLUMNS}
    named |= {"shard": shard_of(row.code), "level": TenantLevel[row.level], "kind": TenantKind[row.kind]}
    return Tenant(**named)


async def add_missing_tenants(session: SystemSession, tenants: Iterable[Tenant]) -> int:
    """Insert the tenants whose codes are new, each with its first version; what is there stays: it changes by acts alone."""
    await stage(session, _table(tables.Tenant), TENANT_COLUMNS, map(tenant_values, tenants), "incoming_tenant")
    columns = ", ".join(TENANT_COLUMNS)
    added = await session.driver.execute(
        f"insert into tenant ({columns}) select {columns} from pg_temp.incoming_tenant i"
        " where not exists (select 1 from tenant t where t.code = i.code) on conflict (code) do nothing"
    )
    await session.driver.execute(
        "insert into tenant_version (code, parent_code, name_zh, valid_from, valid_to)"
        " select t.code, t.parent_code, t.name_zh, t.valid_from, t.valid_to"
        " from tenant t where t.code in (select i.code from pg_temp.incoming_tenant i)"
        " and not exists (select 1 from tenant_version v where v.code = t.code)"
        " on conflict (code, valid_from) do nothing"
    )
    return affected(added)


async def find_tenant(session: ReadSession, code: int) -> Tenant | None:
    """The tenant with this code, closed or not."""
    row = await session.row(select(_table(tables.Tenant)).where(tables.Tenant.code == code))
    return None if row is None else tenant_of(row)


async def read_register(session: ReadSession, shard: int, *, lock: bool = False) -> Register:
    """The tenants of a root and their versions; `lock` makes two changes of one root wait for each other."""
    statement = select(_table(tables.Tenant)).where(tables.Tenant.shard == shard).order_by(tables.Tenant.code)
    tenants = [tenant_of(row) for row in await session.rows(statement.with_for_update() if lock else statement)]
    found = await session.rows(
        select(_table(tables.TenantVersion))
        .where(tables.TenantVersion.code.in_([tenant.code for tenant in tenants]))
        .order_by(tables.TenantVersion.code, tables.TenantVersion.valid_from.asc().nulls_first())
    )
    versions: dict[int, list[TenantVersion]] = {}
    for row in found:
        version = TenantVersion(row.code, row.parent_code, row.name_zh, row.valid_from, row.valid_to)
        versions.setdefault(row.code, []).append(version)
    return Register({tenant.code: tenant for tenant in tenants}, {code: tuple(v) for code, v in versions.items()})


async def write_plan(session: SystemSession, plan: ChangePlan, *, reason: str, by: str, now: datetime) -> int:
    """Write the tenants and versions of a plan, and the change itself; answers the change's id."""
    columns = ", ".join(TENANT_COLUMNS)
    changes = ", ".join(f"{name} = excluded.{name}" for name in TENANT_COLUMNS if name != "code")
    await stage(session, _table(tables.Tenant), TENANT_COLUMNS, map(tenant_values, plan.tenants), "planned_tenant")
    await session.driver.execute(
        f"insert into tenant ({columns}) select {columns} from pg_temp.planned_tenant"
        f" on conflict (code) do update set {changes}"
    )
    for closed in plan.closed:
        ended = await session.execute(
            update(tables.TenantVersion)
            .where(
                tables.TenantVersion.code == closed.code,
                tables.TenantVersion.valid_from.is_not_distinct_from(closed.valid_from),
            )
            .values(valid_to=closed.valid_to)
        )
        if not ended:
            await session.execute(insert(tables.TenantVersion).values(_version_values(closed)))
    if plan.opened:
        await session.execute(insert(tables.TenantVersion), [_version_values(opened) for opened in plan.opened])
    change = insert(tables.TenantChange).values(
        kind=plan.kind.value,
        on_day=plan.on_day,
        reason=reason,
        plan=plan.as_json(),
        recorded_at=now,
        recorded_by=by,
    )
    return cast("int", await session.scalar(change.returning(tables.TenantChange.id)))


def _version_values(version: TenantVersion) -> dict[str, Any]:
    return {
        "code": version.code,
        "parent_code": version.parent_code,
        "name_zh": version.name_zh,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
    }


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """沿革: what a unit was called and where it stood for a time, under the code that it had then."""

    code: int
    name_zh: str
    parent_code: int | None
    parent_name_zh: str | None
    valid_from: date | None
    valid_to: date | None
    successor_code: int | None


async def tenant_history(session: ReadSession, code: int) -> list[HistoryEntry]:
    """All versions of a tenant and of those that it took the place of, oldest first."""
    rows = await session.rows(
        text(
            "with recursive line(code) as (select cast(:code as bigint)"
            " union select t.code from tenant t join line l on t.successor_code = l.code)"
            " select v.code, v.name_zh, v.parent_code, p.name_zh as parent_name_zh, v.valid_from, v.valid_to,"
            " t.successor_code from line l join tenant_version v on v.code = l.code join tenant t on t.code = v.code"
            " left join tenant p on p.code = v.parent_code"
            " order by v.valid_to asc nulls last, v.valid_from asc nulls first, v.code"
        ),
        {"code": code},
    )
    names = [field.name for field in fields(HistoryEntry)]
    return [HistoryEntry(**{name: getattr(row, name) for name in names}) for row in rows]


async def agencies_by_external_id(session: ReadSession, shard: int, external_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """The agencies of a shard that carry these ids of another system."""
    agency = tables.Agency
    rows = await session.rows(
        select(_table(agency)).where(agency.shard == shard, agency.external_id.in_(external_ids)).with_for_update()
    )
    return {row.external_id: row for row in rows}


async def agency_with_external_id(session: ReadSession, shard: int, external_id: str) -> UUID | None:
    """The visible agency with this id of another system."""
    agency = tables.Agency
    statement = select(agency.id).where(agency.shard == shard, agency.external_id == external_id)
    return cast("UUID | None", await session.scalar(statement))


async def add_agencies(session: SystemSession, values: Sequence[Mapping[str, Any]]) -> dict[str, UUID]:
    """Insert agencies; answers their ids by external id."""
    statement = insert(tables.Agency).returning(tables.Agency.external_id, tables.Agency.id)
    rows = await session.rows(statement, list(values)) if values else []
    return {row.external_id: row.id for row in rows}


async def change_agencies(session: SystemSession, values: Sequence[Mapping[str, Any]]) -> None:
    """Set the given columns of agencies, found by `shard` and `id`, and raise their versions."""
    agency = _table(tables.Agency)
    for row in values:
        changed = {name: value for name, value in row.items() if name not in ("shard", "id")}
        await session.execute(
            update(agency)
            .where(agency.c.shard == bindparam("of_shard"), agency.c.id == bindparam("of_id"))
            .values(**changed, version=agency.c.version + 1),
            {"of_shard": row["shard"], "of_id": row["id"]},
        )


async def add_audit_entries(session: SystemSession, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write audit entries of a system act."""
    if entries:
        await session.execute(insert(AuditEntry), [dict(entry) for entry in entries])


def _table(mapped: type[tables.Tenant | tables.TenantVersion | tables.Agency]) -> Table:
    table = mapped.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{mapped.__name__} is mapped to no table")
    return table
