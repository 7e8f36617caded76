"""行为 on calendar feeds: making a secret address, and revoking it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from sqlalchemy import func, select

from core.acting import ActContext
from core.cases.acts import checks
from core.cases.acts.refusing import Refused, at, refuse, refusing
from core.cases.acts.rows import changed, locked
from core.cases.records import rows
from core.cases.records.cases import one_at_a_time
from core.cases.refusals.common import CONFLICT, FORBIDDEN, INVALID_INPUT, NOT_FOUND, Common
from core.feeds.tables import CalendarFeed
from core.identity import permissions
from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc, Ref

MOST = 10
"""Addresses of one member that are not revoked."""
PATH = "/calendar"


class CalendarFeedCreateRefusal(Labelled):
    """创建日历订阅的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    TOO_MANY = "TOO_MANY", "日历订阅过多，请先撤销", "There are too many feeds: revoke one first"


class CalendarFeedRevokeRefusal(Labelled):
    """撤销日历订阅的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """Where feeds are served; a resource of the process."""

    base: str

    def of(self, token: str) -> str:
        """The secret address."""
        return f"{self.base}{PATH}/{token}.ics"


def digest_of(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CalendarFeedCreate:
    """创建日历订阅."""

    name: Annotated[str, Doc("名称", "name", "如 手机日历")]


@dataclass(frozen=True, slots=True)
class AddressGiven:
    """What the answer shows beside the feed."""

    id: Annotated[UUID, Doc("日历订阅", "feed")]
    url: Annotated[str, Doc("订阅地址", "secret url", "只在此处给出；知道地址者即可查看日程，请勿转发")]


@refusing(CalendarFeedCreateRefusal)
async def create_feed(context: ActContext, given: CalendarFeedCreate) -> AddressGiven:
    """Make a secret address of one's own calendar. The row itself, which stays for ever, is its record."""
    member = context.session.scope.member_id
    if member is None:
        raise Refused(Common.FORBIDDEN)
    name = checks.text(given.name, at("name"), 50)
    await one_at_a_time(context.session, "calendar_feed", member)
    table = CalendarFeed
    present = select(func.count()).where(
        table.shard == context.shard, table.member_id == member, table.revoked_at.is_(None)
    )
    if (await context.session.scalar(present)) >= MOST:
        raise refuse(CalendarFeedCreateRefusal.TOO_MANY)
    token = secrets.token_urlsafe(32)
    values = {"member_id": member, "name": name, "token_sha256": digest_of(token), "created_at": context.now}
    feed_id = await rows.add(context.session, table, {"code": context.session.scope.code, **values})
    return AddressGiven(feed_id, context.resource(FeedAddress).of(token))


@dataclass(frozen=True, slots=True)
class CalendarFeedRevoke:
    """撤销日历订阅: a second time changes nothing."""

    feed_id: Annotated[UUID, Ref("CalendarFeed"), Doc("日历订阅", "feed")]


@refusing(CalendarFeedRevokeRefusal)
async def revoke_feed(context: ActContext, given: CalendarFeedRevoke) -> UUID:
    """Let an address lead nowhere, at once and for ever."""
    row = await locked(context, CalendarFeed, given.feed_id, at("feed_id"))
    if row.revoked_at is None:
        await changed(context, CalendarFeed, row, {"revoked_at": context.now})
    return row.id  # type: ignore[no-any-return]


CALENDAR_FEED_CREATE = Act(
    name="calendarFeedCreate",
    given=CalendarFeedCreate,
    perform=create_feed,
    returns="CalendarFeed",
    refusals=CalendarFeedCreateRefusal,
    permission=permissions.CALENDAR_READ.name,
    doc=Doc("创建日历订阅", "create a calendar feed", "返回订阅地址"),
    reveals=AddressGiven,
)
CALENDAR_FEED_REVOKE = Act(
    name="calendarFeedRevoke",
    given=CalendarFeedRevoke,
    perform=revoke_feed,
    returns="CalendarFeed",
    refusals=CalendarFeedRevokeRefusal,
    permission=permissions.CALENDAR_READ.name,
    doc=Doc("撤销日历订阅", "revoke a calendar feed", "立即失效"),
)
ACTS = (CALENDAR_FEED_CREATE, CALENDAR_FEED_REVOKE)
