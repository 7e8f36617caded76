"""Unions are declared soundly, or not at all; how they are answered stands in the golden files and is compared with the oracle."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases.tables import Note
from core.house import CORE_CONTRIBUTIONS
from schema.catalogue import catalogue_of
from schema.declare import extends, to_one_of
from schema.declared.fields import Union
from schema.declared.types import Contribution
from schema.declared.values import DeclarationError
from schema.describe import Doc

DOC = Doc("事由", "matter")


def declared(owner: str, union: Union) -> Contribution:
    fields: dict[str, Any] = {f"{owner}_matter": to_one_of(union, DOC, kind=Note.written_by, key=Note.id)}
    return Contribution(owner, extensions=(extends("Note")(type("Added", (), fields)),))


@pytest.mark.parametrize("member", ["Nothing", "Court"])
def test_each_member_is_a_node_of_a_shard(member: str) -> None:
    union = Union("Matter", DOC, ("Case", member))
    with pytest.raises(DeclarationError, match=f"Matter has {member}, which is no node of a shard"):
        catalogue_of((*CORE_CONTRIBUTIONS, declared("one", union)))


def test_a_union_is_declared_once_and_used_by_many() -> None:
    union, other = (Union("Matter", DOC, ("Case", member)) for member in ("Hearing", "Period"))
    catalogue = catalogue_of((*CORE_CONTRIBUTIONS, declared("one", union), declared("two", union)))
    assert catalogue.unions["Matter"] is union
    with pytest.raises(DeclarationError, match="two unions are called Matter; one is of two"):
        catalogue_of((*CORE_CONTRIBUTIONS, declared("one", union), declared("two", other)))
