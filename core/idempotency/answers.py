"""The answers of one request that carries a key: recalled before an act is performed, kept in its transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.db.session import TenantSession
from core.db.violations import sqlstate_of
from core.errors import Conflict
from core.identity.viewer import Viewer
from schema.keyed import Kept

_CLAIM = text(
    "insert into idempotent_answer as kept (shard, member_id, key, fingerprint, answers, expires_at)"
    " values (:shard, :member, :key, :fingerprint, '{}', now() + make_interval(hours => :hours))"
    " on conflict (shard, member_id, key) do update set"
    " fingerprint = case when kept.expires_at <= now() then excluded.fingerprint else kept.fingerprint end,"
    " answers = case when kept.expires_at <= now() then '{}' else kept.answers end,"
    " expires_at = case when kept.expires_at <= now() then excluded.expires_at else kept.expires_at end"
    " returning fingerprint, (answers -> cast(:path as text))::text as answer"
)
"""Takes the key's row, new or not, and holds it until the act ends: whoever comes with the same key waits here."""
_KEEP = text(
    "update idempotent_answer set answers = answers || jsonb_build_object(cast(:path as text), cast(:answer as jsonb))"
    " where shard = :shard and member_id = :member and key = :key"
)
_FORGET = text("select forget_expired_answers()")
_STATEMENT_CANCELLED = "57014"


def fingerprint_of(query: str, operation_name: str | None, variables: Mapping[str, Any], viewer: Viewer) -> bytes:
    """SHA-256 of what is asked, and of what the asker is: under another role the same words are another request."""
    member = viewer.membership
    asker = [member.role.value, member.code, str(member.agency_id), member.court_code]
    asked = json.dumps([query, operation_name, dict(variables), asker], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(asked.encode()).digest()


@dataclass(slots=True)
class StoredAnswers:
    """What stands under one key of one member. `replayed` tells whether something was answered from there."""

    key: str
    fingerprint: bytes
    hours: int
    replayed: bool = False

    async def recall(self, session: TenantSession, path: str) -> Kept | None:
        """What the mutation at `path` answered the first time; None if it has not taken effect yet.

        Waits for a request with the same key that runs now. Raises `Conflict` if the key was used for another request, or
        if that wait takes too long.
        """
        given = {**self._row(session), "fingerprint": self.fingerprint, "hours": self.hours, "path": path}
        try:
            found = await session.row(_CLAIM, given)
        except DBAPIError as error:
            if sqlstate_of(error) != _STATEMENT_CANCELLED:
                raise
            raise Conflict(
                "a request with this Idempotency-Key is still running: try again later",
                "使用此 Idempotency-Key 的请求仍在执行，请稍后重试",
                field="idempotency-key",
            ) from error
        if found is None or found.fingerprint != self.fingerprint:
            raise Conflict(
                "this Idempotency-Key was used for another request: take a new key for each",
                "此 Idempotency-Key 已用于另一请求，每个请求应使用新的键",
                field="idempotency-key",
            )
        if found.answer is None:
            return None
        self.replayed = True
        row_id, nodes = orjson.loads(found.answer)
        return Kept(UUID(row_id), nodes)

    async def keep(self, session: TenantSession, path: str, kept: Kept) -> None:
        """Keep what the mutation at `path` answers, and let go of a few answers that nobody will ask for any more."""
        answer = orjson.dumps([str(kept.row_id), kept.nodes]).decode()
        await session.execute(_KEEP, {**self._row(session), "path": path, "answer": answer})
        await session.scalar(_FORGET)

    def _row(self, session: TenantSession) -> dict[str, object]:
        return {"shard": session.scope.shard, "member": session.scope.member_id, "key": self.key}
