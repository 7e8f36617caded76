"""A mutation sent again over a WebSocket or an event stream: its key makes it have its effect once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from sqlalchemy import func, select

from core.cases.tables import Note
from core.db.session import Database
from tests.streams.conftest import Served
from tests.support.sockets import Line, line

WRITE = "mutation($input: NoteWriteInput!) { noteWrite(input: $input) { note { id } errors { code } } }"


async def variables(served: Served, body: str) -> dict[str, Any]:
    found = await served.post("agency", "{ cases { nodes { responses { id } } } }")
    return {"input": {"responseId": found["cases"]["nodes"][0]["responses"][0]["id"], "body": body}}


async def notes(database: Database, body: str) -> int:
    async with database.system() as session:
        return int(await session.scalar(select(func.count()).where(Note.body == body)))


async def written(socket: Line, id_: str, given: dict[str, Any], key: object) -> dict[str, Any]:
    """The answer to a mutation with a key."""
    payload = {"query": WRITE, "variables": given, "extensions": {"idempotencyKey": key}}
    await socket.send({"id": id_, "type": "subscribe", "payload": payload})
    answer = await socket.message()
    if answer["type"] == "next":
        assert await socket.message() == {"id": id_, "type": "complete"}
    return answer


async def over_http(served: Served, given: dict[str, Any], key: str, path: str = "/graphql") -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        return await client.post(
            served.processes[0].url + path,
            json={"query": WRITE, "variables": given},
            headers={
                "Authorization": f"Bearer {served.tokens['agency']}",
                "Idempotency-Key": key,
                "Accept": "text/event-stream" if path.endswith("/stream") else "application/json",
            },
        )


async def test_a_mutation_sent_again_on_another_socket_answers_its_first_result(
    served: Served, database: Database
) -> None:
    key, body = str(uuid4()), f"again {uuid4()}"
    given = await variables(served, body)
    answers = []
    for _ in range(2):  # the first socket broke before the answer was read
        async with line(served.processes[0].url) as socket:
            await socket.init(served.tokens["agency"])
            answers.append((await written(socket, "m", given, key))["payload"])
    first, again = answers
    assert first["data"]["noteWrite"]["errors"] == []
    assert again["data"] == first["data"]
    assert "idempotencyReplayed" not in first.get("extensions", {})
    assert again["extensions"]["idempotencyReplayed"] is True
    assert again["extensions"]["cost"] == first["extensions"]["cost"]
    answer = await over_http(served, given, key)
    assert answer.json()["data"] == first["data"]
    assert answer.headers["idempotency-replayed"] == "true"
    assert await notes(database, body) == 1


async def test_each_mutation_of_a_socket_has_its_own_key_and_without_one_is_done_each_time(
    served: Served, database: Database
) -> None:
    body = f"own {uuid4()}"
    given = await variables(served, body)
    headers = {"Idempotency-Key": "of-the-handshake"}
    async with line(served.processes[0].url, **headers) as socket:
        await socket.init(served.tokens["agency"])
        for key in (str(uuid4()), str(uuid4()), None, None):
            answer = await written(socket, "m", given, key)
            assert answer["payload"]["data"]["noteWrite"]["errors"] == []
    assert await notes(database, body) == 4


async def test_a_key_of_another_request_is_a_conflict(served: Served, database: Database) -> None:
    key, body = str(uuid4()), f"other {uuid4()}"
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["agency"])
        await written(socket, "1", await variables(served, "mine"), key)
        answer = await written(socket, "2", await variables(served, body), key)
    (error,) = answer["payload"]["errors"]
    assert (error["extensions"]["code"], answer["payload"]["data"]) == ("CONFLICT", {"noteWrite": None})
    assert await notes(database, body) == 0


@pytest.mark.parametrize("key", ["", "two words", "k" * 256, "键", 7, ["k"]])
async def test_what_cannot_be_a_key_is_refused_and_nothing_is_done(
    served: Served, database: Database, key: object
) -> None:
    body = f"bad {uuid4()}"
    async with line(served.processes[0].url) as socket:
        await socket.init(served.tokens["agency"])
        answer = await written(socket, "m", await variables(served, body), key)
    assert answer["type"] == "error"
    (error,) = answer["payload"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["field"] == "extensions.idempotencyKey"
    assert await notes(database, body) == 0


async def test_over_an_event_stream_the_header_counts(served: Served, database: Database) -> None:
    key, body = str(uuid4()), f"stream {uuid4()}"
    given = await variables(served, body)
    told = []
    for _ in range(2):
        answer = await over_http(served, given, key, "/graphql/stream")
        (data,) = [one.removeprefix("data:") for one in answer.text.splitlines() if "noteWrite" in one]
        told.append(orjson.loads(data))
    assert told[0]["data"] == told[1]["data"]
    assert told[1]["extensions"]["idempotencyReplayed"] is True
    assert await notes(database, body) == 1
