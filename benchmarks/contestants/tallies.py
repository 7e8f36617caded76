"""The dashboard's three questions in SQL, over the same summary table as ours: by year with the loss rate, by kind, by status."""

from __future__ import annotations

OWN = "shard = $1 and level = $2 and tenant_code = $3"
FILED = "coalesce(sum(responses) filter (where series = 'FILED'), 0)::integer"
OPEN = "coalesce(sum(responses) filter (where series = 'FILED' and status = 'OPEN'), 0)::integer"
CLOSED = "coalesce(sum(responses) filter (where series = 'CLOSED'), 0)::integer"
FIRST = (
    "series = 'CLOSED' and procedure_kind = 'FIRST' and (outcome is not null or lost is not null)"
    " and coalesce(outcome, '') not in ('TRANSFERRED', 'TERMINATED', 'CONSOLIDATED')"
)
JUDGED = f"coalesce(sum(responses) filter (where {FIRST}), 0)::integer"
LOST = f"coalesce(sum(responses) filter (where {FIRST} and coalesce(lost, outcome in ('REVOKED', 'DECLARED_UNLAWFUL'))), 0)::integer"

YEARS = f"""
select year, filed, open, closed, lost as lost_first_instance, judged,
       case when judged > 0 then round(100.0 * lost / judged, 2)::text end as percent
  from (select extract(year from month)::integer as year, {FILED} as filed, {OPEN} as open, {CLOSED} as closed, {LOST} as lost,
               {JUDGED} as judged
          from case_tally where {OWN} group by 1) t
 order by year
"""
KINDS = f"""
select procedure_kind, {FILED} as filed, {OPEN} as open, {CLOSED} as closed from case_tally where {OWN}
 group by procedure_kind order by procedure_kind
"""
STATUSES = (
    f"select status, {FILED} as filed, {CLOSED} as closed from case_tally where {OWN} group by status order by status"
)

ALL = f"""
select json_build_object('data', json_build_object(
  'years', (select json_agg(json_build_object('year', year, 'filed', filed, 'open', open, 'closed', closed,
      'lostFirstInstance', lost_first_instance,
      'lossRate', json_build_object('percent', percent, 'numerator', lost_first_instance, 'denominator', judged))) from ({YEARS}) y),
  'kinds', (select json_agg(json_build_object('procedureKind', procedure_kind, 'filed', filed, 'open', open, 'closed', closed))
              from ({KINDS}) k),
  'statuses', (select json_agg(json_build_object('status', status, 'filed', filed, 'closed', closed)) from ({STATUSES}) s)))::text
"""
"""All three in one statement that answers the whole JSON."""
