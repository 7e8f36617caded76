"""The plugin author's guide: every block of it is a piece of the example plugin, whose checks run elsewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "plugin-authors-guide.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "tests" / "example_plugin"
BLOCK = re.compile(r"^```(\w*)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(language, file, text) for language, file, text in BLOCK.findall(GUIDE) if language or file]


@pytest.mark.parametrize(
    ("language", "file", "text"), BLOCKS, ids=[f"{n}-{block[1]}" for n, block in enumerate(BLOCKS)]
)
def test_a_block_of_the_guide_stands_in_the_file_that_it_names(language: str, file: str, text: str) -> None:
    assert language in {"python", "toml"}
    assert text in (EXAMPLE / file).read_text(encoding="utf-8")


def test_every_file_of_the_example_is_shown_or_named() -> None:
    shown = {file for _, file, _ in BLOCKS}
    files = {str(path.relative_to(EXAMPLE)) for path in EXAMPLE.rglob("*.py") if "__pycache__" not in path.parts}
    missing = {file for file in files - shown - {"conftest.py"} if Path(file).name not in GUIDE}
    assert missing == set()


def test_the_example_imports_the_sdk_and_nothing_else_of_the_house() -> None:
    for path in [*EXAMPLE.joinpath("yingsu_example").rglob("*.py"), *EXAMPLE.joinpath("checks").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            ours = [name for name in names if name.split(".")[0] in {"core", "schema", "plugins"}]
            assert [name for name in ours if not name.startswith("core.sdk.")] == [], path


def test_the_guides_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", line).strip().lower().replace(" ", "-")
        for line in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        file, _, anchor = target.partition("#")
        assert (ROOT / "docs" / file).exists() if file else anchor in headings, target
