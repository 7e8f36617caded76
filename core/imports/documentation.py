"""The parts of `docs/import.md` that are made from the code: the columns of every file, and the table of fates.

`python -m core.imports.documentation docs/import.md` writes them anew; a test holds the page and the code together.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from core.imports.columns import COLUMNS, Column, Holds, ImportFile, Presence
from core.imports.fates import as_markdown
from core.imports.report import HEADER

_PART = re.compile(r"(<!-- from the code: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_PRESENCE = {Presence.REQUIRED: "required 必填", Presence.EXPECTED: "expected 应填", Presence.OPTIONAL: ""}
_HOLDS = {
    Holds.ID: "id",
    Holds.TEXT: "text",
    Holds.DATE: "day, `2026-01-05`",
    Holds.TIME: "time, `09:30`",
    Holds.NUMBER: "whole number",
    Holds.AMOUNT: "yuan, at most two decimals",
    Holds.YES_NO: "`1` or `0`",
    Holds.CODE: "one of",
    Holds.LABEL: "usually one of",
    Holds.CASE_NUMBER: "case number",
    Holds.FILE_NAME: "file name",
    Holds.TENANT_CODE: "administrative code",
    Holds.CAUSE_CODE: "code of a cause",
    Holds.AGENCY_ID: "id of an agency",
}


def columns_as_markdown() -> str:
    """Print a table of columns for each file."""
    lines: list[str] = []
    for file in ImportFile:
        lines += [
            f"### `{file.value}.csv` {file.zh}",
            "",
            "| column | 名称 | | holds | 说明 |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [_row(column) for column in COLUMNS[file]]
        lines.append("")
    return "\n".join(lines)


def _row(column: Column) -> str:
    listed = ", ".join(f"`{choice}`" for choice in column.choices)
    holds = f"{_HOLDS[column.holds]} {listed}".strip()
    return f"| `{column.name}` | {column.zh} | {_PRESENCE[column.presence]} | {holds} | {column.note_zh} |"


def report_as_markdown() -> str:
    """Print the columns of the report."""
    return "`" + "`, `".join(HEADER) + "`\n"


PARTS: Mapping[str, Callable[[], str]] = {
    "columns": columns_as_markdown,
    "fates": as_markdown,
    "report": report_as_markdown,
}


def filled(page: str) -> str:
    """Give the page with its parts as the code has them; `KeyError` for a part that nothing makes."""
    return _PART.sub(lambda part: f"{part[1]}\n{PARTS[part[2]]().strip()}\n\n{part[3]}", page)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
