"""One import, from a directory to landed rows and a report."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import insert, select, text

from core.audit.tables import AuditEntry
from core.calendar import DayKind, WorkingCalendar
from core.db.session import Database, SystemSession
from core.errors import NotFound
from core.imports.columns import ImportFile
from core.imports.fates import Fate
from core.imports.kinds import FaultKind, Finding
from core.imports.landing.mappings import mappings
from core.imports.landing.periods import reckon_defence_periods
from core.imports.landing.staging import create_staging, keep_findings, stage, table_of
from core.imports.reference import Agency, Reference
from core.imports.report import ExitCode, FileTally, ReportWriter, exit_code
from core.imports.sources import OpenedFile, Sources, find_sources, open_source
from core.imports.tables import ImportRun
from core.imports.validate import Batch, validate
from core.reference.pinyin import pinyin_key
from core.reference.tables import Cause
from core.tenancy.tables import Agency as AgencyTable
from core.tenancy.tables import Tenant

Progress = Callable[[str, int, int], None]
"""Told what is done, as (step, done, of)."""

DEPENDANTS = {
    ImportFile.HEARINGS: "hearing_id",
    ImportFile.JUDGMENTS: "judgment_id",
    ImportFile.DOCUMENTS: "doc_id",
}
LANDED = {
    ImportFile.AGENCIES: "stage_agencies",
    ImportFile.CASES: "stage_cases",
    ImportFile.HEARINGS: "stage_hearings",
    ImportFile.JUDGMENTS: "stage_judgments",
    ImportFile.DOCUMENTS: "stage_documents",
}
NOTICE_DAYS = 3
"""Days before a hearing by which a summons is served (适用解释 71)."""
SEVERITIES = {1: Fate.NORMALISED, 2: Fate.WARNED, 3: Fate.REJECTED}


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import: a directory, for a tenant, under the name of a source; on which day, with which calendar."""

    directory: Path
    tenant_code: int
    report_directory: Path
    now: datetime
    today: date
    calendar: WorkingCalendar
    actor: str
    source: str = "cases"
    dry_run: bool = False


@dataclass(slots=True)
class ImportResult:
    """How it went: counts by file, rows that were there already, and the exit code."""

    tallies: dict[ImportFile, FileTally] = field(default_factory=dict)
    unchanged: int = 0
    exit_code: ExitCode = ExitCode.ALL_LANDED


class _DryRun(Exception):
    """Raised at the end of a dry run, so that the transaction is rolled back."""


def _script(name: str, **filled: object) -> str:
    script = files("core.imports.landing").joinpath(name).read_text(encoding="utf-8")
    for key, value in filled.items():
        script = script.replace(f"{{{key}}}", str(value))
    return script


async def import_directory(database: Database, request: ImportRequest, progress: Progress) -> ImportResult:
    """Import a directory; everything that is good lands, or, interrupted, nothing.

    Raises `BadUserInput` for a directory without sources, `NotFound` for an unknown tenant.
    """
    sources = find_sources(request.directory)
    result = ImportResult()
    with ReportWriter(request.report_directory) as report:
        try:
            async with database.system() as session:
                await _Import(session, request, sources, result, progress).run(report)
        except _DryRun:
            pass
        result.exit_code = exit_code(result.tallies)
        report.write_summary(result.tallies, dry_run=request.dry_run)
    if not request.dry_run:
        await _analyze(database)
    return result


async def _analyze(database: Database) -> None:
    """Fresh statistics: the lists' plans depend on them after so many rows."""
    async with database.system() as session:
        for table in (
            "case_shell",
            "response",
            "party",
            "hearing",
            "appearance",
            "judgment",
            "holding",
            "document",
            "period",
        ):
            await session.execute(text(f"analyze {table}"))


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
        self.tenant: Any = None

    async def run(self, report: ReportWriter) -> None:
        """Stage, judge, land, report; all in the session's transaction."""
        await self._prepare()
        await self._stage_all()
        self.progress("judge", 0, 1)
        await self._judge()
        self.progress("land", 0, 1)
        await self._land()
        self.progress("report", 0, 1)
        await self._count_and_report(report)
        await self._record_run()
        self.progress("done", 1, 1)
        if self.request.dry_run:
            raise _DryRun

    async def _prepare(self) -> None:
        request = self.request
        self.tenant = await self.session.row(select(Tenant).where(Tenant.code == request.tenant_code))
        if self.tenant is None:
            raise NotFound(f"there is no tenant {request.tenant_code}", f"没有代码为 {request.tenant_code} 的租户")
        # Two imports of one source wait for each other; the second then finds everything landed.
        lock = f"import/{self.tenant.code}/{request.source}"
        await self.session.scalar(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": lock})
        await self.driver.execute("set local work_mem = '128MB'; set local app.bulk = 'on'")
        await create_staging(self.driver)
        await self.driver.execute(
            "create temp table import_scope (shard integer, code bigint, source text, now timestamptz, today date) on commit drop"
        )
        await self.driver.execute(
            "insert into import_scope values ($1, $2, $3, $4, $5)",
            self.tenant.shard,
            self.tenant.code,
            request.source,
            request.now,
            request.today,
        )
        for name, columns, rows in mappings():
            listed = ", ".join(f"{column} text" for column in columns)
            await self.driver.execute(f"create temp table {name} ({listed}) on commit drop")
            await self.driver.copy_records_to_table(name, records=rows, columns=columns)

    # -- staging -------------------------------------------------------------------------------------------------------

    async def _stage_all(self) -> None:
        total, done = self.sources.size, 0
        agencies = await self._known_agencies()
        causes = {row.code: row.name_zh for row in await self.session.rows(select(Cause.code, Cause.name_zh))}
        for source in self.sources.files:
            opened = open_source(source)
            tally = self.result.tallies[source.file] = FileTally(source.path.name, opened.encoding)
            await self._keep_file_findings(opened, tally)
            reference = Reference(
                self.tenant.low,
                self.tenant.high,
                self.request.today,
                self.request.calendar.is_workday,
                causes,
                agencies,
            )

            def advance(size: int, name: str = source.file.value) -> None:
                nonlocal done
                done += size
                self.progress(name, done, total)

            def learn(batch: Batch) -> None:
                agencies.update(batch.agencies)

            await stage(self.driver, opened, validate(opened, reference), tally, advance, learn)
            if source.file is ImportFile.AGENCIES:
                await self._land_agencies()

    async def _keep_file_findings(self, opened: OpenedFile, tally: FileTally) -> None:
        tally.refused = opened.refused
        await keep_findings(self.driver, list(opened.findings))

    async def _known_agencies(self) -> dict[str, Agency]:
        rows = await self.session.rows(
            select(AgencyTable.external_id, AgencyTable.name_zh, AgencyTable.code).where(
                AgencyTable.shard == self.tenant.shard
            )
        )
        return {row.external_id: Agency(row.name_zh, row.code) for row in rows}

    async def _land_agencies(self) -> None:
        names = await self.driver.fetch("select distinct name from stage_agencies")
        await self.driver.execute("create temp table agency_sort_key (name text, sort_key text) on commit drop")
        keys = [(row["name"], pinyin_key(row["name"])) for row in names]
        await self.driver.copy_records_to_table("agency_sort_key", records=keys)
        await self.driver.execute(_script("agencies.sql"))
        await self.driver.execute("analyze agency")

    # -- judging and landing -------------------------------------------------------------------------------------------

    async def _judge(self) -> None:
        await self.driver.execute(_script("judge.sql"))
        for file, key in DEPENDANTS.items():
            filled = {"table": table_of(file), "file": file.value, "id": key}
            await self.driver.execute(_script("judge_dependants.sql", **filled))
        await self._name_swapped_days()
        await self.driver.execute(_script("judge_hearings.sql"))

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
        await reckon_defence_periods(self.driver, self.request.calendar)
        base = time.time_ns() // 1_000_000
        await self.driver.execute(_script("land.sql", base_ms=base, salt=uuid4().hex))

    # -- report --------------------------------------------------------------------------------------------------------

    async def _count_and_report(self, report: ReportWriter) -> None:
        for file, tally in self.result.tallies.items():
            tally.landed = await self.driver.fetchval(f"select count(*) from {LANDED[file]}")
        order = {file.value: place for place, file in enumerate(ImportFile)}
        by_name = {file.value: tally for file, tally in self.result.tallies.items()}
        rows = await self.driver.fetch(
            "select *, max(severity) over (partition by file, line) as worst,"
            " row_number() over (partition by file, line order by severity desc) as place from stage_finding"
        )
        for row in sorted(rows, key=lambda row: (order[row["file"]], row["line"], row["place"])):
            fate = SEVERITIES[row["worst"]]
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
            report.write(finding, fate)
            tally = by_name[row["file"]]
            tally.kinds[row["kind"]] += 1
            if row["place"] == 1 and row["line"] > 1:
                tally.count(fate)
        fresh: int = await self.driver.fetchval(
            "select (select count(*) from fresh) + (select count(*) from fresh_hearing)"
            " + (select count(*) from fresh_judgment) + (select count(*) from fresh_document)"
        )
        cases = sum(tally.landed for file, tally in self.result.tallies.items() if file is not ImportFile.AGENCIES)
        self.result.unchanged = cases - fresh

    async def _record_run(self) -> None:
        request = self.request
        counts = {file.value: tally.as_json() for file, tally in self.result.tallies.items()}
        run_id: UUID = await self.session.scalar(
            insert(ImportRun)
            .values(
                shard=self.tenant.shard,
                code=self.tenant.code,
                source=request.source,
                started_at=request.now,
                finished_at=request.now,
                counts={"files": counts, "unchanged": self.result.unchanged},
            )
            .returning(ImportRun.id)
        )
        await self.session.execute(
            insert(AuditEntry).values(
                shard=self.tenant.shard,
                code=self.tenant.code,
                at=request.now,
                act="casesImport",
                actor=request.actor,
                subject_type="ImportRun",
                subject_id=run_id,
                after={"source": request.source, "unchanged": self.result.unchanged},
                reason=f"{os.path.basename(request.directory)}",  # noqa: PTH119 - the name only, never the path
            )
        )
