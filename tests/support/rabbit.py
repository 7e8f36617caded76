"""A RabbitMQ of the tests' own, from the system's package: started, stopped and started again on the same data."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pika

SERVER = shutil.which("rabbitmq-server", path="/usr/lib/rabbitmq/bin:/usr/sbin:/usr/local/sbin:/opt/rabbitmq/sbin")
EPMD = shutil.which("epmd")
PATIENCE = 90.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass(slots=True)
class Rabbit:
    """One node on loopback; its port mapper is its own too, so that nothing of it outlives the test."""

    folder: Path
    port: int = field(default_factory=free_port)
    mapper_port: int = field(default_factory=free_port)
    distribution_port: int = field(default_factory=free_port)
    server: asyncio.subprocess.Process | None = None
    mapper: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        assert SERVER is not None
        assert EPMD is not None
        environment = os.environ | {
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(self.mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"yingsu{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
        }
        if self.mapper is None:
            self.mapper = subprocess.Popen([EPMD, "-port", str(self.mapper_port), "-address", "127.0.0.1"])
        with (self.folder / "server.log").open("ab") as log:
            self.server = await asyncio.create_subprocess_exec(
                SERVER, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(self._answers):
                assert self.server.returncode is None, (self.folder / "server.log").read_text()
                await asyncio.sleep(0.3)

    def _answers(self) -> bool:
        try:
            pika.BlockingConnection(pika.URLParameters(self.url)).close()
        except (pika.exceptions.AMQPError, OSError):
            return False
        return True

    def forget(self, queues: Iterable[str]) -> None:
        """Delete these queues with whatever is in them."""
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            for name in queues:
                connection.channel().queue_delete(name)

    async def kill(self) -> None:
        """SIGKILL for the whole group: the server has no time to write anything down."""
        if self.server is not None and self.server.returncode is None:
            os.killpg(self.server.pid, 9)
            await self.server.wait()

    async def close(self) -> None:
        """End it and its port mapper."""
        await self.kill()
        if self.mapper is not None:
            self.mapper.kill()
            self.mapper.wait()
