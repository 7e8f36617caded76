"""The client code that the front-end guide shows is the code that `tests/e2e` runs."""

from __future__ import annotations

from pathlib import Path

from tests.support.front_end_pages import PAGES, shown_files, with_files


def test_shown_code_is_the_code_that_is_run(root: Path) -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert text == with_files(text), "python -m tests.support.front_end_pages"


def test_every_set_up_is_shown(root: Path) -> None:
    clients = root / "tests" / "e2e" / "clients"
    shown = {root / name for page in PAGES for name in shown_files(page.read_text(encoding="utf-8"))}
    assert {*(clients / "setup").glob("*.ts"), *clients.glob("codegen*"), clients / "relay.config.json"} <= shown
