"""Whatever is asked of the figures, by whomever: the answer is what plain Python makes of the responses themselves."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text

from core.cases.outcomes import OUTCOME_RULES, Outcome, Verdict
from core.cases.tables import Response
from core.db.scope import Scope, ScopeKind
from core.db.session import Database
from core.house import CORE_CONTRIBUTIONS
from schema.compose import House
from schema.declare import grouped
from schema.declared.figures import Count, Dimension, Grouping
from schema.declared.lists import Filter
from schema.declared.types import Contribution
from schema.describe import Doc
from tests.support.city import AGENCIES, NOW, City
from tests.support.house import IDS, ask

CITY = 440100000
KINDS = ["FIRST", "SECOND", "RECON"]
NAMES = ["city", "tianhe", "huangpu", "town"]
Group = tuple[Any, ...]

SHOWN: dict[str, tuple[str, Callable[[Any, date], Any]]] = {
    "YEAR": ("year", lambda _row, month: month.year),
    "MONTH": ("month", lambda _row, month: month.isoformat()),
    "PROCEDURE_KIND": ("procedureKind", lambda row, _month: row.procedure_kind),
    "STATUS": ("status", lambda row, _month: row.status),
    "DISTRICT": ("district { code }", lambda row, _month: row.district),
    "TOWN": ("town { code }", lambda row, _month: row.code),
    "AGENCY": ("agency { id }", lambda row, _month: IDS.encode("Agency", 4401, row.agency_id)),
    "OUTCOME": ("outcome", lambda row, _month: row.outcome),
    "LOST": ("lost", lambda row, _month: row.lost),
}
OF_CLOSING = {"OUTCOME", "LOST"}


@pytest.fixture(scope="module")
async def rows(database: Database, city: City) -> list[Any]:
    """Three hundred responses of four agencies, most of them closed, with every outcome there is."""
    chance = random.Random(7)
    made = []
    for number in range(300):
        name = chance.choice(NAMES)
        filed = date(chance.choice([2024, 2025, 2026]), chance.randint(1, 12), chance.randint(1, 28))
        closed = chance.random() < 0.8
        kind = chance.choice(KINDS)
        outcomes = [outcome.value for outcome, rule in OUTCOME_RULES.items() if kind in {k.value for k in rule.kinds}]
        made.append(
            {
                "shard": 4401,
                "agency_id": city.agencies[name],
                "case_id": UUID(int=number + 1),
                "code": AGENCIES[name][1],
                "origin_code": AGENCIES[name][1],
                "ordinal": 0,
                "role": "RESPONDENT",
                "registered_at": NOW,
                "filed_on": filed,
                "closed_on": date(filed.year + 1, chance.randint(1, 12), 3) if closed else None,
                "status": "CLOSED" if closed else "OPEN",
                "procedure_kind": kind,
                "cause_code": "0101",
                "court_code": "粤7101",
                "outcome": chance.choice([None, *outcomes]) if closed else None,
                "lost": chance.choice([None, None, True, False]) if closed else None,
            }
        )
    async with database.system() as session:
        await session.execute(text("set local app.bulk = 'on'"))
        dispute = await session.scalar(
            text("insert into dispute (shard, opened_on) values (4401, date '2024-01-01') returning id")
        )
        await session.execute(
            text(
                "insert into case_shell (shard, id, dispute_id, procedure_kind, compensation, procedure_form, cause_code, filed_on,"
                " status, created_at) select 4401, id, :dispute, 'FIRST', 'NONE', 'ORDINARY', '0101', date '2024-01-01', 'OPEN', now()"
                " from unnest(cast(:ids as uuid[])) id"
            ),
            {"dispute": dispute, "ids": [row["case_id"] for row in made]},
        )
        await session.execute(insert(Response), made)
        return list(await session.rows(select(Response.__table__).where(Response.shard == 4401)))


def percent(part: int, whole: int) -> str | None:
    if whole == 0:
        return None
    return str((Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP))


def is_counted(row: Any, kind: str) -> bool:
    if row.procedure_kind != kind or (row.outcome is None and row.lost is None):
        return False
    return row.outcome is None or OUTCOME_RULES[Outcome[row.outcome]].counted


def has_lost(row: Any) -> bool:
    if row.lost is not None:
        return bool(row.lost)
    return OUTCOME_RULES[Outcome[row.outcome]].verdict in {Verdict.LOST, Verdict.PARTLY_LOST}


def rule_says(row: Any, name: str) -> bool:
    return row.outcome is not None and bool(getattr(OUTCOME_RULES[Outcome[row.outcome]], name))


def expected(seen: list[Any], by: list[str], since: date | None, kinds: list[str] | None) -> dict[Group, Any]:
    filed: dict[Group, list[Any]] = defaultdict(list)
    closed: dict[Group, list[Any]] = defaultdict(list)
    for row in seen:
        if kinds is not None and row.procedure_kind not in kinds:
            continue
        for into, day in ((filed, row.filed_on), (closed, row.closed_on)):
            if day is None or (since is not None and day.replace(day=1) < since):
                continue
            of_filing = into is filed
            key = tuple(
                None if of_filing and one in OF_CLOSING else SHOWN[one][1](row, day.replace(day=1)) for one in by
            )
            into[key].append(row)
    keys = {*filed, *closed} if by else {()}
    return {key: figures(filed[key], closed[key]) for key in keys}


def figures(filed: list[Any], closed: list[Any]) -> dict[str, Any]:
    first = [row for row in closed if is_counted(row, "FIRST")]
    reconsidered = [row for row in closed if is_counted(row, "RECON")]
    lost = len([row for row in first if has_lost(row)])
    settled = len([row for row in first if rule_says(row, "mediated")])
    corrected = len([row for row in reconsidered if rule_says(row, "corrected")])
    return {
        "filed": len(filed),
        "open": len([row for row in filed if row.status == "OPEN"]),
        "closed": len(closed),
        "lostFirstInstance": lost,
        "notStated": len([row for row in closed if row.outcome is None and row.lost is None]),
        "lossRate": {"percent": percent(lost, len(first)), "denominator": len(first)},
        "settlementRate": {"percent": percent(settled, len(first)), "denominator": len(first)},
        "correctionRate": {"percent": percent(corrected, len(reconsidered)), "denominator": len(reconsidered)},
    }


FIGURES = (
    "filed open closed lostFirstInstance notStated lossRate { percent denominator }"
    " settlementRate { percent denominator } correctionRate { percent denominator }"
)


def questions(city: City) -> Iterator[tuple[Scope, list[str], date | None, list[str] | None]]:
    chance = random.Random(11)
    scopes = [city.scope(code) for code in (CITY, 440106000, 440112000, 440112001)]
    scopes += [city.agency_scope(name) for name in NAMES] + [city.scope(440112000, ScopeKind.NONE)]
    for _ in range(120):
        by = chance.sample(list(SHOWN), chance.randint(0, 3))
        since = chance.choice([None, date(2025, 6, 1), date(2026, 1, 1)])
        yield chance.choice(scopes), by, since, chance.choice([None, ["FIRST"], ["RECON", "SECOND"]])


def within(scope: Scope, row: Any) -> bool:
    if scope.kind is ScopeKind.AGENCY:
        return bool(row.agency_id == scope.agency_id)
    return bool(scope.low <= row.code < scope.high)


def key_of(group: dict[str, Any], by: list[str]) -> Group:
    key = []
    for one in by:
        name, _, inner = SHOWN[one][0].partition(" { ")
        value = group.pop(name)
        key.append(value[inner.removesuffix(" }")] if inner and value is not None else value)
    return tuple(key)


async def test_every_question_is_answered_as_counting_would(database: Database, city: City, rows: list[Any]) -> None:
    asked = 0
    for scope, by, since, kinds in questions(city):
        if scope.kind is ScopeKind.NONE and "AGENCY" in by:
            continue  # the secretary reads an agency's figures, but not the agency: null, tried below
        month = f'month: {{gte: "{since}"}}' if since else ""
        kind = f"procedureKind: {{in: [{', '.join(kinds)}]}}" if kinds else ""
        query = (
            f"{{ caseTally(by: [{', '.join(by)}], filter: {{{month} {kind}}})"
            f" {{ {' '.join(SHOWN[one][0] for one in by)} {FIGURES} }} }}"
        )
        answer = await ask(database, scope, query)
        assert "errors" not in answer, (query, answer["errors"])
        groups = answer["data"]["caseTally"]
        found = {key_of(group, by): group for group in groups}
        assert len(found) == len(groups), query
        assert found == expected([row for row in rows if within(scope, row)], by, since, kinds), query
        asked += 1
    assert asked > 100


async def test_who_reads_figures_alone_is_told_no_agency(database: Database, city: City, rows: list[Any]) -> None:
    answer = await ask(
        database, city.scope(440112000, ScopeKind.NONE), "{ caseTally(by: [AGENCY]) { agency { name } filed } }"
    )
    groups = answer["data"]["caseTally"]
    assert [group["agency"] for group in groups] == [None, None]
    assert sum(group["filed"] for group in groups) == len([row for row in rows if 440112000 <= row.code < 440113000])


ANSWERS = Grouping(
    "AnswerTally",
    Doc("答辩统计", "answer tally"),
    Response,
    dimensions=(
        Dimension("kind", Doc("程序", "kind"), lambda row: f"{row}.procedure_kind"),
        Dimension("agency", Doc("机关", "agency"), lambda row: f"{row}.agency_id", target="Agency"),
    ),
    figures=(Count("responses", Doc("件次", "responses"), lambda _row: "count(*)"),),
    filters=(Filter("kind", Response.procedure_kind, Doc("程序", "kind")),),
)
"""Figures over a plain table, as a plugin might declare them: no rows chosen, so those of the viewer's scope."""


async def test_figures_of_a_plain_table_are_those_of_the_scope(database: Database, city: City, rows: list[Any]) -> None:
    field = grouped(ANSWERS, Doc("答辩统计", "answer tally"), permission="cases.read")
    house = House([*CORE_CONTRIBUTIONS, Contribution("core", queries={"answer_tally": field})])
    query = (
        '{ answerTally(by: [KIND, AGENCY], filter: {kind: {in: ["FIRST", "RECON"]}}) { kind agency { id } responses } }'
    )
    scopes = [city.scope(CITY), city.scope(440112000), city.scope(440112001), city.agency_scope("tianhe")]
    for scope in (*scopes, city.scope(CITY, ScopeKind.COURT, court_code="粤7101"), city.scope(CITY, ScopeKind.NONE)):
        answer = await ask(database, scope, query, house=house)
        court, nobody = scope.kind is ScopeKind.COURT, scope.kind is ScopeKind.NONE
        seen = [row for row in rows if (court or within(scope, row)) and not nobody and row.procedure_kind != "SECOND"]
        wanted: dict[Group, int] = defaultdict(int)
        for row in seen:
            wanted[row.procedure_kind, None if court else IDS.encode("Agency", 4401, row.agency_id)] += 1
        found: dict[Group, int] = defaultdict(int)
        for group in answer["data"]["answerTally"]:
            found[group["kind"], group["agency"] and group["agency"]["id"]] += group["responses"]
        assert found == wanted, scope
