"""The scalars beyond GraphQL's own. Each checks what comes in; what goes out is written by PostgreSQL."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

Date = NewType("Date", dt.date)
DateTime = NewType("DateTime", dt.datetime)
Time = NewType("Time", dt.time)
DecimalText = NewType("DecimalText", Decimal)
Json = NewType("Json", object)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"{what} is written as a string")
    return value


def parse_date(value: object) -> dt.date:
    """`2026-03-10`: a calendar day in Shanghai, not an instant."""
    text = _text(value, "Date")
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise GraphQLError("Date is a calendar day like 2026-03-10")


def parse_datetime(value: object) -> dt.datetime:
    """`2026-03-10T09:00:00+08:00`: an instant, with its offset."""
    text = _text(value, "DateTime")
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise GraphQLError("DateTime is an instant with its offset, like 2026-03-10T09:00:00+08:00")
    return instant


def parse_time(value: object) -> dt.time:
    """`09:30`: a time of day in Shanghai."""
    text = _text(value, "Time")
    try:
        if _TIME.fullmatch(text):
            return dt.time.fromisoformat(text)
    except ValueError:
        pass
    raise GraphQLError("Time is a time of day like 09:30")


def parse_decimal(value: object) -> Decimal:
    """`"1200.50"`: a decimal number as text; never NaN or Infinity."""
    text = _text(value, "Decimal")
    if not _DECIMAL.fullmatch(text):
        raise GraphQLError('Decimal is a number as a string, like "1200.50"')
    try:
        return Decimal(text)
    except InvalidOperation:
        raise GraphQLError('Decimal is a number as a string, like "1200.50"') from None


def _same(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _refuse_json(_value: object) -> object:
    raise GraphQLError("JSON is only answered, never taken")


SCALARS: dict[object, ScalarDefinition] = {
    Date: strawberry.scalar(
        name="Date",
        description="日历日（calendar day）。上海时区的一天，如 `2026-03-10`；诉讼期限是一天，不是一个时刻。",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date",
        serialize=_same,
        parse_value=parse_date,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="时刻（instant）。RFC 3339，带时区偏移，如 `2026-03-10T09:00:00+08:00`。",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=_same,
        parse_value=parse_datetime,
    ),
    Time: strawberry.scalar(
        name="Time",
        description="时间（time of day）。上海时区，如 `09:30`。",
        specified_by_url="https://scalars.graphql.org/apollographql/localtime",
        serialize=_same,
        parse_value=parse_time,
    ),
    DecimalText: strawberry.scalar(
        name="Decimal",
        description='十进制数（decimal）。以字符串表示，如 `"1200.50"`；不含 NaN 与 Infinity。',
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259#section-6",
        serialize=str,
        parse_value=parse_decimal,
    ),
    Json: strawberry.scalar(
        name="JSON",
        description="JSON 值（JSON value）。只用于输出，如期限的计算过程。",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=_same,
        parse_value=_refuse_json,
    ),
}

CONFIG = StrawberryConfig(scalar_map=SCALARS)
