"""`docs/import.md` says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.imports.columns import COLUMNS
from core.imports.documentation import PARTS, filled
from core.imports.fates import RULES

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")


def test_the_page_is_what_the_code_would_write():
    assert filled(PAGE) == PAGE, "run: python -m core.imports.documentation docs/import.md"


def test_the_page_has_every_part_column_and_fault():
    for part in PARTS:
        assert f"<!-- from the code: {part} -->\n\n" in PAGE
    for columns in COLUMNS.values():
        assert all(f"| `{column.name}` | {column.zh} |" in PAGE for column in columns)
    assert all(f"| `{kind.value}` | {kind.zh} | {rule.fate.value} |" in PAGE for kind, rule in RULES.items())


def test_a_part_that_nothing_makes_is_no_part():
    with pytest.raises(KeyError):
        filled("<!-- from the code: nothing -->\n<!-- end -->")
