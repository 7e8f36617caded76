"""graphql-inspector judges the changes of the schema too: it and graphql-core agree on what breaks, and the page says it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from schema.contract import BASELINE, CHANGES, WHOLE, breaking_changes
from tests.support.front_end import PackagesMissing
from tests.support.schema_changelog import (
    PAGE,
    SECTIONS,
    Change,
    changelog,
    changes_between,
    declared,
    live_page,
    reason_of,
)

PAIRS: dict[str, tuple[str, str, bool]] = {
    "FieldRemoved": ("type {} {{ a: Int b: Int }}", "type {} {{ a: Int }}", True),
    "FieldAdded": ("type {} {{ a: Int }}", "type {} {{ a: Int b: Int }}", False),
    "FieldLoosened": ("type {} {{ a: Int! }}", "type {} {{ a: Int }}", True),
    "FieldTightened": ("type {} {{ a: Int }}", "type {} {{ a: Int! }}", False),
    "FieldRetyped": ("type {} {{ a: Int }}", "type {} {{ a: String }}", True),
    "ListUnlisted": ("type {} {{ a: [Int] }}", "type {} {{ a: Int }}", True),
    "ArgumentRemoved": ("type {} {{ a(x: Int): Int }}", "type {} {{ a: Int }}", True),
    "ArgumentAdded": ("type {} {{ a: Int }}", "type {} {{ a(x: Int): Int }}", False),
    "ArgumentDemanded": ("type {} {{ a: Int }}", "type {} {{ a(x: Int!): Int }}", True),
    "ArgumentTightened": ("type {} {{ a(x: Int): Int }}", "type {} {{ a(x: Int!): Int }}", True),
    "DefaultChanged": ("type {} {{ a(x: Int = 1): Int }}", "type {} {{ a(x: Int = 2): Int }}", False),
    "ValueRemoved": ("enum {} {{ A B }}", "enum {} {{ A }}", True),
    "ValueAdded": ("enum {} {{ A }}", "enum {} {{ A B }}", False),
    "InputRemoved": ("input {} {{ a: Int b: Int }}", "input {} {{ a: Int }}", True),
    "InputAdded": ("input {} {{ a: Int }}", "input {} {{ a: Int b: Int }}", False),
    "InputDemanded": ("input {} {{ a: Int }}", "input {} {{ a: Int b: Int! }}", True),
    "InputTightened": ("input {} {{ a: Int }}", "input {} {{ a: Int! }}", True),
    "InputLoosened": ("input {} {{ a: Int! }}", "input {} {{ a: Int }}", False),
    "TypeRemoved": ("type {} {{ a: Int }}", "", True),
    "KindChanged": ("type {} {{ a: Int }}", "enum {} {{ A }}", True),
    "InterfaceLeft": ("type {} implements Base {{ a: Int }}", "type {} {{ a: Int }}", True),
    "MemberRemoved": ("union {} = P | Q", "union {} = P", True),
    "FieldDeprecated": ("type {} {{ a: Int }}", 'type {} {{ a: Int @deprecated(reason: "x") }}', False),
}
ALWAYS = "type Query { q: Int } interface Base { a: Int } type P { p: Int } type Q { q: Int }\n"
Between = Callable[[str, str], list[Change]]


@pytest.fixture
def between(tmp_path: Path) -> Between:
    def changes(old: str, new: str) -> list[Change]:
        for name, text in (("old", old), ("new", new)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        try:
            return changes_between(tmp_path / "old", tmp_path / "new")
        except PackagesMissing as missing:
            pytest.skip(f"LEFT OUT: {missing}")

    return changes


def sdl(side: int) -> str:
    return ALWAYS + "\n".join(pair[side].format(name) for name, pair in PAIRS.items())


def test_both_judges_agree_on_what_breaks(between: Between) -> None:
    old, new = sdl(0), sdl(1)
    inspector = {change.path.split(".")[0] for change in between(old, new) if change.level == "BREAKING"}
    reference = {name for name in PAIRS for change in breaking_changes(old, new) if name in change.description}
    assert inspector == reference == {name for name, (_, _, breaks) in PAIRS.items() if breaks}


def test_a_declaration_of_the_one_covers_the_finding_of_the_other(between: Between) -> None:
    old, new = sdl(0), sdl(1)
    reasons = {change.description: "r" for change in breaking_changes(old, new)}
    assert [
        one
        for one in between(old, new)
        if one.level == "BREAKING" and reason_of(one, reasons) is None and not one.nested
    ] == []
    assert (
        reason_of(Change("", "FIELD_REMOVED", "Case.title", "BREAKING", False), {"Field Case.number was removed.": "r"})
        is None
    )


def test_what_breaks_clients_of_the_last_release_is_declared(between: Between) -> None:
    changes = between(BASELINE.read_text(encoding="utf-8"), WHOLE.read_text(encoding="utf-8"))
    reasons = declared(CHANGES.read_text(encoding="utf-8"))
    assert [change for change in changes if change.level == "BREAKING" and reason_of(change, reasons) is None] == []


def test_the_page_is_as_the_inspector_finds_it() -> None:
    try:
        page = live_page()
    except PackagesMissing as missing:
        pytest.skip(f"LEFT OUT: {missing}")
    assert PAGE.read_text(encoding="utf-8") == page, "run `make schema`"


def test_the_page_tells_each_change_in_its_section(between: Between) -> None:
    page = changelog(between(sdl(0), sdl(1)), {"Field FieldRemoved.b was removed.": "Nobody used it."})
    section = {title: page.partition(f"\n## {title}\n")[2].partition("\n## ")[0] for title in SECTIONS}
    assert "`b`" in section["Breaking"]
    assert "Nobody used it." in section["Breaking"]
    assert "FieldAdded" in section["Added"]
    assert "FieldDeprecated.a" in section["Deprecated"]
    assert "ValueAdded" in section["Dangerous"]
    assert changelog([], {}).endswith("\nNothing.\n")
