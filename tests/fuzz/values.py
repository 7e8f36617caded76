"""Values for variables and arguments: such as the schema takes, and such as hurt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    type_from_ast,
)

NASTY: Sequence[Any] = (
    None, True, False, 0, -1, 1, 2**31 - 1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1, 2**64 - 1, 1.5, -0.0, 1e308, 5e-324,
    "", " ", "\t\n", "a" * 3_000, "应诉" * 500, "\u202e\u200b\ufeff", "\u0001\u001f", "\U0001f468\u200d\U0001f469", "e\u0301" * 50, "%s%n%p",
    "'; drop table member; --", "\\", '"', "../../etc/passwd", "${jndi:ldap://x}", "NaN", "Infinity", "1e309", "2026-02-30",
    "9999-12-31", "0000-00-00", "10000-01-01", "2026-03-10T25:61:61Z", "2026-03-10T00:00:00+99:00", "00:00", "1/0",
    "ff" * 27, "WyJYIl0", "W1tbW1tb", "eyJhIjoxfQ", "=" * 8, "%_%", "_", "{}", "[]", "null",
    [], {}, [None], [[]], ["x"] * 101, {"eq": None}, {"in": []}, {"in": ["x"] * 1_001}, {"and": [{"not": {"or": []}}]}, {"__proto__": 1},
)  # fmt: skip
_LEAVES: Mapping[str, Sequence[Any]] = {
    "Int": (1, 2, 50, 0),
    "Float": (1.5, 2),
    "Boolean": (True, False),
    "String": ("行政处罚", "a", "2026"),
    "Date": ("2026-03-10", "2024-02-29"),
    "DateTime": ("2026-03-10T02:00:00Z",),
    "Time": ("09:30",),
    "Decimal": ("12.50", "0"),
}


def value_for(kind: Any, random: Random, ids: Sequence[str], depth: int = 0) -> Any:
    """A value that coercion takes for this type."""
    if isinstance(kind, GraphQLNonNull):
        return value_for(kind.of_type, random, ids, depth)
    if isinstance(kind, GraphQLList):
        return [value_for(kind.of_type, random, ids, depth + 1) for _ in range(random.randint(0, 2))]
    if isinstance(kind, GraphQLEnumType):
        return random.choice(list(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {
            name: value_for(field.type, random, ids, depth + 1)
            for name, field in kind.fields.items()
            if isinstance(field.type, GraphQLNonNull) or (depth < 3 and random.random() < 0.3)
        }
    if kind.name == "ID":
        return random.choice(ids)
    return random.choice(_LEAVES.get(kind.name, ("x",)))


def variables_for(
    operation: OperationDefinitionNode, schema: GraphQLSchema, random: Random, ids: Sequence[str]
) -> dict[str, Any]:
    """Values for the variables that an operation declares, as far as the schema knows their types."""
    found = {}
    for declared in operation.variable_definitions or ():
        kind: Any = type_from_ast(schema, declared.type)
        if kind is not None and get_named_type(kind) is not None and random.random() < 0.95:
            found[declared.variable.name.value] = value_for(kind, random, ids)
    return found


def spoilt(value: Any, random: Random) -> Any:
    """The same JSON with something in it gone wrong: another value, one more, one less, or one level deeper."""
    if isinstance(value, dict) and value and random.random() < 0.75:
        chosen = random.choice(list(value))
        changed = dict(value)
        match random.randrange(8):
            case 0:
                del changed[chosen]
            case 1:
                changed[random.choice(("__typename", "id", chosen + "x", "", "应诉"))] = random.choice(NASTY)
            case _:
                changed[chosen] = spoilt(value[chosen], random)
        return changed
    if isinstance(value, list) and value and random.random() < 0.75:
        place = random.randrange(len(value))
        return [*value[:place], spoilt(value[place], random), *value[place + random.randrange(2) :]]
    return random.choice((random.choice(NASTY), [value], {"x": value}))
