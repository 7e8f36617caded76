"""What `yingsu doctor` looks at: each check answers what it found, and none stops the others."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import httpx
import obstore
from sqlalchemy import Connection, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from core.calendar.records import load_calendar
from core.calendar.working_days import YearStatus
from core.config import Settings
from core.db.branches import MigrationBranch
from core.db.engine import asyncpg_url
from core.db.session import Database
from core.db.table_registry import all_tables, load_tables
from core.documents.store import INCOMING, FileStore
from core.identity.development_issuer import DevelopmentIssuer, DevelopmentKeyUnreadable
from core.identity.jwks import KeysUnavailable, RemoteKeys
from core.installation.declared import migration_faults, policy_faults, role_faults
from core.jobs import records as job_records
from core.reference.tables import Cause, Court, Division
from core.tallies import records as tallies
from core.tenancy.tables import Tenant

OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRESQL = 150_000
_SHOWN = 5
LATE = 300.0
"""Seconds that a message may wait before the doctor says so."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found: `detail` says what was seen, or what to do."""

    name: str
    ok: bool
    detail: str


def _faults(name: str, faults: Sequence[str], fine: str, remedy: str = "run `yingsu migrate`") -> Check:
    if not faults:
        return Check(name, ok=True, detail=fine)
    more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return Check(name, ok=False, detail=f"{'; '.join(faults[:_SHOWN])}{more}; {remedy}")


def check_python() -> Check:
    """Python 3.11 or newer."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", ok=sys.version_info >= OLDEST_PYTHON, detail=version)


async def check_database(admin_url: str, branches: Sequence[MigrationBranch]) -> AsyncIterator[Check]:
    """Version, roles, migrations, policies; what one needs of another is left out where that one failed."""
    engine = create_async_engine(asyncpg_url(admin_url))
    try:
        async with engine.connect() as connection:
            version = int(await connection.scalar(text("select current_setting('server_version_num')::integer")) or 0)
            shown = f"PostgreSQL {version // 10_000}.{version % 10_000}"
            yield Check("database", ok=version >= OLDEST_POSTGRESQL, detail=f"{shown}, needed is 15 or newer")
            roles = await connection.run_sync(role_faults)
            yield _faults("roles", roles, "four, none bypasses policies")
            migrations = await connection.run_sync(migration_faults, branches)
            yield _faults("migrations", migrations, "at head, tables as declared")
            if not roles and not migrations:
                yield await _check_policies(connection)
            # Nothing of what was looked at stays, least of all the temporary tables.
            await connection.rollback()
    finally:
        await engine.dispose()


async def _check_policies(connection: AsyncConnection) -> Check:
    load_tables()
    tables = all_tables()

    def compare(sync: Connection) -> list[str]:
        return policy_faults(sync, tables)

    return _faults("policies", await connection.run_sync(compare), f"as declared on {len(tables)} tables")


async def check_reference(database: Database) -> Check:
    """Divisions, courts, causes and tenants are there."""
    counts: dict[str, int] = {}
    async with database.anonymous() as session:
        for table in (Division, Court, Cause, Tenant):
            counts[table.__tablename__] = int(await session.scalar(select(func.count()).select_from(table)))
    listed = ", ".join(f"{count} {name}" for name, count in counts.items())
    return Check("reference data", ok=all(counts.values()), detail=listed)


async def check_tallies(database: Database) -> Check:
    """The kept figures of every city are those that counting its responses gives."""
    wrong: list[str] = []
    async with database.system() as session:
        cities = await tallies.shards(session)
        for shard in cities:
            cells = await tallies.wrong_cells(session, shard)
            if cells:
                wrong.append(f"{cells} figures of {shard} are wrong")
    return _faults(
        "figures", wrong, f"as counted, of {len(cities)} cities", "run `yingsu figures rebuild --tenant CODE`"
    )


async def check_jobs(database: Database) -> Check:
    """No message waits longer than it should, and no dead letter is left to itself."""
    async with database.system() as session:
        queues = await job_records.depths(session)
        letters = await job_records.open_letters(session)
    late = [
        f"{name.value}: the oldest waits {queue.oldest:.0f} s" for name, queue in queues.items() if queue.oldest > LATE
    ]
    faults = [f"{one}; are there enough workers (`yingsu worker`)?" for one in late]
    if letters:
        faults.append(f"{letters} dead letters, see `yingsu jobs letters`")
    waiting = sum(queue.waiting + queue.delayed + queue.running for queue in queues.values())
    return Check("jobs", ok=not faults, detail="; ".join(faults) or f"{waiting} in the queues, no dead letter")


async def check_calendar(database: Database, today: date) -> Check:
    """This year is official; next year is there, provisional until the State Council's notice (mostly in November)."""
    async with database.anonymous() as session:
        calendar = await load_calendar(session)
    this, following = calendar.status(today.year), calendar.status(today.year + 1)
    ok = this is YearStatus.OFFICIAL and following is not YearStatus.UNKNOWN
    remedy = "" if ok else "; run `yingsu calendar import FILE`"
    return Check("calendar", ok=ok, detail=f"{today.year} {this}, {today.year + 1} {following}{remedy}")


async def check_files(location: str) -> Check:
    """The object store takes an object, and gives it back."""
    path, content = f"{INCOMING}doctor-{uuid4()}", b"yingsu"
    try:
        objects = FileStore.open(location).objects
        await obstore.put_async(objects, path, content)
        read = bytes(await (await obstore.get_async(objects, path)).bytes_async())
        await obstore.delete_async(objects, path)
    except (OSError, ValueError, obstore.exceptions.BaseError) as error:
        return Check("files", ok=False, detail=f"{location} cannot be written: {_first_line(error)}")
    return Check("files", ok=read == content, detail=f"{location} can be written")


async def check_keys(settings: Settings) -> Check:
    """The issuer's keys can be fetched; without an issuer, those of the development issuer are there."""
    if settings.oidc_issuer is None:
        folder = settings.data / "dev"
        try:
            DevelopmentIssuer.open(folder)
        except (OSError, DevelopmentKeyUnreadable) as error:
            return Check("issuer", ok=False, detail=_first_line(error))
        return Check("issuer", ok=True, detail=f"development issuer in {folder}: not for production")
    try:
        keys = await RemoteKeys(settings.oidc_issuer, jwks_url=settings.oidc_jwks_url).find(None)
    except (KeysUnavailable, ValueError, httpx.HTTPError) as error:
        detail = f"the keys of {settings.oidc_issuer} cannot be fetched: {_first_line(error)}"
        return Check("issuer", ok=False, detail=detail)
    return Check("issuer", ok=bool(keys), detail=f"{len(keys)} keys of {settings.oidc_issuer}")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
