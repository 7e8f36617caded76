"""Arguments of generated fields: literals, variables with and without values, cursors and ids of real rows, and wrong ones."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
)

from tests.schema.oracle.drawing import Choices

DATES = ["2026-01-05", "2026-03-01", "2026-03-10", "2025-12-31", "2030-02-28"]
INSTANTS = ["2026-03-01T01:02:03+00:00", "2026-03-01T09:02:03.12+08:00", "2000-01-01T00:00:00+00:00"]
TEXTS = ["普通", "it's", 'a "quoted" word', "back\\slash", "🏛️👩‍⚖️", "", "\u2028", "4401", "01", "0101"]


@dataclass(frozen=True)
class Word:
    """An enum value, or a variable's name: written bare."""

    text: str


@dataclass
class Pool:
    """What arguments may name: ids of rows by type, cursors by list and order, case numbers, codes."""

    ids: dict[str, list[str]]
    cursors: dict[tuple[str, str], list[str]]
    numbers: list[str]
    codes: dict[str, list[Any]]


@dataclass
class Arguments:
    """Writes arguments, and remembers the variables that they use."""

    choices: Choices
    pool: Pool
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)

    def flag(self) -> str:
        """A boolean for a directive."""
        value = self.choices.chance(60)
        if not self.choices.chance(50):
            return "true" if value else "false"
        return self._variable("Boolean!", value)

    def written(self, kind: GraphQLInputType, value: Any) -> str:
        """A value of a type as a literal, or a variable that has it."""
        if self.choices.chance(20):
            nullable = not isinstance(kind, GraphQLNonNull)
            if nullable and self.choices.chance(10):
                return self._absent(str(kind))
            return self._variable(str(kind), value)
        return self._literal(kind, value)

    def _literal(self, kind: GraphQLInputType, value: Any) -> str:
        bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if value is None:
            return "null"
        if isinstance(bare, GraphQLList):
            if not isinstance(value, list):
                return self._literal(bare.of_type, value)
            return "[" + ", ".join(self.written(bare.of_type, item) for item in value) + "]"
        if isinstance(bare, GraphQLInputObjectType):
            parts = [f"{name}: {self.written(bare.fields[name].type, item)}" for name, item in value.items()]
            return "{" + ", ".join(parts) + "}"
        if isinstance(bare, GraphQLEnumType):
            return str(value)
        return json.dumps(value, ensure_ascii=self.choices.chance(30))

    def _variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {kind}")
        self.variables[name] = value
        return f"${name}"

    def _absent(self, kind: str) -> str:
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {kind}")
        return f"${name}"

    # -- values --------------------------------------------------------------------------------------------------------

    def of_connection(self, source: str, args: dict[str, Any], *, nested: bool) -> dict[str, Any]:
        """Page arguments, order and filter of a list."""
        choices, given = self.choices, {}
        orders = list(get_named_type(args["orderBy"].type).values)
        order = choices.pick(orders)
        if order != orders[0] or choices.chance(20):
            given["orderBy"] = order
        side = choices.number(0, 9)
        if side < 6 or (nested and side < 7):
            given["first"] = choices.number(0, 4)
        elif side < 8:
            given["last"] = choices.number(0, 4)
        elif side == 8 and choices.chance(20):
            given |= {"first": choices.pick([101, -1, 1]), "last": choices.pick([None, 2])}
        for name in ("after", "before"):
            if choices.chance(25):
                given[name] = self._cursor(source, order)
        if "filter" in args and choices.chance(40):
            given["filter"] = self._filter(args["filter"].type)
        return given

    def _cursor(self, source: str, order: str) -> str | None:
        right = self.pool.cursors[source, order]
        if self.choices.chance(6):
            return self.choices.pick([None, "", "bm9uc2Vuc2U", "!", right[0][:-3] if right else "x"])
        if self.choices.chance(3):
            right = [one for (name, _), some in self.pool.cursors.items() if name == source for one in some]
        return self.choices.pick(right) if right else None

    def _filter(self, kind: Any) -> dict[str, Any] | None:
        choices, fields = self.choices, get_named_type(kind).fields
        if choices.chance(4):
            return None
        names = list(fields)
        chosen = {choices.pick(names) for _ in range(choices.number(1, 2))}
        return {name: self._operators(name, get_named_type(fields[name].type)) for name in names if name in chosen}

    def _operators(self, name: str, kind: Any) -> dict[str, Any] | None:
        choices = self.choices
        if choices.chance(4):
            return None
        operators = list(kind.fields)
        chosen = {choices.pick(operators) for _ in range(choices.number(1, 2))}
        return {
            operator: self._operand(name, kind.fields[operator].type) for operator in operators if operator in chosen
        }

    def _operand(self, name: str, kind: Any) -> Any:
        choices = self.choices
        if choices.chance(4):
            return None
        if isinstance(kind, GraphQLList):
            if choices.chance(5):
                return self._scalar(name, kind.of_type)
            return [self._scalar(name, kind.of_type) for _ in range(choices.number(0, 3))]
        return self._scalar(name, kind)

    def _scalar(self, name: str, kind: Any) -> Any:
        choices, bare = self.choices, get_named_type(kind)
        if isinstance(bare, GraphQLEnumType):
            return choices.pick(list(bare.values))
        match bare.name:
            case "ID":
                return self.id(f"{name[0].upper()}{name[1:]}".replace("Parent", "Tenant"))
            case "Boolean":
                return choices.chance(50)
            case "Int":
                return choices.pick([1, 2, 3, 0, -5, 2147483647])
            case "Date":
                return choices.pick(DATES)
            case "DateTime":
                return choices.pick(INSTANTS)
            case "Decimal":
                return choices.pick(["1200.50", "0"])
            case _:
                return choices.pick(self.pool.codes.get(name, TEXTS))

    def id(self, kind: str | None = None) -> str:
        """An id: mostly of a row, of whatever tenant; sometimes of another type, or damaged."""
        choices = self.choices
        if choices.chance(3):
            return choices.pick(["", "x", "00", self.pool.ids["Case"][0][:-1] + "0"])
        if kind is None or kind not in self.pool.ids or choices.chance(2):
            kind = choices.pick(sorted(name for name, some in self.pool.ids.items() if some))
        return choices.pick(self.pool.ids[kind])

    def of_root(self, name: str, argument: str) -> Any:
        """The argument of a root look-up."""
        if name == "nodes":
            return [self.id() for _ in range(self.choices.number(0, 5))]
        if name == "node":
            return self.id()
        if argument == "number":
            return self.choices.pick([*self.pool.numbers, "（2026）", "(2026)粤71行初99999号"])
        return self.choices.pick(self.pool.codes[name])
