"""Who reads circulars, and who draws up and publishes those of the city (domain §10, column 通报)."""

from __future__ import annotations

from typing import Final

from core.sdk.hooks import Area, Permission, Role, readers

CIRCULARS_READ: Final = Permission(
    "circulars.read",
    "查看通报",
    "read circulars",
    # The court reads joint circulars alone, and the monthly one is the city's.
    readers(Area.CIRCULARS) - {Role.COURT_LIAISON},
)
CIRCULAR_DRAFT: Final = Permission("circular.draft", "起草通报", "draw up a circular", frozenset({Role.CITY_BUREAU}))
CIRCULAR_PUBLISH: Final = Permission(
    "circular.publish", "发布通报", "publish a circular", frozenset({Role.CITY_BUREAU, Role.CITY_LEADER})
)
PERMISSIONS: Final = (CIRCULARS_READ, CIRCULAR_DRAFT, CIRCULAR_PUBLISH)
