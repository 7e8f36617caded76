"""The schema's declarations: node types, fields on one's own and on others' types, lists, acts. Nothing here runs a query."""

from schema.act import Act
from schema.declare import (
    ComputedField,
    Contribution,
    DeclarationError,
    Filter,
    ListSource,
    LookupField,
    Order,
    Scalar,
    column,
    computed_many,
    connection,
    expression,
    extends,
    node,
    to_many,
    to_one,
)
from schema.describe import Doc, Ref

__all__ = [
    "Act",
    "ComputedField",
    "Contribution",
    "DeclarationError",
    "Doc",
    "Filter",
    "ListSource",
    "LookupField",
    "Order",
    "Ref",
    "Scalar",
    "column",
    "computed_many",
    "connection",
    "expression",
    "extends",
    "node",
    "to_many",
    "to_one",
]
