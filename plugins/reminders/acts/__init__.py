"""Every act of the plugin."""

from core.sdk.graphql import Act
from plugins.reminders.acts import feedback, ladder, obligations, remedies, remedy_results, reminders, reports

ACTS: tuple[Act, ...] = (
    *reports.ACTS,
    *obligations.ACTS,
    *feedback.ACTS,
    *reminders.ACTS,
    *remedies.ACTS,
    *remedy_results.ACTS,
    *ladder.ACTS,
)
