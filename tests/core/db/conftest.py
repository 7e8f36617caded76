"""What tests of servers that run under another account need."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def reachable() -> Iterator[Path]:
    """A folder of our own that any account can walk to. pytest's lie under a closed one, which is not ours to open."""
    with tempfile.TemporaryDirectory(prefix="yingsu-server-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
