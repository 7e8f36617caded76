"""Tables: the base and its mixins, the row classes that row-level security goes by, and the core's tables to refer to."""

from core.cases.tables import (
    Appearance,
    CaseShell,
    Dispute,
    Document,
    Hearing,
    Holding,
    Judgment,
    Obligation,
    Party,
    Period,
    Response,
    Suggestion,
)
from core.cases.tables.response_level import OfResponse, list_orders
from core.db.base import Base, InTenant, OfAgency, RowClass, Sharded, sharded_args, to
from core.db.violations import exists, invalid, missing, unmet
from core.identity.tables import Member
from core.tenancy.tables import Agency, Tenant

__all__ = [
    "Agency",
    "Appearance",
    "Base",
    "CaseShell",
    "Dispute",
    "Document",
    "Hearing",
    "Holding",
    "InTenant",
    "Judgment",
    "Member",
    "Obligation",
    "OfAgency",
    "OfResponse",
    "Party",
    "Period",
    "Response",
    "RowClass",
    "Sharded",
    "Suggestion",
    "Tenant",
    "exists",
    "invalid",
    "list_orders",
    "missing",
    "sharded_args",
    "to",
    "unmet",
]
