"""The SQL of plugins' enablement and settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import Row, insert, select, text, update

from core.db.queries import Recogniser
from core.db.session import ReadSession, TenantReadSession, TenantSession
from core.extension.enablement import Choice, PluginSaid, Policy, Ranges, Said, effective_ranges
from core.extension.settings import PluginSettings, S, SettingsVersion, read_settings
from core.extension.tables import PluginEnablement, PluginSetting
from core.tenancy.tables import Tenant

_SAID = "select digest, said from plugin_said($1::integer, $2::text)"
_ALL_SAID = text("select said from plugin_said(:shard, null)")
_SAID_AT = text("select plugin, code, high, policy, choice from plugin_said_at(:shard, :code)")
_SETTINGS_AT = text(
    "select code, high, version, valid_from, data from plugin_settings_at(:shard, :plugin, :code, :on_day)"
)


def root_code(shard: int) -> int:
    """The code of a shard's root tenant: 4401 is 440100000, 11 is 110000000, 429004 is 429004000."""
    return int(str(shard).ljust(9, "0"))


def said_of(shard: int, rows: Iterable[Sequence[Any]]) -> dict[str, PluginSaid]:
    """Rows (plugin, code, high, policy, choice) by plugin; only the root tenant's policy counts."""
    policies: dict[str, Policy] = {}
    choices: dict[str, list[Said]] = {}
    for plugin, code, high, policy, choice in rows:
        choices.setdefault(plugin, []).append(Said(code, high, Choice[choice]))
        if code == root_code(shard):
            policies[plugin] = Policy[policy]
    return {name: PluginSaid(policies.get(name, Policy.ALLOWED), tuple(said)) for name, said in choices.items()}


async def said_in_shard(
    queries: Recogniser, shard: int, known_digest: str | None
) -> tuple[str, dict[str, PluginSaid] | None]:
    """Everything said of plugins in a shard, with its digest; None where the digest is still the known one."""
    (row,) = await queries.ask(_SAID, shard, known_digest)
    said: str | None = row["said"]
    return row["digest"], None if said is None else said_of(shard, orjson.loads(said))


_seen: WeakKeyDictionary[ReadSession, dict[tuple[int, int], dict[str, PluginSaid]]] = WeakKeyDictionary()
"""Asked once per transaction and code, however many plugins react to however many events of it."""


async def said_at(session: ReadSession, shard: int, code: int) -> dict[str, PluginSaid]:
    """What the tenants that hold a code said, by plugin."""
    known = _seen.setdefault(session, {})
    if (shard, code) not in known:
        rows = await session.rows(_SAID_AT, {"shard": shard, "code": code})
        known[shard, code] = said_of(shard, cast("Sequence[Sequence[Any]]", rows))
    return known[shard, code]


def forget(session: ReadSession) -> None:
    """What was asked in this transaction no longer holds: it has changed an enablement itself."""
    _seen.pop(session, None)


async def enabled_ranges(session: TenantReadSession | TenantSession, plugin: str) -> Ranges:
    """Where in the session's range a plugin is effective, what it requires aside: for statements over many tenants' rows."""
    scope = session.scope
    (row,) = await session.rows(_ALL_SAID, {"shard": scope.shard})
    said = said_of(scope.shard, orjson.loads(row.said))
    return effective_ranges(said.get(plugin, PluginSaid()), scope.low, scope.high)


async def settings_of(session: TenantReadSession | TenantSession, model: type[S], code: int, on_day: date) -> S:
    """A plugin's settings in the tenant `code` on a day: the nearest version in force over those above it, over the defaults.

    Raises `SettingsInvalid` where what is stored does not fit the model.
    """
    return await settings_in(session, session.scope.shard, model, code, on_day)


async def settings_in(session: ReadSession, shard: int, model: type[S], code: int, on_day: date) -> S:
    """The same in a session that has no tenant (jobs of the system): `shard` says in which city."""
    given = {"shard": shard, "plugin": model.plugin, "code": code, "on_day": on_day}
    rows = await session.rows(_SETTINGS_AT, given)
    return read_settings(model, [_version(row) for row in rows], code, on_day)


def _version(row: Row[Any]) -> SettingsVersion:
    return SettingsVersion(row.code, row.high, row.version, row.valid_from, row.data)


async def visible_versions(session: TenantSession, model: type[PluginSettings]) -> list[SettingsVersion]:
    """The versions of the session's range and of the tenants above it."""
    setting = PluginSetting
    rows = await session.rows(
        select(setting.code, setting.high, setting.version, setting.valid_from, setting.data).where(
            setting.shard == session.scope.shard, setting.plugin == model.plugin
        )
    )
    return [_version(row) for row in rows]


async def tenant_within(session: TenantSession, code: int, today: date) -> Row[Any] | None:
    """An existing tenant of the session's range."""
    scope = session.scope
    return await session.row(
        select(Tenant.code, Tenant.low, Tenant.high).where(
            Tenant.code == code,
            Tenant.shard == scope.shard,
            Tenant.low >= scope.low,
            Tenant.high <= scope.high,
            Tenant.valid_to.is_(None) | (Tenant.valid_to > today),
        )
    )


async def enablement(session: TenantSession, plugin: str, code: int) -> Row[Any] | None:
    """What a tenant said of a plugin, locked until the act ends."""
    row = PluginEnablement
    return await session.row(
        select(row.__table__)
        .where(row.shard == session.scope.shard, row.code == code, row.plugin == plugin)
        .with_for_update()
    )


async def say(
    session: TenantSession, former: Row[Any] | None, key: Mapping[str, Any], values: Mapping[str, Any]
) -> UUID:
    """Insert or change what a tenant says of a plugin; its row's id."""
    forget(session)
    row = PluginEnablement
    if former is None:
        stated = {"policy": Policy.ALLOWED.value, "choice": Choice.INHERIT.value, **key, **values}
        statement = insert(row).values(shard=session.scope.shard, version=1, **stated).returning(row.id)
        return cast("UUID", await session.scalar(statement))
    await session.execute(
        update(row)
        .where(row.shard == session.scope.shard, row.id == former.id)
        .values(version=former.version + 1, **values)
    )
    return cast("UUID", former.id)


async def last_version(session: TenantSession, plugin: str, code: int) -> tuple[int, UUID | None]:
    """The number of a tenant's latest version of a plugin's settings, and its row; 0 and None if it has none."""
    setting = PluginSetting
    found = await session.row(
        select(setting.version, setting.id)
        .where(setting.shard == session.scope.shard, setting.code == code, setting.plugin == plugin)
        .order_by(setting.version.desc())
        .limit(1)
    )
    return (found.version, found.id) if found is not None else (0, None)


async def add_version(session: TenantSession, values: Mapping[str, Any]) -> UUID:
    """Insert a version of settings; its id."""
    statement = insert(PluginSetting).values(shard=session.scope.shard, **values).returning(PluginSetting.id)
    return cast("UUID", await session.scalar(statement))
