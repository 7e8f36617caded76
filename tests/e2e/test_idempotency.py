"""`Idempotency-Key` as clients use it: a mutation sent again answers its first result and has its effect once."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import orjson
import pytest
from sqlalchemy import func, select, text

from core.cases.tables import Note, Party
from core.db.session import Database
from core.documents.tables import StoredFile
from core.idempotency.tables import IdempotentAnswer
from core.identity.tables import Member
from tests.e2e.conftest import Api

WRITE = "mutation($input: NoteWriteInput!) { noteWrite(input: $input) { clientMutationId note { body id } errors { code } } }"
TWO = """mutation($one: NoteWriteInput!, $two: NoteWriteInput!) {
  first: noteWrite(input: $one) { note { id } errors { code } }
  second: noteWrite(input: $two) { note { id } errors { code } }
}"""


async def response_id(api: Api) -> str:
    found = await api.ask("agency", "{ cases { nodes { responses { id } } } }")
    answer: str = found["cases"]["nodes"][0]["responses"][0]["id"]
    return answer


async def notes(database: Database, body: str) -> int:
    async with database.system() as session:
        return int(await session.scalar(select(func.count()).where(Note.body == body)))


async def write(api: Api, body: str, key: str, who: str = "agency", **more: Any) -> httpx.Response:
    given = {"responseId": await response_id(api), "body": body, **more}
    return await api.post(who, WRITE, {"input": given}, **{"Idempotency-Key": key})


async def test_a_retry_answers_the_first_result_and_does_nothing(api: Api, database: Database) -> None:
    first = await write(api, "once", "k-once", clientMutationId="m")
    again = await write(api, "once", "k-once", clientMutationId="m")
    assert first.json()["data"]["noteWrite"]["errors"] == []
    assert first.json()["data"]["noteWrite"]["clientMutationId"] == "m"
    assert again.content == first.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await notes(database, "once") == 1


async def test_without_a_key_it_is_done_twice(api: Api, database: Database) -> None:
    for _ in range(2):
        given = {"responseId": await response_id(api), "body": "twice"}
        await api.post("agency", WRITE, {"input": given})
    assert await notes(database, "twice") == 2


async def test_a_key_serves_one_request(api: Api, database: Database) -> None:
    """Other variables, another document, another role of the same words: each is another request."""
    await write(api, "mine", "k-mine")
    given = {"responseId": await response_id(api), "body": "mine"}
    other_document = WRITE.replace("noteWrite(", "other: noteWrite(")
    answers = [
        await write(api, "not mine", "k-mine"),
        await api.post("agency", other_document, {"input": given}, **{"Idempotency-Key": "k-mine"}),
    ]
    for answer in answers:
        error = answer.json()["errors"][0]
        assert error["extensions"]["code"] == "CONFLICT"
        assert error["extensions"]["field"] == "idempotency-key"
        assert list(answer.json()["data"].values()) == [None]
    assert await notes(database, "mine") == 1
    assert await notes(database, "not mine") == 0


async def test_another_member_with_the_same_key_gets_nothing_of_it(api: Api, database: Database) -> None:
    first = await write(api, "by two", "k-shared", who="agency")
    second = await write(api, "by two", "k-shared", who="city_bureau")
    assert second.json()["data"]["noteWrite"]["errors"] == []
    assert second.json() != first.json()
    assert "idempotency-replayed" not in second.headers
    assert await notes(database, "by two") == 2


async def test_who_has_another_role_now_is_not_shown_the_answer_again(api: Api, database: Database) -> None:
    """What the first role saw, the second may not see."""
    become = text("update member set role = :role where subject = 'dev:co_respondent'")
    found = await api.ask("co_respondent", "{ cases { nodes { responses { id } } } }")
    given = {"responseId": found["cases"]["nodes"][0]["responses"][0]["id"], "body": "as an officer"}
    answers = []
    for role in ("AGENCY", "AGENCY_LEGAL", "AGENCY"):
        async with database.system() as session:
            await session.execute(become, {"role": role})
        answers.append(await api.post("co_respondent", WRITE, {"input": given}, **{"Idempotency-Key": "k-role"}))
    assert answers[0].json()["data"]["noteWrite"]["errors"] == []
    assert answers[1].json()["errors"][0]["extensions"]["code"] == "CONFLICT"
    assert answers[2].content == answers[0].content
    assert await notes(database, "as an officer") == 1


async def test_a_refusal_is_not_kept_so_a_retry_is_judged_anew(api: Api, database: Database) -> None:
    for _ in range(2):
        answer = await write(api, " ", "k-refused")
        assert answer.json()["data"]["noteWrite"]["errors"] == [{"code": "INVALID_INPUT"}]
        assert "idempotency-replayed" not in answer.headers
    async with database.system() as session:
        assert await session.scalar(select(func.count()).where(IdempotentAnswer.key == "k-refused")) == 0


async def test_an_expired_key_may_be_used_again(api: Api, database: Database) -> None:
    first = await write(api, "expiring", "k-old")
    async with database.system() as session:
        await session.execute(text("update idempotent_answer set expires_at = now() where key = 'k-old'"))
    again = await write(api, "expired", "k-old")
    assert again.json()["data"]["noteWrite"]["note"]["id"] != first.json()["data"]["noteWrite"]["note"]["id"]
    assert "idempotency-replayed" not in again.headers
    assert (await write(api, "expired", "k-old")).headers["idempotency-replayed"] == "true"


async def test_two_at_once_are_done_once(api: Api, database: Database) -> None:
    answers = await asyncio.gather(*(write(api, "at once", "k-at-once") for _ in range(8)))
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 7
    assert await notes(database, "at once") == 1


async def test_each_entry_of_a_batch_has_its_own_answer(api: Api, database: Database) -> None:
    given = {"responseId": await response_id(api), "body": "in a batch"}
    body = [{"query": WRITE, "variables": {"input": given}}] * 2
    headers = {"Authorization": f"Bearer {api.tokens['agency']}", "Idempotency-Key": "k-batch"}
    async with httpx.AsyncClient() as client:
        first, again = [await client.post(f"{api.url}/graphql", json=body, headers=headers) for _ in range(2)]
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"
    ids = [entry["data"]["noteWrite"]["note"]["id"] for entry in first.json()]
    assert len(set(ids)) == 2
    assert await notes(database, "in a batch") == 2


async def test_a_later_field_that_failed_is_tried_again_alone(api: Api, database: Database, database_url: str) -> None:
    """The first field took effect, the second was refused; what it lacked is there when the request comes again."""
    response = await response_id(api)
    variables = {"one": {"responseId": response, "body": "one"}, "two": {"responseId": response, "body": "two"}}
    key = {"Idempotency-Key": "k-two"}
    owner = await asyncpg.connect(database_url)
    await owner.execute("alter table note add constraint ck_note_trial check (body <> 'two')")
    first = (await api.post("agency", TWO, variables, **key)).json()["data"]
    await owner.execute("alter table note drop constraint ck_note_trial")
    await owner.close()
    again = (await api.post("agency", TWO, variables, **key)).json()["data"]
    assert first["second"] == {"note": None, "errors": [{"code": "INVALID_INPUT"}]}
    assert again["first"] == first["first"]
    assert again["second"]["errors"] == []
    assert [await notes(database, body) for body in ("one", "two")] == [1, 1]


async def test_what_is_revealed_is_never_kept(api: Api, database: Database) -> None:
    """A masked field in full and a signed address are secrets: a retry asks for them again."""
    secret = "440106198001011234"
    async with database.system() as session:
        party = await session.row(select(Party.id, Party.shard).where(Party.agency_id.is_(None)).limit(1))
        if party is None:
            case = await session.row(text("select id, shard from case_shell where shard = 4401 limit 1"))
            party = await session.row(
                text(
                    "insert into party (shard, case_id, side, ordinal, kind, name, identity_number)"
                    " select shard, id, 'PLAINTIFF', 90, 'PERSON', '张三', :secret from case_shell where id = :case"
                    " returning id, shard"
                ),
                {"secret": secret, "case": case.id},
            )
    ids = api.application.execution.services.ids
    reveal = "mutation($input: PartySensitiveRevealInput!) { partySensitiveReveal(input: $input) { identityNumber errors { code } } }"
    given = {"partyId": ids.encode("Party", party.shard, party.id), "reason": "送达"}
    for _ in range(2):
        answer = await api.post("city_bureau", reveal, {"input": given}, **{"Idempotency-Key": "k-secret"})
        assert answer.json()["data"]["partySensitiveReveal"] == {"identityNumber": secret, "errors": []}
        assert "idempotency-replayed" not in answer.headers
    upload = "mutation($input: FileUploadInput!) { fileUpload(input: $input) { uploadUrl errors { code } } }"
    file = {"name": "a.pdf", "mediaType": "application/pdf", "size": 3, "sha256": "0" * 64}
    file |= {"responseId": await response_id(api)}
    answer = await api.post("agency", upload, {"input": file}, **{"Idempotency-Key": "k-upload"})
    assert answer.json()["data"]["fileUpload"]["errors"] == []
    async with database.system() as session:
        kept = await session.rows(select(IdempotentAnswer.answers))
        assert await session.scalar(select(func.count()).select_from(StoredFile)) >= 1
    assert secret not in orjson.dumps([row.answers for row in kept]).decode()
    assert "uploadUrl" not in orjson.dumps([row.answers for row in kept]).decode()


async def test_the_row_belongs_to_the_member(api: Api, database: Database) -> None:
    await write(api, "owned", "k-owned")
    async with database.system() as session:
        owner = await session.scalar(select(Member.id).where(Member.subject == "dev:agency"))
        kept = await session.row(select(IdempotentAnswer.__table__).where(IdempotentAnswer.key == "k-owned"))
    assert kept is not None
    assert kept.member_id == owner


@pytest.mark.parametrize("key", ["", "x" * 256, "a key"])
async def test_a_key_of_the_wrong_form_is_refused(api: Api, key: str, database: Database) -> None:
    body = uuid4().hex
    answer = await write(api, body, key)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert await notes(database, body) == 0
