"""Fields that supervision adds to the core's types."""

from __future__ import annotations

from core.sdk.graphql import Doc, Scalar, connection, expression, extends, to_many
from core.sdk.tables import Agency, Response
from plugins.reminders.graphql.queries import OBLIGATIONS, READ, REPORTS
from plugins.reminders.tables import Report, SupervisedObligation

_BY_DUE = [(SupervisedObligation.due_on, False), (SupervisedObligation.id, False)]


def next_due(case: str) -> str:
    """Total: a case without running obligations has none."""
    return (
        "(select min(o.due_on) from reminders_obligation o"
        f" where o.shard = {case}.shard and o.case_id = {case}.id and o.state in ('RECEIVED', 'TRACKING'))"
    )


@extends("Case")
class CaseFields:
    """Of a case, as far as the viewer sees its agencies' parts."""

    supervised_obligations = to_many(
        "SupervisedObligation",
        Doc("督办义务", "supervised obligations", "按届满日"),
        via=SupervisedObligation.case_id,
        order=_BY_DUE,
        permission=READ,
    )
    reports = to_many(
        "CaseReport",
        Doc("报备", "reports", "按期限"),
        via=Report.case_id,
        order=[(Report.due_on, False), (Report.id, False)],
        permission=READ,
    )
    next_due_on = expression(
        next_due, Doc("最近届满日", "next due day", "在办督办义务中最早的"), Scalar.DATE, permission=READ, cost=2
    )


@extends("Response")
class ResponseFields:
    """Of one agency's part in a case."""

    supervised_obligations = connection(
        OBLIGATIONS,
        Doc("督办义务", "supervised obligations"),
        where={SupervisedObligation.response_id: Response.id},
        permission=READ,
    )


@extends("Agency")
class AgencyFields:
    """Of an agency."""

    supervised_obligations = connection(
        OBLIGATIONS,
        Doc("督办义务", "supervised obligations"),
        where={SupervisedObligation.agency_id: Agency.id},
        permission=READ,
    )
    reports = connection(REPORTS, Doc("报备", "reports"), where={Report.agency_id: Agency.id}, permission=READ)


EXTENSIONS = (CaseFields, ResponseFields, AgencyFields)
