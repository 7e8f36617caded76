"""The curated surface: what it names is there, and the published list of it is the code's."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import core.sdk
from core.sdk.surface import MODULES, surface

DOCS = Path(__file__).parents[3] / "docs"


def test_the_published_list_is_the_code_as_it_stands() -> None:
    assert (DOCS / "sdk.md").read_text(encoding="utf-8") == surface(), "run: python -m core.sdk > docs/sdk.md"


def test_every_module_of_the_sdk_is_listed() -> None:
    there = {module.name for module in pkgutil.iter_modules(core.sdk.__path__)}
    assert there - {"surface", "__main__"} == set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_names_what_it_gives_once_and_explains_it(name: str) -> None:
    module = import_module(f"core.sdk.{name}")
    assert module.__doc__
    assert len(set(module.__all__)) == len(module.__all__)
    for each in module.__all__:
        value = getattr(module, each)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), each
