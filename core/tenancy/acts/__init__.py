"""行为 on agencies (GraphQL), and on tenants (command line: renaming, moving, merging, importing)."""

from __future__ import annotations

from typing import Final

from core.tenancy.acts import agencies
from schema.act import Act

ACTS: Final[tuple[Act, ...]] = agencies.ACTS
"""Every act of tenancy that users may do. Tenants change by the platform's administration alone."""
