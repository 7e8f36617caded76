"""Writes `docs/sdk.md`: every name that a plugin may import, as it stands in the code (`python -m core.sdk > docs/sdk.md`)."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any, Final, get_origin

MODULES: Final = (
    "hooks",
    "tables",
    "graphql",
    "acts",
    "events",
    "jobs",
    "rules",
    "documents",
    "notifications",
    "feeds",
    "errors",
    "testing",
)
HEAD: Final = """# What a plugin may import

Written by `python -m core.sdk`; a test compares it with the code. A plugin imports `core.sdk` and nothing else of Yingsu:
what stands here keeps its name and meaning within a major version, everything else may change from one day to the next.
How they are used together is told in [the plugin author's guide](plugin-authors-guide.md).
"""


def surface() -> str:
    """The whole document."""
    return HEAD + "".join(_module(name) for name in MODULES)


def _module(name: str) -> str:
    module = import_module(f"core.sdk.{name}")
    rows = "".join(f"| `{each}{_parameters(value)}` | {_meaning(value)} |\n" for each, value in _names(module))
    return f"\n## core.sdk.{name}\n\n{inspect.getdoc(module)}\n\n| name | meaning |\n| --- | --- |\n{rows}"


def _names(module: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(module, name)) for name in module.__all__]


def _parameters(value: Any) -> str:
    """The parameters of a function, by name; nothing for what is no function."""
    if not inspect.isfunction(value):
        return ""
    return f"({', '.join(inspect.signature(value).parameters)})"


def _meaning(value: Any) -> str:
    """The first line of its docstring. Data and type aliases have none of their own."""
    if inspect.isclass(value) or inspect.isroutine(value) or hasattr(value, "__wrapped__"):
        text = vars(value).get("__doc__") if inspect.isclass(value) else inspect.getdoc(value)
        if text:
            return text.strip().split("\n", 1)[0].replace("|", "\\|")
    if isinstance(value, str | int):
        return f"`{value!r}`"
    return "a type alias" if get_origin(value) is not None else f"data ({type(value).__name__})"
