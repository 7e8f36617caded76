from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import BadUserInput
from core.reference.readers import read_divisions
from core.tenancy.codes import (
    NoRootTenant,
    TenantCode,
    TenantCodeMalformed,
    TenantLevel,
    is_reserved,
    next_reserved_code,
    parse_tenant_code,
    reserved_codes,
    shard_of,
)

L = TenantLevel


@pytest.mark.parametrize(
    ("text", "value", "level", "high", "short"),
    [
        ("44", 440000000, L.PROVINCE, 450000000, "44"),
        ("4401", 440100000, L.CITY, 440200000, "4401"),
        ("440100", 440100000, L.CITY, 440200000, "4401"),
        ("440100000", 440100000, L.CITY, 440200000, "4401"),
        ("440112", 440112000, L.DISTRICT, 440113000, "440112"),
        ("440112001", 440112001, L.TOWN, 440112002, "440112001"),
        (" 440112001\n", 440112001, L.TOWN, 440112002, "440112001"),
        ("50", 500000000, L.CITY, 510000000, "50"),
        ("500157", 500157000, L.DISTRICT, 500158000, "500157"),
        ("429004", 429004000, L.CITY, 429005000, "429004"),
        ("429004001", 429004001, L.TOWN, 429004002, "429004001"),
        ("441900003", 441900003, L.TOWN, 441900004, "441900003"),
    ],
)
def test_parse(text: str, value: int, level: TenantLevel, high: int, short: str) -> None:
    code = parse_tenant_code(text)
    assert (code.value, code.level, code.low, code.high, code.division_code) == (value, level, value, high, short)


@pytest.mark.parametrize(
    "text",
    ["", "4", "440", "44011", "4401120", "44011200", "4401120010", "４４０１", "44 01", "abcd", "-44012", "0044",
     "000000000", "440000001", "1" * 5000],
)  # fmt: skip
def test_malformed(text: str) -> None:
    with pytest.raises(TenantCodeMalformed) as caught:
        parse_tenant_code(text)
    assert isinstance(caught.value, BadUserInput)
    assert len(caught.value.message) < 200
    assert "行政区划代码" in caught.value.message_zh


@pytest.mark.parametrize("value", [0, -1, 99999999, 1_000_000_000, 440000001, 440001000])
def test_numbers_that_are_no_code(value: int) -> None:
    with pytest.raises(TenantCodeMalformed):
        TenantCode(value)


@pytest.mark.parametrize(
    ("code", "shard"),
    [
        (440112001, 440100000),
        (440100000, 440100000),
        (441900003, 441900000),
        (500157001, 500000000),
        (500000000, 500000000),
        (110101000, 110000000),
        (429004000, 429004000),
        (429004001, 429004000),
        (659001000, 659001000),
        (620201001, 620200000),
        (440190001, 440100000),
    ],
)
def test_shard(code: int, shard: int) -> None:
    assert shard_of(code) == shard


@pytest.mark.parametrize("code", [440000000, 429000000, 650000000, 429000001])
def test_provinces_have_no_root(code: int) -> None:
    with pytest.raises(NoRootTenant) as caught:
        shard_of(code)
    assert str(code) in caught.value.message_zh


def test_the_arithmetic_agrees_with_the_lists() -> None:
    levels = {"province": L.PROVINCE, "city": L.CITY, "district": L.DISTRICT, "town": L.TOWN}
    for division in read_divisions():
        if division.kind in ("virtual", "nontenant"):
            continue
        code = parse_tenant_code(division.code)
        municipality = division.level == "province" and division.code in ("11", "12", "31", "50")
        if division.kind == "direct" or municipality:
            assert code.level is L.CITY
            assert shard_of(code.value) == code.value
        elif division.code != "350527000":
            assert code.level is levels[division.level]
            assert code.division_code == division.code


def test_reserved_codes_collide_with_no_list() -> None:
    used: dict[bool, list[str]] = defaultdict(list)
    for division in read_divisions():
        used[is_reserved(parse_tenant_code(division.code).value)].append(division.code)
    assert used[True] == []
    assert len(used[False]) == 44_635


@pytest.mark.parametrize(
    ("parent", "first", "count"),
    [
        ("4401", 440190000, 10),
        ("50", 500190000, 10),
        ("440112", 440112900, 100),
        ("429004", 429004900, 100),
        ("44", None, 0),
        ("440112001", None, 0),
    ],
)
def test_reserved_codes(parent: str, first: int | None, count: int) -> None:
    tenant = parse_tenant_code(parent)
    codes = [code.value for code in reserved_codes(tenant)]
    assert (codes[0] if codes else None, len(codes)) == (first, count)
    assert all(
        is_reserved(code) and tenant.contains(code) and shard_of(code) == shard_of(tenant.value) for code in codes
    )
    free = next_reserved_code(tenant, set(codes[:-1]))
    assert (free.value if free else None) == (codes[-1] if codes else None)
    assert next_reserved_code(tenant, set(codes)) is None


codes = st.one_of(
    st.integers(11, 99).map(lambda n: n * 10_000_000),
    st.integers(1101, 9999).map(lambda n: n * 100_000),
    st.integers(110101, 999999).map(lambda n: n * 1_000),
    st.integers(110101001, 999999999),
).filter(lambda n: n // 100_000 % 100 or n % 10_000_000 == 0)


@given(codes, codes)
def test_ranges_nest_or_are_disjoint(one: int, other: int) -> None:
    a, b = TenantCode(one), TenantCode(other)
    overlap = a.low < b.high and b.low < a.high
    nested = (a.contains(b.low) and b.high <= a.high) or (b.contains(a.low) and a.high <= b.high)
    assert overlap == nested
    assert a.contains(a.value)
    assert not a.contains(a.high)


@given(codes)
def test_codes_round_trip_and_lie_in_their_root(value: int) -> None:
    code = TenantCode(value)
    assert parse_tenant_code(code.division_code) == code
    assert parse_tenant_code(str(value)) == code
    try:
        shard = shard_of(value)
    except NoRootTenant:
        assume(False)
    assert shard_of(shard) == shard
    assert TenantCode(shard).contains(value)
    assert TenantCode(shard).high >= code.high
    assert TenantCode(shard).level is L.CITY
