"""Several API processes on one address: the parent listens, starts them, and replaces one that dies or hangs.

Each process builds its own application when it starts, with its own connections; they share the listening socket, and the
operating system hands each connection to one of them. What they keep in memory (documents, statements, rates) is each one's own.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.supervisors.multiprocess import Multiprocess

from core.app import build_application, settle_memory
from core.config import Settings
from core.connection import open_installation
from core.extension.registry import Registry
from core.http.metrics import METRICS_FOLDER
from core.http.server import server_config

START_SECONDS = 60.0
PARENT_LOOKED_AT_EVERY = 1.0


class StartedApplication:
    """An ASGI application that is built when its process starts to serve, and closed when it stops."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._built: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; or live through the process's start and end."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif self._built is not None:
            await self._built(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                scope["state"].update(await stack.enter_async_context(self._running()))
            except Exception as failure:  # noqa: BLE001 - the server logs it, and the parent stops
                await send({"type": "lifespan.startup.failed", "message": f"{type(failure).__name__}: {failure}"})
                return
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def _running(self) -> AsyncGenerator[Mapping[str, Any]]:
        async with open_installation(self._settings) as installation:
            application = await build_application(self._settings, installation.database, Registry.load())
            settle_memory()
            watch = asyncio.create_task(_end_with_parent(os.getppid()), name="watch the parent process")
            async with application.asgi.router.lifespan_context(application.asgi) as state:
                self._built = application.asgi
                yield state or {}
            watch.cancel()


async def _end_with_parent(parent: int) -> None:
    """A parent that was killed can stop nobody: its processes then stop by themselves, as if it had asked them."""
    while os.getppid() == parent:  # noqa: ASYNC110 - the operating system tells nobody but by this
        await asyncio.sleep(PARENT_LOOKED_AT_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)


def application_of_process() -> StartedApplication:
    """The application of one process of several; its settings are those of the environment."""
    from core.cli.serve import configure_logging  # noqa: PLC0415 - that module starts this one

    configure_logging()
    return StartedApplication(Settings())


class ProcessGroup(Multiprocess):
    """The processes of one address; `announce` is told when all of them serve."""

    announce: Callable[[], None]

    def init_processes(self) -> None:
        """Start the processes, and say so when they serve."""
        super().init_processes()
        if all(process.wait_until_ready(START_SECONDS, self.should_exit) for process in self.processes):
            self.announce()


async def serve_processes(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve with `settings.processes` processes until SIGTERM or SIGINT; running requests get the grace time."""
    config = server_config(
        "core.processes:application_of_process",
        host=settings.host,
        port=settings.port,
        graceful_timeout=int(settings.grace_seconds),
        processes=settings.processes,
        message_limit=settings.body_limit,
        heartbeat=settings.stream_heartbeat,
        header_timeout=settings.header_timeout,
    )
    with tempfile.TemporaryDirectory(prefix="yingsu-metrics-") as folder, _listening(settings) as listener:
        os.environ[METRICS_FOLDER] = folder
        group = ProcessGroup(config, [listener])
        host, port = listener.getsockname()[:2]
        group.announce = lambda: announce(f"http://{host}:{port}")
        await asyncio.to_thread(group.run)


def _listening(settings: Settings) -> socket.socket:
    listener = socket.create_server((settings.host, settings.port), backlog=2_048)
    listener.set_inheritable(True)
    return listener
