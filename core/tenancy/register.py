"""租户册: the tenants of one root with their versions, what a change to it looks like, and where closed codes lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.labels import Labelled
from core.tenancy.hierarchy import Tenant


class ChangeKind(Labelled):
    """变更种类."""

    RENAMED = "RENAMED", "更名", "renamed"
    MOVED = "MOVED", "划转", "moved to another district"
    MERGED = "MERGED", "合并", "merged"


class ChangeRefusal(Labelled):
    """变更被拒绝的原因."""

    UNKNOWN_TENANT = "UNKNOWN_TENANT", "租户不存在", "there is no such tenant"
    NOT_CURRENT = "NOT_CURRENT", "租户已撤销", "the tenant has been closed"
    NAME_EMPTY = "NAME_EMPTY", "名称不能为空", "the name is empty"
    NAME_UNCHANGED = "NAME_UNCHANGED", "名称没有变化", "the name is the one it has"
    TOO_EARLY = "TOO_EARLY", "变更日期须晚于上一次变更", "the day is not after the tenant's last change"
    CROSSES_ROOT = (
        "CROSSES_ROOT",
        "不能跨市变更，数据须另行迁移",
        "it would leave its city; that needs a migration of its data",
    )
    WRONG_LEVEL = "WRONG_LEVEL", "租户层级不符", "the tenants are not of the levels that this change needs"
    SAME_PARENT = "SAME_PARENT", "已属于该区", "it belongs there already"
    CODE_TAKEN = (
        "CODE_TAKEN",
        "代码已使用，历史代码不得重复使用",
        "the code has been used, and codes are never used twice",
    )
    CODE_OUTSIDE = "CODE_OUTSIDE", "代码不在新上级的范围内", "the code does not lie under its new parent"
    NO_FREE_CODE = "NO_FREE_CODE", "没有可用的代码，请指定", "no code is free: name one"
    NOTHING_TO_MERGE = "NOTHING_TO_MERGE", "没有需要合并的租户", "there is nothing to merge"
    TARGET_IS_SOURCE = (
        "TARGET_IS_SOURCE",
        "合并目标不能同时被撤销",
        "the tenant that remains cannot be one that is closed",
    )


@dataclass(frozen=True, slots=True)
class TenantVersion:
    """租户沿革: what a tenant was called and where it stood, from one day to the day before another (None: open)."""

    code: int
    parent_code: int | None
    name_zh: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Register:
    """租户册: the tenants of one root, closed ones too, and their versions.

    A tenant without versions has never changed: its one version is the tenant itself.
    """

    tenants: Mapping[int, Tenant]
    versions: Mapping[int, tuple[TenantVersion, ...]] = field(default_factory=dict)

    def history(self, code: int) -> tuple[TenantVersion, ...]:
        """All versions of a tenant, oldest first."""
        tenant = self.tenants[code]
        only = TenantVersion(code, tenant.parent_code, tenant.name_zh, tenant.valid_from, tenant.valid_to)
        return self.versions.get(code) or (only,)

    def children(self, code: int) -> tuple[Tenant, ...]:
        """The current tenants right under one."""
        return tuple(tenant for tenant in self.tenants.values() if tenant.parent_code == code and tenant.current)


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """变更方案: what a change does.

    `tenants` are the rows as they stand afterwards, `closed` the versions that end (with their end) and `opened` those
    that begin on `on_day`; every row of data whose code is a key of `recode` gets the code it maps to.
    """

    kind: ChangeKind
    on_day: date
    tenants: tuple[Tenant, ...]
    closed: tuple[TenantVersion, ...]
    opened: tuple[TenantVersion, ...]
    recode: Mapping[int, int]

    def as_json(self) -> dict[str, Any]:
        """The plan as the history keeps it."""
        return {
            "kind": self.kind.value,
            "onDay": self.on_day.isoformat(),
            "closed": [{"code": version.code, "nameZh": version.name_zh} for version in self.closed],
            "opened": [{"code": version.code, "nameZh": version.name_zh} for version in self.opened],
            "recode": {str(old): new for old, new in self.recode.items()},
        }


def apply_plan(register: Register, plan: ChangePlan) -> Register:
    """The register after a plan."""
    versions = dict(register.versions)
    for closed in plan.closed:
        versions[closed.code] = (*register.history(closed.code)[:-1], closed)
    for opened in plan.opened:
        versions[opened.code] = (*versions.get(opened.code, ()), opened)
    return Register({**register.tenants, **{tenant.code: tenant for tenant in plan.tenants}}, versions)


def current_successor(tenants: Mapping[int, Tenant], code: int) -> Tenant | None:
    """The current tenant that a code leads to, itself if it still stands; None if it was closed without a successor.

    Raises `KeyError` for an unknown code and `ValueError` for successors that run in a circle, which no plan makes.
    """
    seen: set[int] = set()
    tenant = tenants[code]
    while not tenant.current:
        seen.add(tenant.code)
        if tenant.successor_code is None:
            return None
        tenant = tenants[tenant.successor_code]
        if tenant.code in seen:
            raise ValueError(f"the successors of {code} run in a circle")
    return tenant
