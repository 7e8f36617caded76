"""What the plugin puts into the schema: a type, two fields on `Case`, and a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.sdk.graphql import (
    Doc,
    Filter,
    ListSource,
    Order,
    Scalar,
    column,
    computed_many,
    connection,
    expression,
    extends,
    node,
    to_many,
    to_one,
)
from yingsu_example import rules
from yingsu_example.tables import CaseLabel as CaseLabelTable


async def colour_codes(_context: Any, labels: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """Called once for all labels of an answer."""
    return [rules.colour_code(label["colour"]) for label in labels]


@node(CaseLabelTable, Doc("案件标签", "case label"))
class CaseLabel:
    text = column(CaseLabelTable.text, Doc("标签", "label"))
    colour = column(CaseLabelTable.colour, Doc("颜色", "colour"))
    colour_code = computed_many(
        colour_codes,
        Doc("颜色代码", "colour code", "CSS 颜色；自定颜色为空"),
        Scalar.STRING,
        requires={"colour": CaseLabelTable.colour},
    )
    created_at = column(CaseLabelTable.created_at, Doc("添加时间", "instant of adding"))
    case = to_one("Case", Doc("案件", "case"), via=CaseLabelTable.case_id)


def label_count(case: str) -> str:
    """Total: a case without labels counts 0."""
    return f"(select count(*)::integer from case_label l where l.shard = {case}.shard and l.case_id = {case}.id)"


@extends("Case")
class CaseFields:
    labels = to_many(
        "CaseLabel",
        Doc("标签", "labels", "按添加先后"),
        via=CaseLabelTable.case_id,
        order=[(CaseLabelTable.created_at, False), (CaseLabelTable.id, False)],
    )
    label_count = expression(label_count, Doc("标签数", "number of labels"), Scalar.INT)


CASE_LABELS = ListSource(
    "CaseLabel",
    "CaseLabel",
    CaseLabelTable,
    orders=(Order("CREATED_AT_DESC", CaseLabelTable.created_at, descending=True, doc=Doc("新的在前", "newest first")),),
    filters=(Filter("text", CaseLabelTable.text, Doc("标签", "label")),),
)

NODES = (CaseLabel,)
EXTENSIONS = (CaseFields,)
QUERIES = {"case_labels": connection(CASE_LABELS, Doc("案件标签列表", "case labels"))}
