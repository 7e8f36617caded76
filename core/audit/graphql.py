"""The audit trail in the schema."""

from __future__ import annotations

from core.audit.tables import AuditEntry as AuditEntryTable
from schema.declare import column, connection, node, to_one
from schema.declared.lists import Filter, ListSource, Order
from schema.declared.types import Contribution
from schema.describe import Doc

AUDIT_READ = "audit.read"


@node(AuditEntryTable, Doc("审计记录", "audit entry"))
class AuditEntry:
    """One act, with what it changed."""

    at = column(AuditEntryTable.at, Doc("时间", "instant"))
    act = column(AuditEntryTable.act, Doc("行为", "act", "即变更的名称"))
    actor = column(AuditEntryTable.actor, Doc("行为人", "actor"))
    subject_type = column(AuditEntryTable.subject_type, Doc("对象类型", "type of the subject"))
    before = column(AuditEntryTable.before, Doc("变更前", "before"))
    after = column(AuditEntryTable.after, Doc("变更后", "after"))
    reason = column(AuditEntryTable.reason, Doc("理由", "reason"))
    request_id = column(AuditEntryTable.request_id, Doc("请求编号", "request id"))
    agency = to_one("Agency", Doc("所属机关", "agency"), via=AuditEntryTable.agency_id)


AUDIT_ENTRIES = ListSource(
    "AuditEntry",
    "AuditEntry",
    AuditEntryTable,
    orders=(Order("AT_DESC", AuditEntryTable.at, descending=True, doc=Doc("新的在前", "newest first")),),
    filters=(
        Filter("act", AuditEntryTable.act, Doc("行为", "act")),
        Filter("actor", AuditEntryTable.actor, Doc("行为人", "actor")),
        Filter("at", AuditEntryTable.at, Doc("时间", "instant")),
    ),
)
CONTRIBUTION = Contribution(
    "core",
    nodes=(AuditEntry,),
    queries={"audit_entries": connection(AUDIT_ENTRIES, Doc("审计记录列表", "audit trail"), permission=AUDIT_READ)},
)
