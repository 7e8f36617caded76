"""The errors that may reach a client: one closed list of codes, each with an English and a Chinese text.

Anything else that is raised is INTERNAL to the client, and a logged stack trace to us.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from uuid import UUID


class ErrorCode(StrEnum):
    """The closed, published list of top-level error codes (`errors[].extensions.code`)."""

    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    COST_LIMIT_EXCEEDED = "COST_LIMIT_EXCEEDED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    PERSISTED_QUERY_REQUIRED = "PERSISTED_QUERY_REQUIRED"
    PLUGIN_NOT_ENABLED = "PLUGIN_NOT_ENABLED"
    TIMEOUT = "TIMEOUT"
    INTERNAL = "INTERNAL"


class YingsuError(Exception):
    """An error meant for the client.

    `code` is stable, `message` English, `message_zh` Chinese; `details` go into `extensions`.
    """

    code: ErrorCode = ErrorCode.INTERNAL

    def __init__(self, message: str, message_zh: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.message_zh = message_zh
        self.details = details

    @property
    def extensions(self) -> dict[str, object]:
        """What stands beside the message in a GraphQL error."""
        return {"code": self.code.value, "messageZh": self.message_zh, **self.details}


class BadUserInput(YingsuError):
    """输入有误: a malformed id, cursor, date or number; `details["field"]` names where."""

    code = ErrorCode.BAD_USER_INPUT


class Unauthenticated(YingsuError):
    """未认证: no token, or one that is not accepted."""

    code = ErrorCode.UNAUTHENTICATED


class Forbidden(YingsuError):
    """无权限: the caller's role does not hold the permission named."""

    code = ErrorCode.FORBIDDEN


class NotFound(YingsuError):
    """不存在: missing, or not visible, which look the same."""

    code = ErrorCode.NOT_FOUND


class Conflict(YingsuError):
    """冲突: somebody else changed it first, or it exists already."""

    code = ErrorCode.CONFLICT


class PluginNotEnabled(YingsuError):
    """插件未启用: the tenant of the row has not enabled the plugin."""

    code = ErrorCode.PLUGIN_NOT_ENABLED


class OperationTimeout(YingsuError):
    """超时: the operation took longer than it may."""

    code = ErrorCode.TIMEOUT


def too_late(milliseconds: int) -> OperationTimeout:
    """The refusal of what took longer than it may."""
    return OperationTimeout("the operation took too long", "执行超时", limit=milliseconds / 1_000)


class CostLimitExceeded(YingsuError):
    """超出限额: the operation asks for more than one request may."""

    code = ErrorCode.COST_LIMIT_EXCEEDED


class ActRefused(Exception):
    """An act refused for a reason its caller can mend: it becomes an entry of the mutation payload's `errors`.

    `code` belongs to that mutation's closed enum, `path` names the input field (`("input", "startsOn")`).
    Raising it rolls the act's transaction back. `current` is the row that somebody else has changed: the payload shows it.
    """

    def __init__(
        self, code: Enum, message: str, message_zh: str, path: tuple[str, ...] = (), *, current: UUID | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.message_zh = message_zh
        self.path = path
        self.current = current
