"""`make hostile`: a real `yingsu serve` under attack, while another client asks small things all the time.

Prints how each attack was refused, after how long, and how long the other client waited meanwhile; exits with 1 where one was not
refused in its own words or not soon, caused a 5xx, or where the other client was refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from core.db.embedded import EmbeddedServer
from core.db.engine import make_engine
from core.db.session import Database
from core.extension.migration import migrate
from core.extension.registry import Registry
from core.identity.development_issuer import DevelopmentIssuer
from tests.conftest import on
from tests.e2e.conftest import install_members
from tests.hostile.attacks import Outcome, Target, attacks
from tests.hostile.bystander import Bystander
from tests.support.city import build_city

YINGSU = Path(sys.executable).parent / "yingsu"
BODY_TIMEOUT = HEADER_TIMEOUT = 1.5
SOON = 2.0
"""Seconds within which an attack must be refused, beside the time that it was given."""


async def _prepared(server: str) -> str:
    connection = await asyncpg.connect(on(server, "postgres"))
    await connection.execute("create database hostile")
    await connection.close()
    url = on(server, "hostile")
    await migrate(url, Registry.load())
    database = Database(make_engine(url, pool_size=2))
    await install_members(database, await build_city(database))
    await database.dispose()
    return url


@contextlib.asynccontextmanager
async def _serving(database_url: str, folder: Path) -> AsyncIterator[Target]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("YINGSU_")}
    environment |= {
        "YINGSU_DATABASE_URL": database_url,
        "YINGSU_DATA": str(folder),
        "YINGSU_BODY_TIMEOUT": str(BODY_TIMEOUT),
        "YINGSU_HEADER_TIMEOUT": str(HEADER_TIMEOUT),
    }
    process = await asyncio.create_subprocess_exec(
        YINGSU, "serve", "--port", "0", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=environment
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        token = DevelopmentIssuer.open(folder / "dev").issue("dev:city_bureau", timedelta(hours=1), datetime.now(UTC))
        port = int(line.split()[1].split(":")[2].split("/")[0])
        yield Target(port, token, BODY_TIMEOUT, HEADER_TIMEOUT)
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)


def _row(name: str, outcome: Outcome, bystander: Bystander, faults: list[str]) -> str:
    return (
        f"{name:34} {outcome.status:>6} {outcome.code:26} {outcome.reason or '':12} {outcome.seconds:7.2f} "
        f"{bystander.p99 * 1000:7.0f} {max(bystander.waits, default=0) * 1000:7.0f}  {'; '.join(faults) or 'ok'}"
    )


def _faults(outcome: Outcome, bystander: Bystander) -> list[str]:
    found = list(outcome.faults)
    if outcome.seconds - outcome.given >= SOON:
        found.append(f"took {outcome.seconds - outcome.given:.1f} s beyond its time")
    if bystander.refused:
        found.append(f"the other client was refused: {bystander.refused[0]}")
    if not bystander.waits:
        found.append("the other client was not served")
    return found


async def _all(target: Target) -> int:
    print(f"body timeout {target.body_timeout} s, header timeout {target.header_timeout} s (both set for this run)")
    print(f"{'attack':34} {'status':>6} {'code':26} {'reason':12} {'seconds':>7} {'p99 ms':>7} {'max ms':>7}")
    bad = 0
    for name, attack in attacks().items():
        async with Bystander(target) as bystander:
            began = time.perf_counter()
            outcome = await attack(target)
            outcome.seconds = outcome.seconds or time.perf_counter() - began
        faults = _faults(outcome, bystander)
        bad += bool(faults)
        print(_row(name, outcome, bystander, faults), flush=True)
    print(
        f"{bad} attacks were not refused as they should be"
        if bad
        else "every attack was refused, and others were served"
    )
    return 1 if bad else 0


async def _main(server: str, folder: Path) -> int:
    async with _serving(await _prepared(server), folder) as target:
        return await _all(target)


def main() -> int:
    """Run all attacks against a server of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="yingsu-hostile-") as folder,
        EmbeddedServer(Path(folder) / "pg", fsync=False).lease() as info,
    ):
        return asyncio.run(_main(info.dsn, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
