"""Closed error codes of the acts on files."""

from __future__ import annotations

from core.cases.refusals import common
from core.labels import Labelled


class FileUploadRefusal(Labelled):
    """登记上传文件的错误."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NAME_NOT_SAFE = "NAME_NOT_SAFE", "文件名不合规范", "The file name is not safe"
    MEDIA_TYPE_NOT_ALLOWED = "MEDIA_TYPE_NOT_ALLOWED", "不支持该文件类型", "Files of this type are not taken"
    ENDING_MISMATCH = "ENDING_MISMATCH", "文件扩展名与文件类型不符", "The name does not end as files of this type do"
    TOO_LARGE = "TOO_LARGE", "文件过大", "The file is too large"


class FileCompleteRefusal(Labelled):
    """完成上传的错误."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOT_UPLOADED = "NOT_UPLOADED", "文件内容尚未上传", "Nothing was uploaded yet"
    SIZE_MISMATCH = (
        "SIZE_MISMATCH",
        "文件大小与登记不符，已删除，请重新上传",
        "The size is not the one announced; the bytes were removed: upload them again",
    )
    DIGEST_MISMATCH = (
        "DIGEST_MISMATCH",
        "文件内容与登记的 SHA-256 不符，已删除，请重新上传",
        "The SHA-256 is not the one announced; the bytes were removed: upload them again",
    )


class FileDownloadRefusal(Labelled):
    """下载文件的错误."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    FILE_NOT_STORED = common.FILE_NOT_STORED
    NO_FILE = "NO_FILE", "该文书没有文件", "The document has no file"
