"""Streams on the schema: who is let in, what they subscribe to, and each event answered in their scope of that moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final
from uuid import UUID

import orjson

from core.errors import Forbidden, Unauthenticated, YingsuError
from core.events.hub import EventHub
from core.events.snapshot import Cursor
from core.extension.enablement import Enabled
from core.http.context import check_idempotency_key
from core.http.contract import ExecutionOutcome, GraphQLRequest, RequestContext
from core.http.execution import SchemaExecution
from core.http.stream.contract import Delivery, MembershipEnded, Overflow
from core.http.stream.metrics import StreamMetrics
from core.http.stream.waiting import ReplayLimits, Waiting
from core.identity.viewer import Viewer
from schema.execution import Execution, Operation
from schema.planner.event import UNSEEN
from schema.subscription import Asked, SourceEvent

KEY: Final = "idempotencyKey"


class SchemaStreams:
    """Lets callers in and serves their operations. `share` is how many events are answered at once, so that requests get their turn."""

    def __init__(
        self, execution: SchemaExecution, hub: EventHub, metrics: StreamMetrics, limits: ReplayLimits, share: int
    ) -> None:
        self.execution = execution
        self.hub = hub
        self.metrics = metrics
        self.limits = limits
        self.turns = asyncio.Semaphore(max(1, share))

    async def connect(self, context: RequestContext) -> SchemaCaller:
        """Who calls; raises `Unauthenticated` or `Forbidden`."""
        checked_at = asyncio.get_running_loop().time()
        viewer, enabled = await self.execution.authenticate(context)
        return SchemaCaller(self, context, viewer, enabled, checked_at)


class SchemaCaller:
    """A caller, checked anew for every event that was read after the last check."""

    def __init__(
        self, streams: SchemaStreams, context: RequestContext, viewer: Viewer, enabled: Enabled, checked_at: float
    ) -> None:
        self._streams = streams
        self._context = context
        self._viewer = viewer
        self._enabled = enabled
        self._checked_at = checked_at
        self._checking = asyncio.Lock()

    def seconds_left(self) -> float:
        """Until the token expires, with the leeway that its verifier grants."""
        services = self._streams.execution.services
        end = self._viewer.identity.expires_at + services.verifier.leeway
        return (end - services.clock.now()).total_seconds()

    async def start(
        self, request: GraphQLRequest, request_id: str, overflow: Overflow, resume: str | None = None
    ) -> ExecutionOutcome | AsyncIterator[Delivery]:
        """Execute a query or a mutation, or begin a subscription."""
        execution = self._streams.execution
        context = replace(self._context_of(request_id), idempotency_key=self._key_of(request))
        viewer, enabled = self._viewer, self._enabled
        request = (await execution.documents.resolved(execution.services.database.queries, request, viewer)).request
        operation = Operation(request.query, request.operation_name, request.variables, request_id)
        asked = execution.engine.ask(execution.services.house.schema(enabled.plugins), operation)
        if asked is None:
            return _marked(await execution.execute(request, context))
        execution.services.rates.admit(viewer.identity)
        viewer, enabled = await self._current(asyncio.get_running_loop().time())
        if isinstance(asked, Execution):
            return _outcome(asked)
        _require(asked, viewer)
        await execution.record_read(viewer, operation, request_id)
        node = self._node(asked)
        waiting = Waiting(viewer.scope, asked, node, self._streams.limits, overflow)
        await waiting.join(self._streams.hub, _cursor(resume or asked.after), execution.services.clock.now())
        return self._deliveries(waiting, operation)

    def _key_of(self, request: GraphQLRequest) -> str | None:
        """The key of this operation alone: a message has no headers, so it stands in the request's `extensions`."""
        key = request.extensions.get(KEY)
        return self._context.idempotency_key if key is None else check_idempotency_key(key, f"extensions.{KEY}")

    def _context_of(self, request_id: str) -> RequestContext:
        return RequestContext(
            request_id=request_id,
            method=self._context.method,
            authorization=self._context.authorization,
            membership=self._context.membership,
            client_name=self._context.client_name,
            client_version=self._context.client_version,
            client_address=self._context.client_address,
        )

    def _node(self, asked: Asked) -> UUID | None:
        """The one node whose events are wanted. An id of another city is waited for in vain, like a missing one."""
        if asked.node_id is None:
            return None
        target = asked.field.node.target
        found = self._streams.execution.services.ids.decode_as(asked.node_id, target, asked.field.node_argument)
        return found.key if isinstance(found.key, UUID) and found.shard == self._viewer.scope.shard else UUID(int=0)

    async def _deliveries(self, waiting: Waiting, operation: Operation) -> AsyncIterator[Delivery]:
        streams = self._streams
        try:
            async for event in waiting.events():
                async with streams.turns:
                    body = await self._told(operation, event.source, event.read_at)
                if body is None:
                    streams.metrics.unseen()
                else:
                    yield Delivery(body, event.source.cursor)
        finally:
            streams.metrics.dropped(waiting.leave(streams.hub))

    async def _told(self, operation: Operation, event: SourceEvent, read_at: float) -> bytes | None:
        """The response for one event in the caller's scope of now; None where they may not see it."""
        execution = self._streams.execution
        viewer, enabled = await self._current(read_at)
        schema = execution.services.house.schema(enabled.plugins)
        context = execution.operation_context(viewer, enabled, self._context_of(operation.request_id), schema)
        answered = Operation(operation.query, operation.name, operation.variables, operation.request_id, event=event)
        done = await execution.engine.execute(schema, answered, context)
        if not done.executed:
            # The plugin that the subscription is about was disabled meanwhile, so its document fits the schema no more.
            raise MembershipEnded("SCHEMA_CHANGED")
        return None if context.extras.get(UNSEEN) and not done.has_errors else done.body

    async def _current(self, since: float) -> tuple[Viewer, Enabled]:
        """The viewer as checked at `since` or later: a membership that ended before an event was read hears nothing of it."""
        async with self._checking:
            if self._checked_at < since:
                now = asyncio.get_running_loop().time()
                try:
                    self._viewer, self._enabled = await self._streams.execution.authenticate(self._context)
                except (Forbidden, Unauthenticated) as error:
                    raise MembershipEnded(_reason(error)) from None
                self._checked_at = now
            return self._viewer, self._enabled


def _reason(error: YingsuError) -> str:
    return str(error.details.get("reason", error.code.value))


def _require(asked: Asked, viewer: Viewer) -> None:
    permission = asked.field.permission
    if permission is not None and permission not in viewer.permissions:
        raise Forbidden(f"needs the permission {permission}", f"需要权限 {permission}", permission=permission)


def _marked(outcome: ExecutionOutcome) -> ExecutionOutcome:
    """Say in the answer that it is one of before, as a header of HTTP does."""
    if "Idempotency-Replayed" not in outcome.headers:
        return outcome
    answer = orjson.loads(outcome.body)
    answer["extensions"] = {**answer.get("extensions", {}), "idempotencyReplayed": True}
    return replace(outcome, body=orjson.dumps(answer))


def _cursor(text: str | None) -> Cursor | None:
    return Cursor.decode(text) if text else None


def _outcome(refused: Execution) -> ExecutionOutcome:
    return ExecutionOutcome(refused.body, executed=False, refusal=refused.refusal, has_errors=True)
