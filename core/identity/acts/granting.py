"""Which role a member may give to whom: pure rules. Nobody gives a role wider than their own place.

The bureau of the city gives every role in its city, the bureau of a district those of its district, an agency's legal office
those of its own agency. Roles that see more than one district, or the event log, are given by the city alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.identity.roles import Role
from core.tenancy.codes import TenantLevel

AGENCY_ROLES: Final = frozenset({Role.AGENCY_LEGAL, Role.AGENCY, Role.AGENCY_HEAD, Role.HANDLER})
"""Roles that work for one agency, and need it."""
ASSIGNABLE: Final = frozenset({Role.HANDLER, Role.MEDIATOR, Role.CENTRE_STAFF})
"""Roles that see a case only if it is given to them."""
COURT_ROLES: Final = frozenset({Role.COURT_LIAISON})

_DISTRICT: Final = AGENCY_ROLES | {Role.DISTRICT_BUREAU, Role.TOWN, Role.MEDIATOR, Role.CENTRE_STAFF}
_CITY: Final = frozenset(Role) - {Role.PLATFORM_ADMIN}

GRANTABLE: Final[Mapping[Role, frozenset[Role]]] = MappingProxyType(
    {
        Role.CITY_BUREAU: _CITY,
        Role.DISTRICT_BUREAU: _DISTRICT,
        Role.AGENCY_LEGAL: AGENCY_ROLES,
        Role.PLATFORM_ADMIN: frozenset(Role),
    }
)
"""Who gives which roles; a role that is not named gives none."""

_LEVELS: Final[Mapping[Role, frozenset[TenantLevel]]] = MappingProxyType(
    {
        Role.CITY_BUREAU: frozenset({TenantLevel.CITY}),
        Role.CITY_LEADER: frozenset({TenantLevel.CITY}),
        Role.EXECUTIVE_SECRETARY: frozenset({TenantLevel.CITY, TenantLevel.DISTRICT}),
        Role.DISTRICT_BUREAU: frozenset({TenantLevel.DISTRICT}),
        Role.TOWN: frozenset({TenantLevel.TOWN}),
        Role.COURT_LIAISON: frozenset({TenantLevel.CITY}),
        Role.PLATFORM_ADMIN: frozenset({TenantLevel.CITY}),
    }
)


def may_give(giver: Role, role: Role) -> bool:
    """Whether a member with the first role may give, change or end the second."""
    return role in GRANTABLE.get(giver, frozenset())


def fits_level(role: Role, level: TenantLevel) -> bool:
    """Whether a role exists at a tenant of this level; agency roles do at every level."""
    return level in _LEVELS.get(role, frozenset(TenantLevel))
