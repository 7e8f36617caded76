"""What is counted of streams; labels come from closed sets."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class StreamMetrics:
    """指标: open streams and subscriptions, events delivered, streams closed by reason, and how far the feed lags."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._open = Gauge(
            "yingsu_streams_open", "Open streams.", ["transport"], registry=registry, multiprocess_mode="livesum"
        )
        self._subscriptions = Gauge(
            "yingsu_subscriptions_open",
            "Subscriptions being served.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._delivered = Counter("yingsu_events_delivered", "Events sent to subscribers.", registry=registry)
        self._unseen = Counter(
            "yingsu_events_unseen", "Events that a subscriber may not see, found when told.", registry=registry
        )
        self._closed = Counter(
            "yingsu_streams_closed", "Streams closed, by code.", ["transport", "code"], registry=registry
        )
        self._dropped = Counter(
            "yingsu_events_dropped", "Events not sent because their subscriber was too slow.", registry=registry
        )
        self._listening = Gauge(
            "yingsu_feed_listening",
            "Processes that hear of new events as they come: one each.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._reconnects = Counter("yingsu_feed_connections", "Connections made to listen.", registry=registry)
        self._read = Counter("yingsu_feed_events", "Events read from the feed.", registry=registry)
        self._lag = Gauge(
            "yingsu_feed_lag_seconds",
            "Age of the oldest event when last read, of the slowest process.",
            registry=registry,
            multiprocess_mode="livemax",
        )

    def opened(self, transport: str) -> None:
        """A stream began."""
        self._open.labels(transport).inc()

    def closed(self, transport: str, code: str) -> None:
        """A stream ended, by a close code of ours or `client`."""
        self._open.labels(transport).dec()
        self._closed.labels(transport, code).inc()

    def subscribed(self, change: int) -> None:
        """Subscriptions came (1) or went (-1)."""
        self._subscriptions.inc(change)

    def delivered(self) -> None:
        """An event was handed to its transport."""
        self._delivered.inc()

    def unseen(self) -> None:
        """An event was kept from a subscriber."""
        self._unseen.inc()

    def dropped(self, events: int) -> None:
        """Events were left unsent."""
        self._dropped.inc(events)

    def listening(self, connected: bool) -> None:
        """The listening connection is there, or gone."""
        self._listening.set(1 if connected else 0)
        if connected:
            self._reconnects.inc()

    def read(self, events: int, lag_seconds: float) -> None:
        """So many events were read, the oldest so old."""
        self._read.inc(events)
        self._lag.set(lag_seconds)
