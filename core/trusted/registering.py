"""Registering a manifest and removing documents: all or nothing, in the tenant's own scope, with an audit entry each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row

from core.acting import ActContext, Subject
from core.errors import Conflict
from core.trusted import records
from core.trusted.manifest import Entry

IDS_TOLD = 200
"""Ids that one audit entry names; it has the number of all."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What registering a manifest changed."""

    added: int
    unchanged: int


async def register(context: ActContext, entries: Sequence[Entry], app: str, app_version: str) -> Registered:
    """Register documents for the tenant of the session's scope, and for those below it.

    Raises `Conflict`, and registers nothing, if an id names another text already.
    """
    scope = context.session.scope
    present = await records.all_documents_of(context.session, scope.code)
    _refuse_other_texts(entries, present)
    own = {row.document_id: row for row in present if (row.app, row.app_version) == (app, app_version)}
    again = [own[one.id].id for one in entries if one.id in own and own[one.id].removed_at is not None]
    new = [one for one in entries if one.id not in own]
    stamp = {"registered_at": context.now, "registered_by": context.actor.subject}
    place = {"code": scope.code, "high": scope.high, "app": app, "app_version": app_version}
    await records.add_documents(
        context.session,
        [
            {"document_id": one.id, "name": one.name, "sha256": sha256_of(one.body), "body": one.body, **place, **stamp}
            for one in new
        ],
    )
    if again:
        await records.set_removed(context.session, again, {"removed_at": None, **stamp})
    if new or again:
        await _record(context, "trustedDocumentsRegister", app, app_version, [one.id for one in entries])
    return Registered(len(new) + len(again), len(entries) - len(new) - len(again))


async def remove(
    context: ActContext, *, app: str | None = None, app_version: str | None = None, ids: Sequence[str] = ()
) -> int:
    """Remove documents of the tenant of the session's scope, by app, version or id; how many there were."""
    found = [
        row
        for row in await records.documents_of(context.session, context.shard, context.session.scope.code)
        if app in (None, row.app) and app_version in (None, row.app_version) and (not ids or row.document_id in ids)
    ]
    if found:
        await records.set_removed(context.session, [row.id for row in found], {"removed_at": context.now})
        named = [row.document_id for row in found]
        await _record(context, "trustedDocumentsRemove", app or "", app_version or "", named)
    return len(found)


def sha256_of(body: str) -> str:
    """The SHA-256 of a document's text, in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


def _refuse_other_texts(entries: Sequence[Entry], present: Sequence[Row[Any]]) -> None:
    known = {row.document_id: row.sha256 for row in present if row.removed_at is None}
    known |= {row.document_id: row.sha256 for row in present if row.document_id not in known}
    other = [one.id for one in entries if known.get(one.id, sha256_of(one.body)) != sha256_of(one.body)]
    if other:
        raise Conflict(
            f"registered with another text already: {', '.join(other[:10])}",
            f"以下标识已登记为其他内容：{'、'.join(other[:10])}",
        )


async def _record(context: ActContext, act: str, app: str, app_version: str, ids: Sequence[str]) -> UUID:
    subject = Subject("TrustedDocument", uuid4(), context.session.scope.code)
    told = {"app": app, "version": app_version, "documents": len(ids), "ids": list(ids[:IDS_TOLD])}
    await context.record(act, subject, after=told)
    return subject.id
