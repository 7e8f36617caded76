"""The example plugin inside this process, without leaving a trace in the shared metadata: other tests look at every table there."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from core.db.base import Base
from core.db.rls import policy_statements
from schema.declared.types import Contribution

FOLDER = Path(__file__).parents[1] / "example_plugin" / "yingsu_example"


def _load() -> Any:
    if "yingsu_example" not in sys.modules:
        spec = spec_from_file_location(
            "yingsu_example", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
        )
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        sys.modules["yingsu_example"] = module
        spec.loader.exec_module(module)
        Base.metadata.remove(module.CaseLabel.__table__)
    return sys.modules["yingsu_example"]


EXAMPLE: Contribution = _load().yingsu_graphql()
LABELS: Table = _load().CaseLabel.__table__


def table_statements() -> list[str]:
    """The DDL of the plugin's table, its indexes and its policies."""
    made = [
        CreateTable(LABELS),
        *(CreateIndex(index) for index in sorted(LABELS.indexes, key=lambda one: one.name or "")),
    ]
    without_keys = [str(one.compile(dialect=dialect())) for one in made]
    return [*without_keys, *policy_statements(LABELS)]
