"""A plugin with every kind of field that can go wrong: hidden where it must not be null, failing, computed by Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.cases.states import CaseStatus
from core.cases.tables import CaseLink, CaseShell, Holding, Response
from core.errors import BadUserInput
from core.house import CORE_CONTRIBUTIONS
from schema.compose import House
from schema.declare import column, computed_many, expression, extends, node, to_many, to_one
from schema.declared.types import Contribution
from schema.declared.values import Scalar
from schema.describe import Doc

ODD = Doc("奇", "odd")
CALLS: list[tuple[str, int]] = []
"""Which batch functions were called, for how many rows."""


def answered(name: str, rows: Sequence[Any]) -> None:
    CALLS.append((name, len(rows)))


async def waiting_days(context: Any, rows: Sequence[Mapping[str, Any]], until: date | None = None) -> list[int]:
    answered("waitingDays", rows)
    end = until or context.view.scope.today
    return [(end - row["filed_on"]).days for row in rows]


async def odd_serial(_context: Any, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """An error for serial 2, a null for serial 3, which the type refuses."""
    answered("oddSerial", rows)
    refused = BadUserInput("two is odd", "二为奇")
    return [refused if row["serial"] == 2 else None if row["serial"] == 3 else row["serial"] for row in rows]


async def broken(_context: Any, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    answered("broken", rows)
    raise ZeroDivisionError("a secret of the server")


async def too_few(_context: Any, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    answered("tooFew", rows)
    return ["x" for _ in rows][1:]


async def statuses(_context: Any, rows: Sequence[Mapping[str, Any]]) -> list[list[CaseStatus]]:
    answered("statuses", rows)
    return [[CaseStatus(row["status"])] for row in rows]


async def doubled(_context: Any, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    answered("doubled", rows)
    return [None if row["amount"] is None else row["amount"] * 2 for row in rows]


@node(CaseLink, ODD, name="StrictLink")
class StrictLink:
    kind = column(CaseLink.kind, ODD)
    earlier = to_one("Case", ODD, via=CaseLink.from_case_id, nullable=False)
    later = to_one("Case", ODD, via=CaseLink.to_case_id, nullable=False)
    plain_kind = expression(lambda alias: f"{alias}.kind", ODD, Scalar.STRING, nullable=False)


@node(CaseShell, ODD, name="StrictCase")
class StrictCase:
    never = expression(
        lambda alias: f"nullif({alias}.number_serial, 3)", Doc("奇", "odd", "序号 3 为空"), Scalar.INT, nullable=False
    )
    serial = computed_many(odd_serial, ODD, Scalar.INT, requires={"serial": CaseShell.number_serial}, nullable=False)
    number = column(CaseShell.number_text, ODD)


@extends("Case")
class OfCase:
    strict_links = to_many("StrictLink", ODD, via=CaseLink.to_case_id, order=[(CaseLink.id, False)])
    strict = to_many("StrictCase", ODD, via=CaseShell.id, order=[(CaseShell.id, False)])
    quotient = expression(lambda alias: f"12 / ({alias}.number_serial - 3)", ODD, Scalar.INT)
    waiting_days = computed_many(
        waiting_days,
        ODD,
        Scalar.INT,
        requires={"filed_on": CaseShell.filed_on},
        arguments={"until": (Scalar.DATE, ODD)},
    )
    odd_serial = computed_many(odd_serial, ODD, Scalar.INT, requires={"serial": CaseShell.number_serial})
    broken = computed_many(broken, ODD, Scalar.STRING, requires={"serial": CaseShell.number_serial})
    too_few = computed_many(too_few, ODD, Scalar.STRING, requires={"serial": CaseShell.number_serial})
    statuses = computed_many(statuses, ODD, CaseStatus, requires={"status": CaseShell.status}, many=True)


@extends("Holding")
class OfHolding:
    doubled = computed_many(doubled, ODD, Scalar.DECIMAL, requires={"amount": Holding.amount_yuan})


@extends("Response")
class OfResponse:
    quotient = expression(lambda alias: f"12 / {alias}.ordinal", ODD, Scalar.INT)
    waiting_days = computed_many(waiting_days, ODD, Scalar.INT, requires={"filed_on": Response.filed_on})


ODDITIES = Contribution("oddities", nodes=(StrictLink, StrictCase), extensions=(OfCase, OfHolding, OfResponse))
ODD_HOUSE = House((*CORE_CONTRIBUTIONS, ODDITIES))
