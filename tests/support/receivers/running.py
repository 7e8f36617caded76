"""Starts receivers, and reads what they received."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Running:
    """A receiver at work."""

    port: int
    folder: Path

    def received(self) -> list[dict[str, Any]]:
        """Everything so far, in order."""
        return [json.loads(one.read_text(encoding="utf-8")) for one in sorted(self.folder.glob("*.json"))]


@contextmanager
def receiver(name: str, folder: Path, *more: str) -> Iterator[Running]:
    """Run `mail` or `web` until the block ends."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", f"tests.support.receivers.{name}", str(folder), *more]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Running(int(process.stdout.readline()), folder)
    finally:
        process.kill()
        process.wait()
