"""The sender of a process, put together from its settings: which channels there are, and how patient it is."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client import CollectorRegistry

from core.clock import Clock
from core.config import Settings
from core.db.session import Database
from core.extension.registry import Registry
from core.notifications.channel import Channel
from core.notifications.mail import MailServer
from core.notifications.metrics import DeliveryMetrics
from core.notifications.sending import Sender
from core.notifications.webhook import EndpointSecrets, Webhooks


def channels_of(settings: Settings, registry: Registry, secret: bytes, clock: Clock) -> dict[str, Channel]:
    """Every channel of this process, by name. `ValueError` for an SMTP URL that is none."""
    own = [Webhooks(EndpointSecrets(secret), clock, private=settings.webhook_private).channel()]
    if settings.smtp_url is not None:
        domains = frozenset(domain.lower() for domain in settings.smtp_domains)
        url = settings.smtp_url.get_secret_value()
        own.append(MailServer.parse(url, settings.smtp_from, domains, settings.smtp_seconds).channel(clock))
    return {channel.name: channel for channel in own} | registry.channels()


def sender_of(
    settings: Settings,
    database: Database,
    registry: Registry,
    secret: bytes,
    clock: Clock,
    metrics: CollectorRegistry | None = None,
) -> Sender:
    """What sends messages out of this process."""
    return Sender(
        database=database,
        clock=clock,
        channels=channels_of(settings, registry, secret, clock),
        metrics=DeliveryMetrics(metrics),
        lease=timedelta(seconds=settings.delivery_lease_seconds),
        first_wait=timedelta(seconds=settings.delivery_retry_seconds),
        attempts=settings.delivery_attempts,
    )
