"""The calendar file: what is read, and that each fault is named with its row and field."""

from __future__ import annotations

import csv
import io

import pytest

from core.calendar import CalendarFileError, read_calendar_file, shipped_calendar_file

SHIPPED = shipped_calendar_file()
HEADER, *LINES = SHIPPED.decode().splitlines()
LINES_2026 = [line for line in LINES if line.startswith("2026-")]


def content(lines: list[str], header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def changed(day: str, old: str, new: str) -> bytes:
    assert any(line.startswith(day) and old in line for line in LINES_2026)
    return content([line.replace(old, new, 1) if line.startswith(day) else line for line in LINES_2026])


def test_the_shipped_file_holds_four_whole_years() -> None:
    days = read_calendar_file(SHIPPED)
    assert len(days) == 1461
    assert [day.date for day in days] == sorted({day.date for day in days})


def test_the_two_sources_of_the_shipped_file_agree_on_every_official_day() -> None:
    official = [row for row in csv.DictReader(io.StringIO(SHIPPED.decode())) if row["status"] == "official"]
    assert len(official) == 1096
    for row in official:
        assert row["is_workday"] == row["src_chinesecalendar"] == row["src_chinese_days"], row["date"]


@pytest.mark.parametrize(
    "variant",
    [
        b"\xef\xbb\xbf" + content(LINES_2026),
        content(LINES_2026).decode().encode("gb18030"),
        content(LINES_2026).replace(b"\n", b"\r\n"),
        content(LINES_2026[::-1]),
        content(LINES_2026).replace(b",", b" , "),
    ],
    ids=["bom", "gb18030", "crlf", "backwards", "spaces"],
)
def test_one_list_has_one_version_however_it_is_written(variant: bytes) -> None:
    assert read_calendar_file(variant) == read_calendar_file(content(LINES_2026))


def test_another_list_has_another_version() -> None:
    plain = read_calendar_file(content(LINES_2026))
    other = read_calendar_file(changed("2026-03-03", "2,1,workday", "2,0,holiday"))
    assert plain[0].version.startswith("2026-official-")
    assert other[0].version != plain[0].version


def test_optional_columns_may_be_absent() -> None:
    rows = csv.DictReader(io.StringIO(content(LINES_2026).decode()))
    slim = [f"{row['date']},{row['is_workday']},{row['kind']},{row['status']}" for row in rows]
    days = read_calendar_file(content(slim, "date,is_workday,kind,status"))
    assert len(days) == 365
    assert {day.holiday for day in days} == {""}


@pytest.mark.parametrize(
    ("data", "line", "field", "value"),
    [
        (changed("2026-01-02", "2026-01-02", "2026-1-2"), 3, "date", "2026-1-2"),
        (changed("2026-01-02", "2026-01-02", "20260102"), 3, "date", "20260102"),
        (changed("2026-01-02", "2026-01-02", "2026-02-30"), 3, "date", "2026-02-30"),
        (changed("2026-01-02", "2026-01-02", "1900-01-02"), 3, "date", "1900-01-02"),
        (changed("2026-01-02", "2026-01-02", "2026-01-01"), 3, "iso_weekday", "5"),
        (changed("2026-01-05", ",1,workday", ",yes,workday"), 6, "is_workday", "yes"),
        (changed("2026-01-05", ",1,workday", ",0,workday"), 6, "is_workday", "0"),
        (changed("2026-01-05", ",1,workday", ",1,wrkday"), 6, "kind", "wrkday"),
        (changed("2026-01-05", ",1,workday", ",0,weekend"), 6, "kind", "weekend"),
        (changed("2026-01-10", ",0,weekend", ",1,workday"), 11, "kind", "workday"),
        (changed("2026-01-05", ",1,workday", ",1,makeup_workday"), 6, "kind", "makeup_workday"),
        (changed("2026-01-05", ",official", ","), 6, "status", ""),
        (changed("2026-01-05", ",official", ",unknown"), 6, "status", "unknown"),
        (changed("2026-01-05", "-05,1,", "-05,2,"), 6, "iso_weekday", "2"),
        (content([*LINES_2026, LINES_2026[7]]), 367, "date", "2026-01-08"),
        (content(LINES_2026[:-1]), 0, "date", "2026"),
        (changed("2026-01-05", ",official", ",provisional"), 0, "status", "2026"),
        (content([]), 0, "date", ""),
        (content(LINES_2026, HEADER.replace("status", "state")), 0, "status", ""),
        (b"", 0, "date", ""),
        (b"\x80\xff\xff", 0, "encoding", ""),
        (content(['2026-01-01,"4']), 0, "csv", ""),
    ],
)  # fmt: skip
def test_each_fault_names_its_row_and_field(data: bytes, line: int, field: str, value: str) -> None:
    with pytest.raises(CalendarFileError) as caught:
        read_calendar_file(data)
    first = caught.value.issues[0]
    assert (first.line, first.field, first.value) == (line, field, value)
    assert first.message
    assert first.message_zh
    assert field in str(caught.value)


def test_a_broken_file_reports_fifty_faults_and_stops() -> None:
    with pytest.raises(CalendarFileError) as caught:
        read_calendar_file(content([line.replace("2026-", "2026/") for line in LINES_2026]))
    assert len(caught.value.issues) == 50


def test_a_nul_byte_is_a_fault_not_a_crash() -> None:
    with pytest.raises(CalendarFileError):
        read_calendar_file(changed("2026-01-05", ",official", ",off\x00icial"))
