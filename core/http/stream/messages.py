"""The messages of graphql-transport-ws: read strictly, written as bytes around a finished response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from core.http.body import parse_request
from core.http.contract import GraphQLRequest
from core.http.errors import HttpRefusal
from core.http.json_document import parse_json
from core.http.settings import HttpSettings
from core.http.stream.closing import CloseCode, Closing

SUBPROTOCOL: Final = "graphql-transport-ws"
LONGEST_ID: Final = 128
ACKNOWLEDGED: Final = '{"type":"connection_ack"}'


@dataclass(frozen=True, slots=True)
class Init:
    """`connection_init`: who calls."""

    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    """`ping`: answered with a `pong` that carries the same payload."""

    payload: Any


@dataclass(frozen=True, slots=True)
class Pong:
    """`pong`: needs no answer."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`subscribe`: an operation of any kind. `refusal` is what is wrong with it, where that does not end the socket."""

    id: str
    request: GraphQLRequest | None
    refusal: HttpRefusal | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """`complete`: the client wants no more of an operation."""

    id: str


Incoming = Init | Ping | Pong | Subscribe | Complete


def read_message(text: str | None, settings: HttpSettings) -> Incoming:
    """One message of a client; raises `Closing` (4400) for what is none. `text` is None for a binary one."""
    if text is None:
        raise Closing(CloseCode.INVALID_MESSAGE, "Invalid message: send text, not binary")
    try:
        message = parse_json(text.encode(), settings.json_depth_limit, where="message")
    except (HttpRefusal, UnicodeEncodeError):
        raise Closing(CloseCode.INVALID_MESSAGE, "Invalid message: not valid JSON") from None
    if not isinstance(message, dict):
        raise Closing(CloseCode.INVALID_MESSAGE, "Invalid message: not an object")
    match message.get("type"):
        case "connection_init":
            return Init(_payload(message))
        case "ping":
            return Ping(_payload(message) if "payload" in message else None)
        case "pong":
            _payload(message)
            return Pong()
        case "subscribe":
            return _subscribe(_id(message), message)
        case "complete":
            return Complete(_id(message))
        case _:
            raise Closing(CloseCode.INVALID_MESSAGE, "Invalid message: unknown type")


def _payload(message: Mapping[str, Any]) -> Mapping[str, Any]:
    payload = message.get("payload")
    if payload is None:
        return {}
    if not isinstance(payload, dict):
        raise Closing(CloseCode.INVALID_MESSAGE, "Invalid message: payload is not an object")
    return payload


def _id(message: Mapping[str, Any]) -> str:
    found = message.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID:
        raise Closing(CloseCode.INVALID_MESSAGE, f"Invalid message: id is a text of 1 to {LONGEST_ID} characters")
    return found


def _subscribe(id_: str, message: Mapping[str, Any]) -> Subscribe:
    payload = message.get("payload")
    if not isinstance(payload, dict):
        raise Closing(CloseCode.INVALID_MESSAGE, "Invalid message: subscribe needs a payload")
    try:
        return Subscribe(id_, parse_request(payload))
    except HttpRefusal as refusal:
        if isinstance(payload.get("query"), str) or payload.get("extensions"):
            return Subscribe(id_, None, refusal)
        raise Closing(CloseCode.INVALID_MESSAGE, "Invalid message: the payload is no operation") from None


def next_message(id_: str, body: bytes) -> str:
    """`next`: one response."""
    return (b'{"id":%b,"type":"next","payload":%b}' % (orjson.dumps(id_), body)).decode()


def error_message(id_: str, body: bytes) -> str:
    """`error`: the errors of an operation that did not begin; it ends the operation."""
    return orjson.dumps({"id": id_, "type": "error", "payload": orjson.loads(body)["errors"]}).decode()


def complete_message(id_: str) -> str:
    """`complete`: nothing follows."""
    return orjson.dumps({"id": id_, "type": "complete"}).decode()


def pong_message(payload: Any) -> str:
    """`pong`, with the payload of its `ping`."""
    return orjson.dumps({"type": "pong"} if payload is None else {"type": "pong", "payload": payload}).decode()
