"""The types of a grouping: its enum of dimensions, its group, its filter; and the one type in which every rate is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry
from strawberry.types.arguments import StrawberryArgument

from schema.declared.figures import RATE_TYPE, GroupedField, Grouping, Rate
from schema.describe import Doc
from schema.labels import closed_enum
from schema.scalars import DecimalText

if TYPE_CHECKING:
    from schema.build import TypeBuilder


def rate_type(builder: TypeBuilder) -> None:
    """The type of every rate; built with the first grouping that shows one."""
    if RATE_TYPE in builder.types:
        return
    fields = [
        builder.plain(
            "percent",
            DecimalText | None,
            Doc("百分比", "percent", "四舍五入保留两位小数；分母为零时为空，不以 0 或 100 代替"),
        ),
        builder.plain("numerator", int, Doc("分子", "numerator", "件次")),
        builder.plain("denominator", int, Doc("分母", "denominator", "件次")),
        builder.plain("definition", str, Doc("口径", "definition", "分子、分母各计何种案件")),
    ]
    builder.types[RATE_TYPE] = builder.object_type(
        RATE_TYPE, "比率（rate）。与其分子、分母及口径一并给出，以便核对。", fields
    )


def grouping_types(builder: TypeBuilder, grouping: Grouping) -> None:
    """Make the types of a grouping."""
    rate_type(builder)
    name, zh = grouping.name, grouping.doc.zh
    members = {dimension.name.upper(): dimension.doc for dimension in grouping.dimensions}
    builder.types[f"{name}Dimension"] = closed_enum(f"{name}Dimension", f"{zh}的分组维度（dimension）。", members)
    fields = [
        builder.plain(
            dimension.name,
            f"Optional[{dimension.target}]" if dimension.target else builder.leaf(dimension.type) | None,
            Doc(dimension.doc.zh, dimension.doc.en, "；".join(filter(None, (dimension.doc.more, "未按此分组时为空")))),
        )
        for dimension in grouping.dimensions
    ]
    fields += [
        builder.plain(one.name, RATE_TYPE if isinstance(one, Rate) else int, one.doc) for one in grouping.figures
    ]
    builder.types[f"{name}Group"] = builder.object_type(f"{name}Group", f"{zh}的一组（group）。", fields)
    if grouping.filters:
        filters = [builder.filter_field(declared) for declared in grouping.filters]
        builder.input_type(f"{name}Filter", f"{zh}的筛选（filter）；各项须同时满足。", filters)


def grouping_arguments(builder: TypeBuilder, field: GroupedField) -> list[StrawberryArgument]:
    """`by`, the ids that the field takes, and the filter."""
    name = field.grouping.name
    by: Any = f"list[{name}Dimension]"
    arguments = [builder.argument("by", by, "按哪些维度分组（group by）；不给则合计为一组。最多 1000 组。", [])]
    for argument, (_, doc) in field.references.items():
        arguments.append(builder.argument(argument, strawberry.ID | None, doc, None))
    if field.grouping.filters:
        arguments.append(builder.argument("filter", f"Optional[{name}Filter]", "筛选（filter）。", None))
    return arguments
