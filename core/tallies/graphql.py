"""Case tallies in the schema: figures of responses by year, month, kind, status, outcome, district, town and agency."""

from __future__ import annotations

from core.cases.outcomes import Outcome
from core.cases.states import CaseStatus
from core.cases.vocabulary import ProcedureKind
from core.identity import permissions
from core.tallies.levels import in_scope, of_agency, of_tenant, tenant_is_within
from core.tallies.rates import CLOSED, FILED, FIRST_CLOSED, LOST, RATES, STATED, summed
from core.tallies.tables import CaseTally
from schema.declare import extends, grouped
from schema.declared.figures import Count, Dimension, Grouping
from schema.declared.lists import Filter
from schema.declared.types import Contribution
from schema.declared.values import Scalar
from schema.describe import Doc

DIMENSIONS = (
    Dimension(
        "year",
        Doc("年份", "year", "收案数按立案年份，结案数与比率按结案年份"),
        lambda row: f"extract(year from {row}.month)::integer",
        Scalar.INT,
    ),
    Dimension(
        "month",
        Doc("月份", "month", "以当月首日表示；收案数按立案月份，结案数与比率按结案月份"),
        lambda row: f"{row}.month",
        Scalar.DATE,
    ),
    Dimension("procedure_kind", Doc("程序", "procedure kind"), lambda row: f"{row}.procedure_kind", ProcedureKind),
    Dimension("status", Doc("案件状态", "status"), lambda row: f"{row}.status", CaseStatus),
    Dimension(
        "outcome",
        Doc("对该机关的结果", "outcome for the agency", "仅结案数与比率有此维度，收案数归入空值"),
        lambda row: f"{row}.outcome",
        Outcome,
    ),
    Dimension(
        "lost",
        Doc("是否败诉", "lost", "登记或导入的胜败，未登记为空；仅结案数与比率有此维度"),
        lambda row: f"{row}.lost",
        Scalar.BOOLEAN,
    ),
    Dimension(
        "district",
        Doc("区县", "district", "市直机关的归入市"),
        lambda row: f"{row}.tenant_code / 1000 * 1000",
        target="Tenant",
    ),
    Dimension(
        "town",
        Doc("镇街", "town or street", "市直、区直机关的归入其市、区"),
        lambda row: f"{row}.tenant_code",
        target="Tenant",
    ),
    Dimension("agency", Doc("行政机关", "agency"), lambda row: f"{row}.agency_id", target="Agency"),
)
COUNTS = (
    Count("filed", Doc("收案", "filed", "件次，按立案月份"), summed(FILED)),
    Count(
        "open",
        Doc("未结", "open", "件次：收案中现在尚未结案的"),
        summed(f"{FILED} and {{t}}.status = 'OPEN'"),
        part=True,
    ),
    Count("closed", Doc("结案", "closed", "件次，按结案月份"), summed(CLOSED)),
    Count(
        "lost_first_instance",
        Doc("一审败诉", "lost at first instance", "件次，含部分败诉；即败诉率的分子"),
        summed(f"{FIRST_CLOSED} and {LOST}"),
        part=True,
    ),
    Count(
        "not_stated",
        Doc("结果未登记", "result not stated", "件次：已结案而对该机关的结果未登记，不计入任何比率"),
        summed(f"{CLOSED} and not {STATED}"),
        part=True,
    ),
)
CASE_TALLY = Grouping(
    "CaseTally",
    Doc("案件统计", "case tally"),
    CaseTally,
    DIMENSIONS,
    (*COUNTS, *RATES),
    filters=(
        Filter("month", CaseTally.month, Doc("月份", "month", "与当月首日比较；收案数按立案月份，结案数按结案月份")),
        Filter("procedure_kind", CaseTally.procedure_kind, Doc("程序", "procedure kind"), enum=ProcedureKind),
        Filter("status", CaseTally.status, Doc("案件状态", "status"), enum=CaseStatus),
        Filter("outcome", CaseTally.outcome, Doc("对该机关的结果", "outcome"), enum=Outcome),
    ),
)
UNIT = "以件次（一个机关应诉一个案件）为单位，从随案件写入的汇总表读取，不逐案计数；仅列出不全为零的组"
READ = permissions.STATISTICS_READ.name


@extends("Tenant")
class TenantFigures:
    """Figures of a tenant: those of its range, as far as the viewer's reaches."""

    case_tally = grouped(
        CASE_TALLY,
        Doc("案件统计", "case tally", f"{UNIT}；不在本人范围内的租户为空"),
        rows=of_tenant,
        shown=tenant_is_within,
        permission=READ,
    )


@extends("Agency")
class AgencyFigures:
    """Figures of an agency."""

    case_tally = grouped(CASE_TALLY, Doc("案件统计", "case tally", UNIT), rows=of_agency, permission=READ)


CONTRIBUTION = Contribution(
    "core",
    extensions=(TenantFigures, AgencyFigures),
    queries={
        "case_tally": grouped(
            CASE_TALLY,
            Doc("案件统计", "case tally", UNIT),
            rows=in_scope,
            references={
                "tenant": ("Tenant", Doc("租户", "tenant", "只计此市、区县或镇街范围内的")),
                "agency": ("Agency", Doc("行政机关", "agency", "只计此机关的")),
            },
            permission=READ,
        ),
    },
)
