"""Documents made ready once: parsed, measured, validated, costed. A document seen before skips all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from core.errors import BadUserInput, CostLimitExceeded, ErrorCode
from schema.bounded import BoundedCache
from schema.compose import ComposedSchema
from schema.cost import Cost, Costing, given_size, introspects_only, literal_size, slicing_variables
from schema.limits import LimitReason, Limits, exceeded
from schema.shape import check_shape

MAX_VALIDATION_ERRORS = 20
CACHED_DOCUMENTS = 1_024
CACHED_DOCUMENT_SIZE = 65_536
CACHED_CHARACTERS = 1_000_000
"""Of all kept texts together: a syntax tree takes some hundred times the memory of its text."""
LONGEST_LIST = 1_000
"""Items of a list that sizes an answer; beyond any page and any list of ids."""
COSTS_KEPT = 64
"""Costs kept of one document: one for each way in which its variables sized its lists."""

_TOO_MANY = re.compile(r"contains more than \d+ (tokens|comments)")
_TOO_DEEP = re.compile(r"nested too deeply")
"""What graphql-core says of a document over its limits; `tests/schema/test_limits.py` would see it change."""


class Refused(Exception):
    """An operation that is not executed: the errors to answer, and the code of those that have none of their own."""

    def __init__(self, errors: list[GraphQLError], code: ErrorCode) -> None:
        super().__init__(code)
        self.errors = errors
        self.code = code


def over_limit(refusal: CostLimitExceeded) -> Refused:
    """The same refusal, as one of the whole operation."""
    return Refused([GraphQLError(refusal.message, original_error=refusal)], refusal.code)


def over_long(variable: str) -> Refused:
    """The refusal of a list that no field takes so long, before each of its items is looked at."""
    field_of = f"${variable}"
    long = BadUserInput(
        f"{field_of} takes at most {LONGEST_LIST} items",
        f"{field_of} 最多 {LONGEST_LIST} 项",
        field=field_of,
        limit=LONGEST_LIST,
    )
    return Refused([GraphQLError(long.message, original_error=long)], long.code)


@dataclass(slots=True)
class Prepared:
    """A validated document on one schema, and the costs of its operations as far as they have been asked for."""

    schema: ComposedSchema
    document: DocumentNode
    _sizing: frozenset[str]
    _fragments: Mapping[str, FragmentDefinitionNode]
    _costs: BoundedCache[object, Cost] = field(default_factory=lambda: BoundedCache(COSTS_KEPT))
    _deprecated: dict[int, frozenset[str]] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one; raises `Refused`."""
        chosen = get_operation_ast(self.document, name)
        if chosen is None:
            raise Refused([GraphQLError("operationName names no single operation")], ErrorCode.BAD_USER_INPUT)
        return chosen

    def introspects_only(self, operation: OperationDefinitionNode) -> bool:
        """Whether an operation asks for nothing but the schema, and always the same."""
        return not operation.variable_definitions and introspects_only(operation, self._fragments)

    def cost(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Cost:
        """What the operation costs with these variables."""
        sizes = self._sizes(operation, variables)
        key = (id(operation), tuple(sorted(sizes.items())))
        known = self._costs.get(key)
        if known is None:
            costing = Costing(self.schema.graphql, self.schema.costs, self._fragments, sizes)
            known = costing.operation(operation)
            self._costs.put(key, known)
        return known

    def deprecated(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> frozenset[str]:
        """The coordinates of what the operation uses and should not any more."""
        known = self._deprecated.get(id(operation))
        if known is None:
            known = self.schema.deprecations.in_document(operation, self._fragments)
            self._deprecated[id(operation)] = known
        return known | self.schema.deprecations.in_variables(operation, variables)

    def _sizes(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for declared in operation.variable_definitions or ():
            name = declared.variable.name.value
            if name in self._sizing:
                given = given_size(variables[name]) if name in variables else literal_size(declared.default_value)
                if isinstance(variables.get(name), list) and given is not None and given > LONGEST_LIST:
                    raise over_long(name)
                if given is not None:
                    sizes[name] = given
        return sizes


class Documents:
    """Makes documents ready, and keeps them, bounded in number and size."""

    def __init__(self, limits: Limits, *, introspection: bool = True) -> None:
        self.limits = limits
        self._introspection = introspection
        self._kept: BoundedCache[tuple[ComposedSchema, str], Prepared] = BoundedCache(
            CACHED_DOCUMENTS, CACHED_CHARACTERS
        )

    def prepare(self, schema: ComposedSchema, query: str) -> Prepared:
        """The document of a text on a schema; raises `Refused` for one that is not GraphQL, too large, or not valid."""
        key = (schema, query)
        known = self._kept.get(key)
        if known is not None:
            return known
        made = self._prepare(schema, query)
        if len(query) <= CACHED_DOCUMENT_SIZE:
            self._kept.put(key, made, len(query))
        return made

    def keeps_query(self, schema: ComposedSchema, query: str, name: str | None) -> bool:
        """Whether a text is kept and the operation of that name in it, or the only one, is a query."""
        known = self._kept.get((schema, query))
        chosen = get_operation_ast(known.document, name) if known is not None else None
        return chosen is not None and chosen.operation is OperationType.QUERY

    def _prepare(self, schema: ComposedSchema, query: str) -> Prepared:
        try:
            self.limits.check(LimitReason.LENGTH, len(query))
            document = self._parse(query)
            check_shape(document, self.limits)
            errors = self._validate(schema, document)
        except RecursionError:
            raise over_limit(exceeded(LimitReason.DEPTH, self.limits.depth)) from None
        except CostLimitExceeded as over:
            raise over_limit(over) from None
        if errors:
            raise Refused(errors, ErrorCode.GRAPHQL_VALIDATION_FAILED)
        fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
        return Prepared(schema, document, slicing_variables(document), fragments)

    def _parse(self, query: str) -> DocumentNode:
        try:
            return parse(query, max_lexical_tokens=self.limits.tokens, max_comments=self.limits.tokens)
        except GraphQLError as error:
            if _TOO_MANY.search(error.message):
                raise exceeded(LimitReason.TOKENS, self.limits.tokens) from None
            if _TOO_DEEP.search(error.message):
                raise exceeded(LimitReason.DEPTH, self.limits.depth) from None
            raise Refused([error], ErrorCode.GRAPHQL_PARSE_FAILED) from None

    def _validate(self, schema: ComposedSchema, document: DocumentNode) -> list[GraphQLError]:
        if self._introspection:
            return validate(schema.graphql, document, max_errors=MAX_VALIDATION_ERRORS)
        rules = (*specified_rules, NoSchemaIntrospectionCustomRule)
        return validate(schema.graphql, document, rules, MAX_VALIDATION_ERRORS, hide_suggestions=True)
