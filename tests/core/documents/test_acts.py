"""Announcing, completing and downloading files, each under its own scope."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import insert, select

from core.cases.acts.documents import DOCUMENT_ATTACH_FILE, DOCUMENT_REGISTER
from core.cases.vocabulary import DocType
from core.clock import FrozenClock
from core.db.scope import ScopeKind
from core.db.session import Database
from core.documents.acts import FILE_COMPLETE, FILE_DOWNLOAD, FILE_UPLOAD
from core.documents.events import FileAnnounced, FileCompleted
from core.documents.orphans import PATIENCE, Removed, remove_orphans
from core.documents.refusals import FileCompleteRefusal, FileDownloadRefusal, FileUploadRefusal
from core.documents.tables import StoredFile
from core.identity.roles import Role
from core.identity.tables import CaseGrant
from tests.support.acting import Docket, add_member, row_of, rows_of, trail, written_events
from tests.support.city import NOW, City
from tests.support.filing import FileDesk

BODY = os.urandom(300_000)
SHA256 = hashlib.sha256(BODY).hexdigest()
GIVEN: dict[str, Any] = {"name": "判决书.pdf", "media_type": "application/pdf", "size": len(BODY), "sha256": SHA256}


async def put(client: httpx.Client, url: str, body: bytes = BODY) -> int:
    return (await asyncio.to_thread(client.put, url, content=body)).status_code


async def stored(desk: FileDesk, client: httpx.Client, **given: Any) -> UUID:
    announced = await desk.perform(FILE_UPLOAD, **GIVEN | given)
    assert await put(client, announced.upload_url) == 204
    return await desk.perform(FILE_COMPLETE, file_id=announced.id)


async def test_a_file_is_announced_uploaded_completed_downloaded(
    database: Database, huangpu: FileDesk, client: httpx.Client, clock: FrozenClock
) -> None:
    announced = await huangpu.perform(FILE_UPLOAD, **GIVEN | {"name": " 判决书.PDF ", "sha256": SHA256.upper()})
    assert [type(event) for event in huangpu.heard] == [FileAnnounced]
    assert (announced.upload_method, announced.content_type) == ("PUT", "application/pdf")
    row = await row_of(database, StoredFile, announced.id)
    assert (row.name, row.media_type, row.size, row.sha256, row.status, row.agency_id, row.code) == (
        "判决书.PDF",
        "application/pdf",
        len(BODY),
        SHA256,
        "PENDING",
        huangpu.scope.agency_id,
        440112000,
    )
    await huangpu.refused(FILE_DOWNLOAD, FileDownloadRefusal.FILE_NOT_STORED, file_id=announced.id)
    assert await put(client, announced.upload_url) == 204
    clock.instant += timedelta(minutes=1)
    assert await huangpu.perform(FILE_COMPLETE, file_id=announced.id) == announced.id
    assert [type(event) for event in huangpu.heard] == [FileCompleted]
    row = await row_of(database, StoredFile, announced.id)
    assert (row.status, row.stored_at) == ("STORED", clock.now())
    given = await huangpu.perform(FILE_DOWNLOAD, file_id=announced.id)
    assert (given.id, given.file_name) == (announced.id, "判决书.PDF")
    answer = await asyncio.to_thread(client.get, given.download_url)
    assert answer.content == BODY
    entries = await trail(database, announced.id)
    assert [(entry.act, entry.actor) for entry in entries] == [
        ("fileUpload", "u-huangpu"),
        ("fileComplete", "u-huangpu"),
        ("fileDownload", "u-huangpu"),
    ]
    assert await written_events(database, announced.id) == ["FileAnnounced", "FileCompleted"]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"name": "../判决书.pdf"}, FileUploadRefusal.NAME_NOT_SAFE, "name"),
        ({"name": "a\u202efdp.exe"}, FileUploadRefusal.NAME_NOT_SAFE, "name"),
        ({"name": "判决书.exe"}, FileUploadRefusal.ENDING_MISMATCH, "name"),
        ({"media_type": "text/html"}, FileUploadRefusal.MEDIA_TYPE_NOT_ALLOWED, "mediaType"),
        ({"media_type": "\0"}, FileUploadRefusal.MEDIA_TYPE_NOT_ALLOWED, "mediaType"),
        ({"size": 0}, FileUploadRefusal.INVALID_INPUT, "size"),
        ({"size": -1}, FileUploadRefusal.INVALID_INPUT, "size"),
        ({"size": 20_000_001}, FileUploadRefusal.TOO_LARGE, "size"),
        ({"sha256": "abc"}, FileUploadRefusal.INVALID_INPUT, "sha256"),
        ({"sha256": "g" * 64}, FileUploadRefusal.INVALID_INPUT, "sha256"),
        ({"response_id": uuid4()}, FileUploadRefusal.NOT_FOUND, "responseId"),
    ],
)
async def test_an_announcement_is_refused(
    bureau: FileDesk, change: dict[str, Any], code: FileUploadRefusal, path: str
) -> None:
    await bureau.refused(FILE_UPLOAD, code, path, **GIVEN | change)


async def test_whose_file_it_is(
    database: Database, bureau: FileDesk, tianhe: FileDesk, court: FileDesk, docket: Docket
) -> None:
    _, [response_id] = await docket.case("huangpu")
    own = await row_of(database, StoredFile, (await bureau.perform(FILE_UPLOAD, **GIVEN)).id)
    assert (own.code, own.agency_id) == (440100000, None)
    of_response = await bureau.perform(FILE_UPLOAD, **GIVEN, response_id=response_id)
    row = await row_of(database, StoredFile, of_response.id)
    assert (row.code, row.agency_id) == (440112000, docket.city.agencies["huangpu"])
    await tianhe.refused(FILE_UPLOAD, FileUploadRefusal.NOT_FOUND, "responseId", **GIVEN, response_id=response_id)
    await court.refused(FILE_UPLOAD, FileUploadRefusal.FORBIDDEN, "responseId", **GIVEN)


async def test_a_court_sees_the_file_that_it_uploads_and_no_other(
    database: Database, bureau: FileDesk, court: FileDesk, docket: Docket
) -> None:
    _, [response_id] = await docket.case("huangpu")
    liaison = uuid4()
    court.scope = replace(court.scope, member_id=liaison)
    mine = await court.perform(FILE_UPLOAD, **GIVEN, response_id=response_id)
    theirs = await bureau.perform(FILE_UPLOAD, **GIVEN, response_id=response_id)
    row = await row_of(database, StoredFile, mine.id)
    assert (row.agency_id, row.uploaded_by) == (docket.city.agencies["huangpu"], liaison)
    async with database.read(court.scope) as session:
        seen = {found.id for found in await session.rows(select(StoredFile.id))}
    assert mine.id in seen
    assert theirs.id not in seen


async def test_bytes_that_were_not_announced_are_refused_and_removed(
    bureau: FileDesk, client: httpx.Client, lying: Callable[[], list[str]], folder: Any
) -> None:
    announced = await bureau.perform(FILE_UPLOAD, **GIVEN)
    await bureau.refused(FILE_COMPLETE, FileCompleteRefusal.NOT_UPLOADED, "fileId", file_id=announced.id)
    for spoilt, code in (
        (BODY[:-1], FileCompleteRefusal.SIZE_MISMATCH),
        (BODY + b"x", FileCompleteRefusal.SIZE_MISMATCH),
        (bytes([BODY[0] ^ 1]) + BODY[1:], FileCompleteRefusal.DIGEST_MISMATCH),
    ):
        assert await put(client, announced.upload_url) == 204
        [path] = lying()
        (folder / path).write_bytes(spoilt)
        await bureau.refused(FILE_COMPLETE, code, "fileId", file_id=announced.id)
        assert lying() == []
    assert await put(client, announced.upload_url) == 204
    await bureau.perform(FILE_COMPLETE, file_id=announced.id)


async def test_completing_twice_stores_once(database: Database, bureau: FileDesk, client: httpx.Client) -> None:
    announced = await bureau.perform(FILE_UPLOAD, **GIVEN)
    assert await put(client, announced.upload_url) == 204
    desks = [FileDesk(database, bureau.scope, bureau.clock, files=bureau.files) for _ in range(3)]
    done = await asyncio.gather(*(desk.perform(FILE_COMPLETE, file_id=announced.id) for desk in desks))
    assert done == [announced.id] * 3
    assert [entry.act for entry in await trail(database, announced.id)] == ["fileUpload", "fileComplete"]
    assert await put(client, announced.upload_url) == 409


async def test_a_completion_that_was_rolled_back_is_completed_later(
    database: Database, bureau: FileDesk, client: httpx.Client
) -> None:
    announced = await bureau.perform(FILE_UPLOAD, **GIVEN)
    assert await put(client, announced.upload_url) == 204

    async def complete_in_vain() -> None:
        async with bureau.at_work() as context:
            await FILE_COMPLETE.perform(context, FILE_COMPLETE.given(file_id=announced.id))
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await complete_in_vain()
    assert (await row_of(database, StoredFile, announced.id)).status == "PENDING"
    await bureau.perform(FILE_COMPLETE, file_id=announced.id)
    assert (await row_of(database, StoredFile, announced.id)).status == "STORED"


async def test_nobody_else_completes_or_downloads(
    huangpu: FileDesk,
    tianhe: FileDesk,
    shenzhen: FileDesk,
    court: FileDesk,
    client: httpx.Client,
) -> None:
    announced = await huangpu.perform(FILE_UPLOAD, **GIVEN)
    assert await put(client, announced.upload_url) == 204
    for desk in (tianhe, shenzhen, court):
        await desk.refused(FILE_COMPLETE, FileCompleteRefusal.NOT_FOUND, "fileId", file_id=announced.id)
    await huangpu.perform(FILE_COMPLETE, file_id=announced.id)
    for desk in (tianhe, shenzhen, court):
        await desk.refused(FILE_DOWNLOAD, FileDownloadRefusal.NOT_FOUND, "fileId", file_id=announced.id)


async def test_who_sees_a_document_downloads_its_file(
    database: Database,
    bureau: FileDesk,
    huangpu: FileDesk,
    tianhe: FileDesk,
    shenzhen: FileDesk,
    court: FileDesk,
    docket: Docket,
    client: httpx.Client,
) -> None:
    _, [response_id, _] = await docket.case("huangpu", "tianhe")
    tenants_file = await stored(bureau, client)
    shown: dict[str, Any] = {
        "response_id": response_id,
        "doc_type": DocType.EVIDENCE_LIST,
        "received_on": date(2026, 3, 5),
    }
    document_id = await bureau.perform(DOCUMENT_REGISTER, **shown, file_id=tenants_file)
    internal_id = await bureau.perform(DOCUMENT_REGISTER, **shown, file_id=tenants_file, internal=True)
    for desk in (bureau, huangpu, court):
        given = await desk.perform(FILE_DOWNLOAD, document_id=document_id)
        assert (await asyncio.to_thread(client.get, given.download_url)).content == BODY
    [entry] = [one for one in await trail(database, tenants_file) if one.actor == "u-court"]
    assert (entry.act, entry.agency_id, entry.after["document_id"]) == (
        "fileDownload",
        huangpu.scope.agency_id,
        str(document_id),
    )
    for desk in (tianhe, shenzhen):
        await desk.refused(FILE_DOWNLOAD, FileDownloadRefusal.NOT_FOUND, "documentId", document_id=document_id)
    await court.refused(FILE_DOWNLOAD, FileDownloadRefusal.NOT_FOUND, "documentId", document_id=internal_id)
    await huangpu.perform(FILE_DOWNLOAD, document_id=internal_id)


async def test_a_download_names_one_thing(bureau: FileDesk, docket: Docket, client: httpx.Client) -> None:
    code = FileDownloadRefusal
    _, [response_id] = await docket.case("huangpu")
    document_id = await bureau.perform(
        DOCUMENT_REGISTER,
        response_id=response_id,
        doc_type=DocType.EVIDENCE_LIST,
        received_on=date(2026, 3, 5),
    )
    await bureau.refused(FILE_DOWNLOAD, code.INVALID_INPUT)
    await bureau.refused(FILE_DOWNLOAD, code.INVALID_INPUT, file_id=uuid4(), document_id=document_id)
    await bureau.refused(FILE_DOWNLOAD, code.NOT_FOUND, "fileId", file_id=uuid4())
    await bureau.refused(FILE_DOWNLOAD, code.NO_FILE, "documentId", document_id=document_id)
    file_id = await stored(bureau, client, response_id=response_id)
    await bureau.perform(DOCUMENT_ATTACH_FILE, document_id=document_id, file_id=file_id)
    assert (await bureau.perform(FILE_DOWNLOAD, document_id=document_id)).id == file_id


async def test_the_function_answers_exactly_for_visible_documents(
    database: Database, bureau: FileDesk, docket: Docket, city: City, client: httpx.Client
) -> None:
    """`file_of_document` repeats the policies of `document`: held against them in every kind of scope."""
    from sqlalchemy import text

    members = await _grants(database, docket, city)
    documents = []
    for case_agencies in (("huangpu", "tianhe"), ("city",), ("town",)):
        _, responses = await docket.case(*case_agencies)
        for response_id in responses:
            file_id = await stored(bureau, client, response_id=response_id)
            for internal in (False, True):
                documents.append(
                    await bureau.perform(
                        DOCUMENT_REGISTER,
                        response_id=response_id,
                        doc_type=DocType.EVIDENCE_LIST,
                        received_on=date(2026, 3, 5),
                        file_id=file_id,
                        internal=internal,
                    )
                )
    documents += await _documents_of(database, members["case"])
    scopes = [city.scope(code) for code in (440100000, 440106000, 440112000, 440112001, 440300000)]
    scopes += [city.agency_scope(name) for name in city.agencies]
    scopes += [city.scope(440100000, ScopeKind.COURT, court_code=court) for court in ("粤7101", "粤71")]
    scopes += [city.scope(440100000, kind) for kind in (ScopeKind.NONE, ScopeKind.ADMIN, ScopeKind.AGENCY)]
    for name in ("mediator", "handler", "former", "nobody"):
        for agency in (None, city.agencies["huangpu"], city.agencies["tianhe"]):
            scopes.append(city.scope(440100000, ScopeKind.ASSIGNED, member_id=members[name], agency_id=agency))
    seen_by = []
    for scope in scopes:
        async with database.read(scope) as session:
            seen = {row.id for row in await session.rows(text("select id from document where file_id is not null"))}
            answered = {
                document_id
                for document_id in documents
                if await session.row(text("select * from file_of_document(:id)"), {"id": document_id})
            }
        assert answered == seen & set(documents), scope
        seen_by.append(len(answered))
    assert 0 in seen_by
    assert max(seen_by) == len(documents)
    assert len(set(seen_by)) > 4


async def _grants(database: Database, docket: Docket, city: City) -> dict[str, Any]:
    """A case with documents, given to some: members by name, and the case."""
    case_id, responses = await docket.case("huangpu", "tianhe")
    made: dict[str, Any] = {"case": responses}
    async with database.system() as session:
        for name, since, until in (
            ("mediator", date(2026, 1, 1), None),
            ("handler", date(2026, 3, 10), date(2026, 3, 11)),
            ("former", date(2026, 1, 1), date(2026, 3, 10)),
            ("nobody", None, None),
        ):
            made[name] = await add_member(session, 440100000, Role.MEDIATOR, subject=f"{name}-{uuid4()}")
            if since is None:
                continue
            await session.execute(
                insert(CaseGrant).values(
                    shard=4401,
                    code=440100000,
                    case_id=case_id,
                    member_id=made[name],
                    valid_from=since,
                    valid_until=until,
                    granted_by="u-1",
                    granted_at=NOW,
                )
            )
    return made


async def _documents_of(database: Database, responses: list[UUID]) -> list[UUID]:
    """One open and one internal document with a file on each of the responses."""
    from core.cases.tables import Document, Response

    documents = []
    for response_id in responses:
        response = await row_of(database, Response, response_id)
        owner = {"shard": response.shard, "code": response.code, "agency_id": response.agency_id}
        async with database.system() as session:
            file_id = await session.scalar(
                insert(StoredFile)
                .values(**owner, **GIVEN, status="STORED", created_at=NOW, stored_at=NOW)
                .returning(StoredFile.id)
            )
            for internal in (False, True):
                documents.append(
                    await session.scalar(
                        insert(Document)
                        .values(
                            **owner,
                            case_id=response.case_id,
                            response_id=response.id,
                            doc_type="EVIDENCE_LIST",
                            title="证据",
                            direction="RECEIVED",
                            received_on=date(2026, 3, 5),
                            registered_at=NOW,
                            internal=internal,
                            file_id=file_id,
                        )
                        .returning(Document.id)
                    )
                )
    return documents


async def test_what_nobody_completed_is_removed_after_a_day(
    database: Database,
    bureau: FileDesk,
    client: httpx.Client,
    clock: FrozenClock,
    lying: Callable[[], list[str]],
) -> None:
    kept = await stored(bureau, client)
    forgotten = await bureau.perform(FILE_UPLOAD, **GIVEN)
    assert await put(client, forgotten.upload_url) == 204
    clock.instant += timedelta(hours=1)
    recent = await bureau.perform(FILE_UPLOAD, **GIVEN)
    assert await put(client, recent.upload_url) == 204
    assert len(lying()) == 3
    before = {row.id for row in await rows_of(database, StoredFile)}
    removed = await remove_orphans(database, bureau.files.store, NOW + PATIENCE + timedelta(minutes=30))
    after = {row.id for row in await rows_of(database, StoredFile)}
    assert forgotten.id in before - after
    assert {kept, recent.id} <= after
    assert removed == Removed(len(before - after), 0)
    assert sorted(path.rpartition("/")[2] for path in lying()) == sorted([str(kept), str(recent.id)])
