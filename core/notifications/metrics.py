"""What is counted of deliveries; labels come from closed sets."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class DeliveryMetrics:
    """指标: parcels by channel and outcome (sent, failed and tried again, given up), and what waits since when."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        registry = registry or CollectorRegistry()
        self._outcomes = Counter(
            "yingsu_notification_deliveries",
            "Messages handed over by a channel, failed and to be tried again, or given up.",
            ["channel", "outcome"],
            registry=registry,
        )
        self._waiting = Gauge(
            "yingsu_notification_deliveries_waiting",
            "Deliveries that wait, by channel.",
            ["channel"],
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        self._late = Gauge(
            "yingsu_notification_delivery_late_seconds",
            "For how long the oldest waiting delivery has been due; below 0 until it is.",
            ["channel"],
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        self._known: set[str] = set()

    def count(self, channel: str, outcome: str) -> None:
        """A parcel has been dealt with."""
        self._outcomes.labels(channel, outcome).inc()

    def tell_waiting(self, found: dict[str, tuple[int, float]]) -> None:
        """By channel how many wait, and for how many seconds the oldest has been due."""
        for channel in self._known | set(found):
            many, late = found.get(channel, (0, 0.0))
            self._waiting.labels(channel).set(many)
            self._late.labels(channel).set(late)
        self._known |= set(found)
