"""`yingsu serve`: the API process."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

import click
import uvicorn

from core.app import build_application, settle_memory
from core.config import Settings
from core.connection import Installation, open_installation
from core.extension.registry import Registry
from core.http.server import server_config
from core.processes import serve_processes


def configure_logging() -> None:
    """Errors as text, accesses as the JSON lines that they are, both on standard error."""
    plain = logging.StreamHandler(sys.stderr)
    plain.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[plain])
    bare = logging.StreamHandler(sys.stderr)
    bare.setFormatter(logging.Formatter("%(message)s"))
    for name in ("yingsu.access", "yingsu.deprecated", "yingsu.documents"):
        lines = logging.getLogger(name)
        lines.handlers, lines.propagate = [bare], False
        lines.setLevel(logging.INFO)


class AnnouncingServer(uvicorn.Server):
    """Says when it is ready, with its address: the port may have been chosen by the system."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """SIGTERM and SIGINT let running requests end; then the command goes on to its own end, and exits with 0.

        uvicorn would raise the signal again, and end the process before the database is closed.
        """
        loop = asyncio.get_running_loop()
        for caught in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(caught, self.handle_exit, caught, None)
        try:
            yield
        finally:
            for caught in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(caught)

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]  # as uvicorn calls it
        """Start to listen, then announce."""
        await super().startup(sockets)  # type: ignore[arg-type]  # passed on as it came
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._announce(f"http://{host}:{port}")


async def serve_installation(installation: Installation, settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; running requests get the grace time of the settings."""
    application = await build_application(settings, installation.database, Registry.load())
    settle_memory()
    config = server_config(
        application.asgi,
        host=settings.host,
        port=settings.port,
        graceful_timeout=int(settings.grace_seconds),
        message_limit=settings.body_limit,
        heartbeat=settings.stream_heartbeat,
        header_timeout=settings.header_timeout,
    )
    await AnnouncingServer(config, announce).serve()


@click.command()
@click.option("--host", help="Address to listen on (YINGSU_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (YINGSU_PORT); 0 takes a free one.")
@click.option("--processes", type=click.IntRange(1, 64), help="Processes to serve with (YINGSU_PROCESSES).")
def serve(host: str | None, port: int | None, processes: int | None) -> None:
    """Serve the API. The database must be migrated."""
    said = {"host": host, "port": port, "processes": processes}
    given = {name: value for name, value in said.items() if value is not None}
    settings = Settings().model_copy(update=given)
    configure_logging()
    if settings.oidc_issuer is None:
        click.echo("YINGSU_OIDC_ISSUER is not set: tokens of the development issuer are accepted", err=True)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    async with open_installation(settings) as installation:
        if settings.processes > 1:
            await serve_processes(settings, _listening)
        else:
            await serve_installation(installation, settings, _listening)


def _listening(url: str) -> None:
    click.echo(f"listening {url}/graphql")
    sys.stdout.flush()
