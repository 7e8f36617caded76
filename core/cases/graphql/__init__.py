"""The case graph in the schema: types, lists and look-ups; its mutations are made of the acts."""

from core.cases.graphql import case_level, changes, lists, response_level
from schema.declared.types import Contribution

CONTRIBUTION = Contribution(
    "core",
    nodes=(*case_level.NODES, *response_level.NODES),
    queries=lists.QUERIES,
    subscriptions=changes.SUBSCRIPTIONS,
)

__all__ = ["CONTRIBUTION"]
