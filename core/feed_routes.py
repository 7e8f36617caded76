"""`/calendar/{token}.ics`: a member's calendar. The token is the permission, as calendar programs can send no other."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.errors import ErrorCode, NotFound
from core.feeds.acts import PATH
from core.feeds.reading import Feeds
from core.http.errors import HttpRefusal
from core.http.rate.buckets import Buckets, Rate

HEADERS = {"Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="yingsu.ics"'}
_TOO_MANY = 429


def feed_routes(feeds: Feeds, per_minute: int) -> Sequence[BaseRoute]:
    """The route of calendars; `per_minute` 0 for no limit."""
    buckets: Buckets[str] | None = Buckets(Rate(per_minute, per_minute)) if per_minute else None
    return (Route(PATH + "/{token}.ics", _Calendar(feeds, buckets).answer, methods=["GET"]),)


@dataclass(frozen=True, slots=True)
class _Calendar:
    feeds: Feeds
    buckets: Buckets[str] | None
    now: Callable[[], float] = field(default=time.monotonic)

    async def answer(self, request: Request) -> Response:
        """The calendar, or 304 for whoever has it; 404 for every secret that leads nowhere, whatever the reason."""
        self._admit(request.client.host if request.client else "")
        calendar = await self.feeds.calendar(request.path_params["token"])
        if calendar is None:
            raise NotFound("There is no such calendar.", "日历不存在。")
        tag = f'"{hashlib.sha256(calendar).hexdigest()[:32]}"'
        headers = {**HEADERS, "ETag": tag}
        known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
        if tag in known or "*" in known:
            return Response(status_code=304, headers=headers)
        return Response(calendar, media_type="text/calendar; charset=utf-8", headers=headers)

    def _admit(self, address: str) -> None:
        if self.buckets is None:
            return
        wait = self.buckets.take(address, self.now())
        if wait:
            seconds = max(1, math.ceil(wait))
            raise HttpRefusal(
                _TOO_MANY,
                ErrorCode.RATE_LIMITED,
                f"too many requests: try again in {seconds} s",
                f"请求过于频繁，请在 {seconds} 秒后重试",
                headers={"Retry-After": str(seconds)},
                details={"retryAfter": seconds},
            )
