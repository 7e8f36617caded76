"""Real processes of Yingsu on a test's database: workers, schedulers, relays; started, killed, and ended with the test."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

YINGSU = str(Path(sys.executable).with_name("yingsu"))
ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
"""Seconds after which something that must come is given up; no test passes or fails by how long it took."""


async def until(true: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """Wait for what must become true."""
    async with asyncio.timeout(patience):
        while not await true():
            await asyncio.sleep(0.05)


@dataclass(slots=True)
class Running:
    """One started process; `said` are the lines of its standard output."""

    process: asyncio.subprocess.Process
    log: Path
    said: list[str] = field(default_factory=list)

    async def line(self) -> str:
        """Its next line; what it logged, if there is none."""
        assert self.process.stdout is not None
        read = (await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)).decode().strip()
        assert read, self.log.read_text(encoding="utf-8")
        self.said.append(read)
        return read

    async def kill(self) -> None:
        """SIGKILL: nothing of it can tidy up."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def terminate(self) -> int:
        """SIGTERM, and its exit code."""
        if self.process.returncode is None:
            self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def ended(self) -> int:
        """Its exit code, when it has ended by itself."""
        return await asyncio.wait_for(self.process.wait(), PATIENCE)


@dataclass(slots=True)
class Processes:
    """Starts processes of one installation."""

    folder: Path
    environment: dict[str, str]
    started: list[Running] = field(default_factory=list)

    async def start(self, *arguments: str, ready: bool = True, **settings: object) -> Running:
        """Start `yingsu <arguments>`; wait for its first line, by which it says that it is ready."""
        environment = self.environment | {f"YINGSU_{name.upper()}": str(value) for name, value in settings.items()}
        log = self.folder / f"{len(self.started)}-{arguments[0]}.log"
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                YINGSU, *arguments, stdout=asyncio.subprocess.PIPE, stderr=errors, env=environment
            )
        running = Running(process, log)
        self.started.append(running)
        if ready:
            await running.line()
        return running

    def set_clock(self, instant: str) -> None:
        """Put the clock of all processes at an instant, in one step."""
        beside = self.folder / "clock.new"
        beside.write_text(instant, encoding="utf-8")
        beside.replace(self.folder / "clock")


@asynccontextmanager
async def processes(database_url: str, folder: Path) -> AsyncIterator[Processes]:
    """Processes that have the probe beside the installed plugins, and a clock of their own if the test sets one."""
    info = folder / "site" / "yingsu_probe-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: yingsu-probe\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[yingsu.plugins]\nprobe = tests.support.probe\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YINGSU_")} | {
        "YINGSU_DATABASE_URL": database_url,
        "YINGSU_DATA": str(folder / "data"),
        "YINGSU_CLOCK": str(folder / "clock"),
        "YINGSU_JOB_RETRY_SECONDS": "0.05",
        "YINGSU_SCHEDULER_SECONDS": "0.05",
        "YINGSU_JOB_LEASE_SECONDS": "2",
        "PYTHONPATH": f"{folder / 'site'}{os.pathsep}{ROOT}",
    }
    made = Processes(folder, environment)
    try:
        yield made
    finally:
        for one in made.started:
            await one.kill()
