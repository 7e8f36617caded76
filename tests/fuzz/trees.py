"""Documents changed as trees: what comes out is GraphQL again, and often valid."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NamedTypeNode,
    NameNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
    parse,
    print_ast,
)

LITERALS: Sequence[Any] = (
    IntValueNode(value="0"), IntValueNode(value="-1"), IntValueNode(value="2147483648"), IntValueNode(value="9" * 400),
    FloatValueNode(value="1.5"), FloatValueNode(value="1e999"), BooleanValueNode(value=True), NullValueNode(),
    StringValueNode(value=""), StringValueNode(value="应诉\u0001\u202e"), StringValueNode(value="a" * 2_000), StringValueNode(value="2026-02-30"),
    StringValueNode(value="行\n政", block=True), EnumValueNode(value="NOPE"), EnumValueNode(value="CITY"), VariableNode(name=NameNode(value="unknown")),
    ListValueNode(values=()), ListValueNode(values=(NullValueNode(),)), ObjectValueNode(fields=()),
)  # fmt: skip


def changed(text: str, others: Sequence[str], names: Sequence[str], random: Random) -> str:
    """The document, changed in one to four places."""
    document = parse(text, no_location=True)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        nodes = _selections(document)
        if nodes:
            _CHANGES[random.randrange(len(_CHANGES))](document, nodes, others, names, random)
    return print_ast(document)


def _put(node: Any, name: str, value: Any) -> None:
    """Nodes are frozen, but these have just been parsed for us alone."""
    object.__setattr__(node, name, value)


def _selections(document: DocumentNode) -> list[SelectionSetNode]:
    found, pending = [], [one.selection_set for one in document.definitions if getattr(one, "selection_set", None)]
    while pending:
        here = pending.pop()
        found.append(here)
        pending += [one.selection_set for one in here.selections if getattr(one, "selection_set", None)]
    return found


def _fields(nodes: list[SelectionSetNode]) -> list[FieldNode]:
    return [one for node in nodes for one in node.selections if isinstance(one, FieldNode)]


def _swap(_document: Any, nodes: Any, _rest: Any, _names: Any, random: Random) -> None:
    one, other = random.choice(nodes), random.choice(nodes)
    if one is not other and not _within(one, other) and not _within(other, one):
        ones, others = one.selections, other.selections
        _put(one, "selections", others)
        _put(other, "selections", ones)


def _within(outer: SelectionSetNode, inner: SelectionSetNode) -> bool:
    return any(
        one.selection_set is inner or _within(one.selection_set, inner)
        for one in outer.selections
        if getattr(one, "selection_set", None)
    )


def _rename(_document: Any, nodes: Any, _others: Any, names: Any, random: Random) -> None:
    fields = _fields(nodes)
    if fields:
        _put(random.choice(fields), "name", NameNode(value=random.choice(names)))


def _alias(_document: Any, nodes: Any, _others: Any, names: Any, random: Random) -> None:
    fields = _fields(nodes)
    if fields:
        _put(random.choice(fields), "alias", NameNode(value=random.choice((*names[:5], "a", "__x", "constructor"))))


def _repeat(_document: Any, nodes: Any, _others: Any, _names: Any, random: Random) -> None:
    node = random.choice(nodes)
    one = random.choice(node.selections)
    _put(node, "selections", (*node.selections, *([one] * random.choice((1, 2, 12)))))


def _drop(_document: Any, nodes: Any, _others: Any, _names: Any, random: Random) -> None:
    node = random.choice(nodes)
    if len(node.selections) > 1:
        place = random.randrange(len(node.selections))
        _put(node, "selections", tuple(one for n, one in enumerate(node.selections) if n != place))


def _wrap(_document: Any, nodes: Any, _others: Any, names: Any, random: Random) -> None:
    node = random.choice(nodes)
    kind = random.choice((None, None, "Node", "Case", "Query", random.choice(names)))
    condition = NamedTypeNode(name=NameNode(value=kind)) if kind else None
    wrapped = SelectionSetNode(selections=node.selections)
    _put(node, "selections", (InlineFragmentNode(type_condition=condition, directives=(), selection_set=wrapped),))


def _argument(_document: Any, nodes: Any, _others: Any, names: Any, random: Random) -> None:
    fields = _fields(nodes)
    if not fields:
        return
    field, value = random.choice(fields), random.choice(LITERALS)
    usual = ("first", "last", "after", "before", "filter", "orderBy", "id", "ids", "input", "by", random.choice(names))
    made = ArgumentNode(name=NameNode(value=random.choice(usual)), value=value)
    if field.arguments and random.random() < 0.6:
        _put(random.choice(field.arguments), "value", value)
    else:
        _put(field, "arguments", (*(field.arguments or ()), made))


def _directive(_document: Any, nodes: Any, _others: Any, _names: Any, random: Random) -> None:
    one = random.choice(random.choice(nodes).selections)
    name = NameNode(value=random.choice(("skip", "include", "defer", "stream", "deprecated", "nope")))
    condition = ArgumentNode(name=NameNode(value="if"), value=random.choice((BooleanValueNode(value=True), *LITERALS)))
    made = DirectiveNode(name=name, arguments=(condition,))
    _put(one, "directives", (*(one.directives or ()), made))


def _graft(_document: Any, nodes: Any, others: Any, _names: Any, random: Random) -> None:
    other = _selections(parse(random.choice(others), no_location=True))
    node, scion = random.choice(nodes), random.choice(other)
    _put(node, "selections", (*node.selections, *scion.selections))


def _deepen(_document: Any, nodes: Any, _others: Any, _names: Any, random: Random) -> None:
    fields = [field for field in _fields(nodes) if field.selection_set]
    if fields:
        field = random.choice(fields)
        for _ in range(random.choice((1, 3, 25))):
            inner = FieldNode(
                name=field.name, alias=None, arguments=(), directives=(), selection_set=field.selection_set
            )
            _put(field, "selection_set", SelectionSetNode(selections=(inner,)))


def _kind(document: Any, _nodes: Any, _others: Any, _names: Any, random: Random) -> None:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if operations:
        _put(random.choice(operations), "operation", random.choice((OperationType.QUERY, OperationType.SUBSCRIPTION)))


def _definitions(document: Any, _nodes: Any, others: Any, _names: Any, random: Random) -> None:
    more = parse(random.choice(others), no_location=True).definitions
    orders = ((*document.definitions, *more), (*more, *document.definitions), document.definitions[::-1])
    _put(document, "definitions", random.choice(orders))


_CHANGES = (
    *(_swap, _rename, _alias, _repeat, _drop, _wrap, _argument, _argument, _argument, _directive, _graft, _deepen),
    *(_kind, _definitions),
)
