"""Figures of a small city, by hand: what each viewer is told, broken down in every way, and no more than may be told."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.cases.acts.closing import CASE_CLOSE
from core.cases.outcomes import Outcome
from core.db.scope import Scope, ScopeKind
from core.db.session import Database
from tests.support.acting import Desk, Docket
from tests.support.city import City
from tests.support.house import ALL, IDS, ask

CITY, TIANHE, HUANGPU, TOWN = 440100000, 440106000, 440112000, 440112001
CLOSED = [
    ("huangpu", Outcome.REVOKED, date(2026, 3, 5)),
    ("huangpu", Outcome.CLAIMS_DISMISSED, date(2026, 3, 6)),
    ("huangpu", Outcome.WITHDRAWN_AFTER_CHANGE, date(2026, 3, 7)),
    ("tianhe", Outcome.PARTLY_REVOKED, date(2026, 3, 5)),
    ("tianhe", Outcome.TRANSFERRED, date(2026, 3, 5)),
    ("town", Outcome.WITHDRAWN, date(2026, 3, 9)),
]
"""Besides the six open responses of the small city; all filed in February."""


@pytest.fixture(scope="module")
async def settled(database: Database, city: City) -> City:
    docket = Docket(database, city)
    for agency, outcome, day in CLOSED:
        case_id, _ = await docket.case(agency, filed_on=date(2026, 2, 10))
        await Desk(database, city.scope(CITY)).perform(CASE_CLOSE, case_id=case_id, outcome=outcome, closed_on=day)
    # With a co-respondent the result of neither is known until its holding is stated.
    case_id, _ = await docket.case("city", "tianhe", filed_on=date(2025, 12, 30))
    close = {"case_id": case_id, "outcome": Outcome.REVOKED, "closed_on": date(2026, 3, 9)}
    await Desk(database, city.scope(CITY)).perform(CASE_CLOSE, **close)
    return city


async def tally(
    database: Database, scope: Scope, by: str, selection: str, more: str = "", variables: Any = None, sign: str = ""
) -> list[dict[str, Any]]:
    answer = await ask(database, scope, f"query{sign} {{ caseTally(by: [{by}]{more}) {{ {selection} }} }}", variables)
    assert "errors" not in answer, answer["errors"]
    groups: list[dict[str, Any]] = answer["data"]["caseTally"]
    return groups


COUNTS = "filed open closed lostFirstInstance notStated"


@pytest.mark.parametrize(
    ("code", "filed", "opened", "closed", "lost", "unstated"),
    [
        (CITY, 14, 6, 8, 2, 2),
        (TIANHE, 5, 2, 3, 1, 1),
        (HUANGPU, 7, 3, 4, 1, 0),
        (TOWN, 2, 1, 1, 0, 0),
    ],
)
async def test_a_tenant_is_told_the_figures_of_its_range(
    database: Database, settled: City, code: int, filed: int, opened: int, closed: int, lost: int, unstated: int
) -> None:
    expected = {"filed": filed, "open": opened, "closed": closed, "lostFirstInstance": lost, "notStated": unstated}
    for kind in (ScopeKind.TENANT, ScopeKind.NONE):
        assert await tally(database, settled.scope(code, kind), "", COUNTS) == [expected]


async def test_an_agency_is_told_its_own_figures(database: Database, settled: City) -> None:
    for agency, filed, closed in (("huangpu", 5, 3), ("tianhe", 5, 3), ("town", 2, 1), ("city", 2, 1)):
        scope = settled.agency_scope(agency)
        assert await tally(database, scope, "", "filed closed") == [{"filed": filed, "closed": closed}]
        named = await tally(database, scope, "AGENCY", "agency { name } filed")
        assert [group["filed"] for group in named] == [filed]


@pytest.mark.parametrize("kind", [ScopeKind.COURT, ScopeKind.ASSIGNED, ScopeKind.ADMIN])
async def test_whoever_reads_no_figures_is_told_none(database: Database, settled: City, kind: ScopeKind) -> None:
    scope = settled.scope(CITY, kind, court_code="粤7101", member_id=UUID(int=1))
    assert await tally(database, scope, "", "filed closed") == [{"filed": 0, "closed": 0}]
    for dimension in ("DISTRICT", "TOWN", "AGENCY", "MONTH"):
        assert await tally(database, scope, dimension, "filed") == []
    answer = await ask(database, scope, "{ caseTally { filed } }", permissions=ALL - {"statistics.read"})
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_figures_by_each_dimension(database: Database, settled: City) -> None:
    scope = settled.scope(CITY)
    assert await tally(database, scope, "MONTH", "month filed closed") == [
        {"month": "2025-12-01", "filed": 2, "closed": 0},
        {"month": "2026-02-01", "filed": 6, "closed": 0},
        {"month": "2026-03-01", "filed": 6, "closed": 8},
    ]
    assert await tally(database, scope, "YEAR, STATUS", "year status filed") == [
        {"year": 2025, "status": "CLOSED", "filed": 2},
        {"year": 2026, "status": "CLOSED", "filed": 6},
        {"year": 2026, "status": "OPEN", "filed": 6},
    ]
    assert await tally(database, scope, "OUTCOME", "outcome closed filed") == [
        {"outcome": "CLAIMS_DISMISSED", "closed": 1, "filed": 0},
        {"outcome": "PARTLY_REVOKED", "closed": 1, "filed": 0},
        {"outcome": "REVOKED", "closed": 1, "filed": 0},
        {"outcome": "TRANSFERRED", "closed": 1, "filed": 0},
        {"outcome": "WITHDRAWN", "closed": 1, "filed": 0},
        {"outcome": "WITHDRAWN_AFTER_CHANGE", "closed": 1, "filed": 0},
        {"outcome": None, "closed": 2, "filed": 14},
    ]
    assert await tally(database, scope, "DISTRICT", "district { name } filed closed") == [
        {"district": {"name": "广州市"}, "filed": 2, "closed": 1},
        {"district": {"name": "天河区"}, "filed": 5, "closed": 3},
        {"district": {"name": "黄埔区"}, "filed": 7, "closed": 4},
    ]
    assert await tally(database, scope, "DISTRICT, TOWN", "district { name } town { name } filed") == [
        {"district": {"name": "广州市"}, "town": {"name": "广州市"}, "filed": 2},
        {"district": {"name": "天河区"}, "town": {"name": "天河区"}, "filed": 5},
        {"district": {"name": "黄埔区"}, "town": {"name": "黄埔区"}, "filed": 5},
        {"district": {"name": "黄埔区"}, "town": {"name": "红山街道"}, "filed": 2},
    ]
    by_agency = await tally(database, scope, "AGENCY", "agency { name tenant { name } } filed")
    assert {group["agency"]["name"]: group["filed"] for group in by_agency} == {
        "广州市公安局": 2,
        "广州市天河区人民政府": 5,
        "广州市黄埔区人民政府": 5,
        "广州市黄埔区人民政府红山街道办事处": 2,
    }
    assert await tally(database, scope, "PROCEDURE_KIND, LOST", "procedureKind lost closed") == [
        {"procedureKind": "FIRST", "lost": False, "closed": 4},
        {"procedureKind": "FIRST", "lost": True, "closed": 2},
        {"procedureKind": "FIRST", "lost": None, "closed": 2},
    ]


RATE = "{ percent numerator denominator definition __typename }"


async def test_rates_with_their_counts(database: Database, settled: City) -> None:
    selection = f"lossRate {RATE} settlementRate {RATE} selfCorrectionRate {RATE} correctionRate {RATE}"
    (city,) = await tally(database, settled.scope(CITY), "", selection)
    assert {name: (rate["percent"], rate["numerator"], rate["denominator"]) for name, rate in city.items()} == {
        "lossRate": ("40.00", 2, 5),  # neither the transferred nor those whose result is not stated
        "settlementRate": ("40.00", 2, 5),
        "selfCorrectionRate": ("20.00", 1, 5),
        "correctionRate": (None, 0, 0),
    }
    assert all(rate["definition"] and rate["__typename"] == "RateFigure" for rate in city.values())
    (district,) = await tally(database, settled.scope(HUANGPU), "", "lossRate { percent }")
    assert district == {"lossRate": {"percent": "25.00"}}
    filtered = await tally(
        database, settled.scope(CITY), "", "lossRate { percent denominator }", ', filter: {month: {lt: "2026-03-01"}}'
    )
    assert filtered == [{"lossRate": {"percent": None, "denominator": 0}}]


async def test_rates_are_rounded_half_up(database: Database, settled: City) -> None:
    """1 of 800 is 0.125 %: 0.13, where rounding to even would give 0.12. 686 of 4311 is what a city published as 15.91 %."""
    for month, lost, all_closed in ((1, 1, 800), (2, 686, 4311), (3, 653, 3775)):
        async with database.system() as session:
            for is_lost, number in ((True, lost), (False, all_closed - lost)):
                await session.execute(
                    text(
                        "insert into case_tally (shard, level, tenant_code, month, series, procedure_kind, status, lost, slot, responses)"
                        " values (4403, 'CITY', 440300000, make_date(2020, :month, 1), 'CLOSED', 'FIRST', 'CLOSED', :lost, 0, :number)"
                    ),
                    {"month": month, "lost": is_lost, "number": number},
                )
    groups = await tally(
        database, settled.scope(440300000), "MONTH", "lossRate { percent }", ', filter: {month: {lt: "2021-01-01"}}'
    )
    assert [group["lossRate"]["percent"] for group in groups] == ["0.13", "15.91", "17.30"]


async def test_arguments_name_a_tenant_or_an_agency(database: Database, settled: City) -> None:
    async def filed(scope: Scope, by: str, argument: str, wanted: str) -> list[Any]:
        groups = await tally(database, scope, by, "filed", f", {argument}: $id", {"id": wanted}, "($id: ID!)")
        return [group["filed"] for group in groups]

    city, huangpu = settled.scope(CITY), settled.scope(HUANGPU)
    tenants = {code: IDS.encode("Tenant", 0, str(code)) for code in (CITY, TIANHE, HUANGPU, TOWN, 440300000)}
    agencies = {name: IDS.encode("Agency", 4401, key) for name, key in settled.agencies.items() if name != "shenzhen"}
    assert await filed(city, "", "tenant", tenants[HUANGPU]) == [7]
    assert await filed(city, "DISTRICT", "tenant", tenants[TOWN]) == [2]
    assert await filed(city, "TOWN", "tenant", tenants[HUANGPU]) == [5, 2]
    assert sorted(await filed(city, "AGENCY", "tenant", tenants[HUANGPU])) == [2, 5]
    assert await filed(huangpu, "", "agency", agencies["town"]) == [2]
    # What lies outside looks as if there were nothing.
    for outside in (tenants[CITY], tenants[TIANHE], tenants[440300000]):
        assert await filed(huangpu, "", "tenant", outside) == [0]
        assert await filed(huangpu, "AGENCY", "tenant", outside) == []
    assert await filed(huangpu, "", "agency", agencies["tianhe"]) == [0]
    assert await filed(settled.agency_scope("town"), "", "agency", agencies["huangpu"]) == [0]
    elsewhere = IDS.encode("Agency", 4403, settled.agencies["shenzhen"])
    assert await filed(city, "", "agency", elsewhere) == [0]
    wrong = await ask(database, city, "query($id: ID!) { caseTally(agency: $id) { filed } }", {"id": tenants[CITY]})
    assert wrong["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_figures_on_tenants_and_agencies(database: Database, settled: City) -> None:
    query = (
        "{ tenants(first: 10) { nodes { name caseTally { filed } } } agencies { nodes { name caseTally { filed } } } }"
    )

    async def seen(scope: Scope) -> tuple[dict[str, int], dict[str, int]]:
        answer = await ask(database, scope, query)
        assert "errors" not in answer, answer
        lists = (answer["data"]["tenants"]["nodes"], answer["data"]["agencies"]["nodes"])
        found = [
            {node["name"]: node["caseTally"][0]["filed"] for node in nodes if node["caseTally"] is not None}
            for nodes in lists
        ]
        return found[0], found[1]

    tenants, agencies = await seen(settled.scope(CITY))
    assert {name: tenants[name] for name in ("广州市", "天河区", "黄埔区", "红山街道")} == {
        "广州市": 14,
        "天河区": 5,
        "黄埔区": 7,
        "红山街道": 2,
    }
    assert agencies["广州市黄埔区人民政府"] == 5
    tenants, agencies = await seen(settled.scope(HUANGPU))
    assert tenants == {"黄埔区": 7, "红山街道": 2}
    assert agencies == {"广州市黄埔区人民政府": 5, "广州市黄埔区人民政府红山街道办事处": 2}
    assert await seen(settled.agency_scope("huangpu")) == ({}, {"广州市黄埔区人民政府": 5})
    nested = await ask(
        database,
        settled.scope(CITY),
        "{ tenant(code: 440112000) { caseTally(by: [TOWN, MONTH]) { town { name } month filed } } }",
    )
    assert nested["data"]["tenant"]["caseTally"] == [
        {"town": {"name": "黄埔区"}, "month": "2026-02-01", "filed": 3},
        {"town": {"name": "黄埔区"}, "month": "2026-03-01", "filed": 2},
        {"town": {"name": "红山街道"}, "month": "2026-02-01", "filed": 1},
        {"town": {"name": "红山街道"}, "month": "2026-03-01", "filed": 1},
    ]


async def test_the_groups_do_not_depend_on_what_is_shown_of_them(database: Database, settled: City) -> None:
    scope = settled.scope(TOWN)
    for figure in ("filed", "closed", "lossRate { percent }", "__typename", "month"):
        assert len(await tally(database, scope, "MONTH", figure)) == 2, figure
        assert len(await tally(database, scope, "", figure)) == 1, figure


async def test_fragments_aliases_and_directives(database: Database, settled: City) -> None:
    query = """query($no: Boolean!) { mine: caseTally(by: [STATUS, STATUS]) { __typename state: status ...figures filed @skip(if: $no) } }
               fragment figures on CaseTallyGroup { all: filed rate: lossRate { p: percent } }"""
    answer = await ask(database, settled.scope(TOWN), query, {"no": True})
    assert answer["data"] == {
        "mine": [
            {"__typename": "CaseTallyGroup", "state": "CLOSED", "all": 1, "rate": {"p": "0.00"}},
            {"__typename": "CaseTallyGroup", "state": "OPEN", "all": 1, "rate": {"p": None}},
        ]
    }


async def test_too_many_groups_are_refused(database: Database, settled: City) -> None:
    async with database.system() as session:
        await session.execute(
            text(
                "insert into case_tally (shard, level, tenant_code, month, series, procedure_kind, status, slot, responses)"
                " select 4403, 'CITY', 440300000, (date '1900-01-01' + n * interval '1 month')::date, 'FILED', 'FIRST', 'OPEN', 0, 1"
                " from generate_series(1, 1001) n"
            )
        )
    scope, some = settled.scope(440300000), '{month: {lt: "1983-01-01", gt: "1900-01-01"}}'
    answer = await ask(database, scope, "{ caseTally(by: [MONTH]) { filed } }")
    assert answer["data"] == {"caseTally": None}
    assert answer["errors"][0]["extensions"] == {
        "code": "BAD_USER_INPUT",
        "messageZh": "分组超过 1000 个，请减少分组维度或增加筛选条件",
        "field": "by",
        "limit": 1000,
        "requestId": "test",
    }
    nested = await ask(database, scope, "{ tenant(code: 440300000) { name caseTally(by: [MONTH]) { filed } } }")
    assert nested["data"] == {"tenant": {"name": "深圳市", "caseTally": None}}
    assert nested["errors"][0]["path"] == ["tenant", "caseTally"]
    assert nested["errors"][0]["extensions"]["limit"] == 1000
    assert len(await tally(database, scope, "MONTH", "filed", f", filter: {some}")) == 995
