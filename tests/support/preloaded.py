"""Processes of Yingsu, forked from one that has imported everything: a start costs tenths of a second instead of two of a core.

Each is a process of its own, runs the command line as an operator's does, and is killed alike; only the imports are shared.
`python -m tests.support.preloaded` is the one that forks: a line of JSON in, a process id out.
"""

from __future__ import annotations

import gc
import json
import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Forked:
    """A process that somebody else forked: seen through its file descriptor, since it is no child of ours."""

    pid: int
    _seen: int = field(init=False)

    def __post_init__(self) -> None:
        try:
            self._seen = os.pidfd_open(self.pid)
        except ProcessLookupError:
            self._seen = -1

    def poll(self) -> int | None:
        """None as long as it runs. How it ended is known to its parent alone."""
        return self._ended(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        ended = self._ended(timeout)
        if ended is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return ended

    def terminate(self) -> None:
        """SIGTERM."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def _ended(self, seconds: float | None) -> int | None:
        if self._seen < 0:
            return 0
        if not select.select([self._seen], [], [], seconds)[0]:
            return None
        os.close(self._seen)
        self._seen = -1
        return 0


class Preloaded:
    """Starts processes."""

    def __init__(self) -> None:
        self._forks = subprocess.Popen(
            [sys.executable, "-m", "tests.support.preloaded"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def start(self, arguments: tuple[str, ...], environment: Mapping[str, str], log: Path) -> Forked:
        """Start `yingsu <arguments>`; what it writes goes to the file."""
        assert self._forks.stdin is not None
        assert self._forks.stdout is not None
        asked = {"arguments": arguments, "environment": dict(environment), "log": str(log)}
        self._forks.stdin.write(json.dumps(asked) + "\n")
        self._forks.stdin.flush()
        return Forked(int(self._forks.stdout.readline()))

    def close(self) -> None:
        """End the one that forks; what it started goes on."""
        assert self._forks.stdin is not None
        self._forks.stdin.close()
        self._forks.wait()


def _serve() -> None:
    from core.cli import serve, worker  # noqa: F401  # so that they are there in every process
    from core.extension.registry import Registry

    Registry.load()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(asked["arguments"], asked["environment"], asked["log"])
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become(arguments: list[str], environment: dict[str, str], log: str) -> None:
    """The forked process: its own session, environment and source of chance; runs the command line, and ends."""
    from core.cli import main

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.clear()
    os.environ.update(environment)
    random.seed()
    sys.argv = ["yingsu", *arguments]
    code: object = 1
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    _serve()
