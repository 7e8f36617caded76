"""`docs/schema-changelog.md`: what changed in the schema since the last release, as graphql-inspector finds it.

`python -m tests.support.schema_changelog` prints it (`make schema-changes`), and with `--write` rewrites the page (`make schema`).
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schema.contract import BASELINE, CHANGES, WHOLE
from tests.support.front_end import PackagesMissing, install, node

PAGE = Path(__file__).parents[2] / "docs" / "schema-changelog.md"
HEAD = """# What changed in the schema

Since the last release ([`baseline.graphql`](../schema/baseline.graphql)), in [`schema.graphql`](../schema/schema.graphql). Written by
`make schema`, as [graphql-inspector](https://the-guild.dev/graphql/inspector) finds it; descriptions and costs are left out. Earlier
releases stand in the [changelog](../CHANGELOG.md).
"""
SECTIONS = {
    "Breaking": "Clients of the last release may fail. Each is declared, with its reason, in [`changes.toml`](../schema/changes.toml).",
    "Dangerous": "Nothing fails, but answers may be other than expected.",
    "Added": "",
    "Deprecated": "",
    "Other": "",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `path` is the coordinate that it is about, `nested` says that it is part of something new as a whole."""

    message: str
    type: str
    path: str
    level: str
    nested: bool

    @property
    def section(self) -> str:
        if self.level in {"BREAKING", "DANGEROUS"}:
            return self.level.capitalize()
        if "DEPRECAT" in self.type:
            return "Deprecated"
        return "Added" if self.type.endswith("_ADDED") else "Other"


def changes_between(old: Path, new: Path) -> list[Change]:
    """What graphql-inspector says; raises `PackagesMissing`."""
    install()
    done = node("schema-changes.ts", str(old), str(new))
    assert done.returncode == 0, done.stdout
    return [Change(**one) for one in json.loads(done.stdout)]


def changelog(changes: list[Change], reasons: Mapping[str, str]) -> str:
    """The page; breaking changes with their declared reasons."""
    page = HEAD
    for section, meaning in SECTIONS.items():
        told = sorted({one.message: one for one in changes if one.section == section and not one.nested}.items())
        if told:
            lines = [f"- {_quoted(message)}.{_because(one, reasons)}" for message, one in told]
            page += f"\n## {section}\n\n" + (f"{meaning}\n\n" if meaning else "") + "\n".join(lines) + "\n"
    return page if changes else page + "\nNothing.\n"


def declared(text: str) -> dict[str, str]:
    """The declared breaking changes of `changes.toml`, as graphql-core names them, with their reasons."""
    return {entry["change"]: entry["reason"] for entry in tomllib.loads(text).get("breaking", [])}


def reason_of(change: Change, reasons: Mapping[str, str]) -> str | None:
    """The reason of a change that is declared: its declaration names all that the change is about."""
    names = set(re.findall(r"\w+", change.path))
    return next((reason for said, reason in reasons.items() if names <= set(re.findall(r"\w+", said))), None)


def live_page() -> str:
    """The page as it should stand."""
    return changelog(changes_between(BASELINE, WHOLE), declared(CHANGES.read_text(encoding="utf-8")))


def _because(change: Change, reasons: Mapping[str, str]) -> str:
    reason = reason_of(change, reasons) if change.section == "Breaking" else None
    return f" {reason}" if reason else ""


def _quoted(message: str) -> str:
    """Names as code: the inspector sets them in single quotes."""
    parts = message.rstrip(".").split("'")
    return "".join(f"`{part}`" if number % 2 else part for number, part in enumerate(parts))


def _main() -> None:
    try:
        page = live_page()
    except PackagesMissing as missing:
        sys.exit(f"LEFT OUT: docs/schema-changelog.md, because the npm packages are missing: {missing}")
    if "--write" in sys.argv:
        PAGE.write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)


if __name__ == "__main__":
    _main()
