"""任期: from a day (inclusive) to a day (exclusive), and how it ends at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from core.acting import ActContext
from core.cases.acts import checks
from core.cases.acts.refusing import at, refuse
from core.labels import Labelled


def span(
    context: ActContext, valid_from: date | None, valid_until: date | None, out_of_order: Labelled
) -> tuple[date, date | None]:
    """A checked validity; without a first day, from today."""
    start = checks.day(valid_from or context.today, at("valid_from"))
    if valid_until is not None:
        checks.day(valid_until, at("valid_until"))
        if valid_until <= max(start, context.today):
            raise refuse(out_of_order, at("valid_until"))
    return start, valid_until


def ending(context: ActContext, row: Row[Any], ends_on: date | None, codes: type[Labelled]) -> dict[str, date]:
    """The columns of a validity that ends on `ends_on`, its first day without effect; by default today, that is at once.

    What began today and ends today never took a whole day: its first day moves back by one, since a validity is not empty.
    The audit entry keeps the day on which it really began.
    """
    today = context.today
    if row.valid_until is not None and row.valid_until <= today:
        raise refuse(codes["ENDED"], at("ends_on"))
    last = today if ends_on is None else checks.day(ends_on, at("ends_on"))
    if last < today:
        raise refuse(codes["DATES_OUT_OF_ORDER"], at("ends_on"))
    values = {"valid_until": last}
    if row.valid_from >= last:
        values["valid_from"] = last - timedelta(days=1)
    return values
