"""What a process offers of messages, put together from its settings. It sends nothing, so it knows no channel by more than its name."""

from __future__ import annotations

from core.config import Settings
from core.extension.registry import Registry
from core.notifications.kinds import CORE_KINDS
from core.notifications.offered import EMAIL_OFFER, ChannelOffer, Offered
from core.notifications.webhook import EndpointSecrets


def offered_by(settings: Settings, registry: Registry, secret: bytes) -> Offered:
    """What an API process offers to members and bureaux; it sends nothing itself."""
    plugins = [
        ChannelOffer(one.name, one.zh, one.en, one.address, one.address_zh) for one in registry.channels().values()
    ]
    offers = [EMAIL_OFFER, *plugins] if settings.smtp_url is not None else plugins
    kinds = {kind.name: kind for kind in CORE_KINDS} | registry.notifications()
    channels = {offer.name: offer for offer in offers}
    return Offered(kinds, channels, EndpointSecrets(secret), settings.webhook_private)
