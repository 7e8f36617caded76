"""Tenants and agencies in the schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.cases.vocabulary import AgencyCategory, AgencyLevel
from core.tenancy.codes import TenantLevel
from core.tenancy.hierarchy import TenantKind
from core.tenancy.tables import Agency as AgencyTable
from core.tenancy.tables import Tenant as TenantTable
from core.tenancy.tables import TenantVersion as TenantVersionTable
from schema.declare import column, connection, node, to_many, to_one
from schema.declared.fields import LookupField
from schema.declared.lists import Filter, ListSource, Order
from schema.declared.types import Contribution
from schema.describe import Doc


@node(TenantTable, Doc("租户", "tenant", "市、区县或镇街；层级是公开信息"), key=TenantTable.code)
class Tenant:
    """A city, district or town."""

    code = column(TenantTable.code, Doc("租户代码", "tenant code", "行政区划代码补足 9 位"))
    name = column(TenantTable.name_zh, Doc("名称", "name"))
    full_name = column(TenantTable.full_name_zh, Doc("全称", "full name"))
    level = column(TenantTable.level, Doc("层级", "level"), enum=TenantLevel)
    kind = column(TenantTable.kind, Doc("类别", "kind"), enum=TenantKind)
    valid_from = column(TenantTable.valid_from, Doc("起始日", "valid from"))
    valid_to = column(TenantTable.valid_to, Doc("终止日", "valid to", "不含当日；空为现存"))
    parent = to_one("Tenant", Doc("上级", "parent"), via=TenantTable.parent_code, key=TenantTable.code)
    successor = to_one("Tenant", Doc("继承者", "successor"), via=TenantTable.successor_code, key=TenantTable.code)
    versions = to_many(
        "TenantVersion",
        Doc("沿革", "history", "更名、划转与合并前后的名称与隶属"),
        via=TenantVersionTable.code,
        key=TenantTable.code,
        order=[(TenantVersionTable.valid_from, False)],
    )


@node(TenantVersionTable, Doc("租户沿革", "tenant version"), key=TenantVersionTable.id)
class TenantVersion:
    """What a tenant was called, and where it stood, for a time."""

    name = column(TenantVersionTable.name_zh, Doc("名称", "name"))
    parent_code = column(TenantVersionTable.parent_code, Doc("上级代码", "parent code"))
    valid_from = column(TenantVersionTable.valid_from, Doc("起始日", "valid from"))
    valid_to = column(TenantVersionTable.valid_to, Doc("终止日", "valid to", "不含当日"))


@node(AgencyTable, Doc("行政机关", "agency"))
class Agency:
    """An agency that answers cases."""

    name = column(AgencyTable.name_zh, Doc("名称", "name"))
    short_name = column(AgencyTable.short_name, Doc("简称", "short name"))
    aliases = column(AgencyTable.aliases, Doc("别称", "aliases", "裁判文书中的其他写法"))
    level = column(AgencyTable.level, Doc("层级", "level"), enum=AgencyLevel)
    category = column(AgencyTable.category, Doc("类别", "category"), enum=AgencyCategory)
    external_code = column(AgencyTable.external_id, Doc("外部编号", "external code", "导入时的机关编号"))
    valid_from = column(AgencyTable.valid_from, Doc("起始日", "valid from"))
    valid_to = column(AgencyTable.valid_to, Doc("终止日", "valid to", "不含当日"))
    version = column(AgencyTable.version, Doc("版本", "version", "修改时用于并发检查"))
    tenant = to_one("Tenant", Doc("所属租户", "tenant"), via=AgencyTable.code, key=TenantTable.code)


AGENCIES = ListSource(
    "Agency",
    "Agency",
    AgencyTable,
    orders=(Order("NAME_ASC", AgencyTable.sort_key, descending=False, doc=Doc("按名称拼音", "by name in pinyin")),),
    filters=(
        Filter("level", AgencyTable.level, Doc("层级", "level"), enum=AgencyLevel),
        Filter("category", AgencyTable.category, Doc("类别", "category"), enum=AgencyCategory),
        Filter("tenant", AgencyTable.code, Doc("所属租户", "tenant"), ref="Tenant"),
        Filter("name", AgencyTable.name_zh, Doc("名称", "name")),
    ),
)
TENANTS = ListSource(
    "Tenant",
    "Tenant",
    TenantTable,
    orders=(Order("CODE_ASC", TenantTable.code, descending=False, doc=Doc("按代码", "by code")),),
    filters=(
        Filter("parent", TenantTable.parent_code, Doc("上级", "parent"), ref="Tenant"),
        Filter("level", TenantTable.level, Doc("层级", "level"), enum=TenantLevel),
    ),
)


def by_code(alias: str, arguments: Mapping[str, Any], bind: Callable[[Any, str], str], _scope: Any) -> str:
    """A tenant by its code."""
    return f"{alias}.code = {bind(arguments['code'], 'bigint')}"


CONTRIBUTION = Contribution(
    "core",
    nodes=(Tenant, TenantVersion, Agency),
    queries={
        "agencies": connection(AGENCIES, Doc("行政机关列表", "agencies", "本人范围内")),
        "tenants": connection(TENANTS, Doc("本市租户列表", "tenants of the city")),
        "tenant": LookupField(
            Doc("按代码取租户", "tenant by code"), "Tenant", {"code": (int, Doc("租户代码", "tenant code"))}, by_code
        ),
    },
)
