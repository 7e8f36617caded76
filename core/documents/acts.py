"""行为 on files: announce one and get an address for its bytes, complete it, get an address to download it.

Bytes never pass through GraphQL. A file is PENDING from its announcement until `fileComplete` found its bytes in the store,
of the announced size and SHA-256; only then can a document take it and anybody download it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext, Subject
from core.cases.acts.refusing import Refused, at, refuse, refusing
from core.cases.acts.rows import found, locked, response_subject
from core.cases.records import rows
from core.cases.refusals.common import Common
from core.cases.states import FileStatus
from core.cases.tables import Document, Response
from core.db.scope import ScopeKind
from core.documents import records, rules
from core.documents.events import FileAnnounced, FileCompleted
from core.documents.files import Files
from core.documents.refusals import FileCompleteRefusal, FileDownloadRefusal, FileUploadRefusal
from core.documents.store import Announced, NotUploaded, TooLarge, TooSmall, WrongDigest, key_of
from core.documents.tables import StoredFile
from core.identity import permissions
from schema.act import Act
from schema.describe import Doc, Ref


@dataclass(frozen=True, slots=True)
class FileUpload:
    """登记上传文件."""

    name: Annotated[str, Doc("文件名", "file name", "最多200字，不含路径，扩展名应与文件类型一致")]
    media_type: Annotated[str, Doc("媒体类型", "media type", "如 application/pdf")]
    size: Annotated[int, Doc("大小（字节）", "size in bytes")]
    sha256: Annotated[str, Doc("摘要", "sha256", "文件内容的 SHA-256，64位十六进制数")]
    response_id: Annotated[
        UUID | None, Ref("Response"), Doc("应诉", "response", "文件归该应诉机关；不填则归本机关或本地区")
    ] = None


@dataclass(frozen=True, slots=True)
class UploadGiven:
    """What the answer to `fileUpload` shows beside the file."""

    id: Annotated[UUID, Doc("文件", "file")]
    upload_url: Annotated[
        str, Doc("上传地址", "upload url", "以 uploadMethod 发送文件内容，无须令牌；随后调用 fileComplete")
    ]
    upload_method: Annotated[str, Doc("上传方法", "upload method", "HTTP 方法，即 PUT")]
    content_type: Annotated[str, Doc("内容类型", "content type", "上传时的 Content-Type 请求头")]
    expires_at: Annotated[datetime, Doc("地址失效时间", "expires at")]


async def _owner(context: ActContext, given: FileUpload) -> dict[str, Any]:
    """Whose file it is: the response's agency's, else the actor's own agency's, else the actor's tenant's."""
    scope = context.session.scope
    if given.response_id is not None:
        response = await found(context, Response, given.response_id, at("response_id"))
        return {"code": response.code, "agency_id": response.agency_id}
    if scope.agency_id is not None:
        code = await records.code_of_agency(context.session, scope.agency_id)
        return {"code": scope.code if code is None else code, "agency_id": scope.agency_id}
    if scope.kind is not ScopeKind.TENANT:
        raise Refused(
            Common.FORBIDDEN,
            at("response_id"),
            "Say for which response the file is",
            "须填写文件所属的应诉",
        )
    return {"code": scope.code, "agency_id": None}


def _announcement(files: Files, given: FileUpload) -> dict[str, Any]:
    """The checked columns of an announced file."""
    code = FileUploadRefusal
    try:
        name = rules.safe_name(given.name)
    except rules.NameRefused as refused:
        raise refuse(code.NAME_NOT_SAFE, at("name"), refused.message, refused.message_zh) from None
    media_type = rules.normal_media_type(given.media_type)
    if media_type not in rules.MEDIA_TYPES:
        raise refuse(code.MEDIA_TYPE_NOT_ALLOWED, at("media_type"))
    if not rules.ending_fits(name, media_type):
        raise refuse(code.ENDING_MISMATCH, at("name"))
    if given.size < 1:
        raise Refused(Common.INVALID_INPUT, at("size"), "The file is empty", "文件不能为空")
    if given.size > files.size_limit:
        raise refuse(
            code.TOO_LARGE,
            at("size"),
            f"A file has at most {files.size_limit} bytes",
            f"文件不能超过{files.size_limit}字节",
        )
    sha256 = given.sha256.strip().lower()
    if not rules.SHA256.fullmatch(sha256):
        raise Refused(
            Common.INVALID_INPUT, at("sha256"), "A SHA-256 has 64 hexadecimal digits", "SHA-256 应为64位十六进制数"
        )
    return {"name": name, "media_type": media_type, "size": given.size, "sha256": sha256}


@refusing(FileUploadRefusal)
async def upload_file(context: ActContext, given: FileUpload) -> UploadGiven:
    """Announce a file and give out an address for its bytes. Emits FileAnnounced."""
    files = context.resource(Files)
    values = _announcement(files, given)
    owner = await _owner(context, given)
    created_at = context.now
    state = {"status": FileStatus.PENDING.value, "created_at": created_at}
    file_id = await rows.add(
        context.session, StoredFile, owner | values | state | {"uploaded_by": context.actor.member_id}
    )
    subject = Subject("File", file_id, owner["code"], owner["agency_id"])
    await context.record("fileUpload", subject, after=values)
    await context.emit(FileAnnounced(subject, **values))
    announced = Announced(values["size"], values["sha256"])
    link = await files.links.upload(key_of(context.shard, created_at, file_id), announced, created_at)
    return UploadGiven(file_id, link.url, "PUT", values["media_type"], link.expires_at)


@dataclass(frozen=True, slots=True)
class FileComplete:
    """完成上传."""

    file_id: Annotated[UUID, Ref("File"), Doc("文件", "file")]


@refusing(FileCompleteRefusal)
async def complete_file(context: ActContext, given: FileComplete) -> UUID:
    """Verify the uploaded bytes and store the file. Emits FileCompleted. Of a file that is stored already it changes nothing.

    The row is locked meanwhile, so that two completions of one file happen one after another.
    """
    code = FileCompleteRefusal
    file = await locked(context, StoredFile, given.file_id, at("file_id"))
    if file.status == FileStatus.STORED.value:
        return given.file_id
    # A bucket serves the file by itself, so it must know how; a folder's files get these headers from our own route.
    headers = {
        "Content-Type": file.media_type,
        "Content-Disposition": rules.content_disposition(file.name),
        "Cache-Control": "private, no-store",
    }
    store = context.resource(Files).store
    try:
        await store.settle(key_of(file.shard, file.created_at, file.id), Announced(file.size, file.sha256), headers)
    except NotUploaded:
        raise refuse(code.NOT_UPLOADED, at("file_id")) from None
    except (TooLarge, TooSmall):
        raise refuse(code.SIZE_MISMATCH, at("file_id")) from None
    except WrongDigest:
        raise refuse(code.DIGEST_MISMATCH, at("file_id")) from None
    after = {"status": FileStatus.STORED.value, "stored_at": context.now}
    if not await rows.change(context.session, StoredFile, file, after):
        raise Refused(Common.FORBIDDEN, at("file_id"))
    subject = response_subject("File", file.id, file)
    await context.record("fileComplete", subject, before={"status": file.status}, after=after)
    await context.emit(FileCompleted(subject, file.name, file.media_type, file.size, file.sha256))
    return given.file_id


@dataclass(frozen=True, slots=True)
class FileDownload:
    """下载文件: by the file, or by a document that has it."""

    file_id: Annotated[UUID | None, Ref("File"), Doc("文件", "file", "与文书只填一项")] = None
    document_id: Annotated[UUID | None, Ref("Document"), Doc("文书", "document", "能查看文书即能下载其文件")] = None


@dataclass(frozen=True, slots=True)
class DownloadGiven:
    """What the answer to `fileDownload` shows beside the file."""

    id: Annotated[UUID, Doc("文件", "file")]
    file_name: Annotated[str, Doc("文件名", "file name")]
    download_url: Annotated[str, Doc("下载地址", "download url", "以 GET 下载，无须令牌")]
    expires_at: Annotated[datetime, Doc("地址失效时间", "expires at")]


async def _downloadable(context: ActContext, given: FileDownload) -> tuple[Row[Any], Subject]:
    """The file, and under whom its download is recorded."""
    code = FileDownloadRefusal
    if (given.file_id is None) == (given.document_id is None):
        raise Refused(Common.INVALID_INPUT, (), "State either a file or a document", "文件与文书须填且只填一项")
    if given.document_id is None:
        file = await found(context, StoredFile, given.file_id, at("file_id"))  # type: ignore[arg-type]
        return file, response_subject("File", file.id, file)
    document = await found(context, Document, given.document_id, at("document_id"))
    if document.file_id is None:
        raise refuse(code.NO_FILE, at("document_id"))
    of_document = await records.of_document(context.session, document.id)
    if of_document is None:
        raise Refused(Common.NOT_FOUND, at("document_id"))
    # A court may write into the trail only under a response that it sees; the file itself may be the tenant's.
    return of_document, response_subject("File", of_document.id, document)


@refusing(FileDownloadRefusal)
async def download_file(context: ActContext, given: FileDownload) -> DownloadGiven:
    """Give out an address of a stored file, and record who asked for it.

    By its own id a file is seen by its agency and by the tenant in whose range it lies. Court, mediator and handler see no
    file rows: they name a document. The document is looked up under their own row-level security; if it is there for them,
    the function `file_of_document` (security definer, it checks the same scope again by itself) answers its file's row.
    Where the file's row is not the caller's to see, the payload's `file` is null; name and address are given all the same.
    """
    file, subject = await _downloadable(context, given)
    if file.status != FileStatus.STORED.value:
        raise refuse(FileDownloadRefusal.FILE_NOT_STORED)
    key = key_of(file.shard, file.created_at, file.id)
    announced = Announced(file.size, file.sha256)
    links = context.resource(Files).links
    link = await links.download(key, announced, file.name, file.media_type, context.now)
    await context.record("fileDownload", subject, after={"name": file.name, "document_id": given.document_id})
    return DownloadGiven(file.id, file.name, link.url, link.expires_at)


FILE_UPLOAD = Act(
    name="fileUpload",
    given=FileUpload,
    perform=upload_file,
    returns="File",
    refusals=FileUploadRefusal,
    permission=permissions.FILE_UPLOAD.name,
    doc=Doc("登记上传文件", "announce a file", "返回上传地址"),
    reveals=UploadGiven,
)
FILE_COMPLETE = Act(
    name="fileComplete",
    given=FileComplete,
    perform=complete_file,
    returns="File",
    refusals=FileCompleteRefusal,
    permission=permissions.FILE_UPLOAD.name,
    doc=Doc("完成上传", "complete an upload", "核对已上传内容的大小与 SHA-256"),
)
FILE_DOWNLOAD = Act(
    name="fileDownload",
    given=FileDownload,
    perform=download_file,
    returns="File",
    refusals=FileDownloadRefusal,
    permission=permissions.FILE_DOWNLOAD.name,
    doc=Doc("下载文件", "download a file", "返回限时的下载地址，并记入审计日志"),
    reveals=DownloadGiven,
)
ACTS = (FILE_UPLOAD, FILE_COMPLETE, FILE_DOWNLOAD)
