"""Row-level security as declared data: each row class has its policies, written once, applied to every table of that class.

The scope of a transaction is told by settings that `core.db.session` makes once, at its start:

    app.scope   tenant | agency | court | assigned | admin | none
    app.shard   the root tenant;  app.lo, app.hi   the tenant's range of codes, half open
    app.agency, app.court, app.member   whom the scope is about;  app.today   the day that grants are measured against

No setting, no row. `(select current_setting())` would hide the value from the planner, so the calls stand bare
(architecture §2), but where `asked_once` says why not; `offset 0` keeps PostgreSQL from hashing a whole table of
responses to look up a few.
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

RANGE = f"{{t}}.code >= {LOW} and {{t}}.code < {HIGH}"
OWN = f"{{t}}.agency_id = {AGENCY}"
GRANTED = (
    "exists (select 1 from case_grant g where g.shard = {t}.shard and g.case_id = {t}.case_id"
    f" and g.member_id = {MEMBER} and g.valid_from <= {TODAY} and (g.valid_until is null or g.valid_until > {TODAY})"
    " offset 0)"
)
UPLOADED = f"{{t}}.uploaded_by = {MEMBER}"
HANDLED = f"{OWN} and {GRANTED}"
SEES_RESPONSE = "exists (select 1 from response r where r.shard = {t}.shard and r.id = {t}.response_id offset 0)"
SEES_CASE = "exists (select 1 from response r where r.shard = {t}.shard and r.case_id = {t}.case_id offset 0)"
PART_OF = "exists (select 1 from {issue} i where i.shard = {t}.shard and i.id = {t}.{issue_id}"
OPEN_RESPONSE = f"{{open}} and {SEES_RESPONSE}"


def by_scope(**conditions: str) -> str:
    """One condition that asks the scope first, then what that scope asks; a scope that is not named sees nothing.

    A CASE, not an OR of policies: PostgreSQL then takes no index from the policy and multiplies no estimate by it, so that the
    narrowing which the planner binds beside it decides the plan (docs/decisions/0004-one-policy-by-scope.md).
    """
    cases = " ".join(f"when '{scope}' then {condition}" for scope, condition in conditions.items())
    return f"case when {SHARD} then case {SCOPE} {cases} else false end else false end"


def asked_once(condition: str) -> str:
    """The same condition, its settings read once a statement and not once a row.

    For what sums many rows of one table, as a dashboard does: there it took a third off. Where a statement looks at few rows of many
    tables, to prepare so many questions costs more than it saves.
    """
    for setting in (LOW, HIGH, AGENCY, SCOPE, SHARD.partition(" = ")[2]):
        condition = condition.replace(setting, f"(select {setting})")
    return condition


@dataclass(frozen=True, slots=True)
class Policy:
    """One permissive policy: a policy without `using` is for inserts only."""

    name: str
    command: str
    using: str | None
    check: str | None = None


def _both(condition: str) -> tuple[Policy, ...]:
    return (Policy("scope", "all", condition, condition),)


def _read_write(read: str, write: str) -> tuple[Policy, ...]:
    """Rows that may be seen by more than may change them."""
    return (
        Policy("read", "select", read),
        Policy("add", "insert", None, write),
        Policy("change", "update", write, write),
    )


_TRAIL_WRITER = (
    "exists (select 1 from response r where r.shard = {t}.shard and r.code = {t}.code and r.agency_id = {t}.agency_id)"
)

_SUMMED = f"{{t}}.tenant_code >= {LOW} and {{t}}.tenant_code < {HIGH}"
_SEES_TALLY = by_scope(tenant=_SUMMED, none=_SUMMED, agency=f"{{t}}.level = 'AGENCY' and {OWN}")
"""The scope `none` is that of the executive-meeting secretary, who reads figures and no case (domain §10)."""

POLICIES: dict[RowClass, tuple[Policy, ...]] = {
    RowClass.SHARED: (Policy("read", "select", "true"),),
    RowClass.ANCHOR: (
        Policy(
            "read",
            "select",
            by_scope(
                tenant=RANGE,
                agency=OWN,
                court=f"{{t}}.court_code = {COURT}",
                assigned=f"({AGENCY} is null or {OWN}) and {GRANTED}",
            ),
        ),
        Policy(
            "change",
            "update",
            by_scope(tenant=RANGE, agency=OWN, assigned=HANDLED),
            by_scope(tenant=RANGE, agency=OWN, assigned=HANDLED),
        ),
    ),
    RowClass.RESPONSE: _both(by_scope(tenant=RANGE, agency=OWN, assigned=HANDLED)),
    RowClass.RESPONSE_OPEN: _read_write(
        by_scope(tenant=RANGE, agency=OWN, court=OPEN_RESPONSE, assigned=f"({HANDLED}) or ({OPEN_RESPONSE})"),
        by_scope(tenant=RANGE, agency=OWN, court=OPEN_RESPONSE, assigned=HANDLED),
    ),
    RowClass.CASE: _both(f"case when {SHARD} then {SEES_CASE} else false end"),
    RowClass.DISPUTE: _both(
        f"case when {SHARD} then exists (select 1 from case_shell c where c.shard = {{t}}.shard"
        " and c.dispute_id = {t}.id offset 0) else false end"
    ),
    RowClass.LINK: (
        Policy(
            "read",
            "select",
            f"case when {SHARD} then exists (select 1 from response r where r.shard = {{t}}.shard"
            " and r.case_id in ({t}.from_case_id, {t}.to_case_id) offset 0) else false end",
        ),
        Policy(
            "add",
            "insert",
            None,
            f"{SHARD} and exists (select 1 from response r where r.shard = {{t}}.shard and r.case_id = {{t}}.from_case_id)"
            " and exists (select 1 from response r where r.shard = {t}.shard and r.case_id = {t}.to_case_id)",
        ),
    ),
    RowClass.AGENCY: _both(by_scope(tenant=RANGE, agency=OWN, assigned=OWN)),
    RowClass.FILE: _both(
        by_scope(
            tenant=RANGE,
            agency=OWN,
            court=UPLOADED,
            assigned=f"{OWN} or {UPLOADED}",
        )
    ),
    RowClass.BODY: _both(by_scope(tenant=RANGE, admin=RANGE, agency=OWN, assigned=OWN)),
    RowClass.PERSON: _read_write(
        f"{by_scope(tenant=RANGE, admin=RANGE, agency=OWN, assigned=OWN)} or ({SHARD} and {{t}}.{{person}} = {MEMBER})",
        by_scope(tenant=RANGE, admin=RANGE, agency=OWN),
    ),
    RowClass.INBOX: (
        Policy("read", "select", f"case when {SHARD} then {{t}}.member_id = {MEMBER} else false end"),
        Policy("add", "insert", None, by_scope(tenant=RANGE, admin=RANGE, agency=OWN)),
        Policy(
            "change",
            "update",
            f"case when {SHARD} then {{t}}.member_id = {MEMBER} else false end",
            f"case when {SHARD} then {{t}}.member_id = {MEMBER} else false end",
        ),
    ),
    RowClass.TENANT: _read_write(
        f"{by_scope(tenant=RANGE, admin=RANGE)}{{inherited}}",
        by_scope(tenant=RANGE, admin=RANGE),
    ),
    RowClass.TRAIL: (
        Policy("read", "select", by_scope(tenant=RANGE, agency=OWN, assigned=OWN)),
        Policy(
            "add",
            "insert",
            None,
            by_scope(
                tenant=RANGE,
                admin=RANGE,
                # Who reads figures alone may be recorded as having asked for a paper.
                none=RANGE,
                agency=OWN,
                court=_TRAIL_WRITER,
                assigned=f"{OWN} or {_TRAIL_WRITER}",
            ),
        ),
    ),
    RowClass.TALLY: (Policy("read", "select", asked_once(_SEES_TALLY)),),
    RowClass.ISSUE: (
        Policy("read", "select", f"{by_scope(tenant=RANGE)} or ({SHARD} and {{t}}.published_at is not null)"),
        Policy("add", "insert", None, by_scope(tenant=RANGE)),
        Policy("change", "update", by_scope(tenant=f"{RANGE} and {{t}}.published_at is null"), by_scope(tenant=RANGE)),
    ),
    RowClass.ISSUE_PART: (
        Policy("read", "select", f"case when {SHARD} then {PART_OF} offset 0) else false end"),
        Policy("add", "insert", None, by_scope(tenant=f"{PART_OF} and {RANGE.replace('{t}', 'i')} offset 0)")),
    ),
    RowClass.OWN: _both(f"{SHARD} and {{t}}.member_id = {MEMBER}"),
    RowClass.OPERATION: _both(by_scope(admin=RANGE)),
    RowClass.SHARD: _both(SHARD),
    RowClass.SYSTEM: (),
}
INHERITED = f" or ({SHARD} and {{t}}.code <= {LOW} and {{t}}.high >= {HIGH})"
"""Settings are read downwards as well: a town obeys those of its district."""

PRIVILEGES: dict[RowClass, str] = {
    RowClass.SHARED: "select",
    RowClass.DISPUTE: "select, update",
    RowClass.TRAIL: "select, insert",
    RowClass.TALLY: "select",
    RowClass.OPERATION: "select, update",
    RowClass.ISSUE_PART: "select, insert",
    RowClass.SYSTEM: "",
}
DEFAULT_PRIVILEGES = "select, insert, update"
NO_INSERT = frozenset({"case_shell", "response"})
"""Tables into which rows come only by `case_attach`: the application cannot insert there (architecture §9)."""

OPEN_ROWS = {"document": "not {t}.internal"}
PERSON_COLUMN = {"member": "id", "case_grant": "member_id", "notification_delivery": "member_id"}


def row_class(table: Table) -> RowClass:
    """The declared class of a table; `LookupError` names a table that declares none, which is a mistake."""
    declared: RowClass | None = table.info.get("row_class")
    if declared is None:
        raise LookupError(f"table {table.name} declares no row_class: say who may see its rows")
    return declared


def _issue_of(table: Table) -> tuple[str, str]:
    """The paper that a table's rows stand in, and the column that names it; `LookupError` where no foreign key says so."""
    for key in table.foreign_key_constraints:
        if key.referred_table.info.get("row_class") is RowClass.ISSUE:
            return key.referred_table.name, [column.name for column in key.columns][-1]
    raise LookupError(f"table {table.name} is {RowClass.ISSUE_PART.value} and has no foreign key to the paper")


def _expand(expression: str, table: Table) -> str:
    text = expression.replace("{inherited}", INHERITED if "high" in table.columns else "")
    text = text.replace("{open}", OPEN_ROWS.get(table.name, "true"))
    if "{issue}" in text:
        issue, column = _issue_of(table)
        text = text.replace("{issue}", issue).replace("{issue_id}", column)
    text = text.replace("{person}", PERSON_COLUMN.get(table.name, "id")).replace("{t}", table.name)
    if table.name == "case_shell":
        return text.replace("case_shell.case_id", "case_shell.id")
    if table.name == "response":
        return text.replace("response.response_id", "response.id")
    if table.name == "agency":
        return text.replace("agency.agency_id", "agency.id")
    return text


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
        using = f" using ({_expand(policy.using, table)})" if policy.using else ""
        check = f" with check ({_expand(policy.check, table)})" if policy.check else ""
        statements.append(
            f"create policy {policy.name} on {name} as permissive for {policy.command} to {APPLICATION}{using}{check}"
        )
    return statements
