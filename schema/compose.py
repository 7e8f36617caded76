"""One schema per set of enabled plugins, all made from the same types through Strawberry's `get_fields`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from schema.act import Act
from schema.build import TypeBuilder, nullable
from schema.catalogue import CORE, Catalogue, catalogue_of
from schema.cost import CostTable
from schema.cost_directives import NODES_BY_IDS, cost_table
from schema.declared.types import Contribution
from schema.declared.values import DeclarationError
from schema.deprecation import Deprecations
from schema.describe import Doc
from schema.mutation import MutationBuilder
from schema.performing import act_resolver, payload_field
from schema.planner.completion import let_complete
from schema.planner.event import SubscriptionBuilder, event_resolver
from schema.planner.execute import node_resolver, nodes_resolver, root_resolver
from schema.scalars import CONFIG


class ComposedSchema(strawberry.Schema):
    """The schema of one enabled set: core fields, and those that enabled plugins contribute."""

    def __init__(self, house: House, enabled: frozenset[str]) -> None:
        self.house = house
        self.enabled = enabled
        super().__init__(
            query=house.query,
            mutation=house.mutation_for(enabled),
            subscription=house.subscription_for(enabled),
            types=house.concrete_types(enabled),
            config=CONFIG,
        )
        house.attach_resolvers(self._schema, enabled)
        self.costs: CostTable = cost_table(self._schema)
        self.deprecations = Deprecations(self._schema)

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """Strawberry's hook: the type's own fields, then what each enabled owner adds to it, in the owners' order."""
        added = self.house.added_fields(type_definition.name)
        more = [field for owner in sorted(added) if owner in self.enabled for field in added[owner]]
        return [*type_definition.fields, *more]

    @property
    def graphql(self) -> GraphQLSchema:
        """The graphql-core schema that operations are executed on."""
        return self._schema


class House:
    """Everything installed: the core's and all loaded plugins' declarations, and the schemas composed of them."""

    def __init__(self, contributions: Iterable[Contribution]) -> None:
        self.contributions = tuple(contributions)
        parts = self.contributions
        self.catalogue: Catalogue = catalogue_of(parts)
        self.owners = frozenset(part.owner for part in parts if part.owner != CORE)
        self.builder = TypeBuilder(self.catalogue)
        self.acts: dict[str, tuple[str, Act]] = _acts(parts)
        mutations = MutationBuilder(self.builder, self.catalogue)
        self._mutation_fields = {name: mutations.field(act) for name, (_, act) in self.acts.items()}
        subscriptions = SubscriptionBuilder(self.builder)
        self._subscription_fields = {
            name: subscriptions.field(owned) for name, owned in self.catalogue.subscriptions.items()
        }
        self._added: dict[str, dict[str, list[StrawberryField]]] = {}
        self.query = self.builder.object_type("Query", "查询入口（query root）。", self._base_queries())
        self._schemas: dict[frozenset[str], ComposedSchema] = {}
        for part in parts:
            for enum in part.enums:
                self.builder.enum(enum)

    def schema(self, enabled: Iterable[str]) -> ComposedSchema:
        """The schema of an enabled set; built once, then kept."""
        wanted = frozenset(enabled) & self.owners
        if wanted not in self._schemas:
            self._schemas[wanted] = ComposedSchema(self, wanted)
        return self._schemas[wanted]

    def added_fields(self, type_name: str) -> dict[str, list[StrawberryField]]:
        """By owner, the fields contributed to a type, `Query` and `Mutation` included."""
        if type_name not in self._added:
            if type_name == "Query":
                added: dict[str, list[StrawberryField]] = {}
                for owned in self.catalogue.queries.values():
                    if owned.owner != CORE:
                        added.setdefault(owned.owner, []).append(self.builder.field(owned, in_own_type=False))
            else:
                added = self.builder.contributed(type_name)
            self._added[type_name] = added
        return self._added[type_name]

    def mutation_for(self, enabled: frozenset[str]) -> Any:
        """The mutation type of an enabled set; None when it has no act."""
        fields = [self._mutation_fields[name] for name, (owner, _) in self.acts.items() if owner in {CORE, *enabled}]
        return self.builder.object_type("Mutation", "变更入口（mutation root）。", fields) if fields else None

    def subscription_for(self, enabled: frozenset[str]) -> Any:
        """The subscription type of an enabled set; None when nobody tells anything."""
        told = self.catalogue.subscriptions.items()
        fields = [self._subscription_fields[name] for name, owned in told if owned.owner in {CORE, *enabled}]
        return self.builder.object_type("Subscription", "订阅入口（subscription root）。", fields) if fields else None

    def concrete_types(self, enabled: frozenset[str]) -> Sequence[Any]:
        """Node types that an id may lead to even where no field does, and the error types behind `UserError`."""
        return [
            self.builder.types[name]
            for name, owner in self.catalogue.node_owners.items()
            if owner == CORE or owner in enabled
        ]

    def _base_queries(self) -> list[StrawberryField]:
        types = self.builder.types
        node = self.builder.plain(
            "node", nullable(types["Node"]), Doc("按标识取一个节点", "node by id", "不存在或不可见时为空")
        )
        node.arguments = [self.builder.argument("id", strawberry.ID, "全局标识（global id）。")]
        nodes = self.builder.plain(
            "nodes",
            "list[Optional[Node]]",
            Doc("按标识取多个节点", "nodes by ids", "顺序与输入一致，最多 100 个"),
            NODES_BY_IDS,
        )
        nodes.arguments = [self.builder.argument("ids", list[strawberry.ID], "全局标识（global ids）。")]
        own = [
            self.builder.field(owned, in_own_type=False)
            for owned in self.catalogue.queries.values()
            if owned.owner == CORE
        ]
        return [node, nodes, *own]

    def attach_resolvers(self, schema: GraphQLSchema, enabled: frozenset[str]) -> None:
        """Give the composed schema its root resolvers, and its payloads theirs."""
        query = schema.query_type
        if query is None:
            raise DeclarationError("a schema needs queries")
        let_complete(schema)
        query.fields["node"].resolve = node_resolver(self.catalogue)
        query.fields["nodes"].resolve = nodes_resolver(self.catalogue)
        for name, owned in self.catalogue.queries.items():
            if owned.owner == CORE or owned.owner in enabled:
                query.fields[name].resolve = root_resolver(self.catalogue, owned)
        for name, (owner, act) in self.acts.items():
            if owner == CORE or owner in enabled:
                self._attach_act(schema, name, act)
        for name, told in self.catalogue.subscriptions.items():
            if schema.subscription_type is not None and name in schema.subscription_type.fields:
                schema.subscription_type.fields[name].resolve = event_resolver(self.catalogue, told.field)

    def _attach_act(self, schema: GraphQLSchema, name: str, act: Act) -> None:
        if schema.mutation_type is None:
            raise DeclarationError(f"{name} has no mutation type to stand in")
        schema.mutation_type.fields[name].resolve = act_resolver(act, self.catalogue)
        error = schema.type_map[f"{act.type_stem}Error"]
        if isinstance(error, GraphQLObjectType):
            error.is_type_of = (
                None  # the field says which type it is; Strawberry would ask for an instance of its class
            )
        payload = schema.type_map[f"{act.type_stem}Payload"]
        if isinstance(payload, GraphQLObjectType):
            for field_name, field in payload.fields.items():
                field.resolve = payload_field(act, field_name)


def _acts(parts: Iterable[Contribution]) -> dict[str, tuple[str, Act]]:
    acts: dict[str, tuple[str, Act]] = {}
    for part in sorted(parts, key=lambda part: (part.owner != CORE, part.owner)):
        for act in part.acts:
            if act.name in acts:
                raise DeclarationError(f"mutation {act.name} is declared by {acts[act.name][0]} and by {part.owner}")
            acts[act.name] = (part.owner, act)
    return acts
