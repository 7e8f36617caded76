"""What HTTP asks of the GraphQL execution, and what it hands over. Nothing here knows Starlette or graphql-core."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from core.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class DocumentName:
    """How a request names a document; `automatic` means by the protocol of automatic persisted queries."""

    id: str
    automatic: bool


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """One well-formed GraphQL-over-HTTP request: types are checked, texts hold no NUL and no lone surrogate.

    `query` is empty where the request only names its document: `core.http.persisted` finds the text.
    """

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    document: DocumentName | None = None


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Who asks and how; nothing in it has been verified.

    `authorization` is the header as sent, scheme included. `membership` (任职) is the `Yingsu-Membership` header: which
    of the caller's memberships to act under. `idempotency_key` is made distinct for each entry of a batch.
    `must_finish` is called before anything is written: from then on a caller who hangs up stops nothing.
    """

    request_id: str
    method: Literal["GET", "POST"]
    authorization: str | None = None
    membership: str | None = None
    idempotency_key: str | None = None
    client_name: str | None = None
    client_version: str | None = None
    client_address: str | None = None
    must_finish: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class ExecutionOutcome:
    """A finished GraphQL response.

    `body` is its JSON as sent. `executed` is False when execution never began (a *request error*: parse, validation,
    authentication, limits …); `body` then has no `data`, and `refusal` is the code of its first error, from which the
    HTTP status follows. `wrong_method` says that a mutation came by GET and was not run. `has_errors` says that
    `errors` stand beside `data`; it feeds metrics only. `headers` are sent with the answer.
    `deprecated` are the coordinates (`Case.title`) of what the operation used
    and should not any more: they are counted for each client. `unregistered` is the SHA-256 of a document that nobody registered, where the
    tenant wants to know of it.
    """

    body: bytes
    executed: bool
    refusal: ErrorCode | None = None
    wrong_method: bool = False
    has_errors: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    deprecated: frozenset[str] = frozenset()
    unregistered: str | None = None


class GraphQLExecutor(Protocol):
    """The GraphQL execution. It authenticates, opens the transaction, executes, and writes the response's JSON.

    It must refuse a mutation when `context.method` is GET, by `wrong_method`. A `YingsuError` that it raises becomes a
    request error with that code; any other exception becomes INTERNAL, with the stack trace in the log only.
    """

    async def execute(self, request: GraphQLRequest, context: RequestContext) -> ExecutionOutcome:
        """Execute one operation as one unit of work (a transaction of its own)."""
        ...


SdlSource = Callable[[RequestContext], Awaitable[str]]
"""The SDL of the schema that this caller sees; raises a `YingsuError` to refuse."""

ReadinessCheck = Callable[[], Awaitable[Mapping[str, bool]]]
"""What the process needs in order to serve (`{"database": True}`), each by name."""
