"""The shape of a row of the term table (期限表), and of what a tenant or a document may set instead."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from core.calendar.period_input import Direction
from core.calendar.trace import TermUnit
from core.errors import BadUserInput


class StartEvent(enum.StrEnum):
    """The event from which a term runs (起算事件); its day is not counted."""

    DOCUMENT_RECEIVED = "document_received"
    COMPLAINT_COPY_RECEIVED = "complaint_copy_received"
    APPEAL_COPY_RECEIVED = "appeal_copy_received"
    RETRIAL_COPY_RECEIVED = "retrial_copy_received"
    RECONSIDERATION_COPY_RECEIVED = "reconsideration_copy_received"
    COURT_NOTICE_RECEIVED = "court_notice_received"
    CASE_FILED = "case_filed"
    SERVED_ON_PARTY = "served_on_party"
    LAST_APPEAL_TERM_ENDED = "last_appeal_term_ended"
    LAST_PARTY_SIGNED = "last_party_signed"
    EFFECTIVE = "effective"
    PERFORMANCE_DUE = "performance_due"
    DUTY_DUE = "duty_due"
    ACT_DONE = "act_done"
    LOST_DOCUMENT_RECEIVED = "lost_document_received"
    RECONSIDERATION_ACCEPTED = "reconsideration_accepted"
    MEDIATOR_RECEIVED_FILE = "mediator_received_file"
    STATISTICS_PERIOD_ENDED = "statistics_period_ended"
    HEARING = "hearing"


class Basis(enum.StrEnum):
    """How firm a term is: set by law, by the city's mechanism, or a default of the platform."""

    LAW = "law"
    MECHANISM = "mechanism"
    DEFAULT = "default"


class TermKind(enum.StrEnum):
    """How a row gives a date."""

    COUNTED = "counted"
    CALENDAR_DATES = "calendar_dates"
    NO_DATE = "no_date"


class TermNotFixed(BadUserInput):
    """期限未确定: the term is set by a document or the court and was not given, or a given one is not allowed."""

    def __init__(self, term: str, message: str, message_zh: str) -> None:
        super().__init__(f"{term}: {message}", f"{term}：{message_zh}", field="term", term=term)


@dataclass(frozen=True, slots=True)
class TermRule:
    """One duty's term (期限规则).

    `amount` None means that the court or the document sets it. `month_days` (for CALENDAR_DATES) are the dates on
    which it is due each year, the first one after the start; month 0 means the month after the start's.
    `longest` bounds what may be set instead. `key` names the settings `<key>.term`, `.unit`, `.roll`;
    `amount_setting` replaces the first where the list of settings has another name, with `setting_index` into a list.
    """

    id: str
    zh: str
    en: str
    key: str
    starts: StartEvent
    source: str
    basis: Basis
    amount: int | None
    unit: TermUnit = TermUnit.DAY
    roll: bool = True
    kind: TermKind = TermKind.COUNTED
    direction: Direction = Direction.AFTER
    month_days: tuple[tuple[int, int], ...] = ()
    longest: int | None = None
    amount_setting: str = ""
    setting_index: int | None = None
    informational: bool = False
    note: str = ""

    @property
    def setting(self) -> str:
        """The name of the setting that replaces the amount."""
        return self.amount_setting or f"{self.key}.term"


@dataclass(frozen=True, slots=True)
class TermOverride:
    """What replaces parts of a rule (期限覆盖): a tenant's setting, or the term that a letter or an operative part states.

    None leaves the rule's own value. `fixed_on` is a stated last day, in place of any term.
    """

    amount: int | None = None
    unit: TermUnit | None = None
    roll: bool | None = None
    month_days: tuple[tuple[int, int], ...] | None = None
    fixed_on: date | None = None

    def on(self, rule: TermRule) -> TermRule:
        """The rule with the replaced parts.

        Raises TermNotFixed for an amount beyond what the rule allows.
        """
        if self.amount is not None and rule.longest is not None and self.amount > rule.longest:
            raise TermNotFixed(rule.id, f"at most {rule.longest} {rule.unit}", f"期限最长为 {rule.longest}")
        return replace(
            rule,
            amount=rule.amount if self.amount is None else self.amount,
            unit=self.unit or rule.unit,
            roll=rule.roll if self.roll is None else self.roll,
            month_days=rule.month_days if self.month_days is None else self.month_days,
        )


UNIT_SETTINGS: Final[Mapping[str, TermUnit]] = {
    "calendar": TermUnit.DAY,
    "working": TermUnit.WORKING_DAY,
    "month": TermUnit.MONTH,
    "year": TermUnit.YEAR,
}
"""The words that a `<key>.unit` setting may hold."""


def override_from_settings(rule: TermRule, settings: Mapping[str, object]) -> TermOverride:
    """What a tenant's settings replace in a rule: `<key>.term`, `<key>.unit`, `<key>.roll`, or the rule's own name.

    Dates of the year are `["07-10", "01-10"]`, or a number for that day of the next month. `strict` as a unit means
    calendar days that do not roll. Raises TermNotFixed for a value that cannot be one.
    """
    amount, month_days = None, None
    value = settings.get(rule.setting)
    if value is not None and rule.setting_index is not None:
        value = _item(rule, value, rule.setting_index)
    if value is not None and rule.kind is TermKind.CALENDAR_DATES:
        month_days = _month_days(rule, value)
    elif value is not None:
        amount = _whole(rule, value)
    unit = settings.get(f"{rule.key}.unit")
    roll = settings.get(f"{rule.key}.roll")
    if unit == "strict":
        unit, roll = "calendar", False
    if unit is not None and unit not in UNIT_SETTINGS:
        raise _bad(rule, f"{rule.key}.unit", unit)
    if roll is not None and not isinstance(roll, bool):
        raise _bad(rule, f"{rule.key}.roll", roll)
    return TermOverride(amount, UNIT_SETTINGS[str(unit)] if unit else None, roll, month_days)


def _bad(rule: TermRule, setting: str, value: object) -> TermNotFixed:
    return TermNotFixed(rule.id, f"setting {setting} cannot be {value!r}", f"设置项 {setting} 的值无效")


def _whole(rule: TermRule, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _bad(rule, rule.setting, value)
    return value


def _item(rule: TermRule, value: object, index: int) -> object:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) <= index:
        raise _bad(rule, rule.setting, value)
    return value[index]


def _month_days(rule: TermRule, value: object) -> tuple[tuple[int, int], ...]:
    if isinstance(value, int):
        texts: Sequence[object] = [f"00-{value:02d}"]
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        texts = value
    else:
        raise _bad(rule, rule.setting, value)
    found: list[tuple[int, int]] = []
    for text in texts:
        month, _, day = str(text).partition("-")
        if not (month.isascii() and month.isdigit() and day.isascii() and day.isdigit()):
            raise _bad(rule, rule.setting, text)
        found.append((int(month), int(day)))
        if not (0 <= found[-1][0] <= _MONTHS_IN_YEAR and 1 <= found[-1][1] <= _DAYS_IN_EVERY_MONTH):
            raise _bad(rule, rule.setting, text)
    return tuple(found)


_MONTHS_IN_YEAR: Final = 12
_DAYS_IN_EVERY_MONTH: Final = 28
