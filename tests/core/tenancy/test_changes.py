from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ActRefused
from core.reference.readers import Division
from core.tenancy.changes import (
    ChangeKind,
    ChangePlan,
    ChangeRefusal,
    Register,
    TenantVersion,
    apply_plan,
    current_successor,
    merge_tenants,
    move_town,
    rename_tenant,
)
from core.tenancy.hierarchy import build_hierarchy

DAY = date(2025, 11, 6)
F = ChangeRefusal

CHONGQING = {
    "500105": ("江北区", ["石马河街道", "五宝镇"]),
    "500109": ("北碚区", ["天生街道", "童家溪镇"]),
    "500112": ("渝北区", ["龙溪街道", "大湾镇"]),
    "500101": ("万州区", []),
}


def register_of(
    province: tuple[str, str], districts: dict[str, tuple[str, list[str]]], *cities: tuple[str, str]
) -> Register:
    rows = [Division(province[0], None, "province", province[1], "normal", "test", None)]
    rows += [
        Division(code, province[0], "city", name, "normal" if name != "市辖区" else "virtual", "test", None)
        for code, name in cities
    ]
    for code, (name, towns) in districts.items():
        rows.append(Division(code, code[:4], "district", name, "normal", "test", None))
        rows += [
            Division(f"{code}{number:03}", code, "town", town, "normal", "test", None)
            for number, town in enumerate(towns, 1)
        ]
    return Register({row.code: row for row in build_hierarchy(rows, sort_key=lambda name: name)})


def chongqing() -> Register:
    return register_of(("50", "重庆市"), CHONGQING, ("5001", "市辖区"))


def refused(act: object, *args: object, **kwargs: object) -> ChangeRefusal:
    assert callable(act)
    with pytest.raises(ActRefused) as caught:
        act(*args, **{"on_day": DAY, **kwargs})
    assert isinstance(caught.value.code, ChangeRefusal)
    assert caught.value.message_zh == caught.value.code.zh
    return caught.value.code


def test_rename_a_street_keeps_its_code_and_its_history() -> None:
    before = chongqing()
    plan = rename_tenant(before, 500112001, " 新溪街道 ", on_day=DAY)
    assert (plan.kind, plan.recode) == (ChangeKind.RENAMED, {})
    after = apply_plan(before, plan)
    street = after.tenants[500112001]
    assert (street.name_zh, street.full_name_zh) == ("新溪街道", "重庆市渝北区新溪街道")
    assert street.sort_key == "xin1 xi1 jie1 dao4"
    assert after.history(500112001) == (
        TenantVersion(500112001, 500112000, "龙溪街道", None, DAY),
        TenantVersion(500112001, 500112000, "新溪街道", DAY, None),
    )
    assert before.tenants[500112001].name_zh == "龙溪街道"


def test_renaming_a_district_renames_what_stands_under_it_in_full() -> None:
    after = apply_plan(chongqing(), rename_tenant(chongqing(), 500112000, "新区", on_day=DAY))
    assert after.tenants[500112001].full_name_zh == "重庆市新区龙溪街道"
    assert len(after.history(500112001)) == 1
    city = apply_plan(after, rename_tenant(after, 500000000, "渝州市", on_day=DAY))
    assert city.tenants[500112001].full_name_zh == "渝州市新区龙溪街道"


def test_liangjiang_takes_the_place_of_two_districts() -> None:
    """重庆 2025: 江北区 and most of 渝北区 become 两江新区; 大湾镇 goes to 北碚区."""
    before = chongqing()
    plan = merge_tenants(
        before,
        [500105000, 500112000],
        500157000,
        name="两江新区",
        on_day=DAY,
        towns_to={500112002: 500109000},
        new_codes={500112001: 500157016},
    )
    assert plan.kind is ChangeKind.MERGED
    assert plan.recode == {
        500105000: 500157000,
        500112000: 500157000,
        500105001: 500157001,
        500105002: 500157002,
        500112001: 500157016,
        500112002: 500109900,  # 002 is 童家溪镇's, so a reserved code until the official one is known
    }
    after = apply_plan(before, plan)
    merged = after.tenants[500157000]
    assert (merged.full_name_zh, merged.valid_from, merged.parent_code) == ("重庆市两江新区", DAY, 500000000)
    assert after.tenants[500109900].full_name_zh == "重庆市北碚区大湾镇"
    assert {row.name_zh for row in after.children(500157000)} == {"石马河街道", "五宝镇", "龙溪街道"}
    assert after.children(500105000) == ()
    assert {row.name_zh for row in after.children(500000000)} == {"两江新区", "北碚区", "万州区"}
    for old in (500105000, 500112000):
        assert (after.tenants[old].valid_to, current_successor(after.tenants, old)) == (DAY, merged)
    assert json.loads(json.dumps(plan.as_json()))["recode"]["500112002"] == 500109900


def test_a_district_takes_in_another_and_may_change_its_name() -> None:
    before = chongqing()
    kept = apply_plan(before, merge_tenants(before, [500105000], 500112000, on_day=DAY))
    assert kept.tenants[500112000] == before.tenants[500112000]
    assert kept.tenants[500112900].name_zh == "石马河街道"
    plan = merge_tenants(before, [500105000], 500112000, name="两江区", on_day=DAY)
    renamed = apply_plan(before, plan)
    assert renamed.tenants[500112900].full_name_zh == "重庆市两江区石马河街道"
    assert [version.name_zh for version in renamed.history(500112000)] == ["渝北区", "两江区"]


def test_streets_merge() -> None:
    before = chongqing()
    after = apply_plan(before, merge_tenants(before, [500112001, 500112002], 500112020, name="新街道", on_day=DAY))
    assert [row.name_zh for row in after.children(500112000)] == ["新街道"]
    assert after.tenants[500112020].parent_code == 500112000


def test_moves_and_chains_of_successors() -> None:
    register = chongqing()
    plan = move_town(register, 500109002, 500101000, on_day=DAY)
    assert plan.recode == {500109002: 500101002}
    register = apply_plan(register, plan)
    assert register.tenants[500101002].full_name_zh == "重庆市万州区童家溪镇"
    back = move_town(register, 500101002, 500109000, on_day=DAY + timedelta(1))
    assert back.recode == {500101002: 500109900}  # its first code is history and is not used again
    register = apply_plan(register, back)
    successor = current_successor(register.tenants, 500109002)
    assert successor is not None
    assert successor.code == 500109900


def test_a_tenant_closed_without_successor_leads_nowhere() -> None:
    register = chongqing()
    tenants = {**register.tenants, 500101000: replace(register.tenants[500101000], valid_to=DAY)}
    assert current_successor(tenants, 500101000) is None


def test_a_circle_of_successors_is_found() -> None:
    tenants = dict(chongqing().tenants)
    for code, successor in ((500101000, 500105000), (500105000, 500101000)):
        tenants[code] = replace(tenants[code], valid_to=DAY, successor_code=successor)
    with pytest.raises(ValueError, match="in a circle"):
        current_successor(tenants, 500101000)


def two_cities() -> Register:
    towns = {"440112": ("黄埔区", ["联和街道"]), "440111": ("白云区", []), "440304": ("福田区", ["香蜜湖街道"])}
    return register_of(("44", "广东省"), towns, ("4401", "广州市"), ("4403", "深圳市"))


@pytest.mark.parametrize(
    ("args", "refusal"),
    [
        ((500199999, "某镇"), F.UNKNOWN_TENANT),
        ((500112001, "  "), F.NAME_EMPTY),
        ((500112001, "龙溪街道"), F.NAME_UNCHANGED),
    ],
)
def test_refused_renamings(args: tuple[int, str], refusal: ChangeRefusal) -> None:
    assert refused(rename_tenant, chongqing(), *args) is refusal


@pytest.mark.parametrize(
    ("code", "to", "new_code", "refusal"),
    [
        (440112001, 440304000, None, F.CROSSES_ROOT),
        (440112001, 440112000, None, F.SAME_PARENT),
        (440112001, 440100000, None, F.WRONG_LEVEL),
        (440112000, 440111000, None, F.WRONG_LEVEL),
        (440112001, 440113000, None, F.UNKNOWN_TENANT),
        (440112001, 440111000, 440112002, F.CODE_OUTSIDE),
        (440112001, 440111000, 440111000, F.CODE_TAKEN),
        (440112001, 440111000, 440112001, F.CODE_TAKEN),
    ],
)
def test_refused_moves(code: int, to: int, new_code: int | None, refusal: ChangeRefusal) -> None:
    assert refused(move_town, two_cities(), code, to, new_code=new_code) is refusal


@pytest.mark.parametrize(
    ("sources", "target", "name", "refusal"),
    [
        ([], 440113000, "新区", F.NOTHING_TO_MERGE),
        ([440112000], 440112000, None, F.TARGET_IS_SOURCE),
        ([440112000, 440304000], 440113000, "新区", F.CROSSES_ROOT),
        ([440112000], 440304000, None, F.CROSSES_ROOT),
        ([440100000], 440300000, None, F.CROSSES_ROOT),
        ([440112000], 440113000, None, F.NAME_EMPTY),
        ([440112000], 440111001, "新区", F.WRONG_LEVEL),
        ([440112000, 440112001], 440113000, "新区", F.WRONG_LEVEL),
        ([440112001], 440113001, "新街道", F.CODE_OUTSIDE),
    ],
)
def test_refused_mergers(sources: list[int], target: int, name: str | None, refusal: ChangeRefusal) -> None:
    assert refused(merge_tenants, two_cities(), sources, target, name=name) is refusal


def test_towns_may_only_be_sent_to_districts_that_remain() -> None:
    merge = {"sources": [500105000, 500112000], "target": 500157000, "name": "两江新区"}
    for town, closing in ((500112002, 500105000), (500105001, 500112000), (500105001, 500105000)):
        assert refused(merge_tenants, chongqing(), **merge, towns_to={town: closing}) is F.NOT_CURRENT
    assert refused(merge_tenants, chongqing(), **merge, towns_to={500112002: 500109001}) is F.WRONG_LEVEL
    assert refused(merge_tenants, chongqing(), **merge, towns_to={500109002: 500157000}) is F.UNKNOWN_TENANT


def test_closed_tenants_and_days_in_the_past_are_refused() -> None:
    register = apply_plan(chongqing(), merge_tenants(chongqing(), [500105000], 500112000, name="新区", on_day=DAY))
    assert refused(rename_tenant, register, 500105000, "又名") is F.NOT_CURRENT
    assert refused(rename_tenant, register, 500112000, "又名") is F.TOO_EARLY
    assert refused(merge_tenants, register, [500109000], 500105000) is F.NOT_CURRENT
    assert refused(rename_tenant, register, 500112900, "又名", on_day=DAY - timedelta(1)) is F.TOO_EARLY


def test_a_full_district_needs_a_named_code() -> None:
    names = [f"镇{number}" for number in range(2)]
    register = register_of(("50", "重庆市"), {"500105": ("甲区", names), "500112": ("乙区", names)}, ("5001", "市辖区"))
    template = register.tenants[500112001]
    full = {code: replace(template, code=code, low=code, high=code + 1) for code in range(500112900, 500113000)}
    register = Register({**register.tenants, **full})
    assert refused(move_town, register, 500105001, 500112000) is F.NO_FREE_CODE
    assert move_town(register, 500105001, 500112000, on_day=DAY, new_code=500112003).recode == {500105001: 500112003}


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Register, ChangePlan, Register]]:
    register, day, steps = chongqing(), DAY, []
    for number in range(draw(st.integers(1, 8))):
        day += timedelta(draw(st.integers(0, 2)))
        code = st.sampled_from(sorted(register.tenants))
        act = draw(st.sampled_from(["rename", "move", "merge"]))
        try:
            if act == "rename":
                plan = rename_tenant(register, draw(code), f"名{number}", on_day=day)
            elif act == "move":
                plan = move_town(register, draw(code), draw(code), on_day=day)
            else:
                new = draw(st.sampled_from([500157000 + 1000 * number, 500109020 + number]))
                target = draw(st.one_of(code, st.just(new)))
                plan = merge_tenants(register, draw(st.lists(code, max_size=3)), target, name=f"名{number}", on_day=day)
        except ActRefused:
            continue
        after = apply_plan(register, plan)
        steps.append((register, plan, after))
        register = after
    return steps


@settings(max_examples=150)
@given(histories())
def test_whatever_happens_the_register_stays_sound(steps: list[tuple[Register, ChangePlan, Register]]) -> None:
    for before, plan, after in steps:
        tenants = after.tenants
        assert tenants.keys() >= before.tenants.keys()
        current = {code for code, tenant in tenants.items() if tenant.current}
        assert plan.recode.keys().isdisjoint(plan.recode.values())
        assert plan.recode.keys() == {code for code, tenant in before.tenants.items() if tenant.current} - current
        assert set(plan.recode.values()) <= current
        for code, tenant in tenants.items():
            successor = current_successor(tenants, code)
            assert successor is not None
            assert successor.current
            if tenant.current and tenant.parent_code is not None:
                parent = tenants[tenant.parent_code]
                assert parent.current
                assert parent.low <= tenant.low < tenant.high <= parent.high
                assert tenant.full_name_zh == parent.full_name_zh + tenant.name_zh
            check_history(after, code)


def check_history(register: Register, code: int) -> None:
    tenant, versions = register.tenants[code], register.history(code)
    for earlier, later in pairwise(versions):
        assert earlier.valid_to == later.valid_from
    assert all(v.valid_from is None or v.valid_to is None or v.valid_from < v.valid_to for v in versions)
    last = versions[-1]
    assert (last.name_zh, last.parent_code, last.valid_to) == (tenant.name_zh, tenant.parent_code, tenant.valid_to)
    assert versions[0].valid_from == tenant.valid_from
