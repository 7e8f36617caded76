"""Changes of tenants on a real database: the rows follow, the history stays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, UniqueConstraint, func, insert, select, text

from core.audit.tables import AuditEntry
from core.cases.tables import CaseShell, Document, Response
from core.clock import FrozenClock
from core.db.scope import Scope, TenantLevel
from core.db.session import Database
from core.db.table_registry import all_tables
from core.errors import ActRefused
from core.extension.tables import PluginEnablement
from core.identity.tables import Member
from core.imports.tables import ImportKey
from core.tenancy.acts.changes import Changed, ChangeInFuture, Order, merge, move, rename
from core.tenancy.recoding import TenantBusy, coded_tables, going_on, hold_still
from core.tenancy.records import read_register, tenant_history
from core.tenancy.register import ChangeRefusal
from core.tenancy.tables import Agency, Tenant, TenantChange
from tests.support.city import NOW, TODAY, City, build_city

CITY, TIANHE, HUANGPU, TOWN, MOVED = 440_100_000, 440_106_000, 440_112_000, 440_112_001, 440_106_001
NANSHA, NANSHA_TOWN = 440_115_000, 440_115_001
ORDER = Order(TODAY, "穗府函〔2026〕1号", "tester", NOW)
F = ChangeRefusal


@pytest.fixture
async def database(server_url: str, template: str) -> AsyncIterator[Database]:
    """A database of its own for every test: each change is final."""
    from uuid import uuid4

    from core.db.engine import make_engine
    from tests.conftest import _administer, on

    name = f"t_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name} template {template}")
    opened = Database(make_engine(on(server_url, name), pool_size=5))
    yield opened
    await opened.dispose()
    await _administer(server_url, f"drop database {name} with (force)")


@pytest.fixture
async def city(database: Database) -> City:
    built = await build_city(database)
    async with database.system() as session:
        for code, parent, level, name, high in (
            (NANSHA, CITY, "DISTRICT", "南沙区", 440_116_000),
            (NANSHA_TOWN, NANSHA, "TOWN", "南沙街道", 440_115_002),
        ):
            await session.execute(
                insert(Tenant).values(
                    code=code,
                    shard=4401,
                    parent_code=parent,
                    level=level,
                    kind="NORMAL",
                    name_zh=name,
                    full_name_zh=f"广东省广州市{name}",
                    sort_key=name,
                    low=code,
                    high=high,
                )
            )
    return built


def scope(code: int, high: int) -> Scope:
    level = TenantLevel.TOWN if high - code == 1 else TenantLevel.DISTRICT
    return replace(City().scope(CITY), low=code, high=high, level=level)


async def cases_seen(database: Database, city: City, code: int, high: int) -> set[str]:
    names = {value: key for key, value in city.cases.items()}
    async with database.read(scope(code, high)) as session:
        return {names[row.id] for row in await session.rows(select(CaseShell.id))}


async def refused(database: Database, act: Callable[..., object]) -> ChangeRefusal:
    with pytest.raises(ActRefused) as caught:
        async with database.system() as session:
            await act(session)  # type: ignore[misc]
    assert isinstance(caught.value.code, ChangeRefusal)
    return caught.value.code


async def move_town(database: Database, order: Order = ORDER) -> Changed:
    async with database.system() as session:
        return await move(session, TOWN, TIANHE, order)


async def test_a_moved_town_takes_its_cases_to_the_new_district(database: Database, city: City) -> None:
    changed = await move_town(database)
    assert changed.plan.recode == {TOWN: MOVED}
    assert await cases_seen(database, city, TIANHE, TIANHE + 1000) == {"tianhe", "shared", "town"}
    assert await cases_seen(database, city, HUANGPU, HUANGPU + 1000) == {"huangpu", "shared"}
    assert await cases_seen(database, city, MOVED, MOVED + 1) == {"town"}
    async with database.read(scope(MOVED, MOVED + 1)) as session:
        row = await session.row(select(Response.code, Response.district, Response.origin_code))
        agency = await session.scalar(select(Agency.name_zh))
    assert row is not None
    assert tuple(row) == (MOVED, TIANHE, TOWN)
    assert agency == "广州市黄埔区人民政府红山街道办事处"


async def test_every_table_with_a_tenant_code_is_recoded(database: Database, city: City) -> None:
    await move_town(database)
    async with database.system() as session:
        for table in coded_tables():
            left = await session.scalar(text(f"select count(*) from {table.name} where code = {TOWN}"))
            assert left == 0, table.name


def test_tables_with_a_tenant_code_are_found_in_the_metadata_plugins_too() -> None:
    names = {table.name for table in coded_tables()}
    assert {"response", "document", "agency", "member", "audit_entry", "import_key", "plugin_setting"} <= names
    assert not names & {"tenant", "tenant_version", "court", "case_shell"}
    foreign = Table(
        "scoring_mark",
        MetaData(),
        Column("shard", Integer, primary_key=True),
        Column("code", BigInteger, primary_key=True),
        Column("year", Integer, primary_key=True),
        Column("serial", Integer),
        UniqueConstraint("shard", "serial"),
    )
    found = coded_tables([*all_tables(), foreign])
    assert next(table for table in found if table.name == "scoring_mark").unique == (("year",),)


async def test_the_history_of_a_moved_and_renamed_town_is_one_line(database: Database, city: City) -> None:
    await move_town(database, replace(ORDER, on_day=date(2025, 5, 1)))
    async with database.system() as session:
        await rename(session, MOVED, "红旗街道", ORDER)
    async with database.anonymous() as session:
        history = await tenant_history(session, MOVED)
    assert [(h.code, h.name_zh, h.parent_name_zh, h.valid_from, h.valid_to) for h in history] == [
        (TOWN, "红山街道", "黄埔区", None, date(2025, 5, 1)),
        (MOVED, "红山街道", "天河区", date(2025, 5, 1), TODAY),
        (MOVED, "红旗街道", "天河区", TODAY, None),
    ]


async def test_a_change_is_recorded_and_audited(database: Database, city: City) -> None:
    changed = await move_town(database)
    async with database.system() as session:
        change = await session.row(select(TenantChange.kind, TenantChange.plan, TenantChange.recorded_by))
        entries = await session.rows(select(AuditEntry.act, AuditEntry.code, AuditEntry.subject_id, AuditEntry.reason))
    assert change is not None
    assert (change.kind, change.recorded_by) == ("MOVED", "tester")
    assert change.plan["recode"] == {str(TOWN): MOVED}
    assert {tuple(entry) for entry in entries} == {
        ("tenantMove", MOVED, UUID(int=TOWN), ORDER.reason),
        ("tenantMove", MOVED, UUID(int=MOVED), ORDER.reason),
    }
    assert changed.recoded["response"] == 1


async def test_districts_merge_with_their_towns_and_leave_their_settings_behind(database: Database, city: City) -> None:
    async with database.system() as session:
        for code, high in ((HUANGPU, HUANGPU + 1000), (NANSHA, NANSHA + 1000), (TOWN, TOWN + 1)):
            await session.execute(
                insert(PluginEnablement).values(
                    shard=4401,
                    code=code,
                    high=high,
                    plugin="scoring",
                    policy="ALLOWED",
                    choice="ENABLED",
                    changed_at=NOW,
                    changed_by="tester",
                    version=1,
                )
            )
            await session.execute(
                insert(ImportKey).values(
                    shard=4401,
                    code=code,
                    source="cases",
                    kind="case",
                    external_id="C1",
                    row_id=city.cases["huangpu"],
                )
            )
        await merge(session, [HUANGPU], NANSHA, ORDER)
        settings = await session.rows(select(PluginEnablement.code, PluginEnablement.high))
        keys = await session.rows(select(ImportKey.code))
    # The town goes on as 440115900, since 001 is taken, with its settings and their range; the closed district's stay behind.
    assert {tuple(row) for row in settings} == {
        (HUANGPU, HUANGPU + 1000),
        (NANSHA, NANSHA + 1000),
        (440_115_900, 440_115_901),
    }
    assert sorted(row.code for row in keys) == [HUANGPU, NANSHA, 440_115_900]
    assert await cases_seen(database, city, NANSHA, NANSHA + 1000) == {"huangpu", "shared", "town"}
    assert await cases_seen(database, city, HUANGPU, HUANGPU + 1000) == set()


async def test_two_districts_merge_into_a_new_one(database: Database, city: City) -> None:
    async with database.system() as session:
        await merge(session, [HUANGPU, TIANHE], 440_119_000, ORDER, name="新城区")
        register = await read_register(session, 4401)
    assert await cases_seen(database, city, 440_119_000, 440_120_000) == {"huangpu", "tianhe", "shared", "town"}
    assert {c.name_zh for c in register.children(CITY)} == {"新城区", "南沙区"}
    assert register.tenants[HUANGPU].successor_code == register.tenants[TIANHE].successor_code == 440_119_000
    async with database.anonymous() as session:
        assert [entry.name_zh for entry in await tenant_history(session, 440_119_000)] == ["天河区", "黄埔区", "新城区"]


async def test_members_of_a_closed_district_belong_to_its_successor(database: Database, city: City) -> None:
    async with database.system() as session:
        await session.execute(
            insert(Member).values(
                shard=4401,
                code=HUANGPU,
                issuer="i",
                subject="s",
                role="DISTRICT_BUREAU",
                display_name="某",
                valid_from=date(2025, 1, 1),
                created_at=NOW,
            )
        )
        await merge(session, [HUANGPU], NANSHA, ORDER)
    async with database.anonymous() as session:
        row = await session.row(text("select code, low from memberships_of('i', 's', :today)"), {"today": TODAY})
    assert row is not None
    assert tuple(row) == (NANSHA, NANSHA)


async def test_refusals_change_nothing(database: Database, city: City) -> None:
    assert await refused(database, lambda s: move(s, TOWN, HUANGPU, ORDER)) is F.SAME_PARENT
    assert await refused(database, lambda s: move(s, TOWN, 440_300_000, ORDER)) is F.CROSSES_ROOT
    assert await refused(database, lambda s: move(s, 440_112_009, TIANHE, ORDER)) is F.UNKNOWN_TENANT
    assert await refused(database, lambda s: merge(s, [HUANGPU], HUANGPU, ORDER)) is F.TARGET_IS_SOURCE
    assert await refused(database, lambda s: rename(s, HUANGPU, "黄埔区", ORDER)) is F.NAME_UNCHANGED
    await move_town(database)
    assert await refused(database, lambda s: move(s, TOWN, NANSHA, ORDER)) is F.NOT_CURRENT
    with pytest.raises(ChangeInFuture):
        async with database.system() as session:
            await rename(session, HUANGPU, "新区", replace(ORDER, on_day=date(2026, 3, 11)))
    async with database.system() as session:
        assert await session.scalar(select(func.count()).select_from(TenantChange)) == 1


async def test_a_day_is_one_in_shanghai(database: Database, city: City) -> None:
    evening = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)
    async with database.system() as session:
        await rename(session, HUANGPU, "新区", replace(ORDER, on_day=date(2026, 3, 11), now=evening))


async def test_a_move_waits_for_a_writer_that_has_read_the_old_code(database: Database, city: City) -> None:
    writer = database.write(scope(TOWN, TOWN + 1))
    session = await writer.__aenter__()
    response = await session.row(select(Response.__table__))
    assert response is not None
    refused_attempts = 0

    async def finish_writer(_seconds: float) -> None:
        nonlocal refused_attempts
        refused_attempts += 1
        if refused_attempts > 1:
            return
        await session.execute(
            insert(Document).values(
                shard=4401,
                code=response.code,
                agency_id=response.agency_id,
                case_id=response.case_id,
                response_id=response.id,
                doc_type="OTHER",
                title="迟到的文书",
                direction="RECEIVED",
                received_on=TODAY,
                registered_at=NOW,
            )
        )
        await writer.__aexit__(None, None, None)

    async with database.system() as system:
        await move(system, TOWN, TIANHE, ORDER, pause=finish_writer)
    assert refused_attempts == 1
    async with database.read(scope(MOVED, MOVED + 1)) as reading:
        assert await reading.scalar(select(Document.title)) == "迟到的文书"


async def test_a_move_gives_up_when_it_never_gets_its_turn(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.tenancy.recoding.ATTEMPTS", 2)
    monkeypatch.setattr("core.tenancy.recoding.ATTEMPT_MS", 10)

    async def no_pause(_seconds: float) -> None:
        return

    async with database.read(scope(TOWN, TOWN + 1)) as reading:
        await reading.rows(select(Response.id))
        with pytest.raises(TenantBusy):
            async with database.system() as system:
                await hold_still(system, coded_tables(), no_pause)


async def test_only_a_tenant_that_goes_on_alone_keeps_its_settings(database: Database, city: City) -> None:
    async with database.system() as session:
        both = await merge(session, [HUANGPU, TIANHE], 440_119_000, ORDER, name="新城区")
    assert going_on(both.plan) == {TOWN}
    later = replace(ORDER, now=FrozenClock(datetime(2026, 3, 12, tzinfo=UTC)).now(), on_day=date(2026, 3, 11))
    async with database.system() as session:
        alone = await merge(session, [NANSHA], 440_120_000, later, name="南沙新区")
    assert going_on(alone.plan) == {NANSHA, NANSHA_TOWN}
