"""Why a socket is closed: the codes of the protocol graphql-transport-ws, and two of WebSocket itself."""

from __future__ import annotations

from enum import IntEnum


class CloseCode(IntEnum):
    """A client of graphql-ws does not try again after 4400, 4401, 4406, 4409 and 4429; after the others it does."""

    GOING_AWAY = 1001
    """The server stops: connect again, to another process."""
    TRY_AGAIN_LATER = 1013
    """The client took its events too slowly, or the process has too many sockets."""
    INVALID_MESSAGE = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    """The token has expired, or the membership has ended: connect again with a new token."""
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429
    INTERNAL = 4500


class Closing(Exception):
    """Ends a socket from wherever it is raised. `reason` is for developers, at most 123 bytes."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:123].decode(errors="ignore")
