"""The processes beside the API that `yingsu dev` keeps running: started anew when they die, drained when it ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 10.0
SOUND_AFTER: Final = 30.0
"""Seconds of life after which the next death is the first again."""
PARENT_LOOKED_AT_EVERY: Final = 1.0
_logger = logging.getLogger("yingsu.processes")


@asynccontextmanager
async def supervised(
    commands: Sequence[Sequence[str]], environment: Mapping[str, str], grace: float
) -> AsyncGenerator[None]:
    """Keep a process running for each command of `yingsu` while the block lasts."""
    keepers = [asyncio.create_task(_keep(command, environment, grace), name=command[0]) for command in commands]
    try:
        yield
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep(command: Sequence[str], environment: Mapping[str, str], grace: float) -> None:
    pause, loop = FIRST_PAUSE, asyncio.get_running_loop()
    while True:
        began = loop.time()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "core.cli", *command),
            stdout=asyncio.subprocess.DEVNULL,
            env={**environment, PARENT: str(os.getpid())},
            # Ctrl-C reaches a whole group at once; the end of a child is ours to tell it.
            start_new_session=True,
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _drain(process, grace)
            raise
        if loop.time() - began > SOUND_AFTER:
            pause = FIRST_PAUSE
        _logger.warning("yingsu %s ended with %d, again in %.1f s", command[0], code, pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _drain(process: asyncio.subprocess.Process, grace: float) -> None:
    """SIGTERM, and SIGKILL for what has not ended a little after its grace time."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(grace + 5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


PARENT: Final = "YINGSU_SUPERVISOR"
"""Environment: the number of the supervisor's process; a child that no longer has it as parent ends by itself."""


async def end_with_supervisor() -> None:
    """A supervisor that was killed can stop nobody: its processes then stop by themselves, as if it had asked them."""
    parent = os.environ.get(PARENT)
    while parent is not None:
        if os.getppid() != int(parent):
            os.kill(os.getpid(), signal.SIGTERM)
            return
        await asyncio.sleep(PARENT_LOOKED_AT_EVERY)
