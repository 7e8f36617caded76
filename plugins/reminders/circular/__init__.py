"""每月通报: the monthly circular of a city, frozen when it is published, corrected only in the next issue (domain §4, D20)."""

from plugins.reminders.circular.acts import ACTS
from plugins.reminders.circular.graphql import NODES, QUERIES
from plugins.reminders.circular.jobs import JOBS, SCHEDULES
from plugins.reminders.circular.permissions import PERMISSIONS
from plugins.reminders.circular.tables import TABLES

__all__ = ["ACTS", "JOBS", "NODES", "PERMISSIONS", "QUERIES", "SCHEDULES", "TABLES"]
