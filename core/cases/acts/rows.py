"""What every act does with rows: find one or refuse, check its version, change it, tell what changed and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext, Subject
from core.cases.acts.refusing import Path, Refused, overtaken
from core.cases.records import cases, rows
from core.cases.refusals.common import Common
from core.cases.tables import CaseShell
from core.db.base import Sharded


async def found(context: ActContext, table: type[Sharded], row_id: UUID, path: Path, *, lock: bool = False) -> Row[Any]:
    """The row; a missing one and one that the actor cannot see are refused alike, NOT_FOUND."""
    row = await rows.by_id(context.session, table, row_id, lock=lock)
    if row is None:
        raise Refused(Common.NOT_FOUND, path)
    return row


async def locked(
    context: ActContext, table: type[Sharded], row_id: UUID, path: Path, expected_version: int | None = None
) -> Row[Any]:
    """The row, locked until the act ends; CONFLICT if its version is not the expected one.

    A row that the actor sees but may not change is refused FORBIDDEN.
    """
    row = await rows.by_id(context.session, table, row_id, lock=True)
    if row is None:
        await found(context, table, row_id, path)
        raise Refused(Common.FORBIDDEN, path)
    if expected_version is not None and row.version != expected_version:
        raise overtaken(row.id)
    return row


async def changed(
    context: ActContext, table: type[Sharded], row: Row[Any], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Change a row; answers (before, after) of the columns that really changed, for the audit entry."""
    after = {name: value for name, value in values.items() if getattr(row, name) != value}
    if after and not await rows.change(context.session, table, row, after):
        raise Refused(Common.CONFLICT, current=row.id)
    return {name: getattr(row, name) for name in after}, after


async def case_of(context: ActContext, case_id: UUID, path: Path) -> Row[Any]:
    """The case, locked: acts on one case happen one after another."""
    return await locked(context, CaseShell, case_id, path)


async def case_subject(context: ActContext, type_name: str, row_id: UUID, case_id: UUID) -> Subject:
    """A case-level row, told under the first response of the case that the actor sees."""
    response = await cases.first_response(context.session, case_id)
    if response is None:
        raise Refused(Common.NOT_FOUND)
    return Subject(type_name, row_id, response.code, response.agency_id)


def response_subject(type_name: str, row_id: UUID, row: Row[Any]) -> Subject:
    """A response-level row: its own tenant and agency."""
    return Subject(type_name, row_id, row.code, row.agency_id)


def owner_columns(response: Row[Any]) -> dict[str, Any]:
    """The columns that a row on a response takes from it."""
    return {
        "code": response.code,
        "agency_id": response.agency_id,
        "case_id": response.case_id,
        "response_id": response.id,
    }
