from __future__ import annotations

import copy
import json
import pickle

import pytest

from core.labels import Labelled


class Colour(Labelled):
    RED = "RED", "红", "red"
    BLUE = "BLUE", "蓝", "blue"


def test_member_is_its_code() -> None:
    assert Colour.RED.value == "RED"
    assert str(Colour.RED) == "RED"
    assert Colour("RED") is Colour.RED
    assert json.dumps(Colour.RED) == '"RED"'
    assert [member.name for member in Colour] == ["RED", "BLUE"]


def test_member_carries_its_names() -> None:
    assert (Colour.BLUE.zh, Colour.BLUE.en) == ("蓝", "blue")
    assert Colour.from_zh("蓝") is Colour.BLUE


def test_labels_survive_copy_and_pickle() -> None:
    assert copy.deepcopy(Colour.RED) is Colour.RED
    assert pickle.loads(pickle.dumps(Colour.RED)) is Colour.RED


@pytest.mark.parametrize("bad", ["GREEN", "红"])
def test_unknown_code_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Colour"):
        Colour(bad)


def test_unknown_chinese_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no Chinese name of Colour"):
        Colour.from_zh("绿")


def test_a_member_without_a_name_cannot_be_declared() -> None:
    with pytest.raises((ValueError, RuntimeError)):

        class _Nameless(Labelled):
            NONE = "NONE", "", "none"
