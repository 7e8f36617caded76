"""Row-level security as declared data: each row class has its policies, written once, applied to every table of that class.

The scope of a transaction is told by settings that `core.db.session` makes once, at its start:

    app.scope   tenant | agency | court | assigned | admin | none
    app.shard   the root tenant;  app.lo, app.hi   the tenant's range of codes, half open
    app.agency, app.court, app.member   whom the scope is about;  app.today   the day that grants are measured against

No setting, no row. `(select current_setting())` would hide the value from the planner, so the calls stand bare (architecture §2).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table

from core.db.base import RowClass
from core.db.roles import APPLICATION, DEFINER, SYSTEM

SHARD = "{t}.shard = nullif(current_setting('app.shard', true), '')::integer"
SCOPE = "current_setting('app.scope', true)"
LOW = "nullif(current_setting('app.lo', true), '')::bigint"
HIGH = "nullif(current_setting('app.hi', true), '')::bigint"
AGENCY = "nullif(current_setting('app.agency', true), '')::uuid"
MEMBER = "nullif(current_setting('app.member', true), '')::uuid"
COURT = "nullif(current_setting('app.court', true), '')"
TODAY = "nullif(current_setting('app.today', true), '')::date"

IN_RANGE = f"{SHARD} and {SCOPE} = 'tenant' and {{t}}.code >= {LOW} and {{t}}.code < {HIGH}"
ADMINISTERED = IN_RANGE.replace("= 'tenant'", "in ('tenant', 'admin')")
OWN_AGENCY = f"{SHARD} and {SCOPE} in ('agency', 'assigned') and {{t}}.agency_id = {AGENCY}"
GRANTED = (
    f"{SHARD} and {SCOPE} = 'assigned' and exists (select 1 from case_grant g where g.shard = {{t}}.shard"
    f" and g.case_id = {{t}}.case_id and g.member_id = {MEMBER} and g.valid_from <= {TODAY}"
    f" and (g.valid_until is null or g.valid_until > {TODAY}))"
)
SEES_RESPONSE = "exists (select 1 from response r where r.shard = {t}.shard and r.id = {t}.response_id)"
SEES_CASE = "exists (select 1 from response r where r.shard = {t}.shard and r.case_id = {t}.case_id)"
ABOVE = f"{SHARD} and {{t}}.code <= {LOW} and {{t}}.high >= {HIGH}"


@dataclass(frozen=True, slots=True)
class Policy:
    """One permissive policy: `check` defaults to `using`; a policy without `using` is for inserts only."""

    name: str
    command: str
    using: str | None
    check: str | None = None


def _all(name: str, using: str) -> Policy:
    return Policy(name, "all", using, using)


def _handler_only(grant: str) -> str:
    return f"{grant} and {{t}}.agency_id = {AGENCY}"


POLICIES: dict[RowClass, tuple[Policy, ...]] = {
    RowClass.SHARED: (Policy("read", "select", "true"),),
    RowClass.ANCHOR: (
        _all("tenant", IN_RANGE),
        _all("agency", f"{SHARD} and {SCOPE} = 'agency' and {{t}}.agency_id = {AGENCY}"),
        Policy("court", "select", f"{SHARD} and {SCOPE} = 'court' and {{t}}.court_code = {COURT}"),
        Policy("granted", "select", f"{GRANTED} and ({AGENCY} is null or {{t}}.agency_id = {AGENCY})"),
        Policy("handler", "update", _handler_only(GRANTED), _handler_only(GRANTED)),
    ),
    RowClass.RESPONSE: (
        _all("tenant", IN_RANGE),
        _all("agency", f"{SHARD} and {SCOPE} = 'agency' and {{t}}.agency_id = {AGENCY}"),
        _all("handler", _handler_only(GRANTED)),
    ),
    RowClass.RESPONSE_OPEN: (
        _all("tenant", IN_RANGE),
        _all("agency", f"{SHARD} and {SCOPE} = 'agency' and {{t}}.agency_id = {AGENCY}"),
        _all("handler", _handler_only(GRANTED)),
        _all("court", f"{SHARD} and {SCOPE} = 'court' and {{open}} and {SEES_RESPONSE}"),
        Policy("granted", "select", f"{SHARD} and {SCOPE} = 'assigned' and {{open}} and {SEES_RESPONSE}"),
    ),
    RowClass.CASE: (_all("visible", f"{SHARD} and {SEES_CASE}"),),
    RowClass.DISPUTE: (
        _all(
            "visible",
            f"{SHARD} and exists (select 1 from case_shell c where c.shard = {{t}}.shard and c.dispute_id = {{t}}.id)",
        ),
    ),
    RowClass.LINK: (
        Policy(
            "visible",
            "select",
            f"{SHARD} and exists (select 1 from response r where r.shard = {{t}}.shard"
            " and r.case_id in ({t}.from_case_id, {t}.to_case_id))",
        ),
        Policy(
            "joins",
            "insert",
            None,
            f"{SHARD} and exists (select 1 from response r where r.shard = {{t}}.shard and r.case_id = {{t}}.from_case_id)"
            " and exists (select 1 from response r where r.shard = {t}.shard and r.case_id = {t}.to_case_id)",
        ),
    ),
    RowClass.AGENCY: (_all("tenant", IN_RANGE), _all("agency", OWN_AGENCY)),
    RowClass.BODY: (_all("tenant", ADMINISTERED), _all("agency", OWN_AGENCY)),
    RowClass.PERSON: (
        _all("tenant", ADMINISTERED),
        _all("agency", OWN_AGENCY),
        Policy("self", "select", f"{SHARD} and {{t}}.{{person}} = {MEMBER}"),
    ),
    RowClass.TENANT: (
        _all("tenant", ADMINISTERED),
        Policy("inherited", "select", ABOVE),
    ),
    RowClass.TRAIL: (
        Policy("tenant", "select", IN_RANGE),
        Policy("agency", "select", OWN_AGENCY),
        Policy("tenant_write", "insert", None, ADMINISTERED),
        Policy("agency_write", "insert", None, OWN_AGENCY),
        Policy(
            "response_write",
            "insert",
            None,
            f"{SHARD} and {SCOPE} in ('court', 'assigned') and exists (select 1 from response r"
            " where r.shard = {t}.shard and r.code = {t}.code and r.agency_id = {t}.agency_id)",
        ),
    ),
    RowClass.SHARD: (_all("shard", SHARD),),
    RowClass.SYSTEM: (),
}

PRIVILEGES: dict[RowClass, str] = {
    RowClass.SHARED: "select",
    RowClass.DISPUTE: "select, update",
    RowClass.TRAIL: "select, insert",
    RowClass.SYSTEM: "",
}
DEFAULT_PRIVILEGES = "select, insert, update"
NO_INSERT = frozenset({"case_shell", "response"})
"""Tables into which rows come only by `case_attach`: the application cannot insert there (architecture §9)."""

OPEN_ROWS = {"document": "not {t}.internal"}
PERSON_COLUMN = {"member": "id", "case_grant": "member_id"}


def row_class(table: Table) -> RowClass:
    """The declared class of a table; `LookupError` names a table that declares none, which is a mistake."""
    declared: RowClass | None = table.info.get("row_class")
    if declared is None:
        raise LookupError(f"table {table.name} declares no row_class: say who may see its rows")
    return declared


def _expand(expression: str, table: Table) -> str:
    text = expression.replace("{open}", OPEN_ROWS.get(table.name, "true"))
    text = text.replace("{person}", PERSON_COLUMN.get(table.name, "id")).replace("{t}", table.name)
    if table.name == "case_shell":
        return text.replace("case_shell.case_id", "case_shell.id")
    if table.name == "response":
        return text.replace("response.response_id", "response.id")
    if table.name == "agency":
        return text.replace("agency.agency_id", "agency.id")
    return text


def _applies(policy: Policy, table: Table) -> bool:
    return "{t}.high" not in (policy.using or "") or "high" in table.columns


def policy_statements(table: Table) -> list[str]:
    """The DDL that puts a table under its class's policies; run after every migration, so that it is always as declared."""
    declared, name = row_class(table), table.name
    statements = [
        f"alter table {name} enable row level security",
        f"alter table {name} force row level security",
        f"revoke all on {name} from public, {APPLICATION}, {SYSTEM}, {DEFINER}",
        f"grant select, insert, update, delete on {name} to {SYSTEM}, {DEFINER}",
        f"create policy system on {name} for all to {SYSTEM}, {DEFINER} using (true) with check (true)",
    ]
    privileges = PRIVILEGES.get(declared, DEFAULT_PRIVILEGES)
    if name in NO_INSERT:
        privileges = "select, update"
    if privileges:
        statements.append(f"grant {privileges} on {name} to {APPLICATION}")
    for policy in POLICIES[declared]:
        if not _applies(policy, table):
            continue
        using = f" using ({_expand(policy.using, table)})" if policy.using else ""
        check = f" with check ({_expand(policy.check, table)})" if policy.check else ""
        statements.append(
            f"create policy {policy.name} on {name} as permissive for {policy.command} to {APPLICATION}{using}{check}"
        )
    return statements
