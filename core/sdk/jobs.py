"""Jobs: work outside a request, and when it runs by itself.

A job runs in one transaction, in the scope of one tenant (or, as a system job, of all), together with the row that says that its
key is done: what it writes in the database is there once. `enqueue` writes the message in the transaction of the caller.
"""

from core.jobs.context import JobContext
from core.jobs.enqueue import TenantMissing, enqueue
from core.jobs.job import Job, NoPayload, Schedule, Urgency
from core.jobs.running import Outcome

__all__ = [
    "Job",
    "JobContext",
    "NoPayload",
    "Outcome",
    "Schedule",
    "TenantMissing",
    "Urgency",
    "enqueue",
]
