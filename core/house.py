"""Everything that the core puts into the schema, collected from its slices."""

from __future__ import annotations

from core.audit import graphql as audit
from core.calendar import graphql as calendar
from core.cases import graphql as cases
from core.cases.acts import ACTS as CASE_ACTS
from core.cases.jobs import JOBS as CASE_JOBS
from core.cases.jobs import SCHEDULES as CASE_SCHEDULES
from core.documents import graphql as documents
from core.events import graphql as events
from core.extension.registry import Registry
from core.feeds import graphql as feeds
from core.identity import graphql as identity
from core.identity import viewer_graphql as viewer
from core.identity.acts import ACTS as IDENTITY_ACTS
from core.imports import graphql as imports
from core.jobs import upkeep
from core.jobs.job import Job, Schedule
from core.jobs.letters import graphql as letters
from core.notifications import graphql as notifications
from core.reference import graphql as reference
from core.tallies import graphql as tallies
from core.tenancy import graphql as tenancy
from core.tenancy.acts import ACTS as TENANCY_ACTS
from core.trusted import graphql as trusted
from schema.declared.types import Contribution

CORE_CONTRIBUTIONS: tuple[Contribution, ...] = (
    reference.CONTRIBUTION,
    tenancy.CONTRIBUTION,
    identity.CONTRIBUTION,
    viewer.CONTRIBUTION,
    calendar.CONTRIBUTION,
    audit.CONTRIBUTION,
    cases.CONTRIBUTION,
    documents.CONTRIBUTION,
    events.CONTRIBUTION,
    feeds.CONTRIBUTION,
    imports.CONTRIBUTION,
    letters.CONTRIBUTION,
    notifications.CONTRIBUTION,
    tallies.CONTRIBUTION,
    trusted.CONTRIBUTION,
    Contribution("core", acts=(*CASE_ACTS, *IDENTITY_ACTS, *TENANCY_ACTS)),
)
CORE_JOBS: tuple[Job, ...] = (upkeep.FORGET_DONE, *CASE_JOBS)
CORE_SCHEDULES: tuple[Schedule, ...] = (*upkeep.SCHEDULES, *CASE_SCHEDULES)


def jobs_of(registry: Registry) -> dict[str, Job]:
    """Every job of this process, by name: the core's and those of the installed plugins."""
    return {job.name: job for job in CORE_JOBS} | registry.jobs()


def schedules_of(registry: Registry) -> tuple[Schedule, ...]:
    """Every schedule of this process."""
    return (*CORE_SCHEDULES, *registry.schedules())
