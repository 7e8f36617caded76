"""The schema's declarations: node types, fields on one's own and on others' types, lists, acts. Nothing here runs a query."""

from schema.act import Act
from schema.declare import (
    column,
    computed_many,
    connection,
    expression,
    extends,
    grouped,
    node,
    to_many,
    to_one,
    to_one_of,
)
from schema.declared.fields import ComputedField, LookupField, Union
from schema.declared.figures import Count, Dimension, GroupedRows, Grouping, Rate
from schema.declared.lists import Filter, ListSource, Order
from schema.declared.types import Contribution
from schema.declared.values import DeclarationError, Scalar
from schema.describe import Deprecation, Doc, Ref
from schema.labels import deprecated_values
from schema.subscription import EventNode, SubscriptionField

__all__ = [
    "Act",
    "ComputedField",
    "Contribution",
    "Count",
    "DeclarationError",
    "Deprecation",
    "Dimension",
    "Doc",
    "EventNode",
    "Filter",
    "GroupedRows",
    "Grouping",
    "ListSource",
    "LookupField",
    "Order",
    "Rate",
    "Ref",
    "Scalar",
    "SubscriptionField",
    "Union",
    "column",
    "computed_many",
    "connection",
    "deprecated_values",
    "expression",
    "extends",
    "grouped",
    "node",
    "to_many",
    "to_one",
    "to_one_of",
]
