"""Enabling and setting on a real database: who may, what is refused, what is audited, and that the next request knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from sqlalchemy import select, text

from core.audit.tables import AuditEntry, DomainEvent
from core.db.queries import Queries
from core.db.scope import ScopeKind
from core.db.session import TenantReadSession
from core.extension.hookspecs import hookimpl
from core.extension.loading import Found
from core.extension.manifest import Manifest
from core.extension.records import settings_in, settings_of
from core.extension.registry import Registry
from core.extension.settings import PluginSettings
from core.identity.roles import Role
from core.sdk.testing import Laboratory, Visitor, laboratory

CITY, DISTRICT, STREET = Visitor("city"), Visitor("huangpu", Role.DISTRICT_BUREAU), Visitor("street", Role.TOWN)
ADMIN = Visitor("city", Role.PLATFORM_ADMIN)


class AlphaSettings(PluginSettings):
    plugin: ClassVar[str] = "alpha"

    days: int = 2
    least: int = 0

    def model_post_init(self, _context: Any) -> None:
        if self.days < self.least:
            raise ValueError("fewer days than the least")


def found(name: str, settings: type[PluginSettings] | None = None, requires: tuple[str, ...] = ()) -> Found:
    def yingsu_manifest() -> Manifest:
        return Manifest(name, "1.2", f"{name}插件", f"{name} plugin", "例。", requires)

    module = SimpleNamespace(yingsu_manifest=hookimpl(yingsu_manifest))
    if settings is not None:

        def yingsu_settings() -> type[PluginSettings]:
            return settings

        module.yingsu_settings = hookimpl(yingsu_settings)
    return Found(name, f"dist-{name}", module)


@pytest.fixture(scope="module")
async def opened(server_url: str) -> AsyncIterator[Laboratory]:
    plugins = [found("alpha", AlphaSettings), found("beta", requires=("alpha",))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YINGSU_TEST_SERVER", server_url)
        async with laboratory(Registry.load(plugins)) as made:
            yield made


@pytest.fixture
async def lab(opened: Laboratory) -> Laboratory:
    """The laboratory, in which nobody has said anything yet."""
    async with opened.database.engine.connect() as connection:
        await connection.execute(text("truncate plugin_enablement, plugin_setting, audit_entry, domain_event"))
    return opened


async def perform(lab: Laboratory, who: Visitor, name: str, **given: Any) -> list[str]:
    """Perform a mutation; the codes that it was refused with."""
    kind = name[0].upper() + name[1:]
    node = "pluginSettingVersion { version }" if name == "pluginSettingsChange" else "pluginEnablement { version }"
    query = f"mutation ($i: {kind}Input!) {{ {name}(input: $i) {{ {node} errors {{ code message messageZh }} }} }}"
    answer = await lab.ask(who, query, {"i": given})
    if "errors" in answer:
        return [error["extensions"]["code"] for error in answer["errors"]]
    errors = answer["data"][name]["errors"]
    assert all(error["message"] and error["messageZh"] for error in errors)
    return [error["code"] for error in errors]


async def plugins(lab: Laboratory, who: Visitor, fields: str) -> dict[str, Any]:
    answer = await lab.ask(who, f"{{ plugins {{ name {fields} }} }}")
    return {row.pop("name"): row for row in answer["data"]["plugins"]}


async def effective(lab: Laboratory, who: Visitor) -> set[str]:
    return {name for name, row in (await plugins(lab, who, "effective")).items() if row["effective"]}


async def test_a_choice_holds_below_until_somebody_nearer_chooses(lab: Laboratory) -> None:
    assert await effective(lab, CITY) == set()
    assert await perform(lab, CITY, "pluginChoose", plugin="alpha", choice="ENABLED") == []
    assert await perform(lab, CITY, "pluginChoose", plugin="beta", choice="ENABLED") == []
    assert await effective(lab, STREET) == {"alpha", "beta"}
    assert await perform(lab, DISTRICT, "pluginChoose", plugin="alpha", choice="DISABLED") == []
    assert await effective(lab, CITY) == {"alpha", "beta"}
    assert await effective(lab, STREET) == set(), "beta requires alpha"
    assert await perform(lab, STREET, "pluginChoose", plugin="alpha", choice="ENABLED") == []
    assert await effective(lab, STREET) == {"alpha", "beta"}
    assert await effective(lab, Visitor("shenzhen")) == set()


async def test_the_city_allows_requires_and_forbids(lab: Laboratory) -> None:
    assert await perform(lab, DISTRICT, "pluginSetPolicy", plugin="alpha", policy="REQUIRED") == ["NOT_THE_ROOT"]
    assert await perform(lab, CITY, "pluginSetPolicy", plugin="alpha", policy="REQUIRED") == []
    assert await effective(lab, STREET) == {"alpha"}
    assert await perform(lab, DISTRICT, "pluginChoose", plugin="alpha", choice="DISABLED") == ["PLUGIN_REQUIRED"]
    assert await perform(lab, CITY, "pluginSetPolicy", plugin="alpha", policy="FORBIDDEN") == []
    assert await perform(lab, DISTRICT, "pluginChoose", plugin="alpha", choice="ENABLED") == ["PLUGIN_FORBIDDEN"]
    assert await perform(lab, DISTRICT, "pluginChoose", plugin="alpha", choice="INHERIT") == []
    assert await effective(lab, CITY) == set()


async def test_a_city_chooses_for_a_tenant_below_and_nobody_for_one_outside(lab: Laboratory) -> None:
    choice = {"plugin": "alpha", "choice": "ENABLED"}
    assert await perform(lab, CITY, "pluginChoose", tenantCode="440112", **choice) == []
    assert await effective(lab, DISTRICT) == {"alpha"}
    below = (await plugins(lab, CITY, "choice choicesBelow { tenantCode choice version }"))["alpha"]
    assert below == {
        "choice": "INHERIT",
        "choicesBelow": [{"tenantCode": 440112000, "choice": "ENABLED", "version": 1}],
    }
    assert await perform(lab, DISTRICT, "pluginChoose", tenantCode="440106", **choice) == ["NOT_FOUND"]
    assert await perform(lab, DISTRICT, "pluginChoose", tenantCode="4403", **choice) == ["NOT_FOUND"]
    assert await perform(lab, DISTRICT, "pluginChoose", tenantCode="12345", **choice) == ["INVALID_INPUT"]
    assert await perform(lab, DISTRICT, "pluginChoose", tenantCode="440112999", **choice) == ["NOT_FOUND"]


async def test_what_is_refused(lab: Laboratory) -> None:
    assert await perform(lab, CITY, "pluginChoose", plugin="none", choice="ENABLED") == ["PLUGIN_UNKNOWN"]
    assert await perform(lab, CITY, "pluginSetPolicy", plugin="none", policy="ALLOWED") == ["PLUGIN_UNKNOWN"]
    assert await perform(lab, CITY, "pluginSettingsChange", plugin="none", settings="{}") == ["PLUGIN_UNKNOWN"]
    assert await perform(lab, CITY, "pluginSettingsChange", plugin="beta", settings="{}") == ["NO_SETTINGS"]
    leader = Visitor("city", Role.CITY_LEADER)
    assert await perform(lab, leader, "pluginChoose", plugin="alpha", choice="ENABLED") == ["FORBIDDEN"]
    assert await perform(lab, CITY, "pluginChoose", plugin="alpha", choice="ENABLED") == []
    assert await perform(lab, CITY, "pluginChoose", plugin="alpha", choice="ENABLED") == ["NOTHING_TO_CHANGE"]
    stale = {"plugin": "alpha", "choice": "DISABLED", "expectedVersion": 0}
    assert await perform(lab, CITY, "pluginChoose", **stale) == ["CONFLICT"]
    assert await perform(lab, CITY, "pluginChoose", **{**stale, "expectedVersion": 1}) == []
    later = {"plugin": "alpha", "settings": "{}", "expectedVersion": 3}
    assert await perform(lab, CITY, "pluginSettingsChange", **later) == ["CONFLICT"]
    past = {"plugin": "alpha", "settings": "{}", "validFrom": "2026-03-09"}
    assert await perform(lab, CITY, "pluginSettingsChange", **past) == ["IN_PAST"]


async def test_every_change_is_audited_and_told(lab: Laboratory) -> None:
    await perform(lab, CITY, "pluginSetPolicy", plugin="alpha", policy="REQUIRED")
    await perform(lab, CITY, "pluginSetPolicy", plugin="alpha", policy="ALLOWED")
    await perform(lab, CITY, "pluginChoose", plugin="alpha", choice="ENABLED", tenantCode="440112")
    await perform(lab, CITY, "pluginSettingsChange", plugin="alpha", settings='{"days": 3}')
    async with lab.database.system() as session:
        entries = await session.rows(
            select(AuditEntry.act, AuditEntry.code, AuditEntry.before, AuditEntry.after).order_by(AuditEntry.id)
        )
        events = await session.rows(select(DomainEvent.name, DomainEvent.payload).order_by(DomainEvent.sequence))
    assert [tuple(row) for row in entries] == [
        (
            "pluginSetPolicy",
            440100000,
            {"plugin": "alpha", "policy": "ALLOWED"},
            {"plugin": "alpha", "policy": "REQUIRED"},
        ),
        (
            "pluginSetPolicy",
            440100000,
            {"plugin": "alpha", "policy": "REQUIRED"},
            {"plugin": "alpha", "policy": "ALLOWED"},
        ),
        ("pluginChoose", 440112000, {"plugin": "alpha", "choice": "INHERIT"}, {"plugin": "alpha", "choice": "ENABLED"}),
        (
            "pluginSettingsChange",
            440100000,
            None,
            {
                "plugin": "alpha",
                "code": 440100000,
                "high": 440200000,
                "data": {"days": 3},
                "version": 1,
                "valid_from": "2026-03-10",
            },
        ),
    ]
    assert [row.name for row in events] == [
        "PluginPolicySet",
        "PluginPolicySet",
        "PluginChosen",
        "PluginSettingsChanged",
    ]
    assert events[2].payload == {"plugin": "alpha", "choice": "ENABLED"}


async def test_settings_are_shown_with_their_schema_and_history(lab: Laboratory) -> None:
    assert await perform(lab, CITY, "pluginSettingsChange", plugin="alpha", settings='{"days": 5}') == []
    later = {"plugin": "alpha", "settings": '{"days": 9}', "validFrom": "2026-04-01", "tenantCode": "440112"}
    assert await perform(lab, CITY, "pluginSettingsChange", **later) == []
    shown = await plugins(
        lab, DISTRICT, "settings settingsSchema settingsVersions { tenantCode version validFrom data }"
    )
    assert shown["beta"] == {"settings": None, "settingsSchema": None, "settingsVersions": []}
    assert shown["alpha"]["settings"] == {"days": 5, "least": 0}
    assert shown["alpha"]["settingsSchema"]["properties"]["days"] == {"default": 2, "title": "Days", "type": "integer"}
    assert shown["alpha"]["settingsVersions"] == [
        {"tenantCode": 440100000, "version": 1, "validFrom": "2026-03-10", "data": {"days": 5}},
        {"tenantCode": 440112000, "version": 1, "validFrom": "2026-04-01", "data": {"days": 9}},
    ]
    broken = {"plugin": "alpha", "settings": '{"least": 10}'}
    assert await perform(lab, CITY, "pluginSettingsChange", **broken) == ["INVALID_INPUT"]
    below = {"plugin": "alpha", "settings": '{"days": 20, "least": 10}'}
    assert await perform(lab, CITY, "pluginSettingsChange", **below) == ["INVALID_BELOW"]


@pytest.mark.parametrize("kind", list(ScopeKind))
async def test_settings_are_read_in_every_scope_for_any_tenant_of_the_city(lab: Laboratory, kind: ScopeKind) -> None:
    given = {"plugin": "alpha", "settings": '{"days": 7}', "tenantCode": "440112"}
    assert await perform(lab, CITY, "pluginSettingsChange", **given) == []
    scope = CITY.scope(lab.city)
    narrowed = type(scope)(kind, 4401, 440106000, 440107000, DISTRICT.scope(lab.city).level, scope.today)
    async with lab.database.read(narrowed) as session:
        assert (await settings_of(session, AlphaSettings, 440112001, scope.today)).days == 7
        assert (await settings_of(session, AlphaSettings, 440106000, scope.today)).days == 2
    async with lab.database.system() as session:
        assert (await settings_in(session, 4401, AlphaSettings, 440112001, scope.today)).days == 7
    shenzhen = Visitor("shenzhen").scope(lab.city)
    async with lab.database.read(shenzhen) as session:
        assert (await settings_in(session, 4401, AlphaSettings, 440112001, scope.today)).days == 2


async def test_another_city_is_told_nothing_of_what_was_said(lab: Laboratory) -> None:
    assert await perform(lab, CITY, "pluginChoose", plugin="alpha", choice="ENABLED") == []
    async with lab.database.read(Visitor("shenzhen").scope(lab.city)) as session:
        assert await session.rows(text("select * from plugin_said_at(4401, 440100000)")) == []
        assert await session.rows(text("select * from plugin_enablement")) == []
        assert await session.scalar(text("select said from plugin_said(4401, '')")) == "[]"


async def test_a_request_asks_once_and_learns_of_every_change_however_it_was_made(
    lab: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    original = Queries.ask

    async def noting(queries: Queries, sql: str, *arguments: Any) -> list[Any]:
        statements.append(sql)
        return await original(queries, sql, *arguments)

    monkeypatch.setattr(Queries, "ask", noting)

    async def asked() -> frozenset[str]:
        statements.clear()
        enabled = await lab.enablement.enabled(lab.database.queries, STREET.scope(lab.city))
        assert len(statements) == 1
        return enabled.plugins

    assert await asked() == frozenset()
    assert await perform(lab, CITY, "pluginChoose", plugin="alpha", choice="ENABLED") == []
    assert await asked() == {"alpha"}
    async with lab.database.system() as session:
        await session.execute(text("update plugin_enablement set choice = 'DISABLED'"))
    assert await asked() == frozenset()
    async with lab.database.system() as session:
        await session.execute(
            text("update plugin_enablement set choice = 'ENABLED', code = 440112000, high = 440113000")
        )
    assert await asked() == {"alpha"}


async def test_the_list_of_plugins_is_one_statement(lab: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    statements = 0
    original = TenantReadSession.json

    async def counting(*given: Any) -> str | None:
        nonlocal statements
        statements += 1
        return await original(*given)

    monkeypatch.setattr(TenantReadSession, "json", counting)
    rows = await plugins(
        lab, CITY, "version labelZh labelEn description requires policy choice choiceVersion effective"
    )
    assert statements == 1
    assert rows["beta"] == {
        "version": "1.2",
        "labelZh": "beta插件",
        "labelEn": "beta plugin",
        "description": "例。",
        "requires": ["alpha"],
        "policy": "ALLOWED",
        "choice": "INHERIT",
        "choiceVersion": 0,
        "effective": False,
    }
