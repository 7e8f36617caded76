"""Trusted documents in the schema: what a tenant does with others."""

from core.tenancy.tables import Tenant as TenantTable
from core.trusted.acts import ACTS
from core.trusted.modes import TrustMode
from core.trusted.tables import TrustedDocumentPolicy as PolicyTable
from schema.declare import column, node, to_one
from schema.declared.types import Contribution
from schema.describe import Doc


@node(PolicyTable, Doc("可信文档策略", "policy of trusted documents", "一个地区对未登记文档的处理"))
class TrustedDocumentPolicy:
    """What a tenant said."""

    mode = column(PolicyTable.mode, Doc("模式", "mode"), enum=TrustMode)
    version = column(PolicyTable.version, Doc("版本", "version", "修改时用于并发检查"))
    changed_at = column(PolicyTable.changed_at, Doc("修改时间", "instant of the change"))
    tenant = to_one("Tenant", Doc("地区", "tenant"), via=PolicyTable.code, key=TenantTable.code)


CONTRIBUTION = Contribution("core", nodes=(TrustedDocumentPolicy,), acts=ACTS)
