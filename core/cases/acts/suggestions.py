"""建议: judicial and procuratorial suggestions and reconsideration opinions, which an agency answers within a term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext, Subject
from core.calendar.period_input import LONGEST
from core.calendar.term_rules import TermOverride
from core.calendar.unit import PeriodUnit
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.period_state import end
from core.cases.acts.reckoning import Opened, Term, open_period, reckon_only
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.rows import changed, found, locked, response_subject
from core.cases.acts.terms import suggestion_term
from core.cases.records import cases, rows
from core.cases.refusals.duties import SuggestionRecordRefusal, SuggestionReplyRefusal
from core.cases.states import PeriodKind, PeriodStatus, SuggestionStatus
from core.cases.tables import Period, Response, Suggestion
from core.cases.vocabulary import SuggestionKind
from core.identity import permissions
from core.tenancy.tables import Agency
from schema.act import Act
from schema.describe import Doc, Ref


@dataclass(frozen=True, slots=True)
class SuggestionRecord:
    """登记建议: 司法建议、检察建议、行政复议意见书, to an agency, with or without a case."""

    kind: Annotated[SuggestionKind, Doc("建议种类", "kind of suggestion")]
    issued_by: Annotated[str, Doc("发出机关", "issuer")]
    subject: Annotated[str, Doc("事由", "subject")]
    received_on: Annotated[date, Doc("收到日期", "day of receipt")]
    response_id: Annotated[UUID | None, Ref("Response"), Doc("应诉", "response")] = None
    agency_id: Annotated[UUID | None, Ref("Agency"), Doc("行政机关", "agency", "没有案件时必填")] = None
    number: Annotated[str | None, Doc("文号", "document number", "如穗法建〔2026〕1号")] = None
    reply_due_on: Annotated[date | None, Doc("回复届满日", "last day to reply", "建议书载明时填写")] = None
    term_amount: Annotated[int | None, Doc("回复期限", "term to reply", "建议书载明时填写", law="司法建议规定 8")] = (
        None
    )
    term_unit: Annotated[PeriodUnit, Doc("期限单位", "unit of the term")] = PeriodUnit.DAY
    normative: Annotated[
        bool, Doc("针对规范性文件", "on a normative document", "60日内书面答复", law="适用解释 149")
    ] = False
    urgent: Annotated[bool, Doc("紧急", "urgent", "检察建议15日内回复", law="检察公益解释 21")] = False


def _term(given: SuggestionRecord) -> Term:
    code = SuggestionRecordRefusal
    name = suggestion_term(given.kind, normative=given.normative, urgent=given.urgent)
    if name is None:
        raise refuse(code.KIND_MISMATCH, at("normative") if given.normative else at("urgent"))
    if given.reply_due_on is not None and given.term_amount is not None:
        raise refuse(code.TERM_AMBIGUOUS, at("reply_due_on"))
    if given.reply_due_on is not None:
        due_on = checks.day(given.reply_due_on, at("reply_due_on"))
        checks.not_before(due_on, given.received_on, at("reply_due_on"), code.DATES_OUT_OF_ORDER)
        return Term(name, given.received_on, at("reply_due_on"), TermOverride(fixed_on=due_on))
    if given.term_amount is None:
        return Term(name, given.received_on, at("received_on"))
    unit = given.term_unit.unit
    amount = checks.number(given.term_amount, at("term_amount"), 1, LONGEST[unit])
    return Term(name, given.received_on, at("term_amount"), TermOverride(amount=amount, unit=unit))


async def _addressee(context: ActContext, given: SuggestionRecord) -> tuple[Row[Any] | None, dict[str, Any]]:
    """The response it belongs to, if any, and the owner's columns."""
    code = SuggestionRecordRefusal
    if given.response_id is not None:
        response = await found(context, Response, given.response_id, at("response_id"))
        if given.agency_id not in (None, response.agency_id):
            raise refuse(code.AGENCY_MISMATCH, at("agency_id"))
        owner = {"code": response.code, "agency_id": response.agency_id, "case_id": response.case_id}
        return response, owner | {"response_id": response.id}
    if given.agency_id is None:
        raise refuse(code.AGENCY_REQUIRED, at("agency_id"))
    agency = await found(context, Agency, given.agency_id, at("agency_id"))
    return None, {"code": agency.code, "agency_id": agency.id}


async def _reply_due(context: ActContext, response: Row[Any] | None, term: Term) -> Opened:
    if response is None:
        return await reckon_only(context, term)
    return await open_period(context, response, PeriodKind.SUGGESTION_REPLY, term)


@refusing(SuggestionRecordRefusal)
async def record_suggestion(context: ActContext, given: SuggestionRecord) -> UUID:
    """Record a suggestion; with a case, its term is a period of the response. Emits SuggestionRecorded."""
    code = SuggestionRecordRefusal
    number = checks.optional_text(given.number, at("number"))
    letter = {
        "kind": given.kind.value,
        "number_text": number,
        "issued_by": checks.text(given.issued_by, at("issued_by")),
        "subject": checks.text(given.subject, at("subject"), checks.REASON),
        "received_on": checks.past_day(context, given.received_on, at("received_on"), code.IN_FUTURE),
    }
    term = _term(given)
    response, owner = await _addressee(context, given)
    if number is not None:
        await cases.one_at_a_time(context.session, "suggestion", owner["agency_id"], given.kind.value, number)
        same = {"agency_id": owner["agency_id"], "kind": given.kind.value, "number_text": number}
        if await rows.where(context.session, Suggestion, **same):
            raise refuse(code.ALREADY_RECORDED, at("number"))
    due = await _reply_due(context, response, term)
    values = letter | {
        "reply_due_on": due.due_on,
        "status": SuggestionStatus.OPEN.value,
        "calculation_id": due.calculation_id,
    }
    suggestion_id = await rows.add(context.session, Suggestion, owner | values)
    subject = Subject("Suggestion", suggestion_id, owner["code"], owner["agency_id"])
    await context.record("suggestionRecord", subject, after=values)
    await context.emit(events.SuggestionRecorded(subject, owner.get("case_id"), given.kind.value, due.due_on))
    return suggestion_id


@dataclass(frozen=True, slots=True)
class SuggestionReply:
    """登记建议回复."""

    suggestion_id: Annotated[UUID, Ref("Suggestion"), Doc("建议", "suggestion")]
    replied_on: Annotated[date, Doc("回复日期", "day of the reply")]
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


async def _period_of(context: ActContext, suggestion: Row[Any]) -> Row[Any] | None:
    """The period that the suggestion opened: of its response, by its receipt, not done yet."""
    if suggestion.response_id is None:
        return None
    open_ones = await rows.where(
        context.session,
        Period,
        lock=True,
        response_id=suggestion.response_id,
        kind=PeriodKind.SUGGESTION_REPLY.value,
        starts_on=suggestion.received_on,
    )
    running = [row for row in open_ones if row.status in (PeriodStatus.OPEN.value, PeriodStatus.SUSPENDED.value)]
    same = [row for row in running if row.calculation_id == suggestion.calculation_id]
    return next(iter(same or running), None)


@refusing(SuggestionReplyRefusal)
async def reply_to_suggestion(context: ActContext, given: SuggestionReply) -> UUID:
    """Record the reply to a suggestion, which meets its period. Emits SuggestionReplied (and PeriodMet)."""
    code = SuggestionReplyRefusal
    checks.past_day(context, given.replied_on, at("replied_on"), code.IN_FUTURE)
    suggestion = await locked(context, Suggestion, given.suggestion_id, at("suggestion_id"), given.expected_version)
    if suggestion.status != SuggestionStatus.OPEN.value:
        raise refuse(code.NOT_OPEN, at("suggestion_id"))
    checks.not_before(given.replied_on, suggestion.received_on, at("replied_on"), code.DATES_OUT_OF_ORDER)
    values = {"status": SuggestionStatus.REPLIED.value, "replied_on": given.replied_on}
    before, after = await changed(context, Suggestion, suggestion, values)
    period = await _period_of(context, suggestion)
    if period is not None:
        await end(context, period, given.replied_on)
    subject = response_subject("Suggestion", suggestion.id, suggestion)
    await context.record("suggestionReply", subject, before=before, after=after)
    await context.emit(events.SuggestionReplied(subject, suggestion.case_id, given.replied_on, suggestion.reply_due_on))
    return suggestion.id  # type: ignore[no-any-return]


SUGGESTION_RECORD = Act(
    name="suggestionRecord",
    given=SuggestionRecord,
    perform=record_suggestion,
    returns="Suggestion",
    refusals=SuggestionRecordRefusal,
    permission=permissions.SUGGESTION_RECORD.name,
    doc=Doc("登记建议", "record a suggestion", law="行政诉讼法 66、96；适用解释 149；行政复议法 76"),
)
SUGGESTION_REPLY = Act(
    name="suggestionReply",
    given=SuggestionReply,
    perform=reply_to_suggestion,
    returns="Suggestion",
    refusals=SuggestionReplyRefusal,
    permission=permissions.SUGGESTION_REPLY.name,
    doc=Doc("登记建议回复", "record the reply to a suggestion"),
)
ACTS = (SUGGESTION_RECORD, SUGGESTION_REPLY)
