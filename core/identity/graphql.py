"""Members and grants in the schema, and the viewer: who the caller is and what they may do."""

from __future__ import annotations

from core.identity.roles import Role
from core.identity.tables import CaseGrant as CaseGrantTable
from core.identity.tables import Member as MemberTable
from core.reference.tables import Court
from core.tenancy.tables import Tenant
from schema.declare import column, connection, node, to_one
from schema.declared.lists import Filter, ListSource, Order
from schema.declared.types import Contribution
from schema.describe import Doc

MEMBERS_READ = "members.read"


@node(MemberTable, Doc("成员", "member"))
class Member:
    """A person's place in a tenant."""

    display_name = column(MemberTable.display_name, Doc("姓名", "display name"))
    role = column(MemberTable.role, Doc("角色", "role"), enum=Role)
    valid_from = column(MemberTable.valid_from, Doc("起始日", "valid from"))
    valid_until = column(MemberTable.valid_until, Doc("终止日", "valid until", "不含当日"))
    version = column(MemberTable.version, Doc("版本", "version", "修改时用于并发检查"))
    tenant = to_one("Tenant", Doc("所属租户", "tenant"), via=MemberTable.code, key=Tenant.code)
    agency = to_one("Agency", Doc("所属机关", "agency"), via=MemberTable.agency_id)
    court = to_one("Court", Doc("所属法院", "court"), via=MemberTable.court_code, key=Court.code)


@node(CaseGrantTable, Doc("案件授权", "case grant"))
class CaseGrant:
    """Lets one member see one case for a time."""

    member = to_one("Member", Doc("被授权成员", "member"), via=CaseGrantTable.member_id)
    case = to_one("Case", Doc("案件", "case"), via=CaseGrantTable.case_id)
    valid_from = column(CaseGrantTable.valid_from, Doc("起始日", "valid from"))
    valid_until = column(CaseGrantTable.valid_until, Doc("终止日", "valid until", "不含当日"))


MEMBERS = ListSource(
    "Member",
    "Member",
    MemberTable,
    orders=(Order("ADDED_ASC", MemberTable.id, descending=False, doc=Doc("按加入先后", "by time added")),),
    filters=(
        Filter("role", MemberTable.role, Doc("角色", "role"), enum=Role),
        Filter("agency", MemberTable.agency_id, Doc("所属机关", "agency"), ref="Agency"),
    ),
)

CONTRIBUTION = Contribution(
    "core",
    nodes=(Member, CaseGrant),
    queries={"members": connection(MEMBERS, Doc("成员列表", "members"), permission=MEMBERS_READ)},
)
