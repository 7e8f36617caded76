"""Types of the case level: what every agency of the case, and its court, see alike."""

from __future__ import annotations

from collections.abc import Callable

from core.cases import tables
from core.cases.graphql import sources
from core.cases.outcomes import Outcome
from core.cases.procedures import LinkKind
from core.cases.states import CaseStatus, HearingStatus, ProcedureForm
from core.cases.vocabulary import Compensation, DocType, HearingMode, PartyKind, PartySide, ProcedureKind
from core.identity.masking import mask_id_sql, mask_phone_sql
from core.reference.tables import Cause, Court
from schema.declare import column, connection, node, to_many, to_one
from schema.describe import Doc

DECIDED = Doc("裁判日期", "day of the decision")


def responses_where(case_column: str = "id") -> Callable[[str, str], str]:
    """How a case-level row reaches the tenant codes of its responses, for fields that plugins add."""

    def owner_rows(alias: str, condition: str) -> str:
        return (
            f"exists (select 1 from response r where r.shard = {alias}.shard"
            f" and r.case_id = {alias}.{case_column} and {condition})"
        )

    return owner_rows


@node(tables.Dispute, Doc("争议", "dispute", "同一争议的各程序"))
class Dispute:
    """The quarrel itself."""

    opened_on = column(tables.Dispute.opened_on, Doc("起始日期", "opened on"))
    title = column(tables.Dispute.title, Doc("名称", "title"))
    cases = to_many(
        "Case",
        Doc("各程序", "procedures", "按立案先后"),
        via=tables.CaseShell.dispute_id,
        order=[(tables.CaseShell.filed_on, False), (tables.CaseShell.id, False)],
    )


@node(
    tables.CaseShell,
    Doc("案件", "case", "一个程序：一个法院的一个案号，或一个机关的一个文号"),
    owner_rows=responses_where(),
)
class Case:
    """One procedure."""

    number = column(tables.CaseShell.number_text, Doc("案号", "case number", law="法〔2015〕137号"))
    number_as_written = column(tables.CaseShell.number_as_written, Doc("案号原文", "case number as written"))
    organ_reference = column(tables.CaseShell.organ_reference, Doc("机关文号", "organ's reference", "复议、调解等程序"))
    procedure_kind = column(tables.CaseShell.procedure_kind, Doc("程序", "procedure"), enum=ProcedureKind)
    procedure_form = column(tables.CaseShell.procedure_form, Doc("审理程序", "form of procedure"), enum=ProcedureForm)
    compensation = column(tables.CaseShell.compensation, Doc("赔偿请求", "compensation"), enum=Compensation)
    status = column(tables.CaseShell.status, Doc("状态", "status"), enum=CaseStatus)
    outcome = column(tables.CaseShell.outcome, Doc("结案方式", "outcome"), enum=Outcome)
    filed_on = column(tables.CaseShell.filed_on, Doc("立案日期", "day of filing"))
    closed_on = column(tables.CaseShell.closed_on, Doc("结案日期", "day of closing"))
    first_hearing_on = column(tables.CaseShell.first_hearing_on, Doc("首次开庭日期", "day of the first hearing"))
    challenged_act_number = column(
        tables.CaseShell.challenged_act_number, Doc("被诉行为文号", "number of the challenged act")
    )
    version = column(tables.CaseShell.version, Doc("版本", "version", "修改时用于并发检查"))
    court = to_one("Court", Doc("法院", "court"), via=tables.CaseShell.court_code, key=Court.code)
    cause = to_one("Cause", Doc("立案案由", "cause at filing"), via=tables.CaseShell.cause_code, key=Cause.code)
    closing_cause = to_one(
        "Cause", Doc("结案案由", "cause at closing"), via=tables.CaseShell.closing_cause_code, key=Cause.code
    )
    dispute = to_one("Dispute", Doc("所属争议", "dispute"), via=tables.CaseShell.dispute_id)
    responses = to_many(
        "Response",
        Doc("应诉", "responses", "各被诉机关；只含本人可见的"),
        via=tables.Response.case_id,
        order=[(tables.Response.ordinal, False)],
    )
    parties = connection(
        sources.PARTIES,
        Doc("当事人", "parties"),
        where={tables.Party.case_id: tables.CaseShell.id},
        permission="parties.read",
    )
    hearings = connection(
        sources.HEARINGS,
        Doc("庭审", "hearings"),
        where={tables.Appearance.case_id: tables.CaseShell.id},
        permission="hearings.read",
    )
    judgments = connection(
        sources.JUDGMENTS,
        Doc("裁判", "judgments"),
        where={tables.Holding.case_id: tables.CaseShell.id},
        permission="judgments.read",
    )
    documents = connection(
        sources.DOCUMENTS,
        Doc("文书", "documents"),
        where={tables.Document.case_id: tables.CaseShell.id},
        permission="documents.read",
    )
    periods = connection(
        sources.PERIODS,
        Doc("期限", "periods"),
        where={tables.Period.case_id: tables.CaseShell.id},
        permission="periods.read",
    )
    obligations = connection(
        sources.OBLIGATIONS,
        Doc("义务", "obligations"),
        where={tables.Obligation.case_id: tables.CaseShell.id},
        permission="obligations.read",
    )
    suggestions = connection(
        sources.SUGGESTIONS,
        Doc("建议", "suggestions"),
        where={tables.Suggestion.case_id: tables.CaseShell.id},
        permission="suggestions.read",
    )
    earlier_links = to_many(
        "CaseLink",
        Doc("来自哪些程序", "links from earlier cases"),
        via=tables.CaseLink.to_case_id,
        order=[(tables.CaseLink.id, False)],
    )
    later_links = to_many(
        "CaseLink",
        Doc("引出哪些程序", "links to later cases"),
        via=tables.CaseLink.from_case_id,
        order=[(tables.CaseLink.id, False)],
    )


@node(tables.CaseLink, Doc("程序关联", "case link", "由先前程序指向后续程序"))
class CaseLink:
    """A link between two procedures."""

    kind = column(tables.CaseLink.kind, Doc("关联种类", "kind"), enum=LinkKind)
    earlier = to_one("Case", Doc("先前程序", "earlier case"), via=tables.CaseLink.from_case_id)
    later = to_one("Case", Doc("后续程序", "later case"), via=tables.CaseLink.to_case_id)


@node(tables.Party, Doc("当事人", "party"), owner_rows=responses_where("case_id"))
class Party:
    """A plaintiff, respondent or third person."""

    side = column(tables.Party.side, Doc("诉讼地位", "side"), enum=PartySide)
    kind = column(tables.Party.kind, Doc("类型", "kind"), enum=PartyKind)
    name = column(tables.Party.name, Doc("姓名或名称", "name"))
    people = column(tables.Party.people, Doc("人数", "number of people", "“等 n 人”"))
    identity_number = column(
        tables.Party.identity_number,
        Doc("身份证件号码（遮蔽）", "identity number, masked", "原文由 partySensitiveReveal 取得并留痕"),
        mask=mask_id_sql,
    )
    telephone = column(
        tables.Party.telephone,
        Doc("电话（遮蔽）", "telephone, masked", "原文由 partySensitiveReveal 取得并留痕"),
        mask=mask_phone_sql,
    )
    version = column(tables.Party.version, Doc("版本", "version", "修改时用于并发检查"))
    agency = to_one("Agency", Doc("行政机关", "agency", "仅当其在本人范围内"), via=tables.Party.agency_id)
    case = to_one("Case", Doc("案件", "case"), via=tables.Party.case_id)


@node(tables.Hearing, Doc("庭审", "hearing"), owner_rows=responses_where("case_id"))
class Hearing:
    """One hearing of a case."""

    sequence = column(tables.Hearing.sequence, Doc("庭次", "sequence"))
    held_on = column(tables.Hearing.held_on, Doc("开庭日期", "day"))
    starts_at = column(tables.Hearing.starts_at, Doc("开庭时间", "time"))
    mode = column(tables.Hearing.mode, Doc("方式", "mode"), enum=HearingMode)
    place = column(tables.Hearing.place, Doc("地点", "place"))
    head_required = column(tables.Hearing.head_required, Doc("法院是否要求负责人出庭", "court asked for the head"))
    status = column(tables.Hearing.status, Doc("状态", "status"), enum=HearingStatus)
    version = column(tables.Hearing.version, Doc("版本", "version", "修改时用于并发检查"))
    case = to_one("Case", Doc("案件", "case"), via=tables.Hearing.case_id)
    appearances = to_many(
        "Appearance",
        Doc("出庭情况", "appearances", "各被诉机关；只含本人可见的"),
        via=tables.Appearance.hearing_id,
        order=[(tables.Appearance.ordinal, False)],
        permission="appearances.read",
    )
    changes = to_many(
        "HearingChange",
        Doc("改期记录", "reschedulings"),
        via=tables.HearingChange.hearing_id,
        order=[(tables.HearingChange.changed_at, False)],
    )


@node(tables.HearingChange, Doc("改期记录", "rescheduling of a hearing"))
class HearingChange:
    """Where a hearing stood before."""

    former_day = column(tables.HearingChange.former_day, Doc("原日期", "former day"))
    former_time = column(tables.HearingChange.former_time, Doc("原时间", "former time"))
    new_day = column(tables.HearingChange.new_day, Doc("新日期", "new day", "取消时为空"))
    new_time = column(tables.HearingChange.new_time, Doc("新时间", "new time"))
    reason = column(tables.HearingChange.reason, Doc("理由", "reason"))
    changed_at = column(tables.HearingChange.changed_at, Doc("变更时间", "changed at"))


@node(tables.Judgment, Doc("裁判", "judgment"), owner_rows=responses_where("case_id"))
class Judgment:
    """A judgment, ruling or mediation statement."""

    kind = column(tables.Judgment.kind, Doc("文书种类", "kind"), enum=DocType)
    number = column(tables.Judgment.number_text, Doc("文号", "number"))
    decided_on = column(tables.Judgment.decided_on, DECIDED)
    served_on = column(tables.Judgment.served_on, Doc("送达日期", "day of service"))
    outcome = column(tables.Judgment.outcome, Doc("裁判结果", "outcome"), enum=Outcome)
    appeal_until = column(tables.Judgment.appeal_until, Doc("上诉期限", "appeal until", law="行政诉讼法 85"))
    effective_on = column(tables.Judgment.effective_on, Doc("生效日期", "effective on"))
    version = column(tables.Judgment.version, Doc("版本", "version", "修改时用于并发检查"))
    case = to_one("Case", Doc("案件", "case"), via=tables.Judgment.case_id)
    holdings = to_many(
        "Holding",
        Doc("对各机关的结果", "holdings", "各被诉机关；只含本人可见的"),
        via=tables.Holding.judgment_id,
        order=[(tables.Holding.ordinal, False)],
    )


NODES = (Dispute, Case, CaseLink, Party, Hearing, HearingChange, Judgment)
