"""What acts write to the trail and to events, as JSON holds it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest

from core.acting import plain

ID = UUID("018f0000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "2026-03-02T09:30:00+00:00"),
        (time(9, 30), "09:30:00"),
        (ID, str(ID)),
        (Decimal("1.50"), "1.50"),
        (None, None),
        (3, 3),
        ([date(2026, 3, 2), ID], ["2026-03-02", str(ID)]),
        ((ID,), [str(ID)]),
        ({"days": [{"on": date(2026, 3, 2)}]}, {"days": [{"on": "2026-03-02"}]}),
    ],
)
def test_a_value_is_written_as_json_holds_it_at_any_depth(value: object, written: object) -> None:
    assert plain({"value": value}) == {"value": written}


def test_no_values_stay_no_values() -> None:
    assert plain(None) is None
