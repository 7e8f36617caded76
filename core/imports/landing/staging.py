"""Staging: judged rows into temporary tables, by COPY, while Python already judges the next ones.

A connection takes one COPY at a time, so what is found meanwhile waits in a spool: a file on disk once it grows, so that a
file of a million bad rows costs no memory.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from types import TracebackType
from typing import Self

import asyncpg

from core.imports.columns import STAGING, ImportFile
from core.imports.fates import RULES, SEVERITY
from core.imports.kinds import Finding
from core.imports.report import FileTally
from core.imports.sources import OpenedFile
from core.imports.validate import Batch, RejectedCase

FINDING_COLUMNS = ("file", "line", "column_name", "kind", "text", "value", "parent_file", "parent_line", "severity")
CLAIM_COLUMNS = RejectedCase._fields

IN_MEMORY = 1 << 20
"""Bytes of a spool that stay in memory."""

CREATE_COMMON = """
create temp table stage_finding (file text, line integer, column_name text, kind text, text text, value text, parent_file text,
    parent_line integer, severity integer) on commit drop;
create temp table stage_claim (line integer, case_id text, binding boolean, number_year smallint, number_court text,
    number_special text, number_type text, number_serial integer) on commit drop;
"""

# COPY's own text format: its escapes hold any text, on every version of PostgreSQL (a lone \. ends a CSV before version 18).
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def table_of(file: ImportFile) -> str:
    """The temporary table of a file's rows."""
    return f"stage_{file.value}"


async def create_staging(driver: asyncpg.Connection) -> None:
    """Make the temporary tables; they go with the transaction."""
    await driver.execute(CREATE_COMMON)
    for file, columns in STAGING.items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns)
        await driver.execute(f"create temp table {table_of(file)} ({listed}) on commit drop")


class Spool:
    """Rows for one table, kept until the connection is free."""

    def __init__(self, table: str, columns: tuple[str, ...]) -> None:
        self._table, self._columns = table, columns
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was kept."""
        self._file.close()

    def add(self, rows: Iterable[Iterable[object]]) -> None:
        """Keep some rows."""
        self._file.write("".join("\t".join(map(_field, row)) + "\n" for row in rows).encode())

    async def copy(self, driver: asyncpg.Connection) -> None:
        """Put them into the table."""
        if self._file.tell():
            self._file.seek(0)
            await driver.copy_to_table(self._table, source=self._file, columns=self._columns, format="text")


def _field(value: object) -> str:
    return "\\N" if value is None else str(value).translate(_ESCAPES)


def _finding_rows(findings: Iterable[Finding]) -> Iterator[tuple[object, ...]]:
    for finding in findings:
        yield (*finding[:3], finding.kind.value, *finding[4:], SEVERITY[RULES[finding.kind].fate])


async def stage(
    driver: asyncpg.Connection,
    opened: OpenedFile,
    batches: Iterator[Batch],
    tally: FileTally,
    on_batch: Callable[[Batch], None],
) -> None:
    """Copy a file's good rows into its table, and what was found into `stage_finding`."""
    with Spool("stage_finding", FINDING_COLUMNS) as findings, Spool("stage_claim", CLAIM_COLUMNS) as claims:
        findings.add(_finding_rows(opened.findings))

        async def rows() -> AsyncGenerator[bytes]:
            for batch in batches:
                tally.read += batch.read
                findings.add(_finding_rows(batch.findings))
                claims.add(batch.rejected_cases)
                on_batch(batch)
                yield batch.copy
                await asyncio.sleep(0)

        await driver.copy_to_table(
            table_of(opened.file), source=rows(), columns=[name for name, _ in STAGING[opened.file]], format="csv"
        )
        await findings.copy(driver)
        await claims.copy(driver)
