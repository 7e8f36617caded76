"""A database to land in, and rows to land: what the tests of the landing share."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from core.calendar.calendar_file import shipped_calendar
from core.db.engine import make_engine
from core.db.session import Database
from core.imports.columns import COLUMNS, ImportFile
from core.imports.encoding import detect_encoding
from core.imports.landing import ImportRequest, ImportResult, import_directory
from tests.conftest import _administer as administer
from tests.conftest import on

SAMPLES = Path(__file__).parents[2] / "data" / "import"
GUANGZHOU = 440_100_000
AS_OF = date(2026, 11, 1)
STARTED = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


@dataclass
class Landing:
    """A database of its own with all reference data, and imports into it."""

    url: str
    database: Database
    folder: Path

    async def run(self, directory: Path, tenant: int = GUANGZHOU, **more: Any) -> ImportResult:
        """Import a directory; the report lies in `folder`."""
        progress = more.pop("progress", lambda *_: None)
        request = ImportRequest(
            directory, tenant, self.folder / "report", STARTED, AS_OF, shipped_calendar(), "test", **more
        )
        return await import_directory(self.database, request, progress)

    def report(self) -> list[dict[str, str]]:
        """The lines of the last report."""
        with (self.folder / "report" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def found(self) -> list[tuple[str, int, str, str]]:
        """The last report in short: file, line, column, kind."""
        return [(row["file"], int(row["line"]), row["column"], row["kind"]) for row in self.report()]

    async def rows(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        """Ask the database as its superuser, whom no policy binds."""
        connection = await asyncpg.connect(self.url)
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    async def value(self, sql: str, *arguments: Any) -> Any:
        return (await self.rows(sql, *arguments))[0][0]

    async def snapshot(self) -> dict[str, tuple[int, int]]:
        """Rows and checksum of every table there is."""
        connection = await asyncpg.connect(self.url)
        try:
            tables = [
                r[0] for r in await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
            ]
            return {
                table: tuple(
                    await connection.fetchrow(
                        f"select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from {table} t"
                    )
                )
                for table in tables
            }
        finally:
            await connection.close()


@asynccontextmanager
async def landing_on(server_url: str, seeded: str, folder: Path) -> AsyncGenerator[Landing]:
    name = f"l_{uuid4().hex[:12]}"
    await administer(server_url, f"create database {name} template {seeded}")
    database = Database(make_engine(on(server_url, name), pool_size=3))
    try:
        yield Landing(on(server_url, name), database, folder)
    finally:
        await database.dispose()
        await administer(server_url, f"drop database {name} with (force)")


Files = dict[ImportFile, list[dict[str, str]]]


def read_files(directory: Path) -> Files:
    """The rows of the CSV files of a directory, whatever encoding they are in."""
    files = {}
    for file in ImportFile:
        path = directory / f"{file.value}.csv"
        if path.exists():
            raw = path.read_bytes()
            text = raw.decode("gb18030" if detect_encoding(path).codec == "gb18030" else "utf-8-sig")
            files[file] = list(csv.DictReader(io.StringIO(text, newline="")))
    return files


def write_files(directory: Path, files: Files) -> Path:
    """Write rows as CSV files; a row may leave cells out."""
    directory.mkdir(parents=True, exist_ok=True)
    for file, rows in files.items():
        with (directory / f"{file.value}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, [column.name for column in COLUMNS[file]], restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return directory


def agency(key: str = "A1", **more: str) -> dict[str, str]:
    """A row of agencies: 黄埔区人民政府 unless told otherwise."""
    return {
        "agency_id": key,
        "name": f"机关{key}",
        "level": "district",
        "tenant_code": "440112",
        "category": "government",
    } | more


def case(key: str, serial: int, **more: str) -> dict[str, str]:
    """A row of cases that is clean by itself."""
    return {
        "case_id": key,
        "case_no": f"（2026）粤7101行初{serial}号",
        "stage": "first",
        "court_code": "粤7101",
        "court_name": "广州铁路运输法院",
        "agency_id": "A1",
        "plaintiff": "张三",
        "plaintiff_type": "自然人",
        "cause_code": "0101",
        "cause_name": "行政处罚",
        "procedure": "普通",
        "filed_date": "2026-03-02",
        "status": "open",
    } | more


def hearing(key: str, case_id: str, **more: str) -> dict[str, str]:
    """A row of hearings, on a working day."""
    return {"hearing_id": key, "case_id": case_id, "seq": "1", "date": "2026-05-12", "head_required": "1"} | more


def judgment(key: str, case_id: str, **more: str) -> dict[str, str]:
    """A row of judgments."""
    return {
        "judgment_id": key,
        "case_id": case_id,
        "kind": "判决书",
        "doc_no": "（2026）粤7101行初1号",
        "doc_date": "2026-07-01",
        "outcome": "驳回诉讼请求",
        "agency_lost": "0",
    } | more


def document(key: str, case_id: str, **more: str) -> dict[str, str]:
    """A row of documents."""
    return {
        "doc_id": key,
        "case_id": case_id,
        "doc_type": "应诉通知书",
        "doc_date": "2026-03-02",
        "received_date": "2026-03-04",
        "direction": "收",
    } | more
