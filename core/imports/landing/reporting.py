"""The end of an import: what was found goes into the report, what was done into the counts and the trail."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Row, insert

from core.audit.tables import AuditEntry
from core.db.session import SystemSession
from core.imports.columns import ImportFile
from core.imports.fates import SEVERITY, Fate
from core.imports.kinds import FaultKind, Finding
from core.imports.landing.request import ImportRequest, ImportResult
from core.imports.landing.staging import table_of
from core.imports.report import ReportWriter
from core.imports.tables import ImportRun

FATES = {severity: fate for fate, severity in SEVERITY.items()}
FETCHED = 2000
"""Findings that are fetched at a time: a report of millions of lines is written in constant memory."""

FRESH = {
    ImportFile.AGENCIES: "fresh_agency",
    ImportFile.CASES: "fresh",
    ImportFile.HEARINGS: "fresh_hearing",
    ImportFile.JUDGMENTS: "fresh_judgment",
    ImportFile.DOCUMENTS: "fresh_document",
}

_FINDINGS = """
select f.*, max(severity) over (partition by file, line) as worst,
       row_number() over (partition by file, line order by severity desc, column_name, kind) as place
  from stage_finding f order by array_position($1::text[], file), line, place
"""


async def count_landed(driver: asyncpg.Connection, result: ImportResult) -> None:
    """Count the good rows of each file, and those of them that are new."""
    for file, tally in result.tallies.items():
        tally.landed = await driver.fetchval(f"select count(*) from {table_of(file)}")
        tally.added = await driver.fetchval(f"select count(*) from {FRESH[file]}")


async def write_findings(driver: asyncpg.Connection, result: ImportResult, report: ReportWriter) -> None:
    """Write every finding, in the order of the files and lines, and count rows by fate."""
    by_name = {file.value: tally for file, tally in result.tallies.items()}
    async for finding, fate, first in _findings(driver):
        report.write(finding, fate)
        tally = by_name[finding.file]
        tally.kinds[finding.kind.value] += 1
        if first and finding.line > 1:
            tally.count(fate)


async def _findings(driver: asyncpg.Connection) -> AsyncGenerator[tuple[Finding, Fate, bool]]:
    order = [file.value for file in ImportFile]
    async for row in driver.cursor(_FINDINGS, order, prefetch=FETCHED):
        finding = Finding(
            row["file"],
            row["line"],
            row["column_name"],
            FaultKind[row["kind"]],
            row["text"],
            row["value"],
            row["parent_file"],
            row["parent_line"],
        )
        yield finding, FATES[row["worst"]], row["place"] == 1


async def record_run(
    session: SystemSession, tenant: Row[Any], request: ImportRequest, result: ImportResult, finished_at: datetime
) -> None:
    """Leave a run and an audit entry; a run that added nothing changed nothing, and leaves nothing."""
    if not result.added:
        return
    run_id: UUID = await session.scalar(
        insert(ImportRun)
        .values(
            shard=tenant.shard,
            code=tenant.code,
            source=request.source,
            started_at=request.now,
            finished_at=finished_at,
            counts={file.value: tally.as_json() for file, tally in result.tallies.items()},
        )
        .returning(ImportRun.id)
    )
    await session.execute(
        insert(AuditEntry).values(
            shard=tenant.shard,
            code=tenant.code,
            at=request.now,
            act="casesImport",
            actor=request.actor,
            subject_type="ImportRun",
            subject_id=run_id,
            after={"source": request.source, "added": result.added},
            # The name only, never the path.
            reason=request.directory.resolve().name,
        )
    )
