"""`docs/settings.md` is what the settings declare."""

from __future__ import annotations

from collections.abc import Callable

from core.config import Settings
from core.config_docs import settings_page


def test_the_page_is_as_the_settings_declare(page: Callable[[str], str]) -> None:
    assert page("settings.md") == settings_page(), "python -m core.config_docs > docs/settings.md"


def test_every_setting_has_its_row_and_says_what_it_is() -> None:
    rows = [line for line in settings_page().splitlines() if line.startswith("| `YINGSU_")]
    assert [row.split("`")[1] for row in rows] == [f"YINGSU_{name.upper()}" for name in Settings.model_fields]
    assert all(field.description for field in Settings.model_fields.values())


def test_bounds_choices_and_secrets_are_told() -> None:
    rows = {line.split("`")[1]: line for line in settings_page().splitlines() if line.startswith("| `YINGSU_")}
    assert "whole number, at least 0, at most 65535 | `8000`" in rows["YINGSU_PORT"]
    assert "`none` or `transaction` | `none`" in rows["YINGSU_DATABASE_POOLER"]
    assert "*secret* | not set" in rows["YINGSU_DATABASE_URL"]
