"""租户层级: the tenants of all of China, made from the administrative divisions.

City → district → town or street. Nodes that only keep four levels (1101 市辖区, 4190 省直辖县级行政区划, 441900) are no
tenants: what stands under them belongs to the next real tenant above. Provinces are no tenants, and 港 澳 台 have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.labels import Labelled
from core.reference.pinyin import pinyin_key
from core.reference.readers import ClosedDivision, Division
from core.tenancy.codes import TenantCode, TenantLevel, parse_tenant_code, shard_of


class TenantKind(Labelled):
    """租户类别."""

    NORMAL = "NORMAL", "一般", "ordinary"
    MUNICIPALITY = "MUNICIPALITY", "直辖市", "municipality"
    DIRECT = "DIRECT", "省直辖", "run directly by the province"
    FUNCTIONAL = "FUNCTIONAL", "功能区", "functional unit without a legal division"


@dataclass(frozen=True, slots=True)
class Tenant:
    """租户: one row of the hierarchy.

    `valid_from` is the first day and `valid_to` the first day after; None: since before our records, and still.
    `successor_code` is the tenant that took its place. `full_name_zh` begins with the province.
    """

    code: int
    shard: int
    parent_code: int | None
    level: TenantLevel
    kind: TenantKind
    name_zh: str
    full_name_zh: str
    sort_key: str
    division_code: str | None
    low: int
    high: int
    valid_from: date | None = None
    valid_to: date | None = None
    successor_code: int | None = None

    @property
    def current(self) -> bool:
        """Whether it has not been closed."""
        return self.valid_to is None


def make_tenant(
    code: TenantCode,
    kind: TenantKind,
    name_zh: str,
    parent: Tenant | None,
    *,
    prefix: str = "",
    sort_key: Callable[[str], str] = pinyin_key,
) -> Tenant:
    """A current tenant from its code, name and parent; a root has none, and `prefix` is then its province's name."""
    return Tenant(
        code=code.value,
        shard=shard_of(code.value),
        parent_code=parent.code if parent else None,
        level=code.level,
        kind=kind,
        name_zh=name_zh,
        full_name_zh=(parent.full_name_zh if parent else prefix) + name_zh,
        sort_key=sort_key(name_zh),
        division_code=code.division_code,
        low=code.low,
        high=code.high,
    )


def build_hierarchy(
    divisions: Iterable[Division],
    closed: Iterable[ClosedDivision] = (),
    *,
    sort_key: Callable[[str], str] = pinyin_key,
) -> tuple[Tenant, ...]:
    """The tenants of these divisions, parents before children, closed ones last.

    `divisions` must give parents before children. A placeholder that repeats its county's own code (350527000 under
    金门县) is left out.
    """
    tenants: dict[int, Tenant] = {}
    # The tenant that stands for a division, or, for one that is no tenant, the next real one above.
    standing: dict[str, Tenant | None] = {}
    provinces: dict[str, str] = {}
    for division in divisions:
        above = standing.get(division.parent_code) if division.parent_code else None
        kind = _kind(division)
        if division.level == "province":
            provinces[division.code] = division.name_zh
        code = parse_tenant_code(division.code)
        if kind is None or code.value in tenants:
            standing[division.code] = above
            continue
        prefix = "" if kind is TenantKind.MUNICIPALITY else provinces.get(division.code[:2], "")
        tenant = make_tenant(code, kind, division.name_zh, above, prefix=prefix, sort_key=sort_key)
        tenants[tenant.code] = standing[division.code] = tenant
    _add_closed(tenants, standing, closed, sort_key)
    return tuple(tenants.values())


def _kind(division: Division) -> TenantKind | None:
    """The kind of tenant a division makes; None: none."""
    if division.kind == "direct":
        return TenantKind.DIRECT
    if division.kind == "functional":
        return TenantKind.FUNCTIONAL
    if division.kind != "normal":
        return None
    if division.level == "province":
        level = parse_tenant_code(division.code).level
        return TenantKind.MUNICIPALITY if level is TenantLevel.CITY else None
    return TenantKind.NORMAL


def _add_closed(
    tenants: dict[int, Tenant],
    standing: dict[str, Tenant | None],
    closed: Iterable[ClosedDivision],
    sort_key: Callable[[str], str],
) -> None:
    for division in closed:
        parent = standing[division.parent_code]
        made = make_tenant(
            parse_tenant_code(division.code), TenantKind.NORMAL, division.name_zh, parent, sort_key=sort_key
        )
        successor = parse_tenant_code(division.successor_code).value
        tenants[made.code] = replace(made, valid_to=division.closed_on, successor_code=successor)
        if division.successor_opened_on is not None:
            tenants[successor] = replace(tenants[successor], valid_from=division.successor_opened_on)
