"""Courts and causes in the schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.cases.case_number import CourtLevel
from core.reference.tables import Cause as CauseTable
from core.reference.tables import Court as CourtTable
from schema.declare import column, connection, expression, node, to_many, to_one
from schema.declared.fields import LookupField
from schema.declared.lists import Filter, ListSource, Order
from schema.declared.types import Contribution
from schema.declared.values import Scalar
from schema.describe import Doc


@node(CourtTable, Doc("人民法院", "court", law="法〔2015〕137号"), key=CourtTable.code)
class Court:
    """A court, by its code in case numbers."""

    code = column(CourtTable.code, Doc("法院代字", "court code", "如 粤7101"))
    name = column(CourtTable.name_zh, Doc("名称", "name"))
    level = expression(lambda alias: f"upper({alias}.level)", Doc("层级", "level"), CourtLevel, nullable=False)
    administrative_role = column(CourtTable.administrative_role, Doc("行政审判职能", "role in administrative cases"))


@node(CauseTable, Doc("案由", "cause of action", law="法发〔2020〕44号"), key=CauseTable.code)
class Cause:
    """A cause of action, in three levels."""

    code = column(CauseTable.code, Doc("代码", "code"))
    name = column(CauseTable.name_zh, Doc("名称", "name"))
    level = column(CauseTable.level, Doc("级别", "level", "1 至 3"))
    verified = expression(
        lambda alias: f"{alias}.verified = 'two_sources'",
        Doc("是否经两个来源核对", "verified by two sources"),
        Scalar.BOOLEAN,
        nullable=False,
    )
    parent = to_one("Cause", Doc("上级案由", "parent cause"), via=CauseTable.parent_code, key=CauseTable.code)
    children = to_many(
        "Cause",
        Doc("下级案由", "child causes"),
        via=CauseTable.parent_code,
        key=CauseTable.code,
        order=[(CauseTable.code, False)],
    )


COURTS = ListSource(
    "Court",
    "Court",
    CourtTable,
    orders=(Order("CODE_ASC", CourtTable.code, descending=False, doc=Doc("按代字", "by code")),),
    filters=(Filter("division_code", CourtTable.division_code, Doc("行政区划代码", "division code")),),
)
CAUSES = ListSource(
    "Cause",
    "Cause",
    CauseTable,
    orders=(Order("CODE_ASC", CauseTable.code, descending=False, doc=Doc("按代码", "by code")),),
    filters=(
        Filter("level", CauseTable.level, Doc("级别", "level")),
        Filter("parent_code", CauseTable.parent_code, Doc("上级代码", "parent code")),
    ),
)


def by_code(alias: str, arguments: Mapping[str, Any], bind: Callable[[Any, str], str], _scope: Any) -> str:
    """A row of reference data by its code."""
    return f"{alias}.code = {bind(arguments['code'], 'text')}"


CODE = {"code": (str, Doc("代码", "code"))}
CONTRIBUTION = Contribution(
    "core",
    nodes=(Court, Cause),
    queries={
        "courts": connection(COURTS, Doc("法院列表", "courts")),
        "causes": connection(CAUSES, Doc("案由列表", "causes")),
        "court": LookupField(Doc("按代字取法院", "court by code"), "Court", CODE, by_code),
        "cause": LookupField(Doc("按代码取案由", "cause by code"), "Cause", CODE, by_code),
    },
)
