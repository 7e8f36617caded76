"""Root resolvers: compile, run the one statement, hand its bytes through graphql-core untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from graphql import GraphQLResolveInfo

from core.db.session import ReadSession
from core.errors import BadUserInput, Forbidden
from schema.catalogue import Catalogue, OwnedField
from schema.context import OperationContext
from schema.declare import ComputedField, ConnectionField, LookupField
from schema.names import camel
from schema.planner.compiler import Compiler
from schema.planner.selection import Document

MAX_NODES = 100
Resolver = Callable[..., Any]
Info = GraphQLResolveInfo[OperationContext]


def document_of(info: Info) -> Document:
    """The document behind a resolver's info."""
    return Document(info.schema, info.fragments, info.variable_values)


def compiler_for(catalogue: Catalogue, info: Info) -> Compiler:
    """A compiler for one root field of the operation that `info` belongs to."""
    context: OperationContext = info.context
    return Compiler(catalogue, context.ids, context.view, document_of(info))


async def run(context: OperationContext, session: ReadSession, compiler: Compiler, sql: str) -> orjson.Fragment | None:
    """Run a compiled statement; None where it answers null."""
    context.statements += 1
    answer = await session.json(sql, compiler.statement.arguments)
    return None if answer is None else orjson.Fragment(answer)


def require(context: OperationContext, permission: str | None) -> None:
    """Raise `Forbidden` naming the permission that the caller does not hold."""
    if permission is not None and permission not in context.view.permissions:
        raise Forbidden(f"needs the permission {permission}", f"需要权限 {permission}", permission=permission)


def root_resolver(catalogue: Catalogue, owned: OwnedField) -> Resolver:
    """The resolver of a declared root field."""
    declared = owned.field
    if isinstance(declared, ConnectionField | LookupField):
        planned = declared

        async def resolve(_root: Any, info: Info, **arguments: Any) -> orjson.Fragment | None:
            context: OperationContext = info.context
            require(context, planned.permission)
            compiler = compiler_for(catalogue, info)
            if isinstance(planned, ConnectionField):
                sql = compiler.root_connection(planned, arguments, info.field_nodes)
            else:
                sql = compiler.root_lookup(planned, arguments, info.field_nodes)
            async with context.reading() as session:
                return await run(context, session, compiler, sql)

        return resolve
    if isinstance(declared, ComputedField):
        computed = declared

        async def answer(_root: Any, info: Info, **arguments: Any) -> Any:
            context: OperationContext = info.context
            require(context, computed.permission)
            given = {name: arguments[camel(name)] for name in computed.arguments if camel(name) in arguments}
            return await computed.resolve(context, **given)

        return answer
    raise TypeError(f"{owned.name} cannot stand at the root")


def node_resolver(catalogue: Catalogue) -> Resolver:
    """`node(id:)`: null for an id that is missing or not visible, which look the same."""

    async def resolve(_root: Any, info: Info, **arguments: Any) -> orjson.Fragment | None:
        context: OperationContext = info.context
        found = _known(catalogue, info, context.ids.decode(arguments["id"]).type_name)
        if not found:
            return None
        compiler = compiler_for(catalogue, info)
        sql = compiler.root_node(context.ids.decode(arguments["id"]), info.field_nodes)
        async with context.reading() as session:
            return await run(context, session, compiler, sql)

    return resolve


def nodes_resolver(catalogue: Catalogue) -> Resolver:
    """`nodes(ids:)`: in the order of the ids, null for each that is missing or not visible; one statement for all."""

    async def resolve(_root: Any, info: Info, **arguments: Any) -> Any:
        context: OperationContext = info.context
        texts: Sequence[str] = arguments["ids"]
        if len(texts) > MAX_NODES:
            raise BadUserInput(
                f"ids takes at most {MAX_NODES}", f"ids 最多 {MAX_NODES} 个", field="ids", limit=MAX_NODES
            )
        found = [context.ids.decode(text, f"ids[{place}]") for place, text in enumerate(texts)]
        if not found:
            return []
        compiler = compiler_for(catalogue, info)
        for one in found:
            if not _known(catalogue, info, one.type_name):
                raise BadUserInput(
                    "ids names a type that is not enabled here", "ids 中含有本地未启用的类型", field="ids"
                )
        sql = compiler.root_nodes(found, info.field_nodes)
        async with context.reading() as session:
            return await run(context, session, compiler, sql)

    return resolve


def _known(catalogue: Catalogue, info: Info, type_name: str) -> bool:
    return type_name in catalogue.nodes and type_name in info.schema.type_map
