"""Where revisions of tables lie. Known without Alembic, which a serving process has no use for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MigrationBranch:
    """A folder of revisions: the core's, or a plugin's."""

    name: str
    versions: Path
