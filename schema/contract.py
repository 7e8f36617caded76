"""The committed contract: what the schema is, and what clients were last promised.

`schema.graphql` has every built-in plugin on, and `profiles/` has the schema of each usual set: `core.graphql` with no plugin, and
one with each built-in plugin and what it requires. `make schema` rewrites them. `baseline.graphql` is the schema of the last release,
and before the first one that of the first complete schema. The tests compare the committed schemas with the live ones, and refuse a
change that would break a client of the baseline and is not declared in `changes.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from graphql import (
    BreakingChange,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    resolve_schema_coordinate,
)

from schema.deprecation import deprecation_reasons

FOLDER = Path(__file__).parent
WHOLE = FOLDER / "schema.graphql"
BASELINE = FOLDER / "baseline.graphql"
CHANGES = FOLDER / "changes.toml"
PROFILES = "profiles"
_REPLACEMENT = re.compile(r"（use）：`([^`]+)`")


def usual_sets(requires: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """The usual sets of built-in plugins, by the name of their file: none, and each with what it requires."""

    def whole(name: str) -> frozenset[str]:
        return frozenset({name}).union(*(whole(other) for other in requires[name]))

    return {"core": frozenset(), **{name: whole(name) for name in requires}}


def contract_files(requires: Mapping[str, Iterable[str]], sdl: Callable[[frozenset[str]], str]) -> dict[str, str]:
    """Every file of the contract that follows from the declarations, by its name within this folder."""
    files = {WHOLE.name: sdl(frozenset(requires))}
    for name, enabled in usual_sets(requires).items():
        files[f"{PROFILES}/{name}.graphql"] = sdl(enabled)
    return {name: text.rstrip("\n") + "\n" for name, text in files.items()}


def breaking_changes(old_sdl: str, new_sdl: str) -> list[BreakingChange]:
    """What a client of the old schema would stumble over in the new one."""
    return find_breaking_changes(build_schema(old_sdl), build_schema(new_sdl))


def declared_changes(text: str) -> set[str]:
    """The descriptions of breaking changes that are declared, with their reasons, in `changes.toml`."""
    return {entry["change"] for entry in tomllib.loads(text).get("breaking", [])}


def undeclared(old_sdl: str, new_sdl: str, declared: set[str]) -> list[str]:
    """The breaking changes that nobody declared."""
    return [change.description for change in breaking_changes(old_sdl, new_sdl) if change.description not in declared]


def missing_replacements(schema: GraphQLSchema) -> list[str]:
    """The deprecated things whose reason names a replacement that the schema does not have."""
    return [
        f"{coordinate}: {replacement}"
        for coordinate, reason in deprecation_reasons(schema)
        for replacement in _REPLACEMENT.findall(reason)
        if resolve_schema_coordinate(schema, replacement) is None
    ]
