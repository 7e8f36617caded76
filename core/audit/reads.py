"""An auditor's own reads are recorded before the answer is sent (domain §10: own reads logged)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import insert

from core.audit.tables import AuditEntry
from core.db.session import Database
from core.identity.viewer import Viewer
from schema.execution import Operation


async def record_read(database: Database, viewer: Viewer, at: datetime, operation: Operation, request_id: str) -> None:
    """Write what an auditor asked for, in a transaction of its own: kept even if the query fails."""
    member = viewer.membership
    async with database.write(viewer.scope) as session:
        await session.execute(
            insert(AuditEntry)
            .inline()
            .values(
                shard=member.shard,
                code=member.code,
                agency_id=None,
                at=at,
                act="auditRead",
                actor=viewer.identity.subject,
                member_id=member.id,
                subject_type="Query",
                subject_id=member.id,
                before=None,
                after={
                    "operation": operation.name,
                    "sha256": hashlib.sha256(operation.query.encode()).hexdigest(),
                    "query": operation.query[:4000],
                    "variables": dict(operation.variables),
                },
                reason=None,
                request_id=request_id,
            )
        )
