"""A test kit: a real database with a small city in it, the schema with the plugins that are installed, and people who ask."""

from core.sdk.testing.laboratory import Laboratory, Visitor, laboratory
from core.sdk.testing.small_city import SmallCity

__all__ = ["Laboratory", "SmallCity", "Visitor", "laboratory"]
