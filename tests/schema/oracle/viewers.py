"""Who asks: every kind of scope, with all permissions or with those of a role, with and without plugins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from core.db.scope import Scope, ScopeKind, TenantLevel
from core.identity.permissions import CORE_PERMISSIONS, PermissionRegistry, permissions_of
from core.identity.roles import Role
from schema.planner.compiler import View
from tests.support.city import TODAY
from tests.support.house import ALL, BUILT_IN

KNOWN = PermissionRegistry.of({"core": CORE_PERMISSIONS, **BUILT_IN.permissions()})
BOTH = frozenset({"case_label", "oddities", "reminders"})


@dataclass(frozen=True, repr=False)
class Viewer:
    """A viewer, and the plugins of their schema."""

    name: str
    scope: Scope
    permissions: frozenset[str] = ALL
    plugins: frozenset[str] = BOTH
    disabled: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return self.name

    @property
    def view(self) -> View:
        return View(self.scope, self.permissions, self.disabled)


def _scope(low: int, high: int, level: TenantLevel, kind: ScopeKind = ScopeKind.TENANT, **narrowed: object) -> Scope:
    return Scope(kind, low // 100_000, low, high, level, TODAY, **narrowed)  # type: ignore[arg-type]


CITY = _scope(440100000, 440200000, TenantLevel.CITY)
HUANGPU = _scope(440112000, 440113000, TenantLevel.DISTRICT)
TOWN = _scope(440112001, 440112002, TenantLevel.TOWN)


def agency_id(number: int) -> UUID:
    return UUID(f"00000000-0000-7000-8000-{number:012d}")


def member_id(number: int) -> UUID:
    return UUID(f"00000000-0000-7000-b000-{number:012d}")


def viewers() -> list[Viewer]:
    """Agency 2 answers in 天河, 3 in 黄埔, 4 in its street, 5 in 深圳; the members are the handler and the mediator of grants."""
    in_district = [(440112000, 440113000)]
    return [
        Viewer("city", CITY),
        Viewer("city without plugins", CITY, plugins=frozenset()),
        Viewer("city, plugins not in 黄埔", CITY, disabled=dict.fromkeys(BOTH, in_district)),
        Viewer("district", HUANGPU),
        Viewer("town", TOWN),
        Viewer("other city", _scope(440300000, 440400000, TenantLevel.CITY)),
        Viewer(
            "agency",
            replace(_scope(440106000, 440107000, TenantLevel.DISTRICT), kind=ScopeKind.AGENCY, agency_id=agency_id(2)),
        ),
        Viewer("co-respondent", replace(TOWN, kind=ScopeKind.AGENCY, agency_id=agency_id(4))),
        Viewer(
            "court", replace(CITY, kind=ScopeKind.COURT, court_code="粤7101"), permissions_of(Role.COURT_LIAISON, KNOWN)
        ),
        Viewer("court with all permissions", replace(CITY, kind=ScopeKind.COURT, court_code="粤7101")),
        Viewer("handler", replace(HUANGPU, kind=ScopeKind.ASSIGNED, member_id=member_id(1), agency_id=agency_id(3))),
        Viewer("mediator", replace(CITY, kind=ScopeKind.ASSIGNED, member_id=member_id(2))),
        Viewer("auditor", CITY, permissions_of(Role.AUDITOR, KNOWN)),
        Viewer(
            "agency head",
            replace(HUANGPU, kind=ScopeKind.AGENCY, agency_id=agency_id(3)),
            permissions_of(Role.AGENCY_HEAD, KNOWN),
        ),
        Viewer("administrator", replace(CITY, kind=ScopeKind.ADMIN), permissions_of(Role.PLATFORM_ADMIN, KNOWN)),
        Viewer("nobody", replace(CITY, kind=ScopeKind.NONE)),
    ]
