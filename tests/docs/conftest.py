"""The documents, as the tests of this folder read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def page() -> Callable[[str], str]:
    """Reads a page of `docs/`."""
    return lambda name: (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pages() -> dict[Path, str]:
    """Every page of ours, the README and CHANGELOG among them."""
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return {path: path.read_text(encoding="utf-8") for path in found}


@pytest.fixture(scope="session")
def block() -> Callable[[str, str], str]:
    """Takes the first fenced block of a language out of a text."""

    def take(text: str, language: str) -> str:
        found = re.search(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        assert found is not None, f"there is no {language} block"
        return found[1]

    return take
