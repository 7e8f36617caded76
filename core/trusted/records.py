"""The SQL of registered documents and their policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import orjson
from sqlalchemy import Row, exists, insert, select, update

from core.db.queries import Recogniser
from core.db.session import ReadSession, TenantSession
from core.trusted.modes import Said, TrustMode
from core.trusted.tables import TrustedDocument, TrustedDocumentPolicy

_SAID = "select digest, said from trusted_documents_said($1::integer, $2::text)"
_BODY = "select trusted_document_body($1::integer, $2::text) as body"


@dataclass(frozen=True, slots=True)
class RegisteredIn:
    """A registered document, and the range of the tenant that registered it."""

    low: int
    high: int
    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class OfShard:
    """All that is registered and said in a city, and the digest of it."""

    digest: str
    documents: tuple[RegisteredIn, ...]
    policies: tuple[Said, ...]


async def of_shard(queries: Recogniser, shard: int, known_digest: str | None) -> OfShard | None:
    """All that is registered in a city; None where its digest is still the known one."""
    (row,) = await queries.ask(_SAID, shard, known_digest)
    if row["said"] is None:
        return None
    said = orjson.loads(row["said"])
    return OfShard(
        row["digest"],
        tuple(RegisteredIn(*document) for document in said["documents"]),
        tuple(Said(code, high, TrustMode[mode]) for code, high, mode in said["policies"]),
    )


async def body_of(queries: Recogniser, shard: int, sha256: str) -> str | None:
    """The text of a registered document; None once it is removed."""
    (row,) = await queries.ask(_BODY, shard, sha256)
    return cast("str | None", row["body"])


async def has_document(session: TenantSession, low: int, high: int) -> bool:
    """Whether the tenant with this range, or one above it, has registered a document."""
    row = TrustedDocument
    found = exists().where(
        row.shard == session.scope.shard, row.code <= low, row.high >= high, row.removed_at.is_(None)
    )
    return bool(await session.scalar(select(found)))


async def documents_of(session: ReadSession, shard: int, code: int, app: str | None = None) -> Sequence[Row[Any]]:
    """The documents that a tenant has registered itself and not removed, by app, version and name."""
    row = TrustedDocument
    wanted = [row.shard == shard, row.code == code, row.removed_at.is_(None)]
    if app is not None:
        wanted.append(row.app == app)
    return await session.rows(
        select(row.__table__).where(*wanted).order_by(row.app, row.app_version, row.name, row.document_id)
    )


async def all_documents_of(session: TenantSession, code: int) -> Sequence[Row[Any]]:
    """The same, with the removed ones."""
    row = TrustedDocument
    return await session.rows(select(row.__table__).where(row.shard == session.scope.shard, row.code == code))


async def add_documents(session: TenantSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert documents."""
    for values in rows:
        await session.execute(insert(TrustedDocument).values(shard=session.scope.shard, **values))


async def set_removed(session: TenantSession, ids: Sequence[UUID], values: Mapping[str, Any]) -> int:
    """Mark documents as removed, or as there again; how many."""
    row = TrustedDocument
    return await session.execute(update(row).where(row.shard == session.scope.shard, row.id.in_(ids)).values(**values))


async def policy_of(session: TenantSession, code: int) -> Row[Any] | None:
    """What a tenant said itself, locked until the act ends."""
    row = TrustedDocumentPolicy
    return await session.row(
        select(row.__table__).where(row.shard == session.scope.shard, row.code == code).with_for_update()
    )


async def say(session: TenantSession, former: Row[Any] | None, values: Mapping[str, Any]) -> UUID:
    """Insert or change what a tenant says; its row's id."""
    row = TrustedDocumentPolicy
    if former is None:
        statement = insert(row).values(shard=session.scope.shard, version=1, **values).returning(row.id)
        return cast("UUID", await session.scalar(statement))
    changed = update(row).where(row.shard == session.scope.shard, row.id == former.id)
    await session.execute(changed.values(version=former.version + 1, **values))
    return cast("UUID", former.id)
