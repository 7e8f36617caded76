"""`docs/dependencies.md` argues for each dependency, and for none that is not there."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SECTIONS = {"At run time": "runtime", "For development": "development", "From npm, for tests alone": "npm"}


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ;]", requirement, maxsplit=1)[0] for requirement in requirements}


@pytest.fixture(scope="module")
def declared(root: Path) -> dict[str, set[str]]:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    clients = json.loads((root / "tests" / "e2e" / "clients" / "package.json").read_text(encoding="utf-8"))
    return {
        "runtime": named(project["dependencies"]),
        "development": named(project["optional-dependencies"]["dev"]),
        "npm": set(clients["devDependencies"]),
    }


def section(text: str, title: str) -> list[list[str]]:
    body = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if line.startswith("| `")
    ]


@pytest.mark.parametrize("title", SECTIONS)
def test_each_dependency_has_its_line_and_none_too_many(
    title: str, page: Callable[[str], str], declared: dict[str, set[str]]
) -> None:
    listed = [row[0].strip("`") for row in section(page("dependencies.md"), title)]
    assert listed == sorted(listed)
    assert len(listed) == len(set(listed))
    assert set(listed) == declared[SECTIONS[title]]


@pytest.mark.parametrize("title", SECTIONS)
def test_each_line_says_what_for_over_what_and_why(title: str, page: Callable[[str], str]) -> None:
    for row in section(page("dependencies.md"), title):
        assert len(row) == 4, row
        assert all(row), row


def test_the_lock_file_of_npm_names_no_registry(root: Path) -> None:
    lock = json.loads((root / "tests" / "e2e" / "clients" / "package-lock.json").read_text(encoding="utf-8"))
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
