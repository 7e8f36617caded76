"""Case tallies, filled from the responses that there are

Revision ID: core_0004
Revises: core_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0004"
down_revision = "core_0001"
branch_labels = None
depends_on = None

CELL = (
    *("shard", "level", "tenant_code", "agency_id", "month", "series"),
    *("procedure_kind", "status", "outcome", "lost", "slot"),
)
COUNT = """
insert into case_tally (shard, level, tenant_code, agency_id, month, series, procedure_kind, status, outcome, lost, slot, responses)
  select r.shard, l.level, l.tenant_code, l.agency_id, m.month, m.series, r.procedure_kind, r.status, m.outcome, m.lost, 0, count(*)
    from response r
    cross join lateral (values
      ('FILED', r.filed_on - extract(day from r.filed_on)::integer + 1, null, null),
      ('CLOSED', r.closed_on - extract(day from r.closed_on)::integer + 1, r.outcome, r.lost)
    ) m (series, month, outcome, lost)
    cross join lateral (values
      ('CITY', rpad(r.shard::text, 9, '0')::bigint, null),
      ('DISTRICT', r.district, null),
      ('TOWN', r.code, null),
      ('AGENCY', r.code, r.agency_id)
    ) l (level, tenant_code, agency_id)
   where r.shard = :shard and m.month is not null
   group by r.shard, l.level, l.tenant_code, l.agency_id, m.month, m.series, r.procedure_kind, r.status, m.outcome, m.lost
   order by 1, 2, 3, 4, 5
"""


def count(connection: sa.Connection) -> None:
    """Count every response, city by city: a nation in one statement ran into the time limit of migrations."""
    for shard in connection.execute(sa.text("select distinct shard from response order by shard")).scalars().all():
        connection.execute(sa.text(COUNT), {"shard": shard})


def upgrade() -> None:
    """Upgrade."""
    op.create_table(
        "case_tally",
        sa.Column(
            "level", sa.Text(), nullable=False, comment="CITY, DISTRICT, TOWN or AGENCY: what the row is summed for"
        ),
        sa.Column(
            "tenant_code",
            sa.BigInteger(),
            nullable=False,
            comment="the city's, district's or town's code; of an agency, the tenant of its responses",
        ),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the month of filing, or of closing"),
        sa.Column("series", sa.Text(), nullable=False, comment="FILED or CLOSED"),
        sa.Column("procedure_kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True, comment="closing figures only"),
        sa.Column("lost", sa.Boolean(), nullable=True, comment="closing figures only; null where not stated"),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_case_tally")),
        sa.UniqueConstraint(*CELL, name="uq_case_tally_cell", postgresql_nulls_not_distinct=True),
    )
    # Counts change in place (HOT) where a page has room for the new version.
    op.execute("alter table case_tally set (fillfactor = 70)")
    op.create_index(
        "ix_case_tally_agency",
        "case_tally",
        ["shard", "agency_id", "month"],
        unique=False,
        postgresql_where=sa.text("level = 'AGENCY'"),
    )
    # The owner is under the policies of `response` as well, and none lets it read; they are put back, as declared, after this.
    op.execute("alter table response no force row level security")
    count(op.get_bind())


def downgrade() -> None:
    """Downgrade."""
    for act in ("add", "change", "remove"):
        op.execute(f"drop trigger if exists case_tally_{act} on response")
    op.drop_table("case_tally")
