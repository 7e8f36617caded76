"""Root resolvers: compile, run the one statement, hand its bytes through graphql-core untouched."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from graphql import GraphQLResolveInfo

from core.db.queries import QuerySession
from core.db.session import TenantSession
from core.errors import BadUserInput, Forbidden
from schema.catalogue import Catalogue, OwnedField
from schema.context import OperationContext
from schema.declared.fields import ComputedField, ConnectionField, LookupField
from schema.declared.figures import GroupedField
from schema.ids import GlobalId
from schema.names import camel
from schema.planner.compiler import Compiler
from schema.planner.completion import finished
from schema.planner.kept import ID_KEY, ID_SHARD, IDS_CODE, IDS_KEY, IDS_KIND, IDS_SHARD, Compiled, Slot
from schema.planner.selection import Document

MAX_NODES = 100
NOT_OF_THE_STATEMENT = frozenset({"08", "40", "53", "57", "58"})
"""Classes of SQLSTATE that a second try would not mend: a lost connection, a conflict, no memory, cancelled, the system."""
log = logging.getLogger("yingsu.graphql")
Resolver = Callable[..., Any]
Info = GraphQLResolveInfo[OperationContext]


def document_of(info: Info) -> Document:
    """The document behind a resolver's info."""
    return Document(info.schema, info.fragments, info.variable_values)


Write = Callable[[Compiler], str]
"""Compiles one root field: writes its statement."""


def compiled(catalogue: Catalogue, info: Info, write: Write, *, without_contributed: bool = False) -> Compiled:
    """The statement of one root field of the operation that `info` belongs to."""
    context: OperationContext = info.context
    for typed in (False, True):
        compiler = Compiler(
            catalogue,
            context.ids,
            context.view,
            document_of(info),
            without_contributed=without_contributed,
            typed=typed,
        )
        sql = write(compiler)
        # Types are wanted by graphql-core alone, which never sees an answer that cannot have a mark: its bytes pass through.
        if not (compiler.lacks_types and compiler.marks.possible):
            break
    return Compiled.of(compiler, sql)


@dataclass(frozen=True, slots=True)
class ById:
    """The nodes that a root field reads: its statement is the same for all ids of the same types."""

    types: tuple[str, ...]
    values: Mapping[Slot, Any]

    @classmethod
    def of(cls, catalogue: Catalogue, found: GlobalId) -> ById:
        """The node of an id."""
        key = catalogue.nodes[found.type_name].row_key(found.key)
        return cls((found.type_name,), {ID_SHARD: found.shard, ID_KEY: key})

    @classmethod
    def of_all(cls, found: Sequence[GlobalId | None]) -> ById:
        """The nodes of several ids; None is an id of a type that is not known here."""
        types = tuple(dict.fromkeys(one.type_name for one in found if one is not None))
        kinds = [None if one is None else types.index(one.type_name) for one in found]
        shards = [None if one is None else one.shard for one in found]
        keys = [one.key if one is not None and isinstance(one.key, UUID) else None for one in found]
        codes = [one.key if one is not None and isinstance(one.key, str) else None for one in found]
        return cls(types, {IDS_KIND: kinds, IDS_SHARD: shards, IDS_KEY: keys, IDS_CODE: codes})


class Planned:
    """One root field, compiled or remembered: its statement is fetched in a session, and finished after it.

    `by_id` is the node that it reads, where it reads one by its id; `place` tells several such statements of one root field apart.
    """

    def __init__(
        self, catalogue: Catalogue, info: Info, write: Write, by_id: ById | None = None, place: str = ""
    ) -> None:
        self.catalogue = catalogue
        self.info = info
        self.write = write
        self.given = by_id.values if by_id is not None else {}
        self.compiled = self._kept(*((*by_id.types, place) if by_id is not None else ()))
        self.answer: str | None = None

    def _kept(self, *apart: str) -> Compiled:
        kept, context = self.catalogue.statements, self.info.context
        key = kept.key(self.info, context.view, context.ids, *apart)
        known = kept.find(key)
        if known is None:
            known = self._compile()
            kept.keep(key, self.info, known)
        return known

    def _compile(self, *, without_contributed: bool = False) -> Compiled:
        return compiled(self.catalogue, self.info, self.write, without_contributed=without_contributed)

    async def fetch(self, session: QuerySession | TenantSession) -> None:
        """Run the one statement; and once more, without what plugins contribute, where that has failed."""
        try:
            self.answer = await self._run(session)
        except asyncpg.PostgresError as failure:
            if not self.compiled.contributed or failure.sqlstate[:2] in NOT_OF_THE_STATEMENT:
                raise
            log.exception("a contributed field failed: the statement is tried again without any")
            self.compiled = self._compile(without_contributed=True)
            self.answer = await self._run(session)

    async def _run(self, session: QuerySession | TenantSession) -> str | None:
        self.info.context.statements += 1
        arguments = self.compiled.arguments(self.given)
        if not self.compiled.contributed:
            return await session.json(self.compiled.sql, arguments)
        async with session.recovering():
            return await session.json(self.compiled.sql, arguments)

    async def finish(self, *types: str | None) -> Any:
        """Finished bytes, or plain data where graphql-core must complete it; None for null.

        `types` are the node types of the answer, or of its items, where the root field's type is the interface.
        """
        if self.answer is None:
            return None
        if not self.compiled.marks.found_in(self.answer):
            return orjson.Fragment(self.answer)
        return await finished(self.info.context, self.compiled.marks, self.answer, types)


async def read(catalogue: Catalogue, info: Info, write: Write, *types: str | None, by_id: ById | None = None) -> Any:
    """Answer one root field of a query, in the operation's read transaction."""
    planned = Planned(catalogue, info, write, by_id)
    async with info.context.querying() as session:
        await planned.fetch(session)
    return await planned.finish(*types)


def require(context: OperationContext, permission: str | None) -> None:
    """Raise `Forbidden` naming the permission that the caller does not hold."""
    if permission is not None and permission not in context.view.permissions:
        raise Forbidden(f"needs the permission {permission}", f"需要权限 {permission}", permission=permission)


def root_resolver(catalogue: Catalogue, owned: OwnedField) -> Resolver:
    """The resolver of a declared root field."""
    declared = owned.field
    if isinstance(declared, ConnectionField | GroupedField | LookupField):
        planned = declared

        async def resolve(_root: Any, info: Info, **arguments: Any) -> Any:
            context: OperationContext = info.context
            require(context, planned.permission)

            def write(compiler: Compiler) -> str:
                if isinstance(planned, ConnectionField):
                    return compiler.root_connection(planned, arguments, info.field_nodes)
                if isinstance(planned, GroupedField):
                    return compiler.root_grouped(planned, arguments, info.field_nodes)
                return compiler.root_lookup(planned, arguments, info.field_nodes)

            return await read(catalogue, info, write)

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

    async def resolve(_root: Any, info: Info, **arguments: Any) -> Any:
        context: OperationContext = info.context
        found = context.ids.decode(arguments["id"])
        if not _known(catalogue, info, found.type_name):
            return None

        def write(compiler: Compiler) -> str:
            return compiler.root_node(found.type_name, info.field_nodes)

        return await read(catalogue, info, write, found.type_name, by_id=ById.of(catalogue, found))

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
        decoded = [context.ids.decode(text, f"ids[{place}]") for place, text in enumerate(texts)]
        found = [one if _known(catalogue, info, one.type_name) else None for one in decoded]
        if not any(found):
            return [None] * len(found)
        types = [one.type_name if one is not None else None for one in found]
        by_id = ById.of_all(found)

        def write(compiler: Compiler) -> str:
            return compiler.root_nodes(by_id.types, info.field_nodes)

        return await read(catalogue, info, write, *types, by_id=by_id)

    return resolve


def _known(catalogue: Catalogue, info: Info, type_name: str) -> bool:
    return type_name in catalogue.nodes and type_name in info.schema.type_map
