"""Imports every module that declares tables, so that the metadata is whole before anyone compares or provisions it."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import Table

from core.db.base import Base

CORE_TABLES = (
    "core.db.installation",
    "core.reference.tables",
    "core.calendar.tables",
    "core.tenancy.tables",
    "core.identity.tables",
    "core.audit.tables",
    "core.cases.tables",
    "core.notifications.tables",
    "core.feeds.tables",
    "core.documents.tables",
    "core.extension.tables",
    "core.idempotency.tables",
    "core.trusted.tables",
    "core.imports.tables",
    "core.tallies.tables",
    "core.jobs.tables",
)


def load_tables() -> None:
    """Import the core's table modules; a plugin's are imported by its manifest."""
    for module in CORE_TABLES:
        import_module(module)


def all_tables() -> list[Table]:
    """Every declared table, parents before children."""
    return list(Base.metadata.sorted_tables)
