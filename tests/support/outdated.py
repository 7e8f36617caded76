"""A plugin whose every kind of thing is deprecated somewhere: field, argument, order, filter, enum value, input field, mutation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from core.cases.tables import CaseShell
from core.house import CORE_CONTRIBUTIONS
from core.labels import Labelled
from schema.act import Act
from schema.compose import House
from schema.declare import column, extends
from schema.declared.fields import ComputedField
from schema.declared.types import Contribution
from schema.describe import Deprecation, Doc, Ref
from schema.labels import deprecated_values

SINCE = date(2026, 12, 1)
OLD = Deprecation("由案号给出", "the number says it", since=SINCE, replacement="Case.number")
PLAIN = Doc("新", "new")


@deprecated_values(OLD=Deprecation("已并入新值", "merged into NEW", since=SINCE, replacement="Freshness.NEW"))
class Freshness(Labelled):
    """新旧（freshness）。"""

    NEW = "NEW", "新", "new"
    OLD = "OLD", "旧", "old"


class RelabelRefusal(Labelled):
    """拒绝原因（refusal）。"""

    NOT_FOUND = "NOT_FOUND", "对象不存在", "it does not exist"


@dataclass(frozen=True, slots=True)
class Relabel:
    """Input of `caseRelabel`."""

    case_id: Annotated[UUID, Ref("Case"), PLAIN]
    freshness: Annotated[Freshness, PLAIN] = Freshness.NEW
    title: Annotated[str | None, Doc("标题", "title", deprecated=OLD)] = None


@extends("Case")
class OfCase:
    title = column(CaseShell.number_text, Doc("标题", "title", deprecated=OLD))


async def answer(_context: Any, **_arguments: Any) -> str:
    return "x"


async def relabel(_context: Any, given: Relabel) -> UUID:
    return given.case_id


OUTDATED = Contribution(
    "outdated",
    extensions=(OfCase,),
    queries={
        "freshness": ComputedField(
            PLAIN,
            str,
            answer,
            arguments={"of": (str | None, Doc("名", "name", deprecated=OLD)), "kind": (Freshness | None, PLAIN)},
        )
    },
    acts=(
        Act(
            name="caseRelabel",
            given=Relabel,
            perform=relabel,
            returns="Case",
            refusals=RelabelRefusal,
            permission="case.register",
            doc=Doc("改标题", "relabel", deprecated=OLD),
        ),
    ),
    enums=(Freshness,),
)
OUTDATED_HOUSE = House((*CORE_CONTRIBUTIONS, OUTDATED))
