"""The rows of the demo's files: one named tuple a file, its fields the columns of the import in their order, all as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class AgencyRow(NamedTuple):
    """A row of `agencies.csv`."""

    agency_id: str
    name: str
    level: str
    tenant_code: str
    category: str


class CaseRow(NamedTuple):
    """A row of `cases.csv`."""

    case_id: str
    case_no: str
    stage: str
    prev_case_id: str
    root_case_id: str
    court_code: str
    court_name: str
    tenant_code: str
    agency_id: str
    agency_name: str
    co_agency_id: str
    plaintiff: str
    plaintiff_type: str
    cause_code: str
    cause_name: str
    act_doc_no: str
    procedure: str
    filed_date: str
    received_date: str
    reply_due: str
    reply_date: str
    first_hearing_date: str
    closed_date: str
    status: str
    outcome: str


class HearingRow(NamedTuple):
    """A row of `hearings.csv`. A hearing still to come says nothing yet of who appeared."""

    hearing_id: str
    case_id: str
    seq: str
    date: str
    start_time: str
    mode: str
    head_required: str
    head_attended: str
    head_name: str
    head_title: str
    absence_reason: str
    agents: str


class JudgmentRow(NamedTuple):
    """A row of `judgments.csv`."""

    judgment_id: str
    case_id: str
    kind: str
    doc_no: str
    doc_date: str
    served_date: str
    outcome: str
    agency_lost: str
    lost_reason: str
    amount_yuan: str
    appeal_deadline: str
    effective_date: str


class DocumentRow(NamedTuple):
    """A row of `documents.csv`."""

    doc_id: str
    case_id: str
    doc_type: str
    doc_no: str
    doc_date: str
    received_date: str
    direction: str
    pages: str
    file_name: str


@dataclass(slots=True)
class DemoCase:
    """One procedure with everything that hangs on it, as it stands on the demo's day."""

    case: CaseRow
    hearings: list[HearingRow] = field(default_factory=list)
    judgments: list[JudgmentRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
