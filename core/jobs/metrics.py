"""Figures of jobs: what this process did, and how the queues stand. Labels are names of jobs and queues, so they are bounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from core.db.session import ReadSession
from core.jobs import records
from core.jobs.job import Job
from core.jobs.message import JobMessage
from core.jobs.running import Outcome

_SECONDS: Final = (0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0)


class JobMetrics:
    """What a worker did. A job that nobody declares is counted as `unknown`."""

    def __init__(self, registry: CollectorRegistry, jobs: Mapping[str, Job]) -> None:
        self._jobs = jobs
        self._outcomes = Counter(
            "yingsu_jobs", "Messages dealt with, by what became of them.", ["job", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "yingsu_job_seconds",
            "Time from taking a message to its outcome.",
            ["job"],
            buckets=_SECONDS,
            registry=registry,
        )

    def observe(self, message: JobMessage, outcome: Outcome, seconds: float) -> None:
        """Count a message."""
        name = message.job if message.job in self._jobs else "unknown"
        self._outcomes.labels(name, outcome.value).inc()
        self._seconds.labels(name).observe(seconds)


class QueueMetrics:
    """How the queues in PostgreSQL stand when somebody asks."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge(name, meaning, labels, registry=registry, multiprocess_mode="mostrecent")

        self._messages = gauge("yingsu_job_queue_messages", "Messages in a queue.", "queue", "state")
        self._oldest = gauge("yingsu_job_queue_oldest_seconds", "Age of the oldest message that waits.", "queue")
        self._letters = gauge("yingsu_dead_letters", "Dead letters that nobody has dealt with.")

    async def refresh(self, session: ReadSession) -> None:
        """Look at the queues. The session is a system session's."""
        for urgency, depth in (await records.depths(session)).items():
            for state in ("waiting", "delayed", "running"):
                self._messages.labels(urgency.value, state).set(getattr(depth, state))
            self._oldest.labels(urgency.value).set(depth.oldest)
        self._letters.set(await records.open_letters(session))
