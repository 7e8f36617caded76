from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from core.reference.readers import Division, read_closed_divisions, read_divisions
from core.tenancy.codes import TenantLevel
from core.tenancy.hierarchy import Tenant, TenantKind, build_hierarchy

L, K = TenantLevel, TenantKind


@pytest.fixture(scope="module")
def tenants() -> dict[int, Tenant]:
    # Names sort by themselves here: reading 36,000 of them aloud would cost this file two seconds.
    rows = build_hierarchy(read_divisions(), read_closed_divisions(), sort_key=lambda name: name)
    by_code = {row.code: row for row in rows}
    assert len(by_code) == len(rows)
    return by_code


def test_the_whole_country(tenants: dict[int, Tenant]) -> None:
    assert Counter((row.level, row.kind) for row in tenants.values() if row.current) == {
        (L.CITY, K.NORMAL): 333,
        (L.CITY, K.MUNICIPALITY): 4,
        (L.CITY, K.DIRECT): 33,
        (L.DISTRICT, K.NORMAL): 2_814,
        (L.DISTRICT, K.FUNCTIONAL): 129,
        (L.TOWN, K.NORMAL): 38_703,  # 38,704 of the lists less the placeholder 350527000
        (L.TOWN, K.FUNCTIONAL): 2_575,
    }


def test_guangzhou(tenants: dict[int, Tenant]) -> None:
    legal = [row for row in tenants.values() if row.shard == 440100000 and row.kind is K.NORMAL]
    assert Counter(row.level for row in legal) == {L.CITY: 1, L.DISTRICT: 11, L.TOWN: 177}
    towns = [row for row in legal if row.level is L.TOWN]
    assert Counter(row.name_zh.endswith("街道") for row in towns) == {True: 143, False: 34}
    assert {row.name_zh for row in legal if row.parent_code == 440100000} == {
        "荔湾区", "越秀区", "海珠区", "天河区", "白云区", "黄埔区", "番禺区", "花都区", "南沙区", "从化区", "增城区",
    }  # fmt: skip


def test_parents_come_first_and_hold_the_ranges_of_their_children(tenants: dict[int, Tenant]) -> None:
    seen: set[int] = set()
    for row in tenants.values():
        if row.parent_code is None:
            assert (row.level, row.shard) == (L.CITY, row.code)
        else:
            parent = tenants[row.parent_code]
            assert parent.code in seen
            assert parent.shard == row.shard
            assert parent.low <= row.low < row.high <= parent.high
            assert row.full_name_zh == parent.full_name_zh + row.name_zh
        seen.add(row.code)


def test_siblings_never_overlap(tenants: dict[int, Tenant]) -> None:
    siblings: dict[int | None, list[Tenant]] = {}
    for row in tenants.values():
        siblings.setdefault(row.parent_code, []).append(row)
    for rows in siblings.values():
        rows.sort(key=lambda row: row.low)
        assert all(one.high <= other.low for one, other in pairwise(rows))


@pytest.mark.parametrize(
    ("code", "parent", "level", "kind", "full_name"),
    [
        (440112000, 440100000, L.DISTRICT, K.NORMAL, "广东省广州市黄埔区"),
        (441900003, 441900000, L.TOWN, K.NORMAL, "广东省东莞市东城街道"),
        (441900402, 441900000, L.TOWN, K.FUNCTIONAL, "广东省东莞市东莞港"),
        (460400100, 460400000, L.TOWN, K.NORMAL, "海南省儋州市那大镇"),
        (620201001, 620200000, L.TOWN, K.NORMAL, "甘肃省嘉峪关市雄关街道"),
        (429004000, None, L.CITY, K.DIRECT, "湖北省仙桃市"),
        (659001000, None, L.CITY, K.DIRECT, "新疆维吾尔自治区石河子市"),
        (500000000, None, L.CITY, K.MUNICIPALITY, "重庆市"),
        (110101001, 110101000, L.TOWN, K.NORMAL, "北京市东城区东华门街道"),
        (130171000, 130100000, L.DISTRICT, K.FUNCTIONAL, "河北省石家庄市石家庄高新技术产业开发区"),
        (440117404, 440117000, L.TOWN, K.FUNCTIONAL, "广东省广州市从化区黄龙带水库"),
    ],
)
def test_places(
    tenants: dict[int, Tenant], code: int, parent: int | None, level: TenantLevel, kind: TenantKind, full_name: str
) -> None:
    row = tenants[code]
    assert (row.parent_code, row.level, row.kind, row.full_name_zh) == (parent, level, kind, full_name)


@pytest.mark.parametrize("code", [440000000, 110100000, 500200000, 429000000, 620201000, 710000000, 810000000])
def test_what_is_no_tenant(tenants: dict[int, Tenant], code: int) -> None:
    assert code not in tenants


def test_no_tenant_lies_in_taiwan_hong_kong_or_macao(tenants: dict[int, Tenant]) -> None:
    assert {code // 10_000_000 for code in tenants}.isdisjoint({71, 81, 82})


def test_counties_of_chongqing_stand_under_the_municipality(tenants: dict[int, Tenant]) -> None:
    districts = [
        row for row in tenants.values() if row.parent_code == 500000000 and row.kind is K.NORMAL and row.current
    ]
    assert len(districts) == 37  # 25 districts (5001) and 12 counties (5002)


def test_merged_districts_name_their_successor(tenants: dict[int, Tenant]) -> None:
    day = date(2025, 11, 6)
    assert tenants[500157000].valid_from == day
    for code in (500105000, 500112000):
        assert (tenants[code].valid_to, tenants[code].successor_code, tenants[code].current) == (day, 500157000, False)


def test_sort_key_is_pinyin_by_default() -> None:
    rows = [
        Division("44", None, "province", "广东省", "normal", "test", None),
        Division("4401", "44", "city", "广州市", "normal", "test", None),
    ]
    (city,) = build_hierarchy(rows)
    assert city.sort_key == "guang3 zhou1 shi4"
