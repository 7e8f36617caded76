"""A data folder of `yingsu` with the nation's cases in it, kept under `.bench/` and built once for each number of cases."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import asyncpg

from core.db.embedded import EmbeddedServer
from core.db.engine import make_engine
from core.db.session import Database
from core.extension.migration import migrate
from core.extension.registry import Registry
from core.installation.seed import seed_reference

FOLDER = Path(".bench")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
CHECKED = 100_000
"""Up to so many cases every foreign key is checked as the rows come; beyond, they fit because the same statements made them."""
TABLES = (
    "dispute", "case_shell", "response", "party", "hearing", "appearance", "judgment", "holding", "document", "period", "obligation",
    "suggestion", "note", "case_link", "audit_entry",
)  # fmt: skip
WHILE_BUILDING = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0",
    "max_wal_size": "4GB", "checkpoint_timeout": "1h", "autovacuum": "off", "shared_buffers": "1GB", "work_mem": "256MB",
    "maintenance_work_mem": "1GB", "max_parallel_maintenance_workers": "0", "max_parallel_workers_per_gather": "0",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Store:
    """An opened data folder: its path, and the address of its running database."""

    data: Path
    dsn: str


@contextmanager
def nation(cases: int) -> Iterator[Store]:
    """The nation with so many cases, its database running as long as the block; built first if it is not there."""
    data = FOLDER / f"nation-{cases}"
    server = EmbeddedServer(data)
    built = data / "built"
    if not built.exists():
        server.stop()
        _build(server, cases)
        built.write_text(f"{cases}\n")
    with server.lease() as info:
        asyncio.run(migrate(info.dsn, Registry.load()))  # a folder that an earlier version built
        yield Store(data, info.dsn)


def _build(server: EmbeddedServer, cases: int) -> None:
    started = time.perf_counter()
    with server.lease() as info:
        asyncio.run(_prepare(info.dsn))
    with server.lease() as info:
        asyncio.run(fill(info.dsn, cases))
        asyncio.run(_as_users_run_it(info.dsn))
    print(f"built {cases} cases in {time.perf_counter() - started:.0f} s")


async def _prepare(dsn: str) -> None:
    """Migrate and seed as `yingsu` does; then settings for the building alone, which the next start takes."""
    await migrate(dsn, Registry.load())
    database = Database(make_engine(dsn, pool_size=2))
    async with database.system() as session:
        await seed_reference(session, NOW)
    await database.dispose()
    connection = await asyncpg.connect(dsn)
    for name, value in WHILE_BUILDING.items():
        await connection.execute(f"alter system set {name} = '{value}'")
    await connection.close()


async def _as_users_run_it(dsn: str) -> None:
    """Take back the settings of the building; the next start goes without them."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("alter system reset all")
    await connection.close()


async def fill(dsn: str, cases: int) -> None:
    """Fill a migrated database that has its reference data and nothing else."""
    connection = await asyncpg.connect(dsn)
    await _step("agencies", connection.execute(_script("places.sql", cases=cases)))
    indexes = await _take_indexes(connection)
    await _step("rows", _both([_load(dsn, half, cases) for half in (0, 1)]))
    if cases > CHECKED:
        await _step("tallies", _both(_workers(dsn, await _recounts(connection))))
    await _step("indexes", _both(_workers(dsn, indexes)))
    await _step(
        "statistics", _both(_workers(dsn, [f"vacuum (analyze) {table}" for table in (*TABLES, "agency", "case_tally")]))
    )
    await connection.execute("drop table bench_place, bench_share")
    await connection.close()


async def _recounts(connection: asyncpg.Connection) -> list[str]:
    """The triggers that keep the tallies did not run: each root is counted once."""
    return [
        f"select case_tally_rebuild({row['shard']})" for row in await connection.fetch("select shard from bench_share")
    ]


async def _step(name: str, work: object) -> None:
    started = time.perf_counter()
    await work  # type: ignore[misc]
    print(f"  {name}: {time.perf_counter() - started:.0f} s", flush=True)


async def _both(work: list[object]) -> None:
    await asyncio.gather(*work)  # type: ignore[arg-type]


def _script(name: str, **values: int) -> str:
    return files("benchmarks.nation").joinpath(name).read_text(encoding="utf-8") % values


async def _take_indexes(connection: asyncpg.Connection) -> list[str]:
    """Drop the plain indexes, which cost more kept up than made anew; the unique ones stay, and hold while rows come."""
    rows = await connection.fetch(
        "select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index"
        " where indrelid = any ($1::text[]::regclass[]) and not indisunique order by indrelid::regclass::text",
        list(TABLES),
    )
    for row in rows:
        await connection.execute(f"drop index {row['name']}")
    return [row["definition"] for row in rows]


async def _load(dsn: str, half: int, cases: int) -> None:
    connection = await asyncpg.connect(dsn)
    trusted = cases > CHECKED
    await connection.execute(
        f"set app.bulk = 'on'; set session_replication_role = {'replica' if trusted else 'origin'}"
    )
    for statement in _script("cases.sql", half=half).split(";\n"):
        if statement.strip():
            await connection.execute(statement)
    await connection.close()


def _workers(dsn: str, statements: list[str]) -> list[object]:
    """Two connections that take the next statement until none is left."""
    left = iter(statements)

    async def work() -> None:
        connection = await asyncpg.connect(dsn)
        for statement in left:
            await connection.execute(statement)
        await connection.close()

    return [work(), work()]
