"""How a mutation is performed: its act in a transaction of its own, the changed node read back in it, then the payload."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from graphql import FieldNode

from core.db.contention import retrying
from core.db.queries import QuerySession
from core.db.session import TenantSession
from core.errors import ActRefused, too_late
from schema.act import Act
from schema.catalogue import Catalogue
from schema.context import OperationContext
from schema.ids import GlobalId
from schema.keyed import Kept
from schema.mutation import given_of, revealed_slots
from schema.names import camel
from schema.planner.compiler import Compiler
from schema.planner.execute import ById, Info, Planned, document_of, require


@dataclass(slots=True)
class Payload:
    """What a mutation answers: nodes by response key, errors, and the client's own mark."""

    nodes: Mapping[str, Any] = field(default_factory=dict)
    errors: Sequence[Any] = ()
    client_mutation_id: str | None = None
    revealed: Any = None


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """A refusal as the payload shows it."""

    code: Enum
    message: str
    message_zh: str
    path: list[str]


def act_resolver(act: Act, catalogue: Catalogue) -> Any:
    """The resolver of an act's mutation: one transaction, committed only when the answer has been read in it."""

    async def resolve(_root: Any, info: Info, **arguments: Any) -> Payload:
        context: OperationContext = info.context
        require(context, act.permission)
        values = arguments["input"]
        given = given_of(act.given, values, context.ids, context.view.scope.shard)

        async def attempt() -> Payload:
            async with context.database.write(context.view.scope, context.timeout_ms) as session:
                return await _performed(act, catalogue, info, session, given)

        try:
            async with asyncio.timeout(context.timeout_ms / 1_000):
                payload = await retrying(attempt)
        except TimeoutError:
            raise too_late(context.timeout_ms) from None
        except ActRefused as refused:
            payload = Payload(await _current(act, catalogue, info, refused), [_error(refused)])
        payload.client_mutation_id = values.get("clientMutationId")
        return payload

    return resolve


async def _performed(act: Act, catalogue: Catalogue, info: Info, session: TenantSession, given: Any) -> Payload:
    """Perform the act, unless a request with the same key has done so already: then its answer is given again.

    What an act reveals (a masked field, a signed address) is a secret that must not lie about, so it is not kept.
    """
    context: OperationContext = info.context
    if act.reveals is not None:
        done = await act.perform(await context.begin_act(session), given)
        return Payload(await _read_back(act, catalogue, info, session, done.id), revealed=done)
    path = str(info.path.key)
    known = await context.keyed.recall(session, path) if context.keyed is not None else None
    if known is not None and known.nodes is not None:
        return Payload({key: None if node is None else orjson.Fragment(node) for key, node in known.nodes.items()})
    row_id = known.row_id if known is not None else await act.perform(await context.begin_act(session), given)
    nodes = await _read_back(act, catalogue, info, session, row_id)
    if known is None and context.keyed is not None:
        await context.keyed.keep(session, path, Kept(row_id, _as_json(nodes)))
    return Payload(nodes)


def _as_json(nodes: Mapping[str, Any]) -> dict[str, str | None] | None:
    """The nodes as they are sent; None where graphql-core has yet to complete one."""
    if any(node is not None and not isinstance(node, orjson.Fragment) for node in nodes.values()):
        return None
    return {key: None if node is None else orjson.dumps(node).decode() for key, node in nodes.items()}


async def _read_back(
    act: Act, catalogue: Catalogue, info: Info, session: QuerySession | TenantSession, key: UUID
) -> dict[str, Any]:
    """A node as selected, under each of its response keys; a changed one is read in the act's own transaction."""
    context: OperationContext = info.context
    wanted: dict[str, list[FieldNode]] = {
        response_key: nodes
        for response_key, nodes in document_of(info).below(f"{act.type_stem}Payload", info.field_nodes).items()
        if nodes[0].name.value == act.result_field
    }
    by_id = ById.of(catalogue, GlobalId(act.returns, context.view.scope.shard, key))
    answers: dict[str, Any] = {}
    for response_key, nodes in wanted.items():
        write = partial(Compiler.root_node, type_name=act.returns, nodes=nodes)
        planned = Planned(catalogue, info, write, by_id, response_key)
        await planned.fetch(session)
        answers[response_key] = await planned.finish()
    return answers


async def _current(act: Act, catalogue: Catalogue, info: Info, refused: ActRefused) -> dict[str, Any]:
    """The row that somebody else has changed, as it is now: what a front end shows beside what its user has entered."""
    if refused.current is None:
        return {}
    context: OperationContext = info.context
    async with context.querying() as session:
        return await _read_back(act, catalogue, info, session, refused.current)


def _error(refused: ActRefused) -> RefusedAct:
    return RefusedAct(refused.code, refused.message, refused.message_zh, list(refused.path))


def payload_field(act: Act, name: str) -> Any:
    """The resolver of one field of an act's payload."""

    def resolve(payload: Payload, info: Info) -> Any:
        if name == act.result_field:
            return payload.nodes.get(str(info.path.key))
        if name == "errors":
            return payload.errors
        if name == "clientMutationId":
            return payload.client_mutation_id
        return getattr(payload.revealed, _snake(name, act), None)

    return resolve


def _snake(name: str, act: Act) -> str:
    return next((slot.name for slot in revealed_slots(act) if camel(slot.name) == name), name)
