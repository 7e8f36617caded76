"""To whom a message goes: one member, an agency's people by role, or the bureau that watches over a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.identity.roles import Role


@dataclass(frozen=True, slots=True)
class ToMember:
    """One member (成员); nobody, once the membership has ended."""

    member_id: UUID

    def asked(self) -> dict[str, Any]:
        """As the database is asked."""
        return {"member": str(self.member_id)}


@dataclass(frozen=True, slots=True)
class ToAgency:
    """All of an agency's (行政机关) members with one of these roles; by default its liaison officers (联络员)."""

    agency_id: UUID
    roles: tuple[Role, ...] = (Role.AGENCY,)

    def asked(self) -> dict[str, Any]:
        """As the database is asked."""
        return {"agency": str(self.agency_id), "roles": [role.value for role in self.roles]}


@dataclass(frozen=True, slots=True)
class ToTenant:
    """The members with one of these roles in the nearest tenant that holds `code`: by default the justice bureau (司法局).

    Nearest means the tenant itself if it has any such member, else the one above: a town's matter goes to its district's
    bureau, and to the city's where the district has nobody yet.
    """

    code: int
    roles: tuple[Role, ...] = (Role.DISTRICT_BUREAU, Role.CITY_BUREAU)

    def asked(self) -> dict[str, Any]:
        """As the database is asked."""
        return {"code": self.code, "roles": [role.value for role in self.roles]}


Recipient = ToMember | ToAgency | ToTenant
Recipients = Recipient | Sequence[Recipient]


def each(recipients: Recipients) -> Sequence[Recipient]:
    """The recipients, one by one."""
    return (recipients,) if isinstance(recipients, ToMember | ToAgency | ToTenant) else recipients
