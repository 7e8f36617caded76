"""Import of a city's cases against a bare COPY of the same final rows into the same tables.

The baseline copies, table by table, exactly the rows that the import left, into another fresh database with the same indexes,
constraints and policies; the triggers that spread copies are silenced as in the import, and the one that keeps figures, which the
import pays for, is silenced here alone. It runs as a superuser, because PostgreSQL
refuses COPY FROM under row-level security. Both commit once; fsync is on.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

import asyncpg

from core.calendar import shipped_calendar
from core.db.embedded import EmbeddedServer
from core.db.engine import make_engine
from core.db.migrate import migrate
from core.db.session import Database
from core.demo.files import DemoRequest, write_demo
from core.imports.columns import ImportFile
from core.imports.landing import ImportRequest, import_directory
from core.installation.seed import seed_reference

AS_OF = date(2026, 10, 31)
NOW = datetime(2026, 10, 31, tzinfo=UTC)
TABLES = (
    "agency", "dispute", "case_shell", "response", "party", "case_link", "hearing", "appearance", "judgment", "holding", "document",
    "period_calculation", "period", "import_key",
)  # fmt: skip
COLUMNS = """
select column_name from information_schema.columns
 where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position
"""


async def fresh(server: EmbeddedServer, name: str) -> str:
    info = server.create_database(name)
    await migrate(info.dsn)
    database = Database(make_engine(info.dsn, pool_size=2))
    async with database.system() as session:
        await seed_reference(session, NOW)
    await database.dispose()
    return info.dsn


async def import_all(dsn: str, files: Path, report: Path) -> float:
    database = Database(make_engine(dsn, pool_size=2))
    request = ImportRequest(
        directory=files, tenant_code=440100000, report_directory=report, now=NOW, today=AS_OF, calendar=shipped_calendar(),
        actor="benchmark",
    )  # fmt: skip
    started = time.perf_counter()
    result = await import_directory(database, request, lambda *_: None)
    spent = time.perf_counter() - started
    await database.dispose()
    assert int(result.exit_code) == 0, result
    return spent


async def copy_all(source_dsn: str, target_dsn: str) -> tuple[int, float]:
    source, target = await asyncpg.connect(source_dsn), await asyncpg.connect(target_dsn)
    rows, spent = 0, 0.0
    started = time.perf_counter()
    transaction = target.transaction()
    await transaction.start()
    await target.execute("set local app.bulk = 'on'; alter table response disable trigger case_tally_add")
    await copy_courts(source, target)
    for table in TABLES:
        columns = [row["column_name"] for row in await source.fetch(COLUMNS, table)]
        held = io.BytesIO()
        await source.copy_from_query(f"select {', '.join(columns)} from {table}", output=held, format="csv")
        held.seek(0)
        started = time.perf_counter()
        status = await target.copy_to_table(table, source=held, columns=columns, format="csv")
        spent += time.perf_counter() - started
        rows += int(status.split()[1])
    started = time.perf_counter()
    await transaction.commit()
    spent += time.perf_counter() - started
    await source.close()
    await target.close()
    return rows, spent


async def copy_courts(source: asyncpg.Connection, target: asyncpg.Connection) -> None:
    """Courts that the import added to the reference data, so that foreign keys hold; not part of the measure."""
    known = {row["code"] for row in await target.fetch("select code from court")}
    for row in await source.fetch("select * from court"):
        if row["code"] not in known:
            await target.execute(
                f"insert into court values ({', '.join(f'${n}' for n in range(1, len(row) + 1))})", *row
            )


async def measure(cases: int, given: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="yingsu-bench-") as name:
        folder = Path(name)
        files = given or folder / "files"
        if given is None:
            # In a process of its own, whose memory is not the import's.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as maker:
                maker.submit(write_demo, files, DemoRequest("4401", cases, 1, AS_OF), shipped_calendar()).result()
        sources = [files / f"{file.value}.csv" for file in ImportFile]
        lines = sum(sum(1 for _ in source.open("rb")) - 1 for source in sources if source.exists())
        server = EmbeddedServer(folder / "data")
        with server.lease():
            source, target = await fresh(server, "imported"), await fresh(server, "copied")
            imported = await import_all(source, files, folder / "report")
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            rows, copied = await copy_all(source, target)
    print(f"import       {imported:7.1f} s  {lines / imported:9.0f} file rows/s  {rows / imported:9.0f} landed rows/s")
    print(f"bare COPY    {copied:7.1f} s  {'':9}              {rows / copied:9.0f} landed rows/s   (baseline)")
    print(f"peak memory  {peak:7d} MB of the importing process")
    print(f"ratio        {copied / imported:7.2f}    of the baseline's rows/s; at least 0.5 is asked for")


def main(options: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument(
        "--data", type=Path, help="a directory of import files of tenant 4401, instead of invented ones"
    )
    chosen = parser.parse_args(options)
    asyncio.run(measure(chosen.cases, chosen.data))


if __name__ == "__main__":
    main()
