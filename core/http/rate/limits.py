"""Who is limited: each subject of the issuer by what they ask, each address by the tokens that are not believed.

Believed tokens are never limited by address: behind a load balancer all have one, and one who guesses would shut out all. The
buckets are this process's own; with several processes a client may ask as much of each.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from typing import Final

from core.errors import ErrorCode, YingsuError
from core.http.rate.buckets import Buckets, Rate
from core.identity.tokens import Identity

COST_OF_A_TOKEN: Final = 1_000
"""Units of cost that one more token is taken for, after the operation."""
_IPV6_SITE: Final = 64


class RateLimited(YingsuError):
    """请求过于频繁: wait `retryAfter` seconds; `limit` are the requests of a minute."""

    code = ErrorCode.RATE_LIMITED

    def __init__(self, rate: Rate, seconds: float) -> None:
        wait = max(1, math.ceil(seconds))
        super().__init__(
            f"too many requests: at most {rate.per_minute} in a minute, try again in {wait} s",
            f"请求过于频繁：每分钟最多 {rate.per_minute} 次，请在 {wait} 秒后重试",
            limit=rate.per_minute,
            retryAfter=wait,
        )


class RateLimits:
    """The buckets of one process; None where there is no limit."""

    def __init__(
        self, requests: Rate | None = None, failures: Rate | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.now = now
        self._subjects: Buckets[tuple[str, str]] | None = Buckets(requests) if requests else None
        self._addresses: Buckets[str] | None = Buckets(failures) if failures else None

    def admit(self, identity: Identity) -> None:
        """One request of a subject, before it is carried out; raises `RateLimited`."""
        if self._subjects is not None:
            wait = self._subjects.take((identity.issuer, identity.subject), self.now())
            if wait:
                raise RateLimited(self._subjects.rate, wait)

    def charge(self, identity: Identity, cost: int) -> None:
        """What the request cost beyond the least: one token more for each thousand units."""
        if self._subjects is not None and cost >= COST_OF_A_TOKEN:
            self._subjects.charge((identity.issuer, identity.subject), cost / COST_OF_A_TOKEN, self.now())

    def failed(self, address: str | None) -> None:
        """A request without a token that is believed; raises `RateLimited` where too many came from the address."""
        if self._addresses is not None:
            wait = self._addresses.take(_site(address), self.now())
            if wait:
                raise RateLimited(self._addresses.rate, wait)


def _site(address: str | None) -> str:
    """The address, or of an IPv6 address the network that a household gets whole."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, _IPV6_SITE), strict=False))
    return str(parsed)
