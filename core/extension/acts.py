"""行为 on plugins: the city's policy, a tenant's choice, a tenant's settings. Each is audited and raises the row's version."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext, Subject
from core.cases.acts import checks
from core.cases.acts.refusing import Refused, at, overtaken, refuse, refusing
from core.cases.records.cases import one_at_a_time
from core.cases.refusals.common import Common
from core.errors import ActRefused
from core.extension import events, records
from core.extension.enablement import Choice, PluginSaid, Policy
from core.extension.refusals import PluginChooseRefusal, PluginSetPolicyRefusal, PluginSettingsChangeRefusal
from core.extension.registry import Registry
from core.extension.settings import PluginSettings, SettingsInvalid, SettingsVersion, check_change, parse_settings
from core.identity import permissions
from core.labels import Labelled
from core.tenancy.codes import TenantCodeMalformed, parse_tenant_code
from schema.act import Act
from schema.describe import Doc

PLUGIN = Doc("插件名", "name of the plugin")
TENANT = Doc("地区代码", "tenant code", "如 440112；不填则为本地区，可为下级地区")
VERSION = Doc("读到的版本", "version as read", "与当前版本不同则拒绝；从未设定过为 0")


@dataclass(frozen=True, slots=True)
class PluginSetPolicy:
    """设定插件策略."""

    plugin: Annotated[str, PLUGIN]
    policy: Annotated[Policy, Doc("策略", "policy")]
    expected_version: Annotated[int | None, VERSION] = None


@dataclass(frozen=True, slots=True)
class PluginChoose:
    """启用或停用插件."""

    plugin: Annotated[str, PLUGIN]
    choice: Annotated[Choice, Doc("选择", "choice")]
    tenant_code: Annotated[str | None, TENANT] = None
    expected_version: Annotated[int | None, VERSION] = None


@dataclass(frozen=True, slots=True)
class PluginSettingsChange:
    """修改插件参数: the whole of what this tenant sets itself; what is left out is inherited."""

    plugin: Annotated[str, PLUGIN]
    settings: Annotated[str, Doc("参数", "settings", "JSON 对象；未写的参数沿用上级")]
    valid_from: Annotated[date | None, Doc("生效日期", "valid from", "不填则为今日")] = None
    tenant_code: Annotated[str | None, TENANT] = None
    expected_version: Annotated[int | None, VERSION] = None


async def _tenant(context: ActContext, text: str | None) -> Row[Any]:
    """The tenant that is spoken for: the actor's own, or one below it."""
    code = context.session.scope.code
    if text is not None:
        try:
            code = parse_tenant_code(text).value
        except TenantCodeMalformed as error:
            raise checks.invalid(at("tenant_code"), str(error), error.message_zh) from None
    found = await records.tenant_within(context.session, code, context.today)
    if found is None:
        raise Refused(Common.NOT_FOUND, at("tenant_code"))
    return found


def _known(registry: Registry, plugin: str, codes: type[Labelled]) -> None:
    if plugin not in registry.plugins:
        raise refuse(codes["PLUGIN_UNKNOWN"], at("plugin"))


async def _say(
    context: ActContext, act: str, plugin: str, tenant: Row[Any], values: dict[str, str], expected: int | None
) -> Subject:
    """Write what a tenant says of a plugin; CONFLICT where its version is not the expected one."""
    await one_at_a_time(context.session, "plugin_enablement", plugin, str(tenant.code))
    former = await records.enablement(context.session, plugin, tenant.code)
    if expected is not None and expected != (former.version if former else 0):
        raise overtaken(former.id if former else None)
    unsaid = {"policy": Policy.ALLOWED.value, "choice": Choice.INHERIT.value}
    before = {name: getattr(former, name) if former else unsaid[name] for name in values}
    if former is not None and before == values:
        raise ActRefused(*_nothing(act))
    stamp = {"changed_at": context.now, "changed_by": context.actor.subject}
    key = {"code": tenant.code, "high": tenant.high, "plugin": plugin}
    row_id = await records.say(context.session, former, key, {**values, **stamp})
    subject = Subject("PluginEnablement", row_id, tenant.code)
    await context.record(act, subject, before={"plugin": plugin, **before}, after={"plugin": plugin, **values})
    return subject


def _nothing(act: str) -> tuple[Labelled, str, str]:
    code = (PluginSetPolicyRefusal if act == "pluginSetPolicy" else PluginChooseRefusal).NOTHING_TO_CHANGE
    return code, code.en, code.zh


def set_policy(registry: Registry) -> Callable[[ActContext, PluginSetPolicy], Awaitable[UUID]]:
    """The act that lets a city allow, require or forbid a plugin."""

    @refusing(PluginSetPolicyRefusal)
    async def perform(context: ActContext, given: PluginSetPolicy) -> UUID:
        """Set the policy. Emits PluginPolicySet."""
        _known(registry, given.plugin, PluginSetPolicyRefusal)
        tenant = await _tenant(context, None)
        if tenant.code != records.root_code(context.shard):
            raise refuse(PluginSetPolicyRefusal.NOT_THE_ROOT)
        said = {"policy": given.policy.value}
        subject = await _say(context, "pluginSetPolicy", given.plugin, tenant, said, given.expected_version)
        await context.emit(events.PluginPolicySet(subject, given.plugin, given.policy.value))
        return subject.id

    return perform


def choose(registry: Registry) -> Callable[[ActContext, PluginChoose], Awaitable[UUID]]:
    """The act that lets a tenant enable or disable a plugin, for itself and for those below that say nothing."""

    @refusing(PluginChooseRefusal)
    async def perform(context: ActContext, given: PluginChoose) -> UUID:
        """Choose. Emits PluginChosen."""
        _known(registry, given.plugin, PluginChooseRefusal)
        tenant = await _tenant(context, given.tenant_code)
        above = await records.said_at(context.session, context.shard, tenant.code)
        policy = above.get(given.plugin, PluginSaid()).policy
        if policy is Policy.FORBIDDEN and given.choice is Choice.ENABLED:
            raise refuse(PluginChooseRefusal.PLUGIN_FORBIDDEN, at("choice"))
        if policy is Policy.REQUIRED and given.choice is Choice.DISABLED:
            raise refuse(PluginChooseRefusal.PLUGIN_REQUIRED, at("choice"))
        said = {"choice": given.choice.value}
        subject = await _say(context, "pluginChoose", given.plugin, tenant, said, given.expected_version)
        await context.emit(events.PluginChosen(subject, given.plugin, given.choice.value))
        return subject.id

    return perform


def change_settings(registry: Registry) -> Callable[[ActContext, PluginSettingsChange], Awaitable[UUID]]:
    """The act that gives a tenant a new version of a plugin's settings, from a day on."""

    @refusing(PluginSettingsChangeRefusal)
    async def perform(context: ActContext, given: PluginSettingsChange) -> UUID:
        """Change the settings. Emits PluginSettingsChanged."""
        _known(registry, given.plugin, PluginSettingsChangeRefusal)
        model = registry.settings_model(given.plugin)
        if model is None:
            raise refuse(PluginSettingsChangeRefusal.NO_SETTINGS, at("plugin"))
        valid_from = checks.day(given.valid_from or context.today, at("valid_from"))
        if valid_from < context.today:
            raise refuse(PluginSettingsChangeRefusal.IN_PAST, at("valid_from"))
        tenant = await _tenant(context, given.tenant_code)
        await one_at_a_time(context.session, "plugin_setting", given.plugin)
        last, last_id = await records.last_version(context.session, given.plugin, tenant.code)
        if given.expected_version not in (None, last):
            raise overtaken(last_id)
        data = await _checked(context, model, given.settings, tenant, last + 1, valid_from)
        return await _add(context, given.plugin, tenant, last + 1, valid_from, data)

    return perform


async def _checked(
    context: ActContext, model: type[PluginSettings], text: str, tenant: Row[Any], version: int, valid_from: date
) -> dict[str, Any]:
    code = PluginSettingsChangeRefusal
    try:
        written = parse_settings(text)
        new = SettingsVersion(tenant.code, tenant.high, version, valid_from, written)
        return check_change(model, await records.visible_versions(context.session, model), new)
    except SettingsInvalid as error:
        if error.code not in (0, tenant.code):
            where, where_zh = (
                f"{error.code} on {error.on_day}: {error}",
                f"{error.code}（{error.on_day}）：{error.message_zh}",
            )
            raise refuse(
                code.INVALID_BELOW,
                at("settings"),
                f"{code.INVALID_BELOW.en}: {where}",
                f"{code.INVALID_BELOW.zh}：{where_zh}",
            ) from None
        steps = error.problems[0].field.split(".") if error.problems[0].field else []
        raise refuse(code.INVALID_INPUT, (*at("settings"), *steps), str(error), error.message_zh) from None


async def _add(
    context: ActContext, plugin: str, tenant: Row[Any], version: int, valid_from: date, data: dict[str, Any]
) -> UUID:
    values = {"code": tenant.code, "high": tenant.high, "plugin": plugin, "version": version}
    values |= {"valid_from": valid_from, "data": data}
    row_id = await records.add_version(
        context.session, {**values, "changed_at": context.now, "changed_by": context.actor.subject}
    )
    subject = Subject("PluginSettingVersion", row_id, tenant.code)
    await context.record("pluginSettingsChange", subject, after=values)
    await context.emit(events.PluginSettingsChanged(subject, plugin, version, valid_from))
    return row_id


def acts_of(registry: Registry) -> tuple[Act, ...]:
    """The three mutations, for the plugins of a registry."""
    return (
        Act(
            name="pluginSetPolicy",
            given=PluginSetPolicy,
            perform=set_policy(registry),
            returns="PluginEnablement",
            refusals=PluginSetPolicyRefusal,
            permission=permissions.PLUGIN_ENABLE.name,
            doc=Doc("设定插件策略", "set the city's policy of a plugin"),
        ),
        Act(
            name="pluginChoose",
            given=PluginChoose,
            perform=choose(registry),
            returns="PluginEnablement",
            refusals=PluginChooseRefusal,
            permission=permissions.PLUGIN_ENABLE.name,
            doc=Doc("启用或停用插件", "enable or disable a plugin", "数据在停用期间保留"),
        ),
        Act(
            name="pluginSettingsChange",
            given=PluginSettingsChange,
            perform=change_settings(registry),
            returns="PluginSettingVersion",
            refusals=PluginSettingsChangeRefusal,
            permission=permissions.SETTINGS_ADMINISTER.name,
            doc=Doc("修改插件参数", "change a plugin's settings", "写入新版本，自生效日期起适用"),
        ),
    )
