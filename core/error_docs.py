"""`docs/error-codes.md`, written from the declared codes: `python -m core.error_docs > docs/error-codes.md`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.cases.refusals.common import Common
from core.errors import ErrorCode
from core.extension import graphql as extension
from core.extension.registry import Registry
from core.house import CORE_CONTRIBUTIONS
from schema.act import Act

_HEAD = """\
# Error codes (错误代码)

<!-- Written by machine: python -m core.error_docs > docs/error-codes.md -->

There are two kinds of errors, and a front end treats them differently.

- **Top-level errors** (`errors[]` of the response) say that the request, or one root field of it, could not be carried out:
  syntax, authentication, a missing permission, a malformed id, a limit, a fault of ours. `extensions.code` comes from the
  first list below, `extensions.messageZh` is a text for people, `extensions.requestId` names the request in our logs.
- **Payload errors** (`errors` inside a mutation's payload) are what the user can mend. Each mutation has its own closed enum
  of codes, so that code generators know them all. Every entry has `code`, `message`, `messageZh` and `path`, which names the
  input field: `["input", "heldOn"]`. Nothing was changed where `errors` is not empty.

## Top-level codes

The list is closed. The last column says whether this version sends the code.

| code | Chinese | when, and what to do | sent |
| --- | --- | --- | --- |
"""
_COMMON_HEAD = """
Details stand beside the code: `field` (which argument, header or variable), `permission` (the one that is missing),
`reason` (why a token or an address was refused), `limit` and `actual` (of what was too much).

HTTP status: 200 once execution has begun, with field errors or without. Before that, 401 for `UNAUTHENTICATED`, 403 for
`FORBIDDEN`, 429 for `RATE_LIMITED`, 500 for `INTERNAL`; the others 400 under `application/graphql-response+json` and 200
under `application/json`. What HTTP itself turns away (405, 406, 408, 413, 415) has the same body.

## Payload codes that every mutation has

| code | Chinese | English | what it means |
| --- | --- | --- | --- |
"""
_ACTS_HEAD = """
## Payload codes of each mutation

Beside the four above. `enumLabels(name: "CaseRegisterRefusal")` answers the same texts as data. Plugins add mutations with
codes of their own.

| mutation | permission | code | Chinese | English |
| --- | --- | --- | --- | --- |
"""
_YES = "yes"
_MEANINGS: Final[Mapping[ErrorCode, tuple[str, str, str]]] = MappingProxyType(
    {
        ErrorCode.GRAPHQL_PARSE_FAILED: (
            "查询语句有语法错误",
            "The document is not GraphQL. Mend it.",
            _YES,
        ),
        ErrorCode.GRAPHQL_VALIDATION_FAILED: (
            "查询语句与接口定义不符",
            "A field, argument or type is not in the caller's schema. Generate the client's code anew.",
            _YES,
        ),
        ErrorCode.BAD_USER_INPUT: (
            "输入有误",
            "A malformed id, cursor, date, number, header or body; `field` says where.",
            _YES,
        ),
        ErrorCode.UNAUTHENTICATED: (
            "未认证",
            "No token, or one that is not accepted; `reason` says why. Get a new token.",
            _YES,
        ),
        ErrorCode.FORBIDDEN: (
            "无权限",
            "The role lacks `permission`, or the caller has no (or not that) membership. Do not try again.",
            _YES,
        ),
        ErrorCode.NOT_FOUND: (
            "不存在",
            "Outside GraphQL: nothing at this address. In GraphQL a missing node is null, without an error.",
            _YES,
        ),
        ErrorCode.CONFLICT: (
            "冲突",
            "An `Idempotency-Key` of another request, or of one that still runs; outside GraphQL, a file that is stored already.",
            _YES,
        ),
        ErrorCode.RATE_LIMITED: (
            "请求过于频繁",
            "Too many requests in a short time. Wait `retryAfter` seconds (`Retry-After`), then send it again.",
            _YES,
        ),
        ErrorCode.COST_LIMIT_EXCEEDED: (
            "超出限额",
            "An operation, body or batch over its limit; `reason` says which, `limit` how much. Ask for less.",
            _YES,
        ),
        ErrorCode.PERSISTED_QUERY_NOT_FOUND: (
            "未找到该持久化查询",
            "A hash that this process does not know. Send it together with the whole query.",
            _YES,
        ),
        ErrorCode.PERSISTED_QUERY_REQUIRED: (
            "仅接受已登记的查询",
            "The tenant executes registered documents only, and this is none. Have the front end's manifest registered.",
            _YES,
        ),
        ErrorCode.PLUGIN_NOT_ENABLED: (
            "插件未启用",
            "The tenant of the row has not enabled the plugin. Hide what the plugin brings.",
            "in payloads of plugins",
        ),
        ErrorCode.TIMEOUT: (
            "超时",
            "The operation, or its body, took too long. Ask for less, or try again once.",
            _YES,
        ),
        ErrorCode.INTERNAL: ("系统内部错误", "A fault of ours. Report the `requestId`; the log has the details.", _YES),
    }
)
_COMMON_MEANINGS: Final[Mapping[Common, str]] = MappingProxyType(
    {
        Common.NOT_FOUND: "missing, or not visible to the caller: the two look the same",
        Common.FORBIDDEN: "visible, but not the caller's to change",
        Common.CONFLICT: "`expectedVersion` is not the current one, or the same thing was entered meanwhile",
        Common.INVALID_INPUT: "a value that cannot be right; `path` names it, the message says why",
    }
)


def core_acts() -> list[Act]:
    """Every mutation of the core, by name."""
    parts = (*CORE_CONTRIBUTIONS, extension.contribution_of(Registry()))
    return sorted((act for part in parts for act in part.acts), key=lambda act: act.name)


def error_codes_page() -> str:
    """The page: the closed list, the codes that every mutation has, those of each."""
    return f"{_HEAD}{_codes()}{_COMMON_HEAD}{_common()}{_ACTS_HEAD}{''.join(map(_of_act, core_acts()))}"


def _codes() -> str:
    return "".join(
        f"| `{code.value}` | {zh} | {meaning} | {sent} |\n"
        for code in ErrorCode
        for zh, meaning, sent in (_MEANINGS[code],)
    )


def _common() -> str:
    return "".join(f"| `{code.value}` | {code.zh} | {code.en} | {_COMMON_MEANINGS[code]} |\n" for code in Common)


def _of_act(act: Act) -> str:
    own = [code for code in act.refusals if code.value not in set(Common)]
    first = f"| `{act.name}` | `{act.permission}` "
    if not own:
        return f"{first}| – | – | – |\n"
    rows = (f"| `{code.value}` | {code.zh} | {code.en} |\n" for code in own)
    return first + "| | ".join(rows)


if __name__ == "__main__":
    sys.stdout.write(error_codes_page())
