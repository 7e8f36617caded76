"""What can be set about HTTP. `core.config` reads the environment and fills this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """HTTP 设置: limits in bytes and seconds, and the browser origins that may call."""

    cors_origins: tuple[str, ...] = ()
    """Origins allowed by CORS, exactly as a browser sends them (`https://front.example`); none by default."""
    graphiql: bool = False
    """Whether `/graphiql` is served; off in production."""
    body_limit: int = 1_000_000
    """The largest request body, bytes."""
    body_drain_limit: int = 32_000_000
    """How much of a body that is too large is read and thrown away, so that its sender lives to read the answer."""
    body_timeout: float = 10.0
    """Seconds in which a whole body must have arrived."""
    json_depth_limit: int = 100
    """How deep a request's JSON may nest; less than Python's stack, which the coercion of variables uses."""
    batch_limit: int = 10
    """Operations in one batch; 0 refuses batches."""
    gzip_minimum: int = 1_000
    """Answers of fewer bytes are not compressed."""
    readiness_timeout: float = 5.0
    """Seconds after which a readiness check counts as failed."""
    init_timeout: float = 10.0
    """Seconds in which a socket must have said who it is."""
    heartbeat: float = 20.0
    """Seconds between pings of a stream; a socket that leaves one unanswered as long is closed."""
    subscriptions_per_socket: int = 100
    """Operations that one socket may have open."""
    socket_limit: int = 10_000
    """Sockets that one process holds."""
    linger: float = 2.0
    """Seconds that a closing socket is given to take what was sent to it."""

    def __post_init__(self) -> None:
        """Refuse settings that would open or break the endpoint.

        Raises ValueError for `*` among the origins (an allow-list is meant) and for limits below 1.
        """
        if "*" in self.cors_origins:
            raise ValueError("cors_origins lists origins one by one; '*' is not one")
        limits = (
            *(self.body_limit, self.body_drain_limit, self.body_timeout, self.json_depth_limit),
            *(self.init_timeout, self.heartbeat, self.subscriptions_per_socket, self.socket_limit, self.linger),
        )
        if min(limits) <= 0 or self.batch_limit < 0 or self.readiness_timeout <= 0:
            raise ValueError("HTTP limits must be positive")
