"""What the engine asks of those who keep answers for a retry (幂等); the core gives it, the engine only asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from core.db.session import TenantSession


@dataclass(frozen=True, slots=True)
class Kept:
    """What a mutation answered: the changed row, and its JSON by response key.

    Without `nodes` the answer had fields that failed: it is read again, for a failure is not worth keeping.
    """

    row_id: UUID
    nodes: Mapping[str, str | None] | None


class KeyedAnswers(Protocol):
    """The answers of one request that carries an `Idempotency-Key`; `path` is the response key of a root field."""

    async def recall(self, session: TenantSession, path: str) -> Kept | None:
        """What was answered the first time; None if the mutation has not taken effect yet.

        Asked first in the act's transaction. Raises `core.errors.Conflict` for a key of another request.
        """
        ...

    async def keep(self, session: TenantSession, path: str, kept: Kept) -> None:
        """Keep an answer, in the transaction of the act that it tells of."""
        ...
