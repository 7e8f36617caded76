"""`docs/settings.md`, written from `core.config.Settings`: `python -m core.config_docs > docs/settings.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.config import Settings

_HEAD = """\
# Settings

<!-- Written by machine: python -m core.config_docs > docs/settings.md -->

Every process of Yingsu reads its settings once, at its start, from environment variables. There is no settings file.
A wrong value stops the process with one line that names the variable. `yingsu doctor` reads them too.

A list is written as JSON: `["https://front.example"]`. A setting marked *secret* never appears in a log.

| variable | value | default | what it is |
| --- | --- | --- | --- |
"""
_KINDS: dict[Any, str] = {
    Path: "path",
    SecretStr: "text, *secret*",
    str: "text",
    bool: "`true` or `false`",
    int: "whole number",
    float: "number",
}
_SIGNS = (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than"))


def settings_page() -> str:
    """The page: one row a setting, in the order in which they are declared."""
    prefix = Settings.model_config["env_prefix"]
    return _HEAD + "".join(
        f"| `{prefix}{name.upper()}` | {_value(field)} | {_default(field)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )


def _value(field: FieldInfo) -> str:
    return ", ".join([_kind(field.annotation), *_bounds(field)])


def _kind(annotation: Any) -> str:
    if isinstance(annotation, UnionType):
        annotation = next(kind for kind in get_args(annotation) if kind is not type(None))
    if get_origin(annotation) is list:
        return "JSON list"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f"`{member.value}`" for member in annotation)
    return _KINDS[annotation]


def _bounds(field: FieldInfo) -> Iterator[str]:
    for attribute, words in _SIGNS:
        for mark in field.metadata:
            bound = getattr(mark, attribute, None)
            if bound is not None:
                yield f"{words} {bound}"


def _default(field: FieldInfo) -> str:
    default = field.default
    if default is None:
        return "not set"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default.value if isinstance(default, Enum) else default}`"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
