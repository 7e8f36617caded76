"""Calendar feeds in the schema: the member's own; the secret is shown once, when it is made."""

from __future__ import annotations

from core.feeds.acts import ACTS
from core.feeds.tables import CalendarFeed as FeedTable
from core.identity.permissions import CALENDAR_READ
from schema.declare import column, connection, node
from schema.declared.lists import ListSource, Order
from schema.declared.types import Contribution
from schema.describe import Doc


@node(FeedTable, Doc("日历订阅", "calendar feed", "只有本人可见"))
class CalendarFeed:
    """A secret address of the viewer's calendar."""

    name = column(FeedTable.name, Doc("名称", "name"))
    created_at = column(FeedTable.created_at, Doc("创建时间", "created at"))
    revoked_at = column(FeedTable.revoked_at, Doc("撤销时间", "revoked at", "有效时为空"))


FEEDS = ListSource(
    "CalendarFeed",
    "CalendarFeed",
    FeedTable,
    orders=(Order("CREATED_AT_DESC", FeedTable.created_at, descending=True, doc=Doc("新的在前", "newest first")),),
)

CONTRIBUTION = Contribution(
    "core",
    nodes=(CalendarFeed,),
    queries={
        "calendar_feeds": connection(
            FEEDS, Doc("本人的日历订阅", "the viewer's calendar feeds"), permission=CALENDAR_READ.name
        )
    },
    acts=ACTS,
)
