"""Every link between our pages leads somewhere, headings included."""

from __future__ import annotations

import re
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The headings as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere(pages: dict[Path, str], root: Path) -> None:
    broken = []
    for path, text in pages.items():
        for link in LINK.findall(CODE.sub("", text)):
            if link.startswith("https://"):
                continue
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
                broken.append(f"{path.relative_to(root)}: {link}")
    assert not broken


def test_every_page_is_in_the_index(pages: dict[Path, str], root: Path) -> None:
    index = root / "docs" / "README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(pages[index])}
    assert {path for path in pages if root / "docs" in path.parents} - {index} <= listed


def test_folders_that_the_readme_names_are_there(pages: dict[Path, str], root: Path) -> None:
    section = pages[root / "README.md"].partition("## Where things are")[2].partition("\n## ")[0]
    named = [
        name
        for row in section.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([^`]+)`", row.split("|")[1])
    ]
    assert len(named) > 15
    assert [name for name in named if not (root / name).exists()] == []
