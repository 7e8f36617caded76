"""Staging: judged rows into temporary tables, by COPY, while Python already judges the next ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator

import asyncpg

from core.imports.columns import STAGING, ImportFile
from core.imports.fates import RULES, SEVERITY
from core.imports.kinds import Finding
from core.imports.report import FileTally
from core.imports.sources import OpenedFile
from core.imports.validate import Batch, RejectedCase

FINDING_COLUMNS = ("file", "line", "column_name", "kind", "text", "value", "parent_file", "parent_line", "severity")
CLAIM_COLUMNS = RejectedCase._fields

CREATE_COMMON = """
create temp table stage_finding (file text, line integer, column_name text, kind text, text text, value text, parent_file text,
    parent_line integer, severity integer) on commit drop;
create temp table stage_claim (line integer, case_id text, binding boolean, number_year smallint, number_court text,
    number_special text, number_type text, number_serial integer) on commit drop;
"""


def table_of(file: ImportFile) -> str:
    """The temporary table of a file's rows."""
    return f"stage_{file.value}"


async def create_staging(driver: asyncpg.Connection) -> None:
    """Make the temporary tables; they go with the transaction."""
    await driver.execute(CREATE_COMMON)
    for file, columns in STAGING.items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns)
        await driver.execute(f"create temp table {table_of(file)} ({listed}) on commit drop")


async def stage(
    driver: asyncpg.Connection,
    opened: OpenedFile,
    batches: Iterator[Batch],
    tally: FileTally,
    advance: Callable[[int], None],
    on_batch: Callable[[Batch], None],
) -> None:
    """Copy a file's good rows into its table, and what was found into `stage_finding`."""
    findings: list[Finding] = []
    claims: list[RejectedCase] = []

    async def rows() -> AsyncGenerator[bytes]:
        for batch in batches:
            tally.read += batch.read
            findings.extend(batch.findings)
            claims.extend(batch.rejected_cases)
            on_batch(batch)
            advance(batch.size)
            yield batch.copy
            await asyncio.sleep(0)

    await driver.copy_to_table(
        table_of(opened.file), source=rows(), columns=[name for name, _ in STAGING[opened.file]], format="csv"
    )
    await keep_findings(driver, findings)
    if claims:
        await driver.copy_records_to_table("stage_claim", records=claims, columns=CLAIM_COLUMNS)


async def keep_findings(driver: asyncpg.Connection, findings: list[Finding]) -> None:
    """Put findings where the report will read them."""
    if findings:
        records = [(*finding, SEVERITY[RULES[finding.kind].fate]) for finding in findings]
        await driver.copy_records_to_table("stage_finding", records=records, columns=FINDING_COLUMNS)
