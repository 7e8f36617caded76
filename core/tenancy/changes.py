"""区划变更: renaming, moving and merging tenants, as plans made from the rows of one root tenant.

A plan says which rows to write, which versions end and begin, and which codes the tenants' data must be given instead
of which. Nothing is lost: a code is never used twice, a closed tenant names its successor, and the versions of a
tenant (沿革) never overlap. Refusals are `ActRefused` with a `ChangeRefusal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from core.errors import ActRefused
from core.reference.pinyin import pinyin_key
from core.tenancy.codes import TenantCode, TenantLevel, next_reserved_code, shard_of
from core.tenancy.hierarchy import Tenant, TenantKind, make_tenant
from core.tenancy.register import (
    ChangeKind,
    ChangePlan,
    ChangeRefusal,
    Register,
    TenantVersion,
    apply_plan,
    current_successor,
)

__all__ = [
    "ChangeKind",
    "ChangePlan",
    "ChangeRefusal",
    "Register",
    "TenantVersion",
    "apply_plan",
    "current_successor",
    "merge_tenants",
    "move_town",
    "rename_tenant",
]


class _Draft:
    """The rows of a plan while it is made, over the register that it starts from."""

    def __init__(self, register: Register, on_day: date) -> None:
        self.register = register
        self.on_day = on_day
        self.tenants: dict[int, Tenant] = {}
        self.closed: list[TenantVersion] = []
        self.opened: list[TenantVersion] = []
        self.recode: dict[int, int] = {}

    def current(self, code: int) -> Tenant:
        tenant = self.tenants.get(code) or self.register.tenants.get(code)
        if tenant is None:
            raise _refused(ChangeRefusal.UNKNOWN_TENANT)
        if not tenant.current:
            raise _refused(ChangeRefusal.NOT_CURRENT)
        return tenant

    def taken(self) -> set[int]:
        return self.register.tenants.keys() | self.tenants.keys()

    def open(self, tenant: Tenant) -> Tenant:
        """Write a new tenant that begins on the day."""
        made = replace(tenant, valid_from=self.on_day)
        self.tenants[made.code] = made
        self.opened.append(TenantVersion(made.code, made.parent_code, made.name_zh, self.on_day, None))
        return made

    def close(self, tenant: Tenant, successor: int) -> None:
        """End a tenant; its data goes to the successor."""
        self._end_version(tenant)
        self.tenants[tenant.code] = replace(tenant, valid_to=self.on_day, successor_code=successor)
        self.recode[tenant.code] = successor

    def rename(self, tenant: Tenant, name: str) -> Tenant:
        self._end_version(tenant)
        full_name = tenant.full_name_zh.removesuffix(tenant.name_zh) + name
        renamed = replace(tenant, name_zh=name, full_name_zh=full_name, sort_key=pinyin_key(name))
        self.tenants[tenant.code] = renamed
        self.opened.append(TenantVersion(tenant.code, tenant.parent_code, name, self.on_day, None))
        self._pass_on_full_name(renamed)
        return renamed

    def _pass_on_full_name(self, parent: Tenant) -> None:
        for child in self.register.children(parent.code):
            renamed = replace(child, full_name_zh=parent.full_name_zh + child.name_zh)
            self.tenants[child.code] = renamed
            self._pass_on_full_name(renamed)

    def _end_version(self, tenant: Tenant) -> None:
        last = self.register.history(tenant.code)[-1]
        if last.valid_from is not None and last.valid_from >= self.on_day:
            raise _refused(ChangeRefusal.TOO_EARLY)
        self.closed.append(replace(last, valid_to=self.on_day))

    def transfer(self, child: Tenant, parent: Tenant, wanted: int | None) -> Tenant:
        """Give a town another parent and so another code."""
        code = self._code_under(parent, child, wanted)
        moved = self.open(make_tenant(code, child.kind, child.name_zh, parent))
        self.close(child, moved.code)
        return moved

    def _code_under(self, parent: Tenant, child: Tenant, wanted: int | None) -> TenantCode:
        taken = self.taken()
        if wanted is None:
            same_digits = TenantCode(parent.code + child.code % 1_000)
            free = same_digits if same_digits.value not in taken else next_reserved_code(TenantCode(parent.code), taken)
            if free is None:
                raise _refused(ChangeRefusal.NO_FREE_CODE)
            return free
        code = TenantCode(wanted)
        if wanted in taken:
            raise _refused(ChangeRefusal.CODE_TAKEN)
        if code.level is not child.level or not parent.low < wanted < parent.high:
            raise _refused(ChangeRefusal.CODE_OUTSIDE)
        return code

    def plan(self, kind: ChangeKind) -> ChangePlan:
        tenants = tuple(self.tenants.values())
        return ChangePlan(kind, self.on_day, tenants, tuple(self.closed), tuple(self.opened), self.recode)


def rename_tenant(register: Register, code: int, name: str, *, on_day: date) -> ChangePlan:
    """更名: a new name from a day on; the code stays, so no data is touched. The full names below follow."""
    draft = _Draft(register, on_day)
    tenant, name = draft.current(code), name.strip()
    if not name:
        raise _refused(ChangeRefusal.NAME_EMPTY)
    if name == tenant.name_zh:
        raise _refused(ChangeRefusal.NAME_UNCHANGED)
    draft.rename(tenant, name)
    return draft.plan(ChangeKind.RENAMED)


def move_town(register: Register, code: int, to: int, *, on_day: date, new_code: int | None = None) -> ChangePlan:
    """划转: a town or street goes to another district of the same root, and gets a code there.

    Without `new_code` it keeps its last three digits if they are free there, else it gets a reserved code until the
    official one is known.
    """
    draft = _Draft(register, on_day)
    town = draft.current(code)
    if town.level is not TenantLevel.TOWN:
        raise _refused(ChangeRefusal.WRONG_LEVEL)
    if shard_of(to) != town.shard:
        raise _refused(ChangeRefusal.CROSSES_ROOT)
    district = draft.current(to)
    if district.level is not TenantLevel.DISTRICT:
        raise _refused(ChangeRefusal.WRONG_LEVEL)
    if town.parent_code == to:
        raise _refused(ChangeRefusal.SAME_PARENT)
    draft.transfer(town, district, new_code)
    return draft.plan(ChangeKind.MOVED)


def merge_tenants(
    register: Register,
    sources: Iterable[int],
    target: int,
    *,
    on_day: date,
    name: str | None = None,
    towns_to: Mapping[int, int] | None = None,
    new_codes: Mapping[int, int] | None = None,
) -> ChangePlan:
    """合并: districts (or towns) are closed and `target` takes their place: a new code, or one of the same level that stays.

    `name` is the target's; one that stays may keep its own. The towns of the sources go to the target, except those that
    `towns_to` sends to another district (old town code to district code). `new_codes` gives towns their official new
    codes; without one a town keeps its last three digits if they are free there, else it gets a reserved code.
    """
    draft = _Draft(register, on_day)
    merged = [draft.current(code) for code in dict.fromkeys(sources)]
    _check_sources(merged, target)
    remaining = _target(draft, merged[0], target, (name or "").strip())
    closing = {source.code for source in merged}
    ways = dict(towns_to or {})
    for source in merged:
        for town in register.children(source.code):
            to = ways.pop(town.code, target)
            if to in closing:
                raise _refused(ChangeRefusal.NOT_CURRENT)
            goes_to = draft.current(to)
            if goes_to.level is not TenantLevel.DISTRICT:
                raise _refused(ChangeRefusal.WRONG_LEVEL)
            draft.transfer(town, goes_to, (new_codes or {}).get(town.code))
        draft.close(source, remaining.code)
    if ways:
        raise _refused(ChangeRefusal.UNKNOWN_TENANT)
    return draft.plan(ChangeKind.MERGED)


def _check_sources(merged: list[Tenant], target: int) -> None:
    if not merged:
        raise _refused(ChangeRefusal.NOTHING_TO_MERGE)
    if any(source.code == target for source in merged):
        raise _refused(ChangeRefusal.TARGET_IS_SOURCE)
    shards = {source.shard for source in merged} | {shard_of(target)}
    if len(shards) > 1 or merged[0].level is TenantLevel.CITY:
        raise _refused(ChangeRefusal.CROSSES_ROOT)
    if {source.level for source in merged} != {TenantCode(target).level}:
        raise _refused(ChangeRefusal.WRONG_LEVEL)


def _target(draft: _Draft, source: Tenant, target: int, name: str) -> Tenant:
    if target in draft.register.tenants:
        remaining = draft.current(target)
        return draft.rename(remaining, name) if name and name != remaining.name_zh else remaining
    if not name:
        raise _refused(ChangeRefusal.NAME_EMPTY)
    above = [other for other in draft.register.tenants.values() if other.current and other.low < target < other.high]
    parent = max(above, key=lambda other: other.low, default=None)
    # A closed district's code range cannot take new towns, and the root alone is no parent of a district's town.
    if parent is None or (source.level is TenantLevel.TOWN and _has_districts(draft.register, parent)):
        raise _refused(ChangeRefusal.CODE_OUTSIDE)
    return draft.open(make_tenant(TenantCode(target), TenantKind.NORMAL, name, parent))


def _has_districts(register: Register, parent: Tenant) -> bool:
    return any(child.level is TenantLevel.DISTRICT for child in register.children(parent.code))


def _refused(refusal: ChangeRefusal) -> ActRefused:
    return ActRefused(refusal, refusal.en, refusal.zh)
