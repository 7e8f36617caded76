"""What single values are: columns, SQL over a row, scalar types."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from sqlalchemy import Column
from sqlalchemy.orm import InstrumentedAttribute

from core.labels import Labelled

Attribute = InstrumentedAttribute[Any] | Column[Any]
Expression = Callable[[str], str]
"""SQL over one row: given the row's alias, the text of an expression. It must be total: no input may make it fail."""


class DeclarationError(Exception):
    """A declaration that cannot be right; raised at start, never at a request."""


class Scalar(Enum):
    """The scalar types of the schema."""

    ID = "ID"
    STRING = "String"
    INT = "Int"
    BOOLEAN = "Boolean"
    DATE = "Date"
    DATETIME = "DateTime"
    TIME = "Time"
    DECIMAL = "Decimal"
    JSON = "JSON"


Leaf = Scalar | type[Labelled]
"""The type of a leaf: a scalar, or an enum with labels."""


def column_of(attribute: Attribute) -> Column[Any]:
    """The table column behind a mapped attribute."""
    return attribute if isinstance(attribute, Column) else attribute.property.columns[0]
