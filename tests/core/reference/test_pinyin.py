from __future__ import annotations

import pytest

from core.reference.pinyin import pinyin_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("广州市", "guang3 zhou1 shi4"),
        ("重庆市", "chong2 qing4 shi4"),
        ("番禺区", "pan1 yu2 qu1"),
        ("吕梁市", "lv3 liang2 shi4"),
        ("", ""),
    ],
)
def test_key(name: str, key: str) -> None:
    assert pinyin_key(name) == key


def test_order_is_the_order_of_the_dictionary() -> None:
    districts = ["越秀区", "天河区", "白云区", "黄埔区", "花都区", "从化区"]
    assert sorted(districts, key=pinyin_key) == ["白云区", "从化区", "花都区", "黄埔区", "天河区", "越秀区"]
    assert pinyin_key("西安") < pinyin_key("县")


def test_what_has_no_reading_stands_for_itself() -> None:
    assert pinyin_key("A公司") == "a gong1 si1"
