"""Where a webhook may lead: never into the house's own network.

The address is resolved, judged, and then connected to as judged:
a name that answers otherwise the second time (DNS rebinding) leads nowhere.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from core.notifications.channel import DeliveryFailure, NotSent

LONGEST_URL: Final = 2_000


class UrlRefused(ValueError):
    """An address that no webhook may have."""

    def __init__(self, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.message_zh = message_zh


@dataclass(frozen=True, slots=True)
class Target:
    """A webhook's address, taken apart: `path` with the query."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """What the receiver calls itself."""
        usual = 443 if self.secure else 80
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == usual else f"{host}:{self.port}"


def parse_target(url: str, *, private: bool) -> Target:
    """`UrlRefused` for what is no https address (http too, where private addresses are allowed) with a host and no user."""
    if len(url) > LONGEST_URL or not url.isascii() or any(one.isspace() or not one.isprintable() for one in url):
        raise UrlRefused("an address is ASCII text without blanks", "地址应为不含空格的 ASCII 字符")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlRefused("no address", "地址格式有误") from None
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise UrlRefused("an address begins with https://", "地址须以 https:// 开头")
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise UrlRefused("an address has a host, no user and no fragment", "地址须有主机名，不含用户名和片段")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(secure, parts.hostname, port or (443 if secure else 80), path)
    literal = _literal(target.host)
    if literal is not None and not (private or is_public(literal)):
        raise UrlRefused("a private address", "不允许内网地址")
    return target


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the internet has this address: not ours, not the machine's own, not a group's."""
    if isinstance(address, IPv6Address):
        for inside in (address.ipv4_mapped, address.sixtofour, address.teredo and address.teredo[1]):
            if inside is not None:
                return is_public(inside)
        if (int(address) >> 32) == int(IPv6Address("64:ff9b::")) >> 32:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


async def reachable(target: Target, *, private: bool) -> str:
    """The one address to connect to; `NotSent` where the name has none, or any that may not be sent to."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent(DeliveryFailure.UNREACHABLE) from error
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses:
        raise NotSent(DeliveryFailure.UNREACHABLE)
    if not private and not all(is_public(one) for one in addresses):
        raise NotSent(DeliveryFailure.ADDRESS_NOT_ALLOWED)
    return str(addresses[0])


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
