"""The SQL of the landing, read from the files beside."""

from __future__ import annotations

from importlib.resources import files


def script(name: str, **filled: object) -> str:
    """A script with its `{names}` filled in; only our own words and numbers go there, never a text from a file."""
    text = files("core.imports.landing").joinpath(name).read_text(encoding="utf-8")
    for key, value in filled.items():
        text = text.replace(f"{{{key}}}", str(value))
    return text
