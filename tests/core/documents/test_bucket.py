"""The store on a bucket: pre-signed by S3's own rules, verified and given its headers when the upload is completed."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import obstore
import pytest
import uvicorn

from core.clock import SystemClock
from core.documents.files import Files
from core.documents.routes import file_routes
from core.documents.store import Announced, BytesRefused, FileStore, NotUploaded, TooLarge, TooSmall, WrongDigest
from tests.support.bucket import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Bucket

KEY = "4401/2026/03/0198c0de-0000-7000-8000-000000000001"
BODY = os.urandom(6_000_000)
HEADERS = {
    "Content-Type": "application/pdf",
    "Content-Disposition": "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E5%88%A4.pdf",
    "Cache-Control": "private, no-store",
}
Announce = Callable[[bytes], Announced]


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    """The bucket in memory, or a real service, as the AWS variables of this module say."""
    kept = Bucket()
    with pytest.MonkeyPatch.context() as variables, socket.create_server(("127.0.0.1", 0)) as listener:
        real = os.environ.get("YINGSU_TEST_S3")
        variables.setenv("AWS_ENDPOINT_URL", real or f"http://127.0.0.1:{listener.getsockname()[1]}")
        if real:
            yield kept
            return
        variables.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        variables.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
        variables.setenv("AWS_REGION", REGION)
        server = uvicorn.Server(uvicorn.Config(kept.application(), log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield kept
        server.should_exit = True
        thread.join()


@pytest.fixture
async def files(bucket: Bucket) -> Files:
    opened = Files.open(f"s3://{BUCKET}/files/yingsu/", b"unused")
    await opened.store.discard(KEY)
    return opened


async def there(files: Files) -> list[str]:
    return [found["path"] for found in await obstore.list(files.store.objects).collect_async()]


async def test_a_file_goes_in_and_comes_out(files: Files, announced: Announce) -> None:
    now = datetime.now(UTC)
    upload = await files.links.upload(KEY, announced(BODY), now)
    with pytest.raises(NotUploaded):
        await files.store.settle(KEY, announced(BODY), HEADERS)
    async with httpx.AsyncClient() as client:
        # Whatever the uploader calls it, it is served as what it was announced.
        sent = await client.put(upload.url, content=BODY, headers={"Content-Type": "text/html"})
        assert sent.status_code == 200
        assert await there(files) == [f"incoming/{KEY}"]
        await files.store.settle(KEY, announced(BODY), HEADERS)
        assert await there(files) == [KEY]
        await files.store.settle(KEY, announced(BODY), HEADERS)
        download = await files.links.download(KEY, announced(BODY), "判.pdf", "application/pdf", now)
        got = await client.get(download.url)
        assert (got.status_code, got.content) == (200, BODY)
        assert {name: got.headers[name] for name in HEADERS} == HEADERS
        assert b"".join([chunk async for chunk in await files.store.stream(KEY)]) == BODY
        assert (await client.put(download.url, content=b"x")).status_code == 403
        assert (await client.get(download.url.replace(KEY, f"incoming/{KEY}"))).status_code == 403
        # The upload address still writes under `incoming/`; the stored file is out of its reach.
        assert (await client.put(upload.url, content=b"another")).status_code == 200
        assert (await client.get(download.url)).content == BODY
    assert await files.store.discard_uploads_before(now + timedelta(hours=1)) == 1
    assert await there(files) == [KEY]


@pytest.mark.parametrize(
    ("sent", "refusal"), [(BODY[:-1], TooSmall), (BODY + b"x", TooLarge), (BODY[:-1] + b"\0", WrongDigest)]
)
async def test_other_bytes_are_removed(
    files: Files, bucket: Bucket, announced: Announce, sent: bytes, refusal: type[BytesRefused]
) -> None:
    expected = announced(BODY[:-1] + bytes([BODY[-1] or 1]))
    upload = await files.links.upload(KEY, expected, datetime.now(UTC))
    async with httpx.AsyncClient() as client:
        assert (await client.put(upload.url, content=sent)).status_code == 200
    with pytest.raises(refusal):
        await files.store.settle(KEY, expected, HEADERS)
    assert await there(files) == []
    assert bucket.parts == {}


def test_a_bucket_needs_no_routes_of_ours(bucket: Bucket) -> None:
    assert not file_routes(Files.open(f"s3://{BUCKET}", b"unused"), SystemClock())


def test_a_bucket_needs_no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with AWS itself, where the region says where it is."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    assert FileStore.open("s3://bucket/prefix").folder is None


def test_what_is_wrong_with_a_bucket_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "perhaps")
    with pytest.raises(obstore.exceptions.BaseError, match="perhaps"):
        FileStore.open("s3://bucket/prefix")
