"""Servers as processes of their own, and the processor time that they take, read from /proc."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, environment: Mapping[str, str], folder: Path | None = None
) -> Iterator[int]:
    """A server process, from when it listens until the block ends; answers its process id."""
    with log.open("wb") as written:
        process = subprocess.Popen(
            command,
            stdout=written,
            stderr=written,
            cwd=folder,
            env={**os.environ, **environment},
            start_new_session=True,  # what the command starts itself (Node behind its launcher) is stopped with it
        )
        try:
            _await_port(process, port, log)
            yield process.pid
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args} did not listen; its log ends:\n{log.read_text(errors='replace')[-3000:]}")


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found.extend(int(child) for child in _read(task).split())
    return found


def processor_ms(pid: int) -> float:
    """Processor time of a process, its living descendants and those whose end they saw, in milliseconds."""
    ticks = 0
    for one in family(pid):
        fields = _read(Path(f"/proc/{one}/stat")).rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15])
    return ticks * 1000 / TICK


def peak_memory_mb(pid: int) -> float:
    """The largest resident sets of a process and its descendants, added up."""
    lines = [line for one in family(pid) for line in _read(Path(f"/proc/{one}/status")).splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def postmaster_of(data: Path) -> int:
    """The process id of the embedded PostgreSQL of a data folder."""
    return int((data / "postgres" / "postmaster.pid").read_text().split()[0])


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def drive(order: Mapping[str, Any]) -> dict[str, Any]:
    """Run the load generator in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"], input=json.dumps(order).encode(), stdout=subprocess.PIPE, check=True
    )
    return dict(json.loads(done.stdout))
