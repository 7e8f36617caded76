"""`docs/error-codes.md` is what the code declares, and its Chinese is the Chinese that is sent."""

from __future__ import annotations

from collections.abc import Callable

from core import errors
from core.error_docs import core_acts, error_codes_page
from core.errors import ErrorCode, YingsuError


def test_the_page_is_as_declared(page: Callable[[str], str]) -> None:
    assert page("error-codes.md") == error_codes_page(), "python -m core.error_docs > docs/error-codes.md"


def test_every_code_has_one_row() -> None:
    lines = error_codes_page().splitlines()
    assert all(sum(line.startswith(f"| `{code.value}` | ") for line in lines[:40]) == 1 for code in ErrorCode)


def test_every_mutation_has_its_rows() -> None:
    lines = error_codes_page().splitlines()
    for act in core_acts():
        assert sum(line.startswith(f"| `{act.name}` | `{act.permission}` |") for line in lines) == 1


def test_the_chinese_names_are_those_of_the_error_classes() -> None:
    first_table = error_codes_page().partition("## Payload codes")[0].splitlines()
    rows = {line.split("`")[1]: line.split(" | ")[1] for line in first_table if line.startswith("| `")}
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, YingsuError) and kind is not YingsuError:
            assert (kind.__doc__ or "").startswith(f"{rows[kind.code.value]}: "), kind
