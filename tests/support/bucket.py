"""A bucket in memory that speaks as much of the S3 protocol as our store uses, on a loopback port.

It checks pre-signed addresses by the published algorithm (AWS Signature Version 4, query parameters), not by the library that
made them. `YINGSU_TEST_S3` names a real service instead: its endpoint; credentials as the AWS variables say, and a bucket `yingsu`. It must check
signatures (moto does not).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ACCESS_KEY, SECRET_KEY, REGION, BUCKET = "AKTEST", "the secret key", "cn-test-1", "yingsu"
_KEPT = ("content-type", "content-disposition", "cache-control")


@dataclass
class Bucket:
    """Objects by key, each with its headers; parts of uploads that are not complete."""

    objects: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def application(self) -> Starlette:
        """The service."""
        methods = ["GET", "PUT", "POST", "DELETE"]
        return Starlette(
            routes=[
                Route(f"/{BUCKET}", self.bucket, methods=["GET", "POST"]),
                Route(f"/{BUCKET}/{{key:path}}", self.object, methods=methods),
            ]
        )

    async def bucket(self, request: Request) -> Response:
        if "delete" in request.query_params:
            keys = re.findall(r"<Key>(.*?)</Key>", (await request.body()).decode())
            for key in keys:
                self.objects.pop(key, None)
            deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            return _xml(f"<DeleteResult>{deleted}</DeleteResult>")
        prefix = request.query_params["prefix"]
        listed = "".join(
            f"<Contents><Key>{key}</Key><LastModified>{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f'<ETag>"e"</ETag><Size>{len(body)}</Size></Contents>'
            for key, (body, _) in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return _xml(f"<ListBucketResult><IsTruncated>false</IsTruncated>{listed}</ListBucketResult>")

    async def object(self, request: Request) -> Response:
        query = request.query_params
        if "X-Amz-Signature" in query and not _is_signed(request):
            return Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", 403)
        key = request.path_params["key"]
        if "uploads" in query or "uploadId" in query:
            return await self._multipart(request, key)
        if request.method == "PUT":
            self.objects[key] = (await request.body(), _kept(request))
            return Response(headers={"ETag": '"e"'})
        if key not in self.objects:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404)
        if request.method == "DELETE":
            del self.objects[key]
            return Response(status_code=204)
        body, headers = self.objects[key]
        return Response(body, headers={**headers, "ETag": '"e"', "Last-Modified": "Tue, 10 Mar 2026 02:00:00 GMT"})

    async def _multipart(self, request: Request, key: str) -> Response:
        if request.method == "POST" and "uploads" in request.query_params:
            upload = uuid4().hex
            self.parts[upload], self.headers[upload] = {}, _kept(request)
            return _xml(f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>")
        upload = request.query_params["uploadId"]
        if upload not in self.parts:
            return Response("<Error><Code>NoSuchUpload</Code></Error>", 404)
        if request.method == "PUT":
            self.parts[upload][int(request.query_params["partNumber"])] = await request.body()
            return Response(headers={"ETag": '"p"'})
        parts, headers = self.parts.pop(upload), self.headers.pop(upload)
        if request.method == "POST":
            self.objects[key] = (b"".join(parts[number] for number in sorted(parts)), headers)
        return _xml('<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>')


def _xml(text: str) -> Response:
    return Response(text, media_type="application/xml")


def _kept(request: Request) -> dict[str, str]:
    return {name: request.headers[name] for name in _KEPT if name in request.headers}


def _is_signed(request: Request) -> bool:
    pairs: list[Any] = parse_qsl(request.url.query, keep_blank_values=True)
    given = dict(pairs)
    signature = given.pop("X-Amz-Signature")
    signed_at = datetime.strptime(given["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if (datetime.now(UTC) - signed_at).total_seconds() > int(given["X-Amz-Expires"]):
        return False
    names = given["X-Amz-SignedHeaders"].split(";")
    canonical = "\n".join(
        [
            request.method,
            request.scope["raw_path"].decode(),
            "&".join(f"{quote(name, safe='')}={quote(given[name], safe='')}" for name in sorted(given)),
            "".join(f"{name}:{request.headers[name].strip()}\n" for name in names),
            ";".join(names),
            "UNSIGNED-PAYLOAD",
        ]
    )
    scope = given["X-Amz-Credential"].removeprefix(f"{ACCESS_KEY}/")
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", given["X-Amz-Date"], scope, digest])
    key = f"AWS4{SECRET_KEY}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), signature)
