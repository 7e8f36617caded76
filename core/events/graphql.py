"""`eventCursor`: where the feed of events is now, so that a client can read its data and then subscribe without a gap."""

from __future__ import annotations

from core.events.feed import place_now
from schema.context import OperationContext
from schema.declared.fields import ComputedField
from schema.declared.types import Contribution
from schema.describe import Doc


async def resolve_event_cursor(context: OperationContext) -> str:
    """The cursor of now."""
    async with context.reading() as session:
        context.statements += 1
        place = await place_now(session)
    return place.cursor().encode()


CONTRIBUTION = Contribution(
    "core",
    queries={
        "event_cursor": ComputedField(
            Doc(
                "事件流的当前游标",
                "cursor of the event feed",
                "先取游标、再读数据，订阅时放入 `after`，则其间的事件不会遗漏",
            ),
            str,
            resolve_event_cursor,
        )
    },
)
