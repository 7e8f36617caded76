"""定时扫描: what comes due by itself. Every effect is derived from rows that are due by the clock that is passed in."""

from datetime import timedelta

from core.sdk.jobs import Job, NoPayload, Schedule, Urgency
from plugins.reminders.jobs.arming import arm
from plugins.reminders.jobs.sweeping import sweep

SWEEP = Job("reminders.sweep", "督办扫描", "supervision sweep", NoPayload, sweep, Urgency.URGENT, system=True)
ARM = Job("reminders.arm", "督办补立项", "arm what has no obligation yet", NoPayload, arm, Urgency.NORMAL, system=True)
JOBS = (SWEEP, ARM)
SCHEDULES = (
    # From midnight on, so that 00:00, the morning and noon are slots; a slot that was missed adds nothing to the next.
    Schedule(SWEEP, every=timedelta(minutes=2), catch_up=1),
    Schedule(ARM, every=timedelta(minutes=10), catch_up=1),
)
