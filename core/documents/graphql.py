"""Files in the schema. Their bytes travel by signed URL, never through GraphQL."""

from __future__ import annotations

from core.cases.states import FileStatus
from core.documents.acts import ACTS
from core.documents.tables import StoredFile
from schema.declare import column, expression, node
from schema.declared.types import Contribution
from schema.declared.values import Scalar
from schema.describe import Doc


@node(StoredFile, Doc("文件", "file"))
class File:
    """A file in the object store."""

    name = column(StoredFile.name, Doc("文件名", "name"))
    media_type = column(StoredFile.media_type, Doc("媒体类型", "media type"))
    size = expression(
        lambda alias: f"{alias}.size::text", Doc("大小（字节）", "size in bytes"), Scalar.STRING, nullable=False
    )
    sha256 = column(StoredFile.sha256, Doc("摘要", "sha256"))
    status = column(StoredFile.status, Doc("状态", "status"), enum=FileStatus)
    created_at = column(StoredFile.created_at, Doc("登记时间", "created at"))


CONTRIBUTION = Contribution("core", nodes=(File,), acts=ACTS)
