"""Reading a calendar file (日历文件): CSV with one row per day, whole years, checked row by row.

Columns: `date` (ISO), `is_workday` (1 or 0), `kind` (workday, weekend, holiday, makeup_workday),
`status` (official, provisional); optional `holiday` and `iso_weekday`; any other column is ignored.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

from core.calendar.working_days import (
    FIRST_DAY,
    LAST_DAY,
    CalendarDay,
    DayKind,
    WorkingCalendar,
    YearStatus,
    days_in_year,
    is_weekend,
)
from core.errors import BadUserInput

REQUIRED_COLUMNS: Final = ("date", "is_workday", "kind", "status")
SHIPPED_FILE: Final = "workdays-2024-2027.csv"
_MOST_ISSUES: Final = 50
_STATUSES: Final = {status.value: status for status in (YearStatus.OFFICIAL, YearStatus.PROVISIONAL)}


@dataclass(frozen=True, slots=True)
class CalendarFileIssue:
    """One thing wrong with a calendar file. `line` counts from 1 with the header; 0 means the file as a whole."""

    line: int
    field: str
    value: str
    message: str
    message_zh: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field} {self.value!r}: {self.message}"


class CalendarFileError(BadUserInput):
    """日历文件有误: nothing of the file is used; `issues` names each row and field (the first 50)."""

    def __init__(self, issues: tuple[CalendarFileIssue, ...]) -> None:
        super().__init__(
            "The calendar file is not valid: " + "; ".join(map(str, issues)),
            "日历文件有误：" + "；".join(f"第{i.line}行 {i.field}：{i.message_zh}" for i in issues),
            field="file",
            issues=[{"line": i.line, "field": i.field, "value": i.value, "messageZh": i.message_zh} for i in issues],
        )
        self.issues = issues


class _RowError(Exception):
    def __init__(self, field: str, value: str, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.field, self.value, self.message, self.message_zh = field, value, message, message_zh

    def at(self, line: int) -> CalendarFileIssue:
        return CalendarFileIssue(line, self.field, self.value, self.message, self.message_zh)


def read_calendar_file(content: bytes) -> tuple[CalendarDay, ...]:
    """The days of a calendar file, in order. UTF-8 (with or without BOM) or GB18030.

    Each year gets a version made from its content (`2026-official-1a2b3c4d`), so that the same list always has
    the same version and loading it twice changes nothing.

    Raises CalendarFileError: unreadable text, missing column, bad value, is_workday or weekday that does not
    agree with kind, a day given twice, a year that is not complete or mixes statuses.
    """
    days: dict[date, CalendarDay] = {}
    issues: list[CalendarFileIssue] = []
    for line, row in _rows(_decoded(content)):
        try:
            day = _day(row)
        except _RowError as error:
            issues.append(error.at(line))
        else:
            if days.setdefault(day.date, day) is not day:
                issues.append(CalendarFileIssue(line, "date", row["date"], "stands in the file already", "该日期重复"))
        if len(issues) == _MOST_ISSUES:
            break
    if not issues:
        issues = list(_year_issues(days))
    if issues:
        raise CalendarFileError(tuple(issues))
    return _with_versions(sorted(days.values(), key=lambda day: day.date))


@cache
def shipped_calendar() -> WorkingCalendar:
    """The calendar that ships with Yingsu: 2024-2026 official, 2027 provisional."""
    return WorkingCalendar(read_calendar_file(shipped_calendar_file()))


def shipped_calendar_file() -> bytes:
    """The shipped file itself, which a new installation imports first."""
    return resources.files("core.calendar").joinpath("data", SHIPPED_FILE).read_bytes()


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _whole_file("encoding", "neither UTF-8 nor GB18030", "文件编码既非 UTF-8 也非 GB18030")


def _whole_file(field: str, message: str, message_zh: str) -> CalendarFileError:
    return CalendarFileError((CalendarFileIssue(0, field, "", message, message_zh),))


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="", strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
        for name in REQUIRED_COLUMNS:
            if name not in header:
                raise _whole_file(name, "the column is missing", "缺少该列")
        reader.fieldnames = header
        for row in reader:
            yield reader.line_num, {name: value.strip() for name, value in row.items() if isinstance(value, str)}
    except csv.Error as error:
        raise _whole_file("csv", f"not a CSV file ({error})", "不是有效的 CSV 文件") from error


def _day(row: dict[str, str]) -> CalendarDay:
    on = _date(row["date"])
    if row["is_workday"] not in ("0", "1"):
        raise _RowError("is_workday", row["is_workday"], "must be 1 or 0", "应为 1 或 0")
    is_workday = row["is_workday"] == "1"
    kinds = {kind.value: kind for kind in DayKind}
    kind = kinds.get(row["kind"])
    if kind is None:
        raise _RowError("kind", row["kind"], f"must be one of {', '.join(kinds)}", "日期类型不在允许范围内")
    if kind.is_workday != is_workday:
        raise _RowError("is_workday", row["is_workday"], f"does not agree with kind {kind}", "与日期类型不一致")
    if kind is not DayKind.HOLIDAY and (kind in (DayKind.WEEKEND, DayKind.MAKEUP_WORKDAY)) != is_weekend(on):
        raise _RowError("kind", row["kind"], f"{on} is day {on.isoweekday()} of the week", "与该日星期不一致")
    if row.get("iso_weekday", "") not in ("", str(on.isoweekday())):
        raise _RowError("iso_weekday", row["iso_weekday"], f"{on} is {on.isoweekday()}", "与该日星期不一致")
    status = _STATUSES.get(row["status"])
    if status is None:
        raise _RowError(
            "status", row["status"], f"must be one of {', '.join(_STATUSES)}", "应为 official 或 provisional"
        )
    return CalendarDay(on, is_workday, kind, row.get("holiday", ""), status, "")


def _date(text: str) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        on = None
    if on is None or on.isoformat() != text:
        raise _RowError("date", text, "must be a date like 2026-01-31", "应为 2026-01-31 形式的日期")
    if not FIRST_DAY <= on <= LAST_DAY:
        raise _RowError("date", text, f"must lie in {FIRST_DAY}..{LAST_DAY}", "日期超出可计算范围")
    return on


def _year_issues(days: dict[date, CalendarDay]) -> Iterator[CalendarFileIssue]:
    if not days:
        yield CalendarFileIssue(0, "date", "", "the file has no rows", "文件没有数据行")
    years: dict[int, list[CalendarDay]] = {}
    for day in days.values():
        years.setdefault(day.date.year, []).append(day)
    for year, rows in sorted(years.items()):
        if len(rows) != days_in_year(year):
            message = f"{len(rows)} of {days_in_year(year)} days"
            yield CalendarFileIssue(
                0, "date", str(year), message, f"{year}年只有{len(rows)}天，应为{days_in_year(year)}天"
            )
        if len({row.status for row in rows}) > 1:
            yield CalendarFileIssue(0, "status", str(year), "the year mixes statuses", f"{year}年状态不一致")


def _with_versions(days: list[CalendarDay]) -> tuple[CalendarDay, ...]:
    digests: dict[int, hashlib._Hash] = {}
    for day in days:
        digest = digests.setdefault(day.date.year, hashlib.sha256())
        digest.update(f"{day.date},{day.kind},{day.holiday},{day.status}\n".encode())
    hexes = {year: digest.hexdigest()[:8] for year, digest in digests.items()}
    return tuple(replace(day, version=f"{day.date.year}-{day.status}-{hexes[day.date.year]}") for day in days)
