"""What the act on trusted documents is refused for."""

from __future__ import annotations

from core.cases.refusals.common import CONFLICT, FORBIDDEN, INVALID_INPUT, NOT_FOUND, NOTHING_TO_CHANGE
from core.labels import Labelled


class TrustedDocumentSetModeRefusal(Labelled):
    """设定可信文档模式的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    NOTHING_TO_CHANGE = NOTHING_TO_CHANGE
    NOTHING_REGISTERED = (
        "NOTHING_REGISTERED",
        "尚未登记任何文档，强制模式下所有请求都将被拒绝",
        "No document is registered: every request would be refused",
    )
