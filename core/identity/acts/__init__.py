"""行为 on members and on grants of single cases."""

from __future__ import annotations

from typing import Final

from core.identity.acts import grants, members
from schema.act import Act

ACTS: Final[tuple[Act, ...]] = (*grants.ACTS, *members.ACTS)
"""Every act of identity."""
