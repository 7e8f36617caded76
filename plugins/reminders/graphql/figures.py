"""看板: obligations by state, kind, standing, month and place, counted in the viewer's range."""

from __future__ import annotations

from collections.abc import Callable

from core.sdk.graphql import (
    Count,
    Dimension,
    Doc,
    Filter,
    GroupedRows,
    Grouping,
    Rate,
    Scalar,
    extends,
    grouped,
)
from core.sdk.rules import ObligationKind
from plugins.reminders.graphql.obligations import standing_sql
from plugins.reminders.graphql.queries import READ
from plugins.reminders.rules.counters import Standing
from plugins.reminders.rules.vocabulary import ObligationState
from plugins.reminders.tables import SupervisedObligation

_O = SupervisedObligation


def _where(condition: str) -> Callable[[str], str]:
    return lambda row: f"(count(*) filter (where {condition.format(row=row)}))::integer"


def _standing(name: str) -> Callable[[str], str]:
    return lambda row: f"(count(*) filter (where {standing_sql(row)} = '{name}'))::integer"


def _due(row: str) -> str:
    return f"count(*) filter (where {standing_sql(row)} not in ('VOID', 'OPEN'))"


DIMENSIONS = (
    Dimension("state", Doc("状态", "state"), lambda row: f"{row}.state", ObligationState),
    Dimension("kind", Doc("义务种类", "kind"), lambda row: f"{row}.kind", ObligationKind),
    Dimension("standing", Doc("统计归类", "standing"), standing_sql, Standing),
    Dimension(
        "month",
        Doc("届满月份", "month of the due day", "以当月首日表示"),
        lambda row: f"date_trunc('month', {row}.due_on)::date",
        Scalar.DATE,
    ),
    Dimension("district", Doc("区县", "district"), lambda row: f"{row}.district", target="Tenant"),
    Dimension("town", Doc("镇街", "town or street"), lambda row: f"{row}.code", target="Tenant"),
    Dimension("agency", Doc("行政机关", "agency"), lambda row: f"{row}.agency_id", target="Agency"),
)
FIGURES = (
    Count("total", Doc("件数", "all of them", "含撤销的"), lambda _row: "count(*)::integer"),
    Count("not_over", Doc("未办结", "not closed"), _where("{row}.closed_at is null"), part=True),
    Count("void", Doc("撤销", "void"), _standing("VOID"), part=True),
    Count("on_time", Doc("按时", "on time"), _standing("ON_TIME"), part=True),
    Count("late", Doc("逾期办理", "late"), _standing("LATE"), part=True),
    Count("missed", Doc("逾期未办", "missed"), _standing("MISSED"), part=True),
    Count("running", Doc("未到期", "open", "含中止的"), _standing("OPEN"), part=True),
    Count("was_missed", Doc("曾逾期", "was ever missed"), _where("{row}.missed_at is not null"), part=True),
    Rate(
        "on_time_rate",
        Doc("按时率", "on-time rate"),
        lambda row: f"count(*) filter (where {standing_sql(row)} = 'ON_TIME')",
        _due,
        "按时办理的 ÷ 已到期的（不含撤销）",
    ),
)
TALLY = Grouping(
    "SupervisionTally",
    Doc("督办统计", "supervision tally"),
    _O,
    DIMENSIONS,
    FIGURES,
    filters=(
        Filter("due_on", _O.due_on, Doc("届满日", "due on")),
        Filter("kind", _O.kind, Doc("义务种类", "kind"), enum=ObligationKind),
        Filter("state", _O.state, Doc("状态", "state"), enum=ObligationState),
        Filter("closed_at", _O.closed_at, Doc("办结时间", "closed at", "空为未办结")),
    ),
)
UNIT = "五类互斥且相加等于件数：撤销、按时、逾期办理、逾期未办、未到期"


def of_tenant(asked: GroupedRows) -> list[str]:
    """The obligations in the range of the tenant whose field is asked."""
    row, parent = asked.alias, asked.parent
    shard = asked.bind(asked.scope.shard, "integer")
    return [f"{row}.shard = {shard}", f"{row}.code >= {parent}.low", f"{row}.code < {parent}.high"]


def tenant_is_within(asked: GroupedRows) -> str:
    """Whether the viewer's range holds the tenant whose field is asked: of others nobody is told figures, not even zeros."""
    low, high = asked.bind(asked.scope.low, "bigint"), asked.bind(asked.scope.high, "bigint")
    return f"{asked.parent}.low >= {low} and {asked.parent}.high <= {high}"


def of_agency(asked: GroupedRows) -> list[str]:
    """The obligations of the agency whose field is asked."""
    shard = asked.bind(asked.scope.shard, "integer")
    return [f"{asked.alias}.shard = {shard}", f"{asked.alias}.agency_id = {asked.parent}.id"]


@extends("Tenant")
class TenantFigures:
    """Figures of a tenant: those of its range, as far as the viewer's reaches."""

    supervision_tally = grouped(
        TALLY, Doc("督办统计", "supervision tally", UNIT), rows=of_tenant, shown=tenant_is_within, permission=READ
    )


@extends("Agency")
class AgencyFigures:
    """Figures of an agency."""

    supervision_tally = grouped(TALLY, Doc("督办统计", "supervision tally", UNIT), rows=of_agency, permission=READ)


EXTENSIONS = (TenantFigures, AgencyFigures)
QUERIES = {
    "supervision_tally": grouped(TALLY, Doc("督办统计", "supervision tally", f"本人范围内；{UNIT}"), permission=READ)
}
