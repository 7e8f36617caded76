"""The declared cost of every field: read from its declaration, printed in the schema, looked up when an operation is costed."""

from __future__ import annotations

import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema
from strawberry.schema_directive import Location

from schema.cost import CostTable, FieldCost
from schema.declared.fields import AnyField, BatchField, ComputedField, ConnectionField, ToManyField, ValueField
from schema.declared.figures import GroupedField

SUMMING = 10
"""Figures read many small rows, however few groups they are shown in."""
ASSUMED_GROUPS = 20
COST = "yingsu.cost"
"""Where a Strawberry field keeps its declared cost."""
TOTAL_COUNT = FieldCost(10)
NODES_BY_IDS = FieldCost(0, slicing=("ids",), assumed=100)


@strawberry.schema_directive(
    name="cost",
    locations=[Location.FIELD_DEFINITION],
    description="费用（cost）：选取此字段一次，除对象本身的 1 之外另计的费用。",
)
class CostDirective:
    """`@cost(weight:)` of the GraphQL cost specification."""

    weight: str = strawberry.directive_field(name="weight")


@strawberry.schema_directive(
    name="listSize",
    locations=[Location.FIELD_DEFINITION],
    description="列表长度（list size）：计算费用时，列表按哪些参数、否则按多少条计。",
)
class ListSizeDirective:
    """`@listSize(…)` of the GraphQL cost specification."""

    assumed_size: int | None = strawberry.directive_field(name="assumedSize", default=strawberry.UNSET)
    slicing_arguments: list[str] | None = strawberry.directive_field(name="slicingArguments", default=strawberry.UNSET)
    sized_fields: list[str] | None = strawberry.directive_field(name="sizedFields", default=strawberry.UNSET)


def declared_cost(declared: AnyField) -> FieldCost | None:
    """What a declaration says of its cost; None where the rule of its type is all."""
    if isinstance(declared, ConnectionField):
        return FieldCost(0, ("first", "last"), declared.source.page, ("nodes", "edges"))
    if isinstance(declared, ToManyField):
        return FieldCost(0, assumed=declared.assumed)
    if isinstance(declared, GroupedField):
        return FieldCost(SUMMING, (), ASSUMED_GROUPS)
    if isinstance(declared, ValueField | BatchField | ComputedField) and declared.cost:
        return FieldCost(declared.cost)
    return None


def printed(cost: FieldCost) -> list[object]:
    """The directives by which the printed schema says a cost."""
    found: list[object] = []
    if cost.weight:
        found.append(CostDirective(weight=str(cost.weight)))
    if cost.assumed is not None:
        found.append(
            ListSizeDirective(
                assumed_size=cost.assumed,
                slicing_arguments=list(cost.slicing) or strawberry.UNSET,
                sized_fields=list(cost.through) or strawberry.UNSET,
            )
        )
    return found


def cost_table(schema: GraphQLSchema) -> CostTable:
    """Every declared cost of a composed schema, by type and field."""
    return {
        (kind.name, name): cost
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        for name, field in kind.fields.items()
        if (cost := _cost_of(field.extensions.get("strawberry-definition"))) is not None
    }


def _cost_of(made: object) -> FieldCost | None:
    metadata: dict[str, FieldCost] = getattr(made, "metadata", {})
    return metadata.get(COST)
