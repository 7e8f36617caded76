"""A broken constraint of the plugin's tables names the field and the reason, in a code that stays, as the core's do."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Table

from core.db.base import Base
from core.db.violations import INFO, Violation, rules_of
from plugins.reminders.acts import ladder
from tests.support.supervision import CITY, Desk, bureau


def test_no_constraint_is_silent(desk: Desk) -> None:
    assert desk.lab.silent_constraints("reminders") == []


def test_what_they_say_names_a_column_and_differs_in_both_languages() -> None:
    tables: list[Table] = [one for one in Base.metadata.tables.values() if one.name.startswith("reminders")]
    said = [(one.info[INFO], table) for table in tables for one in rules_of(table) if INFO in one.info]
    spoken = [(one, table) for one, table in said if isinstance(one, Violation)]
    assert len(spoken) > 4
    assert all(one.field in table.columns and one.message.isascii() and one.message_zh for one, table in spoken)
    assert all(one.strip() for one, _ in said if isinstance(one, str))


async def test_two_who_take_the_same_step_at_once_hear_which_field_is_at_fault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.at("2026-03-10")
    filed = await desk.file(filed_on="2026-01-05")
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-01-05")
    (row,) = await desk.obligations(filed)
    given = {
        "obligationId": desk.lab.id("SupervisedObligation", row.id),
        "level": "TALK",
        "letterNumber": "穗司督〔2026〕1号",
        "reason": "逾期未补救",
    }
    await desk.done(bureau(), "supervisionEscalate", given)

    async def before_the_other_wrote(*_: Any, **__: Any) -> list[Any]:
        return []

    monkeypatch.setattr(ladder, "rows_where", before_the_other_wrote)
    answer = await desk.lab.ask(
        CITY,
        "mutation ($input: SupervisionEscalateInput!) {"
        " supervisionEscalate(input: $input) { errors { code path message messageZh } } }",
        {"input": given},
    )
    assert answer["data"]["supervisionEscalate"]["errors"] == [
        {
            "code": "CONFLICT",
            "path": ["input", "level"],
            "message": "This step of the ladder has been taken already",
            "messageZh": "该级处置已作出",
        }
    ]
