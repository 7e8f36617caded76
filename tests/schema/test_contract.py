"""The committed schema is the live one; it says of everything what it is, in Chinese; and it breaks no client silently."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)

from core.app import house_of
from core.cli.schema import built_in_contract, write_schema
from core.extension.registry import Registry
from schema.contract import (
    BASELINE,
    CHANGES,
    FOLDER,
    PROFILES,
    WHOLE,
    contract_files,
    declared_changes,
    missing_replacements,
    undeclared,
)

REGISTRY = Registry.load()
LIVE = house_of(REGISTRY).schema(frozenset(REGISTRY.plugins))
BOTH = re.compile(r"(?=.*[\u4e00-\u9fff])(?=.*[A-Za-z]{2})", re.DOTALL)


def own_types() -> list[GraphQLNamedType]:
    return [
        one
        for one in LIVE.graphql.type_map.values()
        if not is_introspection_type(one) and not is_specified_scalar_type(one)
    ]


def test_the_committed_schemas_are_the_live_ones() -> None:
    committed = {path.relative_to(FOLDER).as_posix() for path in (WHOLE, *(FOLDER / PROFILES).iterdir())}
    live = built_in_contract()
    assert committed == set(live), "run `make schema`"
    assert [name for name, text in live.items() if (FOLDER / name).read_text(encoding="utf-8") != text] == [], (
        "run `make schema`"
    )


def test_each_built_in_plugin_has_its_schema_with_what_it_requires() -> None:
    files = contract_files({"a": (), "b": ("a",), "c": ("b",)}, lambda enabled: " ".join(sorted(enabled)))
    assert files == {
        "schema.graphql": "a b c\n",
        "profiles/core.graphql": "\n",
        "profiles/a.graphql": "a\n",
        "profiles/b.graphql": "a b\n",
        "profiles/c.graphql": "a b c\n",
    }


def test_make_schema_writes_what_is_new_and_removes_what_is_stale(tmp_path: Path) -> None:
    (tmp_path / PROFILES).mkdir()
    (tmp_path / PROFILES / "gone.graphql").write_text("type Query { a: Int }")
    done = CliRunner().invoke(write_schema, [str(tmp_path)])
    assert done.exit_code == 0, done.output
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.graphql")}
    assert written == set(built_in_contract())
    assert (tmp_path / "profiles" / "core.graphql").read_text(encoding="utf-8").count("type Query") == 1


def test_no_client_of_the_last_release_breaks_undeclared() -> None:
    declared = declared_changes(CHANGES.read_text(encoding="utf-8"))
    assert undeclared(BASELINE.read_text(encoding="utf-8"), LIVE.as_str(), declared) == []


def test_a_breaking_change_is_seen_and_can_be_declared() -> None:
    old, new = "type Query { a: Int b: Int }", "type Query { a: Int }"
    assert undeclared(old, new, set()) == ["Field Query.b was removed."]
    assert (
        undeclared(old, new, declared_changes('[[breaking]]\nchange = "Field Query.b was removed."\nreason = "x"'))
        == []
    )


def test_the_printed_schema_can_be_read_back() -> None:
    assert build_schema(LIVE.as_str()).query_type is not None


@pytest.mark.parametrize("kind", own_types(), ids=lambda kind: kind.name)
def test_everything_is_described_in_chinese_with_the_english_term(kind: GraphQLNamedType) -> None:
    missing = [] if BOTH.match(kind.description or "") else [kind.name]
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for name, field in kind.fields.items():
            if not BOTH.match(field.description or ""):
                missing.append(f"{kind.name}.{name}")
            for argument, definition in getattr(field, "args", {}).items():
                if not BOTH.match(definition.description or ""):
                    missing.append(f"{kind.name}.{name}({argument}:)")
    if isinstance(kind, GraphQLEnumType):
        missing += [
            f"{kind.name}.{name}" for name, value in kind.values.items() if not BOTH.match(value.description or "")
        ]
    assert missing == []


def test_every_enum_value_has_a_label_to_ask_for() -> None:
    orders = {f"{source.name}Order" for source in LIVE.house.catalogue.sources.values()}
    dimensions = {f"{grouping.name}Dimension" for grouping in LIVE.house.catalogue.groupings.values()}
    enums = {one.name for one in own_types() if isinstance(one, GraphQLEnumType)}
    assert enums - orders - dimensions <= set(LIVE.house.builder.enums)


def test_what_takes_the_place_of_deprecated_things_exists() -> None:
    assert missing_replacements(LIVE.graphql) == []
