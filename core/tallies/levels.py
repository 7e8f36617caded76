"""Which rows of `case_tally` are summed for a question: those of the coarsest level that can still answer it. Pure rules."""

from __future__ import annotations

from enum import IntEnum

from core.db.scope import Scope, ScopeKind, TenantLevel
from core.tenancy.codes import TenantCode
from core.tenancy.codes import TenantLevel as CodeLevel
from schema.declared.figures import GroupedRows


class Level(IntEnum):
    """What a row is summed for, from coarse to fine."""

    CITY = 0
    DISTRICT = 1
    TOWN = 2
    AGENCY = 3


BY_DIMENSION = {"district": Level.DISTRICT, "town": Level.TOWN, "agency": Level.AGENCY}


def root_code(shard: int) -> int:
    """The code of a shard's root tenant: 4401 → 440100000, 11 → 110000000."""
    return int(str(shard).ljust(9, "0"))


def level_of(code: int, shard: int) -> Level:
    """The level of a tenant within its shard. Under a municipality a node between root and districts has no rows of its own."""
    if code == root_code(shard):
        return Level.CITY
    return Level.TOWN if TenantCode(code).level is CodeLevel.TOWN else Level.DISTRICT


def _finest_dimension(asked: GroupedRows) -> Level:
    return max((BY_DIMENSION[name] for name in asked.dimensions & BY_DIMENSION.keys()), default=Level.CITY)


def in_scope(asked: GroupedRows) -> list[str]:
    """The rows that answer at the root: within the scope, or within the tenant or agency that is named."""
    scope: Scope = asked.scope
    agency = scope.agency_id if scope.kind is ScopeKind.AGENCY else asked.given.get("agency")
    if scope.kind not in {ScopeKind.TENANT, ScopeKind.AGENCY, ScopeKind.NONE} or _names_nothing(asked):
        return ["false"]
    if scope.kind is ScopeKind.AGENCY and asked.given.get("agency", agency) != agency:
        return ["false"]
    level = Level.AGENCY if agency is not None else _finest_dimension(asked)
    conditions = []
    if agency is not None:
        conditions.append(f"{asked.alias}.agency_id = {asked.bind(agency, 'uuid')}")
    if "tenant" in asked.given:
        low, high = _range(asked.given["tenant"])
        if scope.kind is not ScopeKind.AGENCY and not scope.low <= low < high <= scope.high:
            return ["false"]
        level = max(level, level_of(low, scope.shard))
        conditions += _within(asked, low, high, level)
    elif scope.kind is not ScopeKind.AGENCY:
        own = Level.CITY if scope.level is TenantLevel.CITY else level_of(scope.low, scope.shard)
        level = max(level, own)
        conditions += _within(asked, scope.low, scope.high, level)
    return [*_at(asked, level), *conditions]


def _names_nothing(asked: GroupedRows) -> bool:
    return any(key is None for key in asked.given.values())


def _range(code: int) -> tuple[int, int]:
    tenant = TenantCode(code)
    return tenant.low, tenant.high


def _within(asked: GroupedRows, low: int, high: int, level: Level) -> list[str]:
    """The codes of a tenant's rows at a level: one code where the tenant stands at that level itself."""
    code, shard = f"{asked.alias}.tenant_code", asked.scope.shard
    if level_of(low, shard) is level:
        return [f"{code} = {asked.bind(low, 'bigint')}"]
    if low == root_code(shard):
        return []
    return [f"{code} >= {asked.bind(low, 'bigint')}", f"{code} < {asked.bind(high, 'bigint')}"]


def _kept_as(asked: GroupedRows, level: Level) -> str:
    """What the rows of a level are called: those of whole years where nothing that is asked tells months apart."""
    by_month = "month" in asked.dimensions | asked.filtered
    return level.name if by_month or level is Level.AGENCY else f"{level.name}_YEAR"


def _at(asked: GroupedRows, level: Level) -> list[str]:
    row = asked.alias
    conditions = [
        f"{row}.shard = {asked.bind(asked.scope.shard, 'integer')}",
        f"{row}.level = '{_kept_as(asked, level)}'",
    ]
    # Said of every row above the agencies, so that the index is walked by month as well.
    return conditions if level is Level.AGENCY else [*conditions, f"{row}.agency_id is null"]


def of_agency(asked: GroupedRows) -> list[str]:
    """The rows of the agency whose field is asked."""
    return [*_at(asked, Level.AGENCY), f"{asked.alias}.agency_id = {asked.parent}.id"]


def of_tenant(asked: GroupedRows) -> list[str]:
    """The rows of the tenant whose field is asked, at its own level or at that of the finest dimension."""
    row, parent, shard = asked.alias, asked.parent, asked.bind(asked.scope.shard, "integer")
    finest = _finest_dimension(asked)
    city, district, town = (_kept_as(asked, max(own, finest)) for own in (Level.CITY, Level.DISTRICT, Level.TOWN))
    level = f"case when {parent}.parent_code is null then '{city}' when {parent}.level = 'TOWN' then '{town}' else '{district}' end"
    return [
        f"{row}.shard = {shard}",
        f"{row}.level = {level}",
        f"{row}.tenant_code >= {parent}.low",
        f"{row}.tenant_code < {parent}.high",
    ]


def tenant_is_within(asked: GroupedRows) -> str:
    """Whether the viewer's range holds the tenant whose field is asked; of others nobody is told figures, not even zeros."""
    scope: Scope = asked.scope
    if scope.kind not in {ScopeKind.TENANT, ScopeKind.NONE}:
        return "false"
    low, high = asked.bind(scope.low, "bigint"), asked.bind(scope.high, "bigint")
    return f"{asked.parent}.low >= {low} and {asked.parent}.high <= {high}"
