"""A kind of message, and a channel by which it can leave: files for whatever hands them on (短信 and 企业微信 gateways do it so)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from core.sdk.notifications import Channel, DeliveryFailure, NotificationKind, NotSent, Parcel, Placeholder

LABEL_ADDED = NotificationKind(
    "case_label.closed_label",
    "结案标签",
    "a label at closing",
    title="{案号}已标为“{标签}”",
    body="案件{案号}结案，已加标签“{标签}”。",
    placeholders=(Placeholder("case_number", "案号", "（2026）粤7101行初1号"), Placeholder("label", "标签", "已结")),
)


async def put_into_outbox(parcel: Parcel) -> None:
    """Write the parcel under its own id: who sends it a second time writes the same file, so it is there once."""
    outbox = os.environ.get("CASE_LABEL_OUTBOX")
    if outbox is None:
        raise NotSent(DeliveryFailure.CHANNEL_UNKNOWN)
    told = {"to": parcel.address, "title": parcel.title, "body": parcel.body}
    place = Path(outbox) / f"{parcel.id}.json"
    unfinished = place.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    unfinished.rename(place)


OUTBOX = Channel("case_label.outbox", "短信", "text message", r"1[3-9]\d{9}", "11位手机号码", put_into_outbox)
