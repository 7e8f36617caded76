"""`docs/roles.md` is what roles and permissions declare."""

from __future__ import annotations

from collections.abc import Callable

from core.identity.permissions import CORE_PERMISSIONS
from core.identity.role_docs import roles_page
from core.identity.roles import Role


def test_the_page_is_as_declared(page: Callable[[str], str]) -> None:
    assert page("roles.md") == roles_page(), "python -m core.identity.role_docs > docs/roles.md"


def test_every_role_and_every_permission_has_its_row() -> None:
    lines = roles_page().splitlines()
    assert all(sum(line.startswith(f"| `{role.value}` |") for line in lines) == 1 for role in Role)
    assert all(sum(line.startswith(f"| `{one.name}` |") for line in lines) == 1 for one in CORE_PERMISSIONS)


def test_a_row_tells_who_holds_the_permission() -> None:
    row = next(line for line in roles_page().splitlines() if line.startswith("| `audit.read` |"))
    assert row.endswith("| `auditor` |")
