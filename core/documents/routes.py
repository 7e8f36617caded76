"""`/files/{token}`: where the folder store's signed addresses lead. PUT takes an upload in, GET gives a file out.

The token is the permission; no bearer token is asked for, so that a plain link and a plain form of any front end work.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from core.clock import Clock
from core.documents.files import Files
from core.documents.links import PATH
from core.documents.range_header import NotSatisfiable, byte_range
from core.documents.rules import content_disposition
from core.documents.signing import DownloadGrant, LinkExpired, LinkRefused, LinkSigner, UploadGrant
from core.documents.store import FileStore, TooLarge, TooSmall, WrongDigest
from core.errors import ErrorCode, NotFound, YingsuError
from core.http.errors import HttpRefusal

IDLE_SECONDS: Final = 30.0
"""Seconds without a byte after which an upload is given up."""
DRAIN_BYTES: Final = 8_000_000
"""How much of a refused body is read and thrown away, so that its sender lives to read why."""
_CLIENT_CLOSED_REQUEST = 499
_PARTIAL, _NOT_SATISFIABLE = 206, 416


def file_routes(files: Files, clock: Clock) -> Sequence[BaseRoute]:
    """The routes of signed addresses; none where the bucket serves by itself."""
    if files.signer is None:
        return ()
    transfer = _Transfer(files.store, files.signer, clock)
    return (Route(PATH + "/{token}", transfer.answer, methods=["GET", "PUT"]),)


@dataclass(frozen=True, slots=True)
class _Transfer:
    store: FileStore
    signer: LinkSigner
    clock: Clock

    async def answer(self, request: Request) -> Response:
        """Take a file in, or give one out."""
        return await (self.upload(request) if request.method == "PUT" else self.download(request))

    async def upload(self, request: Request) -> Response:
        """Take in the bytes that were announced, and no others: 204, or a typed error that leaves nothing behind."""
        try:
            try:
                await self._receive(request)
            except YingsuError:
                await _drain(request)
                raise
        except ClientDisconnect:
            return Response(status_code=_CLIENT_CLOSED_REQUEST)
        return Response(status_code=204)

    async def _receive(self, request: Request) -> None:
        grant = self._upload_grant(request.path_params["token"])
        _require_plain(request.headers, grant)
        await self._require_open(grant)
        try:
            await self.store.receive(grant.key, _body(request), grant.announced)
        except TooLarge:
            raise _too_large(grant.size) from None
        except TooSmall:
            raise _too_small(grant.size) from None
        except WrongDigest:
            raise HttpRefusal(
                400,
                ErrorCode.BAD_USER_INPUT,
                "The bytes do not have the SHA-256 that was announced.",
                "文件内容与登记的 SHA-256 不符。",
                details={"reason": "DIGEST_MISMATCH"},
            ) from None

    def _upload_grant(self, token: str) -> UploadGrant:
        try:
            return self.signer.upload(token, self.clock.now())
        except LinkRefused:
            raise _refused() from None
        except LinkExpired:
            raise _expired() from None

    async def _require_open(self, grant: UploadGrant) -> None:
        if await self.store.is_settled(grant.key):
            raise HttpRefusal(
                409,
                ErrorCode.CONFLICT,
                "The file is stored already and cannot be replaced.",
                "文件已保存，不能覆盖。",
                details={"reason": "ALREADY_STORED"},
            )

    async def download(self, request: Request) -> Response:
        """Give a stored file, whole or one range of it, to be saved and never to be shown."""
        grant = self._download_grant(request.path_params["token"])
        headers = _download_headers(grant)
        try:
            wanted = _wanted(request.headers, headers["ETag"], grant.size)
        except NotSatisfiable:
            raise HttpRefusal(
                _NOT_SATISFIABLE,
                ErrorCode.BAD_USER_INPUT,
                "The range lies outside the file.",
                "请求的范围超出文件大小。",
                headers={"Content-Range": f"bytes */{grant.size}"},
            ) from None
        start, end = wanted or (0, grant.size)
        headers["Content-Length"] = str(end - start)
        if wanted is not None:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{grant.size}"
        try:
            chunks = await self.store.stream(grant.key, start, end if wanted else None)
        except FileNotFoundError:
            raise NotFound("The file is not there.", "文件不存在。") from None
        if request.method == "HEAD":
            return Response(headers=headers, status_code=200 if wanted is None else _PARTIAL)
        return StreamingResponse(chunks, 200 if wanted is None else _PARTIAL, headers)

    def _download_grant(self, token: str) -> DownloadGrant:
        try:
            return self.signer.download(token, self.clock.now())
        except LinkRefused:
            raise _refused() from None
        except LinkExpired:
            raise _expired() from None


def _require_plain(headers: Headers, grant: UploadGrant) -> None:
    """Refuse by its headers what cannot be right, before a byte is read."""
    if ",".join(headers.getlist("content-encoding")).strip().lower() not in {"", "identity"}:
        raise HttpRefusal(
            415,
            ErrorCode.BAD_USER_INPUT,
            "Send the file as it is, without Content-Encoding.",
            "请直接发送文件内容，不要压缩传输。",
            headers={"Accept-Encoding": "identity"},
        )
    length = headers.get("content-length", "")
    if length.isdecimal() and length.isascii():
        if int(length[:20]) > grant.size:
            raise _too_large(grant.size)
        if int(length) < grant.size:
            raise _too_small(grant.size)


async def _body(request: Request) -> AsyncIterator[bytes]:
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                chunk = await anext(stream, None)
        except TimeoutError as timeout:
            raise HttpRefusal(
                408,
                ErrorCode.TIMEOUT,
                f"No byte of the file arrived for {IDLE_SECONDS:g} seconds.",
                "上传中断超时。",
                headers={"Connection": "close"},
            ) from timeout
        if chunk is None:
            return
        if chunk:
            yield chunk


async def _drain(request: Request) -> None:
    """Read on for a while: a sender that is cut off in its sending never reads the answer."""
    if "expect" in request.headers:
        return
    read = 0
    try:
        async for chunk in _body(request):
            read += len(chunk)
            if read > DRAIN_BYTES:
                return
    except (HttpRefusal, RuntimeError):  # too slow, or read to its end already
        return


def _wanted(headers: Headers, tag: str, size: int) -> tuple[int, int] | None:
    condition = headers.get("if-range")
    if condition is not None and condition != tag:
        return None
    return byte_range(headers.get("range"), size)


def _download_headers(grant: DownloadGrant) -> dict[str, str]:
    return {
        "Content-Type": grant.media_type,
        "Content-Disposition": content_disposition(grant.name),
        # Said aloud, so that nothing on the way compresses what is compressed already, or breaks a range.
        "Content-Encoding": "identity",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cache-Control": "private, no-store",
        "Accept-Ranges": "bytes",
        "ETag": f'"{grant.sha256}"',
    }


def _refused() -> HttpRefusal:
    return HttpRefusal(
        403,
        ErrorCode.FORBIDDEN,
        "This address was not signed by this server for this method.",
        "链接无效。",
        details={"reason": "LINK_INVALID"},
    )


def _expired() -> HttpRefusal:
    return HttpRefusal(
        410,
        ErrorCode.FORBIDDEN,
        "This address has expired; ask for another.",
        "链接已过期，请重新获取。",
        details={"reason": "LINK_EXPIRED"},
    )


def _too_large(size: int) -> HttpRefusal:
    return HttpRefusal(
        413,
        ErrorCode.COST_LIMIT_EXCEEDED,
        f"The file has more than the {size} bytes that were announced.",
        f"文件大于登记的 {size} 字节。",
        headers={"Connection": "close"},
        details={"reason": "SIZE_MISMATCH", "limit": size},
    )


def _too_small(size: int) -> HttpRefusal:
    return HttpRefusal(
        400,
        ErrorCode.BAD_USER_INPUT,
        f"The file has fewer than the {size} bytes that were announced.",
        f"文件小于登记的 {size} 字节。",
        details={"reason": "SIZE_MISMATCH", "limit": size},
    )
