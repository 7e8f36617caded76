"""The committed contract: what the schema is, and what clients were last promised.

`schema.graphql` has every built-in plugin on; `make schema` rewrites it. `baseline.graphql` is the schema of the last release, and
before the first one that of the first complete schema. The tests compare the first with the live schema, and refuse a change
that would break a client of the baseline and is not declared in `changes.toml`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from graphql import BreakingChange, build_schema, find_breaking_changes

FOLDER = Path(__file__).parent
WHOLE = FOLDER / "schema.graphql"
BASELINE = FOLDER / "baseline.graphql"
CHANGES = FOLDER / "changes.toml"


def breaking_changes(old_sdl: str, new_sdl: str) -> list[BreakingChange]:
    """What a client of the old schema would stumble over in the new one."""
    return find_breaking_changes(build_schema(old_sdl), build_schema(new_sdl))


def declared_changes(text: str) -> set[str]:
    """The descriptions of breaking changes that are declared, with their reasons, in `changes.toml`."""
    return {entry["change"] for entry in tomllib.loads(text).get("breaking", [])}


def undeclared(old_sdl: str, new_sdl: str, declared: set[str]) -> list[str]:
    """The breaking changes that nobody declared."""
    return [change.description for change in breaking_changes(old_sdl, new_sdl) if change.description not in declared]
