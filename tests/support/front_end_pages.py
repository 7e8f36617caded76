"""Code that our pages show, and that is run: a fence after `<!-- path -->` holds that file. This module copies the files in.

`python -m tests.support.front_end_pages` rewrites the pages; a test holds them to the files.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "docs" / "front-end.md",)
_SHOWN = re.compile(r"^<!-- (\S+) -->\n```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def shown_files(text: str) -> list[str]:
    """The files that a page shows, as it names them."""
    return [path for path, _, _ in _SHOWN.findall(text)]


def with_files(text: str) -> str:
    """The page with its files as they are now."""

    def fence(found: re.Match[str]) -> str:
        body = (ROOT / found[1]).read_text(encoding="utf-8")
        return f"<!-- {found[1]} -->\n```{found[2]}\n{body}```"

    return _SHOWN.sub(fence, text)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(with_files(page.read_text(encoding="utf-8")), encoding="utf-8")
