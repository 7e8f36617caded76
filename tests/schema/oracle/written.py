"""How values are written: as PostgreSQL writes JSON, said again in Python."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID


def written(value: Any) -> Any:
    """A database value as JSON shows it."""
    if isinstance(value, datetime):
        text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        fraction = f".{value.microsecond:06d}".rstrip("0").rstrip(".")
        return f"{text}{fraction}+00:00"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


def cursor(order: str, value: Any, tie: Any) -> str:
    """The cursor of a row: the order, the sort value and the tie-breaker, as URL-safe base64 without padding."""
    text = json.dumps([order, written(value), written(tie)], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
