"""One import, from a directory to landed rows and a report."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import Row, select
from sqlalchemy.exc import SQLAlchemyError

from core.calendar import DayKind
from core.db.roles import OWNER
from core.db.session import Database, SystemSession
from core.errors import BadUserInput, NotFound
from core.imports.columns import ImportFile
from core.imports.landing.agencies import known_agencies, land_agencies
from core.imports.landing.mappings import mappings
from core.imports.landing.periods import reckon_answer_periods
from core.imports.landing.reporting import count_landed, record_run, write_findings
from core.imports.landing.request import ImportRequest, ImportResult, Progress
from core.imports.landing.scripts import blocks, script
from core.imports.landing.staging import create_staging, stage, table_of
from core.imports.reference import Reference
from core.imports.report import FileTally, ReportWriter, exit_code
from core.imports.sources import Sources, find_sources, open_source
from core.imports.validate import Batch, validate
from core.reference.tables import Cause
from core.tenancy.tables import Tenant

DEPENDANTS = {
    ImportFile.HEARINGS: "hearing_id",
    ImportFile.JUDGMENTS: "judgment_id",
    ImportFile.DOCUMENTS: "doc_id",
}
TEMPORARY_MEMORY = "256MB"
"""Memory of the server for temporary tables; taken as they grow."""

NOTICE_DAYS = 3
"""Days before a hearing by which a summons is served (适用解释 71)."""

ATTEMPTS = 3
"""How often an import begins before it gives up, where acts register the same cases at the same moment."""

MET_OTHERS = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError)
FILLED = ("case_shell", "response", "party", "hearing", "appearance", "judgment", "holding", "document", "period")
"""The tables that an import fills by the thousand."""

CREATE_SCOPE = """
create temp table import_scope (shard integer, code bigint, low bigint, high bigint, source text, now timestamptz, today date)
    on commit drop
"""


class _DryRun(Exception):
    """Raised at the end of a dry run, so that the transaction is rolled back."""


async def import_directory(database: Database, request: ImportRequest, progress: Progress) -> ImportResult:
    """Import a directory; everything that is good lands, or, interrupted, nothing.

    Raises `BadUserInput` for a directory without sources or a tenant that is no more, `NotFound` for an unknown tenant.
    """
    sources = find_sources(request.directory)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            result = await _attempt(database, request, sources, progress)
            break
        except MET_OTHERS:
            if attempt == ATTEMPTS:
                raise
    if result.added and not request.dry_run:
        progress("committed", 0, 1)
        await _analyze(database)
    progress("done", 1, 1)
    return result


async def _attempt(database: Database, request: ImportRequest, sources: Sources, progress: Progress) -> ImportResult:
    result = ImportResult(ignored=sources.ignored)
    with ReportWriter(request.report_directory) as report:
        with suppress(_DryRun):
            async with database.system() as session:
                await _Import(session, request, sources, result, progress).run(report)
        result.exit_code = exit_code(result.tallies)
        report.write_summary(result.tallies, dry_run=request.dry_run)
    return result


async def _analyze(database: Database) -> None:
    """Fresh statistics: the lists' plans depend on them after so many rows."""
    # Only the owner of tables may do that, and everything has landed by now: what fails here is no failure of the import, and
    # PostgreSQL's own service looks at the tables within a minute or so.
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, OSError):
        async with database.system() as session:
            await session.driver.execute(f"set local role {OWNER}; analyze {', '.join(FILLED)}")


class _Import:
    def __init__(
        self,
        session: SystemSession,
        request: ImportRequest,
        sources: Sources,
        result: ImportResult,
        progress: Progress,
    ) -> None:
        self.session = session
        self.driver: asyncpg.Connection = session.driver
        self.request = request
        self.sources = sources
        self.result = result
        self.progress = progress
        self.tenant: Row[Any]

    async def run(self, report: ReportWriter) -> None:
        """Stage, judge, land, report; all in the session's transaction."""
        began = time.monotonic()
        self.tenant = await self._tenant()
        await self._prepare()
        await self._stage_all()
        self.progress("judge", 0, 1)
        await self._judge()
        self.progress("land", 0, 1)
        await self._land()
        self.progress("report", 0, 1)
        await count_landed(self.driver, self.result)
        await write_findings(self.driver, self.result, report)
        finished_at = self.request.now + timedelta(seconds=time.monotonic() - began)
        await record_run(self.session, self.tenant, self.request, self.result, finished_at)
        if self.request.dry_run:
            raise _DryRun

    async def _tenant(self) -> Row[Any]:
        code = self.request.tenant_code
        tenant = await self.session.row(select(Tenant.__table__).where(Tenant.code == code))
        if tenant is None:
            raise NotFound(f"there is no tenant {code}", f"没有代码为 {code} 的租户")
        if tenant.valid_to is not None and tenant.valid_to <= self.request.today:
            raise BadUserInput(
                f"tenant {code} ended on {tenant.valid_to}; its successor is {tenant.successor_code}",
                f"租户 {code} 已于 {tenant.valid_to} 撤销,由 {tenant.successor_code} 承继",
            )
        return tenant

    async def _prepare(self) -> None:
        request, tenant = self.request, self.tenant
        # Two imports into one city wait for each other: the second then finds what the first has landed.
        await self.driver.execute(
            "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"yingsu.import/{tenant.shard}"
        )
        await self.driver.execute("set local work_mem = '128MB'; set local app.bulk = 'on'")
        await self._widen_temporary_memory()
        await create_staging(self.driver)
        await self.driver.execute(CREATE_SCOPE)
        scope = (tenant.shard, tenant.code, tenant.low, tenant.high, request.source, request.now, request.today)
        await self.driver.copy_records_to_table("import_scope", records=[scope])
        for name, columns, rows in mappings():
            listed = ", ".join(f"{column} text" for column in columns)
            await self.driver.execute(f"create temp table {name} ({listed}) on commit drop")
            await self.driver.copy_records_to_table(name, records=rows, columns=columns)
        await self.driver.execute("analyze import_scope; analyze map_type; analyze map_outcome; analyze map_link")

    async def _widen_temporary_memory(self) -> None:
        """Hold staged rows in memory; a session that has had temporary tables before must go on with what it has."""
        await self.driver.execute("savepoint wider")
        try:
            await self.driver.execute(f"set local temp_buffers = '{TEMPORARY_MEMORY}'")
        except asyncpg.InvalidParameterValueError:
            await self.driver.execute("rollback to wider")
        await self.driver.execute("release wider")

    # -- staging -------------------------------------------------------------------------------------------------------

    async def _stage_all(self) -> None:
        total, done = self.sources.size, 0
        causes = {row.code: row.name_zh for row in await self.session.rows(select(Cause.code, Cause.name_zh))}
        refused: dict[str, int] = {}
        for source in self.sources.files:
            opened = open_source(source)
            tally = FileTally(source.path.name, opened.encoding, refused=opened.refused)
            self.result.tallies[source.file] = tally
            reference = Reference(
                self.tenant.low,
                self.tenant.high,
                self.request.today,
                self.request.calendar.is_workday,
                causes,
                await known_agencies(self.session, self.tenant),
                refused,
            )

            def learn(batch: Batch, name: str = source.file.value) -> None:
                nonlocal done
                done = min(total, done + batch.size)
                refused.update(batch.rejected_agencies)
                self.progress(name, done, total)

            await stage(self.driver, opened, validate(opened, reference), tally, learn)
            if source.file is ImportFile.AGENCIES:
                refused.update(await land_agencies(self.driver))

    # -- judging and landing -------------------------------------------------------------------------------------------

    async def _judge(self) -> None:
        await self.driver.execute(script("judge.sql"))
        for file, key in DEPENDANTS.items():
            filled = {"table": table_of(file), "file": file.value, "id": key}
            await self.driver.execute(script("judge_dependants.sql", **filled))
        await self._name_swapped_days()
        await self.driver.execute(script("judge_court.sql"))

    async def _name_swapped_days(self) -> None:
        """Working Saturdays and Sundays, each with the third working day before it."""
        calendar = self.request.calendar
        rows = [
            (day.date, calendar.add_workdays(day.date, -NOTICE_DAYS))
            for day in calendar.rows()
            if day.kind is DayKind.MAKEUP_WORKDAY
        ]
        await self.driver.execute("create temp table swapped_day (day date, notice_day date) on commit drop")
        await self.driver.copy_records_to_table("swapped_day", records=rows)

    async def _land(self) -> None:
        cases = blocks("land_cases.sql", base_ms=time.time_ns() // 1_000_000, salt=uuid4().hex)
        rows = blocks("land_rows.sql")
        total = len(cases) + len(rows)
        for done, block in enumerate(cases, 1):
            await self.driver.execute(block)
            self.progress("land", done, total)
        await reckon_answer_periods(self.driver, self.request.calendar)
        for done, block in enumerate(rows, len(cases) + 1):
            await self.driver.execute(block)
            self.progress("land", done, total)
