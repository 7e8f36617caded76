"""Plugins in the schema: what a tenant has, may choose and has set."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import orjson
import strawberry

from core.extension.acts import acts_of
from core.extension.enablement import Choice, PluginSaid, Policy, effective_everywhere
from core.extension.records import said_of
from core.extension.registry import Registry
from core.extension.settings import PluginSettings, SettingsInvalid, SettingsVersion, read_settings
from core.extension.tables import PluginEnablement as EnablementTable
from core.extension.tables import PluginSetting as SettingTable
from core.tenancy.tables import Tenant as TenantTable
from schema.context import OperationContext
from schema.declare import column, node, to_one
from schema.declared.fields import ComputedField
from schema.declared.types import Contribution
from schema.describe import Doc
from schema.labels import described_enum
from schema.scalars import Date, Json

PolicyEnum = described_enum(Policy)
ChoiceEnum = described_enum(Choice)

STATE = """
select json_build_object(
  'said', (select coalesce(json_agg(json_build_array(e.plugin, e.code, e.high, e.policy, e.choice, e.version)
                                    order by e.code, e.plugin), '[]'::json)
             from plugin_enablement e where e.shard = $1::integer),
  'settings', (select coalesce(json_agg(json_build_array(s.plugin, s.code, s.high, s.version, s.valid_from, s.data)
                                        order by s.code, s.version), '[]'::json)
                 from plugin_setting s where s.shard = $1::integer and s.code <= $2::bigint and s.high > $2::bigint)
)::text
"""


@node(EnablementTable, Doc("插件启用", "plugin enablement", "一个地区对一个插件的策略与选择"))
class PluginEnablement:
    """What a tenant said of a plugin."""

    plugin = column(EnablementTable.plugin, Doc("插件名", "name of the plugin"))
    policy = column(EnablementTable.policy, Doc("策略", "policy", "只有市级的策略有效"), enum=Policy)
    choice = column(EnablementTable.choice, Doc("选择", "choice"), enum=Choice)
    version = column(EnablementTable.version, Doc("版本", "version", "修改时用于并发检查"))
    changed_at = column(EnablementTable.changed_at, Doc("修改时间", "instant of the change"))
    tenant = to_one("Tenant", Doc("地区", "tenant"), via=EnablementTable.code, key=TenantTable.code)


@node(SettingTable, Doc("插件参数版本", "version of a plugin's settings"))
class PluginSettingVersion:
    """What a tenant set from a day on."""

    plugin = column(SettingTable.plugin, Doc("插件名", "name of the plugin"))
    version = column(SettingTable.version, Doc("版本", "version", "修改时用于并发检查"))
    valid_from = column(SettingTable.valid_from, Doc("生效日期", "valid from"))
    data = column(SettingTable.data, Doc("参数", "settings", "只含本地区自行设定的"))
    changed_at = column(SettingTable.changed_at, Doc("修改时间", "instant of the change"))
    tenant = to_one("Tenant", Doc("地区", "tenant"), via=SettingTable.code, key=TenantTable.code)


@strawberry.type(name="PluginTenantChoice", description="下级地区的选择（choice of a tenant below）。")
class TenantChoice:
    """What a tenant of the viewer's range said itself."""

    tenant_code: int = strawberry.field(description="地区代码（tenant code）。")
    choice: ChoiceEnum = strawberry.field(description="选择（choice）。")  # type: ignore[valid-type]
    version: int = strawberry.field(description="版本（version）：修改时用于并发检查。")


@strawberry.type(name="PluginSettingsInForce", description="参数的一个版本（a version of the settings）。")
class SettingsEntry:
    """A version that the viewer's tenant has, itself or from above."""

    tenant_code: int = strawberry.field(description="设定的地区代码（tenant code）。")
    version: int = strawberry.field(description="版本（version）。")
    valid_from: Date = strawberry.field(description="生效日期（valid from）。")
    data: Json = strawberry.field(description="参数（settings）：只含该地区自行设定的。")


@strawberry.type(name="Plugin", description="插件（plugin）：在当前地区的状态。")
class PluginType:
    """A plugin, as it stands for the viewer's tenant."""

    name: str = strawberry.field(description="插件名（name）。")
    version: str = strawberry.field(description="插件版本（version of the plugin）。")
    label_zh: str = strawberry.field(description="中文名称（label in Chinese）。")
    label_en: str = strawberry.field(description="英文名称（label in English）。")
    description: str = strawberry.field(description="说明（description）。")
    requires: list[str] = strawberry.field(description="所依赖的插件（plugins that it requires）。")
    policy: PolicyEnum = strawberry.field(description="市级的策略（the city's policy）。")  # type: ignore[valid-type]
    choice: ChoiceEnum = strawberry.field(description="本地区自己的选择（the tenant's own choice）。")  # type: ignore[valid-type]
    choice_version: int = strawberry.field(description="本地区选择的版本（version of the own choice）；从未设定为 0。")
    effective: bool = strawberry.field(description="在本地区是否生效（effective in the tenant itself）。")
    choices_below: list[TenantChoice] = strawberry.field(description="下级地区自己的选择（choices of tenants below）。")
    settings: Json | None = strawberry.field(description="今日适用的参数（settings in force today）；没有参数时为空。")
    settings_schema: Json | None = strawberry.field(description="参数的 JSON Schema（JSON Schema of the settings）。")
    settings_versions: list[SettingsEntry] = strawberry.field(
        description="本地区及其上级设定的各版本（versions of this tenant and of those above）。"
    )


def resolver_of(registry: Registry) -> Callable[[OperationContext], Awaitable[list[PluginType]]]:
    """What answers `plugins`: one statement for all of them."""
    schemas = {
        name: plugin.settings.model_json_schema() if plugin.settings else None
        for name, plugin in registry.plugins.items()
    }

    async def resolve(context: OperationContext) -> list[PluginType]:
        scope = context.view.scope
        async with context.reading() as session:
            context.statements += 1
            answer = orjson.loads(await session.json(STATE, [scope.shard, scope.code]) or "{}")
        said = said_of(scope.shard, [row[:5] for row in answer["said"]])
        here = effective_everywhere(said, registry.requires, scope.code, scope.code + 1)
        return [
            _plugin(registry, name, schemas[name], answer, said.get(name, PluginSaid()), bool(here[name]), context)
            for name in registry.plugins
        ]

    return resolve


def _plugin(
    registry: Registry,
    name: str,
    schema: Any,
    answer: dict[str, Any],
    said: PluginSaid,
    effective: bool,
    context: OperationContext,
) -> PluginType:
    scope, plugin = context.view.scope, registry.plugins[name]
    rows = [row for row in answer["said"] if row[0] == name]
    own = next((row for row in rows if row[1] == scope.code), None)
    versions = [
        SettingsVersion(row[1], row[2], row[3], date.fromisoformat(row[4]), row[5])
        for row in answer["settings"]
        if row[0] == name
    ]
    return PluginType(
        name=name,
        version=plugin.manifest.version,
        label_zh=plugin.manifest.zh,
        label_en=plugin.manifest.en,
        description=plugin.manifest.description,
        requires=list(plugin.manifest.requires),
        policy=said.policy,
        choice=Choice[own[4]] if own else Choice.INHERIT,
        choice_version=own[5] if own else 0,
        effective=effective,
        choices_below=[
            TenantChoice(tenant_code=row[1], choice=Choice[row[4]], version=row[5])
            for row in rows
            if scope.low < row[1] < scope.high
        ],
        settings=_in_force(plugin.settings, versions, scope.code, scope.today),
        settings_schema=schema,
        settings_versions=[
            SettingsEntry(
                tenant_code=one.low, version=one.version, valid_from=Date(one.valid_from), data=Json(one.data)
            )
            for one in versions
        ],
    )


def _in_force(
    model: type[PluginSettings] | None, versions: list[SettingsVersion], code: int, on_day: date
) -> Json | None:
    """The settings of today; None too where what is stored does not fit the model of today's plugin."""
    if model is None:
        return None
    try:
        return Json(read_settings(model, versions, code, on_day).model_dump(mode="json"))
    except SettingsInvalid:
        return None


def contribution_of(registry: Registry) -> Contribution:
    """What the schema shows of the plugins of a registry."""
    return Contribution(
        "core",
        nodes=(PluginEnablement, PluginSettingVersion),
        queries={
            "plugins": ComputedField(
                Doc("插件在本地区的状态", "plugins, as they stand for the tenant"),
                list[PluginType],
                resolver_of(registry),
            )
        },
        acts=acts_of(registry),
    )
