"""What the plugin puts into the schema: its types, fields on the core's types, lists, figures, subscriptions."""

from core.sdk.graphql import Contribution
from plugins.reminders import circular
from plugins.reminders.acts import ACTS
from plugins.reminders.graphql import extensions, figures, obligations, queries, reports, subscriptions

CONTRIBUTION = Contribution(
    "reminders",
    nodes=(*obligations.NODES, *reports.NODES, *circular.NODES),
    extensions=(*extensions.EXTENSIONS, *figures.EXTENSIONS),
    queries={**queries.QUERIES, **figures.QUERIES, **circular.QUERIES},
    acts=(*ACTS, *circular.ACTS),
    subscriptions=subscriptions.SUBSCRIPTIONS,
)
