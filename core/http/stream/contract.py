"""What the transports of streams ask of the execution. Nothing here knows Starlette or graphql-core."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from core.http.contract import ExecutionOutcome, GraphQLRequest, RequestContext


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event as it is sent: a whole GraphQL response. `cursor` is the place to resume from after it."""

    body: bytes
    cursor: str


class Overflow:
    """Called when a client has left too much unread: the one who writes to it may be stuck, and must be told from outside."""

    __slots__ = ("react",)

    def __init__(self, react: Callable[[], None] | None = None) -> None:
        self.react = react

    def __call__(self) -> None:
        """Tell."""
        if self.react is not None:
            self.react()


class Caller(Protocol):
    """Somebody who has proved who they are, for as long as their token and their membership hold."""

    def seconds_left(self) -> float:
        """Until the token expires; zero or less when it has."""
        ...

    async def start(
        self, request: GraphQLRequest, request_id: str, overflow: Overflow, resume: str | None = None
    ) -> ExecutionOutcome | AsyncIterator[Delivery]:
        """Execute a query or a mutation, or begin a subscription; `resume` is a cursor that the transport was told.

        Raises what the execution raises; a subscription that began may raise `StreamEnded`.
        """
        ...


class StreamSource(Protocol):
    """Lets callers in."""

    async def connect(self, context: RequestContext) -> Caller:
        """Who calls; raises `Unauthenticated` or `Forbidden`."""
        ...


class StreamEnded(Exception):
    """A stream that the server ends, and why; the client may come back with its last cursor."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MembershipEnded(StreamEnded):
    """任职已终止: the caller may not act under their membership any more, or their token is not believed any more."""


class TooSlow(StreamEnded):
    """接收过慢: events came faster than the client took them."""
