"""The scope of a transaction: whose rows it may see. Told to PostgreSQL once, at the start, as transaction-local settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from core.db.roles import APPLICATION, SYSTEM


class ScopeKind(StrEnum):
    """How the rows of a scope are chosen (domain §10)."""

    TENANT = "tenant"
    """By the tenant's range of codes."""
    AGENCY = "agency"
    """By the agency that answers."""
    COURT = "court"
    """By the court that hears."""
    ASSIGNED = "assigned"
    """By grants of single cases; with an agency, that agency's part only (承办机构)."""
    ADMIN = "admin"
    """By the tenant's range, but only members, agencies and settings: no case content (平台管理员)."""
    NONE = "none"
    """No case content at all."""


class TenantLevel(StrEnum):
    """The level of the scope's tenant: it names the index that a list in default order walks."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who looks, from where: one tenant of one shard, narrowed to an agency, a court or granted cases where the role is."""

    kind: ScopeKind
    shard: int
    low: int
    high: int
    level: TenantLevel
    today: date
    member_id: UUID | None = None
    agency_id: UUID | None = None
    court_code: str | None = None

    @property
    def code(self) -> int:
        """The tenant's own code."""
        return self.low

    def of_city(self) -> Scope:
        """The scope of the root tenant: everything in the shard, on the same day, for nobody in particular."""
        low = int(str(self.shard).ljust(9, "0"))
        return Scope(
            ScopeKind.TENANT, self.shard, low, low + 10 ** (9 - len(str(self.shard))), TenantLevel.CITY, self.today
        )


def _quote(value: object) -> str:
    return "'" + str("" if value is None else value).replace("'", "''") + "'"


def _select_settings(settings: dict[str, object]) -> str:
    return "select " + ", ".join(f"set_config('{name}', {_quote(value)}, true)" for name, value in settings.items())


def _scope_settings(scope: Scope) -> dict[str, object]:
    return {
        "app.scope": scope.kind.value,
        "app.shard": scope.shard,
        "app.lo": scope.low,
        "app.hi": scope.high,
        "app.agency": scope.agency_id,
        "app.court": scope.court_code,
        "app.member": scope.member_id,
        "app.today": scope.today.isoformat(),
    }


def scope_statement(scope: Scope, timeout_ms: int) -> str:
    """The one statement that gives a transaction its role, scope and time limit.

    Plans may be kept across tenants: the policies ask the settings when they run and lend the planner no estimate, and what
    narrows a list is bound (docs/decisions/0004-one-policy-by-scope.md). Planning each time cost more than running.
    """
    opening = {"role": APPLICATION, "statement_timeout": timeout_ms}
    return _select_settings(opening | _scope_settings(scope))


def rescope_statement(scope: Scope) -> str:
    """Give a running transaction another scope; its role and its time limit stay."""
    return _select_settings(_scope_settings(scope))


def system_statement(timeout_ms: int) -> str:
    """The settings of a system transaction: all tenants, by the policies that name the system role."""
    return _select_settings({"role": SYSTEM, "statement_timeout": timeout_ms})


def anonymous_statement(timeout_ms: int) -> str:
    """The settings of a transaction that has no tenant yet: reference data and `memberships_of`, nothing else."""
    return _select_settings({"role": APPLICATION, "statement_timeout": timeout_ms})
