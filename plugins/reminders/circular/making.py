"""Makes the files of a published issue from its frozen rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Row

from core.sdk.acts import TenantSession, add_row, rows_where
from core.sdk.documents import Files, MadeFile, keep_made_file
from plugins.reminders.circular import records
from plugins.reminders.circular.figures import MEASURES
from plugins.reminders.circular.publication import Month
from plugins.reminders.circular.rendering.issue import Corrected, Issue, Miss
from plugins.reminders.circular.rendering.issue import Row as Line
from plugins.reminders.circular.tables import Circular, CircularFile
from plugins.reminders.circular.vocabulary import CircularFormat, DutyKind
from plugins.reminders.rules.counters import Counters

_KINDS: Final = {kind.value: place for place, kind in enumerate(DutyKind)}


async def make_files(session: TenantSession, files: Files, circular_id: UUID, now: datetime) -> None:
    """Make and keep the files that a published issue does not have yet."""
    (circular,) = await rows_where(session, Circular, id=circular_id)
    issue = await issue_of(session, circular)
    for form, make in _makers().items():
        if await records.file_of(session, circular_id, form.value) is None:
            content = await asyncio.to_thread(make, issue)
            made = MadeFile(
                uuid5(circular_id, form.value),
                f"{issue.file_stem}.{form.ending}",
                form.media_type,
                content,
                circular.published_at,
            )
            kept = await keep_made_file(session, files, made, now)
            values = {"circular_id": circular_id, "format": form.value, "file_id": made.id, "name": made.name}
            values |= {"media_type": made.media_type, "size": kept.size, "sha256": kept.sha256, "stored_at": now}
            await add_row(session, CircularFile, values)


def _makers() -> Mapping[CircularFormat, Callable[[Issue], bytes]]:
    # Libraries of 25 MB, of which only the worker that makes a file has any use.
    from plugins.reminders.circular.rendering.document import document  # noqa: PLC0415
    from plugins.reminders.circular.rendering.workbook import workbook  # noqa: PLC0415

    return {CircularFormat.DOCX: document, CircularFormat.XLSX: workbook}


async def issue_of(session: TenantSession, circular: Row[Any]) -> Issue:
    """What an issue says, from its own rows alone; a draft's as it would say it on the day on which it is due."""
    districts = await records.figures_by(session, circular.id, "district_code", "district_name")
    kinds = await records.figures_by(session, circular.id, "kind")
    agencies = await records.figures_by(
        session, circular.id, "district_code", "agency_name", "district_name", "agency_id"
    )
    return Issue(
        city=circular.city,
        issuer=circular.issuer,
        recipients=circular.recipients,
        demands=circular.demands,
        month=Month(circular.month),
        as_of=circular.as_of,
        number=circular.number_text,
        published_on=circular.published_on or circular.due_to_publish_on,
        districts=tuple(Line(row.district_name, _counters(row)) for row in districts),
        kinds=tuple(Line(_kind(row.kind), _counters(row)) for row in sorted(kinds, key=lambda row: _KINDS[row.kind])),
        agencies=tuple(Line(row.agency_name, _counters(row), row.district_name) for row in agencies),
        missed=tuple(_miss(row) for row in await records.misses(session, circular.id)),
        corrected=tuple(_corrected(row) for row in await records.corrections(session, circular.id)),
    )


def _counters(row: Row[Any]) -> Counters:
    return Counters(**{name: int(getattr(row, name)) for name in MEASURES})


def _kind(code: str) -> str:
    return DutyKind[code].zh


def _miss(row: Row[Any]) -> Miss:
    return Miss(
        row.agency_name,
        row.district_name,
        _kind(row.kind),
        row.due_on,
        row.violation_on,
        row.acted_on,
        row.days_late,
        row.remedied,
    )


def _corrected(row: Row[Any]) -> Corrected:
    return Corrected(
        Month(row.month),
        row.agency_name,
        row.district_name,
        _kind(row.kind),
        row.measure.lower(),
        row.before,
        row.after,
    )
