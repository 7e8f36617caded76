"""Signed addresses on a real server: exactly the announced bytes go in, and the file comes out as it went in."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from core.clock import FrozenClock
from core.documents.files import Files
from core.documents.links import DOWNLOAD_LIFETIME, UPLOAD_LIFETIME, Link
from core.documents.store import Announced
from core.errors import ErrorCode

KEY = "4401/2026/03/0198c0de-0000-7000-8000-000000000001"
BODY = os.urandom(2_500_000)
Announce = Callable[[bytes], Announced]
Look = Callable[[], list[str]]


@pytest.fixture
async def upload(files: Files, announced: Announce, clock: FrozenClock) -> Link:
    return await files.links.upload(KEY, announced(BODY), clock.now())


@pytest.fixture
async def download(files: Files, announced: Announce, clock: FrozenClock) -> Link:
    return await files.links.download(KEY, announced(BODY), "判决书 (终).pdf", "application/pdf", clock.now())


@pytest.fixture
def store_it(client: httpx.Client, files: Files, upload: Link, announced: Announce) -> Callable[[], object]:
    async def settle() -> None:
        assert (await asyncio.to_thread(client.put, upload.url, content=BODY)).status_code == 204
        await files.store.settle(KEY, announced(BODY), {})

    return settle


def refused(answer: httpx.Response, status: int, code: ErrorCode, reason: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == code
    assert error["extensions"].get("reason") == reason
    assert error["extensions"]["messageZh"]
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]


async def test_a_file_goes_in_and_comes_out(
    client: httpx.Client, upload: Link, download: Link, store_it: Callable[[], object], clock: FrozenClock
) -> None:
    assert upload.expires_at == clock.now() + UPLOAD_LIFETIME
    assert download.expires_at == clock.now() + DOWNLOAD_LIFETIME
    refused(client.get(download.url), 404, ErrorCode.NOT_FOUND)
    await store_it()
    answer = client.get(download.url, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.content == BODY
    assert {name: answer.headers[name] for name in ("content-type", "content-length", "accept-ranges")} == {
        "content-type": "application/pdf",
        "content-length": str(len(BODY)),
        "accept-ranges": "bytes",
    }
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E5%88%A4%E5%86%B3%E4%B9%A6%20%28%E7%BB%88%29.pdf"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]
    head = client.head(download.url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(BODY)), b"")


async def test_a_range_is_given(client: httpx.Client, download: Link, store_it: Callable[[], object]) -> None:
    await store_it()

    def get(**headers: str) -> httpx.Response:
        return client.get(download.url, headers={name.replace("_", "-"): text for name, text in headers.items()})

    part = get(Range="bytes=1000000-")
    assert (part.status_code, part.content) == (206, BODY[1_000_000:])
    assert part.headers["content-range"] == f"bytes 1000000-{len(BODY) - 1}/{len(BODY)}"
    assert get(Range="bytes=7-9").content == BODY[7:10]
    assert get(Range="bytes=-4").content == BODY[-4:]
    tag = part.headers["etag"]
    assert get(Range="bytes=7-9", If_Range=tag).status_code == 206
    assert get(Range="bytes=7-9", If_Range='"another"').content == BODY
    outside = get(Range=f"bytes={len(BODY)}-")
    refused(outside, 416, ErrorCode.BAD_USER_INPUT)
    assert outside.headers["content-range"] == f"bytes */{len(BODY)}"


@pytest.mark.parametrize(
    ("change", "status", "code", "reason"),
    [
        (lambda body: body + b"x", 413, ErrorCode.COST_LIMIT_EXCEEDED, "SIZE_MISMATCH"),
        (lambda body: body[:-1], 400, ErrorCode.BAD_USER_INPUT, "SIZE_MISMATCH"),
        (lambda _: b"", 400, ErrorCode.BAD_USER_INPUT, "SIZE_MISMATCH"),
        (lambda body: bytes([body[0] ^ 1]) + body[1:], 400, ErrorCode.BAD_USER_INPUT, "DIGEST_MISMATCH"),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
async def test_other_bytes_are_refused(
    client: httpx.Client,
    upload: Link,
    lying: Look,
    change: Callable[[bytes], bytes],
    status: int,
    code: ErrorCode,
    reason: str,
    chunked: bool,
) -> None:
    body = change(BODY)

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 300_000):
            yield body[start : start + 300_000]

    refused(client.put(upload.url, content=pieces() if chunked else body), status, code, reason)
    assert lying() == []
    assert client.put(upload.url, content=BODY).status_code == 204


async def test_a_compressed_body_is_refused(client: httpx.Client, upload: Link) -> None:
    refused(client.put(upload.url, content=BODY, headers={"Content-Encoding": "gzip"}), 415, ErrorCode.BAD_USER_INPUT)


async def test_an_address_expires(
    client: httpx.Client, upload: Link, download: Link, clock: FrozenClock, store_it: Callable[[], object]
) -> None:
    await store_it()
    clock.instant += DOWNLOAD_LIFETIME - timedelta(seconds=1)
    assert client.get(download.url).status_code == 200
    clock.instant += timedelta(seconds=1)
    refused(client.get(download.url), 410, ErrorCode.FORBIDDEN, "LINK_EXPIRED")
    clock.instant += UPLOAD_LIFETIME
    refused(client.put(upload.url, content=BODY), 410, ErrorCode.FORBIDDEN, "LINK_EXPIRED")


async def test_an_address_is_good_for_its_method_only(
    client: httpx.Client, upload: Link, download: Link, store_it: Callable[[], object], lying: Look
) -> None:
    await store_it()
    refused(client.get(upload.url), 403, ErrorCode.FORBIDDEN, "LINK_INVALID")
    refused(client.put(download.url, content=BODY), 403, ErrorCode.FORBIDDEN, "LINK_INVALID")
    for method in ("POST", "DELETE", "PATCH"):
        answer = client.request(method, upload.url)
        refused(answer, 405, ErrorCode.BAD_USER_INPUT)
    assert lying() == [KEY]


@pytest.mark.parametrize("token", ["x", "a.b", ".", "%00", "..%2f..%2fetc%2fpasswd", "a" * 5000 + "." + "b" * 43, "文"])
async def test_what_was_never_signed_is_refused(client: httpx.Client, files: Files, upload: Link, token: str) -> None:
    base = upload.url.rpartition("/")[0]
    for method in ("GET", "PUT"):
        answer = client.request(method, f"{base}/{token}", content=b"x" if method == "PUT" else None)
        assert answer.status_code in {403, 404}
        refused(
            answer,
            answer.status_code,
            ErrorCode.FORBIDDEN if answer.status_code == 403 else ErrorCode.NOT_FOUND,
            "LINK_INVALID" if answer.status_code == 403 else None,
        )


async def test_an_upload_address_cannot_touch_a_stored_file(
    client: httpx.Client, upload: Link, download: Link, store_it: Callable[[], object], lying: Look
) -> None:
    await store_it()
    refused(client.put(upload.url, content=BODY), 409, ErrorCode.CONFLICT, "ALREADY_STORED")
    assert lying() == [KEY]
    assert client.get(download.url).content == BODY


async def test_two_uploads_to_one_address(
    client: httpx.Client, files: Files, upload: Link, announced: Announce, lying: Look
) -> None:
    answers = await asyncio.gather(*(asyncio.to_thread(client.put, upload.url, content=BODY) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [204] * 4
    await files.store.settle(KEY, announced(BODY), {})
    assert lying() == [KEY]


@pytest.mark.usefixtures("client")
async def test_an_interrupted_upload_leaves_nothing(files: Files, upload: Link, lying: Look) -> None:
    gone = threading.Event()
    receive = files.store.receive

    async def watched(*given: object) -> None:
        try:
            await receive(*given)
        finally:
            gone.set()

    files.store.receive = watched
    address = urlsplit(upload.url)
    head = f"PUT {address.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(head + BODY[:1_000_000])
    assert await asyncio.to_thread(gone.wait, 20)
    assert lying() == []
