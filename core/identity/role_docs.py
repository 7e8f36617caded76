"""`docs/roles.md`, written from the declared matrix and permissions: `python -m core.identity.role_docs > docs/roles.md`."""

from __future__ import annotations

import sys

from core.identity.acts.granting import GRANTABLE
from core.identity.permissions import CORE_PERMISSIONS
from core.identity.roles import MATRIX, Area, Cell, Grant, Role, ScopeKind

_HEAD = """\
# Roles and permissions (角色与权限)

<!-- Written by machine: python -m core.identity.role_docs > docs/roles.md -->

A person gets a role by a **membership** (任职): a row that names the identity provider's subject, a role, a tenant and,
where the role needs it, an agency or a court. A token only says who somebody is; what they are is read from the database
at every request. A person may hold several memberships; `Yingsu-Membership` chooses one.

Two things are decided apart. A **permission** says that a role may do such a thing at all; a query or mutation without it
answers `FORBIDDEN`. The **scope** (可见范围) says on which rows; it is enforced by row-level security in PostgreSQL, and a
row outside it looks exactly like one that does not exist.
"""
_LETTERS = {Grant.READ: "R", Grant.WRITE: "W", Grant.APPROVE: "A", Grant.FIGURES: "figures"}
_MATRIX_HEAD = """
## What each role may do

R reads, W works on its own step, A approves or verifies, *figures* reads totals only, – nothing. The words beside a letter
are the remark of the rules. This is the declaration that permissions are derived from; what is enforced in this version is
the list of permissions below, and the scopes above. Columns without an act yet (reports, reminders, mediation, loss reports,
scoring, circulars) wait for the plugins that bring them.

"""
_PERMISSIONS_HEAD = """
## Permissions of the core

`viewer { permissions }` lists those of the caller, so that a front end can hide what would be refused. Plugins declare
more. Roles stand by the names that `yingsu token --role` takes.

| permission | what for | roles |
| --- | --- | --- |
"""


def roles_page() -> str:
    """The page: roles with their scopes, the matrix, the permissions, who may give which role."""
    return f"{_HEAD}{_roles()}{_MATRIX_HEAD}{_matrix()}{_PERMISSIONS_HEAD}{_permissions()}{_granting()}"


def _table(head: tuple[str, ...]) -> str:
    return f"| {' | '.join(head)} |\n|{' --- |' * len(head)}\n"


def _roles() -> str:
    rows = (
        f"| `{role.value}` | {role.zh} | {role.en} | {_scope(role.scope)} | `{role.token_name}` |\n" for role in Role
    )
    return "\n## Roles\n\n" + _table(("role", "Chinese", "English", "sees", "in `tokens.json`")) + "".join(rows)


def _scope(scope: ScopeKind) -> str:
    return f"{scope.en}（{scope.zh}）"


def _cell(cell: Cell) -> str:
    letters = " ".join(_LETTERS[grant] for grant in Grant if grant in cell.grants)
    return " ".join(part for part in (letters, cell.remark) if part) or "–"


def _matrix() -> str:
    head = ("role", *(f"{area.en}（{area.zh}）" for area in Area))
    rows = (f"| {role.en} | {' | '.join(_cell(MATRIX[role][area]) for area in Area)} |\n" for role in Role)
    return _table(head) + "".join(rows)


def _names(roles: frozenset[Role]) -> str:
    if roles == frozenset(Role):
        return "every role"
    return ", ".join(f"`{role.token_name}`" for role in Role if role in roles) or "no role"


def _permissions() -> str:
    return "".join(
        f"| `{permission.name}` | {permission.en}（{permission.zh}） | {_names(permission.roles)} |\n"
        for permission in CORE_PERMISSIONS
    )


def _granting() -> str:
    rows = (f"| `{giver.token_name}` | {_names(GRANTABLE[giver])} |\n" for giver in Role if giver in GRANTABLE)
    return (
        "\n## Who may give which role\n\nNobody gives a role wider than their own place, and nobody changes their own"
        " membership. Roles that are not named give none.\n\n" + _table(("role", "gives")) + "".join(rows)
    )


if __name__ == "__main__":
    sys.stdout.write(roles_page())
