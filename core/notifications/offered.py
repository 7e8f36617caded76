"""What this process offers: the kinds of messages and channels of the core and of its plugins, and where webhooks may lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.notifications.channel import EMAIL, EMAIL_ADDRESS
from core.notifications.declared import NotificationKind
from core.notifications.kinds import CORE_KINDS
from core.notifications.webhook import EndpointSecrets


@dataclass(frozen=True, slots=True)
class ChannelOffer:
    """A channel that a member can turn on: its names, and what an address looks like."""

    name: str
    zh: str
    en: str
    address: str
    address_zh: str

    def takes(self, address: str) -> bool:
        """Whether this is an address of the channel."""
        return re.fullmatch(self.address, address) is not None


EMAIL_OFFER: Final = ChannelOffer(EMAIL, "电子邮件", "e-mail", EMAIL_ADDRESS, "电子邮箱地址")


def _core_kinds() -> Mapping[str, NotificationKind]:
    return {kind.name: kind for kind in CORE_KINDS}


@dataclass(frozen=True, slots=True)
class Offered:
    """Kinds and channels by name; `private` says whether a webhook may lead into one's own network."""

    kinds: Mapping[str, NotificationKind] = field(default_factory=_core_kinds)
    channels: Mapping[str, ChannelOffer] = field(default_factory=dict)
    secrets: EndpointSecrets = field(default_factory=lambda: EndpointSecrets(b""), repr=False)
    private: bool = False

    @staticmethod
    def among(resources: Mapping[type[Any], Any]) -> Offered:
        """What a process offers; the core's kinds alone where it says nothing."""
        found: Offered | None = resources.get(Offered)
        return found or Offered()
