"""Processes of Yingsu as an operator runs them: started by the command line, killed without warning, their clock in a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.support.preloaded import Forked, Preloaded

YINGSU = Path(sys.executable).parent / "yingsu"


def environment(**settings: object) -> dict[str, str]:
    """This process's environment without any setting of Yingsu's, and with these: `data=…` is YINGSU_DATA."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YINGSU_")}
    return kept | {f"YINGSU_{name.upper()}": str(value) for name, value in settings.items()}


@dataclass(slots=True)
class ClockFile:
    """The clock that several processes read: a file with an ISO instant, replaced as a whole."""

    path: Path

    def show(self, instant: datetime) -> None:
        """Move the clock, forth or back."""
        beside = self.path.with_suffix(".new")
        beside.write_text(instant.isoformat(), encoding="ascii")
        beside.replace(self.path)


@dataclass(slots=True)
class Running:
    """One process: `yingsu worker`, say. What it writes goes to a file, whose end is shown when something is wrong."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    forks: Preloaded | None = None
    """Starts it quickly, where there is one."""
    process: subprocess.Popen[bytes] | Forked | None = field(default=None)

    def start(self) -> None:
        """Start it, unless it runs. Its own session: a signal to it reaches nobody else."""
        if self.is_alive():
            return
        if self.forks is not None:
            self.process = self.forks.start(self.arguments, self.environment, self.log)
            return
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [YINGSU, *self.arguments],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL, to it and whatever it started."""
        if self.process is not None and self.is_alive():
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds: float = 20.0) -> int:
        """SIGTERM; its exit code. Killed where it does not end in time."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def said(self, lines: int = 40) -> str:
        """The end of what it wrote; with 0 lines all of it."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
