"""The SQL of the landing, read from the files beside."""

from __future__ import annotations

from importlib.resources import files


def script(name: str, **filled: object) -> str:
    """A script with its `{names}` filled in; only our own words and numbers go there, never a text from a file."""
    text = files("core.imports.landing").joinpath(name).read_text(encoding="utf-8")
    for key, value in filled.items():
        text = text.replace(f"{{{key}}}", str(value))
    return text


def blocks(name: str, **filled: object) -> list[str]:
    """The same in pieces that stand between blank lines: so progress can be told between them."""
    pieces = script(name, **filled).split("\n\n")
    return [piece for piece in pieces if any(line and not line.startswith("--") for line in piece.splitlines())]
