"""What a contestant is told through its environment: the database, and whose scope its transactions have."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

VARIABLE = "BENCH_SETTING"
CONNECTIONS = 10
"""As many as one process of ours opens by default."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`scope` is the very statement by which ours gives a transaction its scope."""

    dsn: str
    scope: str
    shard: int
    district: int | None
    written_by: str

    @classmethod
    def read(cls) -> Setting:
        return cls(**json.loads(os.environ[VARIABLE]))

    @property
    def own_cells(self) -> tuple[int, str, int]:
        """Shard, level and tenant of the summary rows by year that are the scope's own."""
        level = "CITY_YEAR" if self.district is None else "DISTRICT_YEAR"
        return self.shard, level, self.district or self.shard * 100_000

    def begin(self, *, read_only: bool) -> str:
        """Opens a transaction in the scope, in one message."""
        return f"begin{' read only' if read_only else ''}; {self.scope}"

    async def pool(self) -> Any:
        """A pool whose connections keep their settings: each transaction sets its own."""
        import asyncpg  # noqa: PLC0415 - a contestant with a driver of its own has none of it

        settings = {"jit": "off", "timezone": "UTC"}
        return await asyncpg.create_pool(
            self.dsn, min_size=CONNECTIONS, max_size=CONNECTIONS, reset=_keep, server_settings=settings
        )


async def _keep(_connection: Any) -> None:
    """Nothing to reset: the scope ends with its transaction."""
