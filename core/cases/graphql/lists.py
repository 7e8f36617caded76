"""Root queries of the case graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.cases.case_number import CaseNumberRefused, parse_normalised
from core.cases.graphql import sources
from core.db.scope import Scope
from core.errors import BadUserInput
from schema.declare import connection
from schema.declared.fields import LookupField, RootField
from schema.describe import Doc


def by_number(alias: str, arguments: Mapping[str, Any], bind: Callable[[Any, str], str], scope: Scope) -> str:
    """A case by its number as written: brackets and digits of either width. A malformed number is `BadUserInput`."""
    try:
        number, _ = parse_normalised(arguments["number"], today=scope.today)
    except CaseNumberRefused as refused:
        raise BadUserInput(
            f"number: {refused.message}", f"案号：{refused.message_zh}", field="number", reason=refused.reason.value
        ) from None
    conditions = [
        f"{alias}.shard = {bind(scope.shard, 'integer')}",
        f"{alias}.court_code = {bind(number.court_code, 'text')}",
        f"{alias}.number_year = {bind(number.year, 'integer')}",
        f"{alias}.number_special = {bind(number.special or '', 'text')}",
        f"{alias}.number_type = {bind(number.type, 'text')}",
        f"{alias}.number_serial = {bind(number.serial, 'integer')}",
    ]
    return " and ".join(conditions)


QUERIES: dict[str, RootField] = {
    "cases": connection(sources.CASES, Doc("案件列表", "cases", "本人范围内，每案一条"), permission="cases.read"),
    "hearings": connection(sources.HEARINGS, Doc("庭审列表", "hearings"), permission="hearings.read"),
    "judgments": connection(sources.JUDGMENTS, Doc("裁判列表", "judgments"), permission="judgments.read"),
    "documents": connection(sources.DOCUMENTS, Doc("文书列表", "documents"), permission="documents.read"),
    "periods": connection(sources.PERIODS, Doc("期限列表", "periods"), permission="periods.read"),
    "obligations": connection(sources.OBLIGATIONS, Doc("义务列表", "obligations"), permission="obligations.read"),
    "suggestions": connection(sources.SUGGESTIONS, Doc("建议列表", "suggestions"), permission="suggestions.read"),
    "case_by_number": LookupField(
        Doc("按案号取案件", "case by number", "全角半角括号、数字均可"),
        "Case",
        {"number": (str, Doc("案号", "case number", "如（2026）粤7101行初123号", law="法〔2015〕137号"))},
        by_number,
        permission="cases.read",
    ),
}
