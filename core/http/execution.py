"""The GraphQL execution behind the endpoint: authenticate, find the viewer and their schema, execute, write the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import asyncpg

from core.acting import ActContext, Actor, Subscriber
from core.audit.reads import record_read
from core.calendar.records import CalendarSource
from core.clock import Clock
from core.db.queries import Lease, Recogniser
from core.db.session import Database, TenantSession
from core.errors import Unauthenticated, YingsuError
from core.extension.cache import EnablementCache
from core.extension.enablement import Enabled
from core.http.contract import ExecutionOutcome, GraphQLRequest, RequestContext
from core.http.persisted.resolution import PersistedDocuments
from core.http.rate.limits import RateLimits
from core.idempotency.answers import StoredAnswers, fingerprint_of
from core.identity.permissions import PermissionRegistry
from core.identity.recognition import Claim, Memory, Recognised
from core.identity.roles import Role
from core.identity.tokens import Identity, TokenFault, TokenVerifier, bearer_token
from core.identity.viewer import Viewer, memberships_of, viewer_of
from core.trusted.cache import TrustedDocuments
from schema.compose import ComposedSchema, House
from schema.context import OUTDATED, OperationContext
from schema.execution import Engine, Execution, Operation
from schema.ids import IdCodec
from schema.limits import Limits
from schema.planner.compiler import View


@dataclass(frozen=True, slots=True)
class Services:
    """What the execution stands on; made once, when the process starts."""

    database: Database
    house: House
    ids: IdCodec
    verifier: TokenVerifier
    permissions: PermissionRegistry
    calendar: CalendarSource
    clock: Clock
    enablement: EnablementCache = field(default_factory=lambda: EnablementCache({}))
    subscribers: Callable[[frozenset[str]], Mapping[str, Sequence[Subscriber]]] = field(
        default=lambda _enabled: {},
    )
    resources: Mapping[type[Any], Any] = field(default_factory=dict)
    timeout_ms: int = 10_000
    limits: Limits = field(default_factory=Limits)
    introspection: bool = True
    idempotency_hours: int = 24
    rates: RateLimits = field(default_factory=RateLimits)


class SchemaExecution:
    """Executes each request on the schema that its viewer's tenant has enabled."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.documents = PersistedDocuments(TrustedDocuments())
        self.memory = Memory()
        self.engine = Engine(services.limits, introspection=services.introspection)

    async def execute(self, request: GraphQLRequest, context: RequestContext) -> ExecutionOutcome:
        """Execute one operation; a `YingsuError` that it raises is a request error."""
        identity = await self._admitted(context)
        async with self.services.database.queries.lease() as lease:
            known = self._remembered(identity, context)
            if known is not None:
                outcome = await self._confirmed(request, context, lease, known)
                if outcome is not None:
                    return outcome
            return await self._execute(request, context, lease, await self.recognise(context, lease))

    async def _confirmed(
        self, request: GraphQLRequest, context: RequestContext, lease: Lease, known: Recognised
    ) -> ExecutionOutcome | None:
        """The answer to a query for a remembered caller, confirmed by PostgreSQL; None where that is not possible, or not so."""
        if context.idempotency_key is not None or known.viewer.membership.role is Role.AUDITOR:
            return None
        try:
            resolved = await self.documents.resolved(lease, request, known.viewer)
        except YingsuError:
            return None
        request = resolved.request
        schema = self.services.house.schema(known.enabled.plugins)
        if not self.engine.documents.keeps_query(schema, request.query, request.operation_name):
            return None
        operation_context = self.operation_context(known.viewer, known.enabled, context, schema)
        operation_context.claim = known.claim
        operation_context.lease = lease
        done = await self.engine.execute(schema, _operation(request, context), operation_context)
        if operation_context.confirmed or await self._holds(known.claim, lease):
            self.services.rates.charge(known.viewer.identity, done.cost)
            return _outcome(done, unregistered=resolved.unregistered)
        return None

    async def _holds(self, claim: Claim, lease: Lease) -> bool:
        """Whether a claim holds that no transaction has confirmed yet: nothing was read, or its beginning failed."""
        try:
            await claim.confirm(lease)
        except asyncpg.PostgresError as failure:
            if failure.sqlstate != OUTDATED:
                raise
            return False
        return True

    async def _execute(
        self, request: GraphQLRequest, context: RequestContext, lease: Lease, recognised: Recognised
    ) -> ExecutionOutcome:
        viewer, enabled = recognised.viewer, recognised.enabled
        resolved = await self.documents.resolved(lease, request, viewer)
        request = resolved.request
        schema = self.services.house.schema(enabled.plugins)
        operation = _operation(request, context)
        await self.record_read(viewer, operation, context.request_id)
        keyed = self._keyed(request, context, viewer)
        operation_context = self.operation_context(viewer, enabled, context, schema)
        operation_context.keyed = keyed
        operation_context.lease = lease
        done = await self.engine.execute(schema, operation, operation_context)
        self.services.rates.charge(viewer.identity, done.cost)
        replayed = keyed is not None and keyed.replayed
        headers = {"Idempotency-Replayed": "true"} if replayed else {}
        return _outcome(done, headers, resolved.unregistered)

    def _keyed(self, request: GraphQLRequest, context: RequestContext, viewer: Viewer) -> StoredAnswers | None:
        if context.idempotency_key is None:
            return None
        fingerprint = fingerprint_of(request.query, request.operation_name, request.variables, viewer)
        return StoredAnswers(context.idempotency_key, fingerprint, self.services.idempotency_hours)

    async def record_read(self, viewer: Viewer, operation: Operation, request_id: str) -> None:
        """An auditor's reads are recorded before they are answered."""
        if viewer.membership.role is Role.AUDITOR:
            await record_read(self.services.database, viewer, self.services.clock.now(), operation, request_id)

    async def sdl(self, context: RequestContext) -> str:
        """The SDL of the schema that the caller sees."""
        await self._admitted(context)
        _, enabled = await self.authenticate(context)
        return self.services.house.schema(enabled.plugins).as_str()

    async def authenticate(self, context: RequestContext) -> tuple[Viewer, Enabled]:
        """The viewer behind a request and what is enabled for them; raises `Unauthenticated` or `Forbidden`."""
        recognised = await self.recognise(context, self.services.database.queries)
        return recognised.viewer, recognised.enabled

    async def recognise(self, context: RequestContext, recogniser: Recogniser) -> Recognised:
        """The caller behind a request, as the database knows them now; raises `Unauthenticated` or `Forbidden`."""
        services = self.services
        identity = await self._identity(context)
        today = services.clock.today()
        wanted = self._wanted_membership(context.membership)
        memberships, digest = await memberships_of(recogniser, identity, today)
        viewer = viewer_of(identity, memberships, wanted, services.permissions, today)
        enabled = await services.enablement.enabled(recogniser, viewer.scope)
        said = services.enablement.digest(viewer.scope)
        claim = Claim(viewer.scope.shard, viewer.membership.id, today, digest, said)
        recognised = Recognised(viewer, enabled, claim)
        self.memory.keep(identity, wanted, recognised)
        return recognised

    async def _admitted(self, context: RequestContext) -> Identity:
        """Who asks, if they have not asked too much; raises `Unauthenticated` or `RateLimited`."""
        identity = await self._identity(context)
        self.services.rates.admit(identity)
        return identity

    def _remembered(self, identity: Identity, context: RequestContext) -> Recognised | None:
        """The caller as they were recognised earlier today, if they were; their token is checked each time."""
        known = self.memory.find(identity, self._wanted_membership(context.membership), self.services.clock.today())
        if known is None:
            return None
        return replace(known, viewer=replace(known.viewer, identity=identity))

    async def _identity(self, context: RequestContext) -> Identity:
        services = self.services
        try:
            return await services.verifier.verify(bearer_token(context.authorization), services.clock.now())
        except Unauthenticated as refused:
            if refused.details.get("reason") != TokenFault.KEYS_UNAVAILABLE.value:
                services.rates.failed(context.client_address)
            raise

    def _wanted_membership(self, header: str | None) -> UUID | None:
        if not header:
            return None
        found = self.services.ids.decode_as(header, "Member", "Yingsu-Membership")
        return found.key if isinstance(found.key, UUID) else None

    def operation_context(
        self, viewer: Viewer, enabled: Enabled, context: RequestContext, schema: ComposedSchema
    ) -> OperationContext:
        """What an operation of this viewer is executed with."""
        services = self.services

        async def calendar() -> Any:
            async with services.database.anonymous(services.timeout_ms) as session:
                return await services.calendar.current(session)

        async def begin_act(session: TenantSession) -> ActContext:
            member = viewer.membership
            return ActContext(
                session=session,
                clock=services.clock,
                actor=Actor(viewer.identity.subject, member.display_name, member.role.value, member.id),
                calendar=await services.calendar.current(session),
                permissions=viewer.permissions,
                request_id=context.request_id,
                subscribers=services.subscribers(enabled.plugins),
                resources=services.resources,
            )

        return OperationContext(
            view=View(viewer.scope, viewer.permissions, enabled.disabled_ranges),
            database=services.database,
            ids=services.ids,
            begin_act=begin_act,
            viewer=viewer,
            timeout_ms=services.timeout_ms,
            extras={
                "plugins": enabled.plugins,
                "enums": schema.house.builder.enums,
                "calendar": calendar,
                "resources": services.resources,
            },
        )


def _operation(request: GraphQLRequest, context: RequestContext) -> Operation:
    return Operation(
        request.query,
        request.operation_name,
        request.variables,
        context.request_id,
        allow_mutation=context.method == "POST",
        before_writing=context.must_finish,
    )


def _outcome(
    done: Execution, headers: Mapping[str, str] | None = None, unregistered: str | None = None
) -> ExecutionOutcome:
    return ExecutionOutcome(
        done.body,
        executed=done.executed,
        refusal=done.refusal,
        wrong_method=done.wrong_method,
        has_errors=done.has_errors,
        headers=headers or {},
        deprecated=done.deprecated,
        unregistered=unregistered,
    )
