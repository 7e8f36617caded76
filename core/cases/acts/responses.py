"""登记共同被告的应诉: a further agency of the actor's own range answers a case that the actor sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from core.acting import ActContext
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.registration import attach, open_answer
from core.cases.acts.rows import case_of, found, response_subject
from core.cases.acts.terms import MOST_ANSWER_DAYS
from core.cases.refusals.cases import ResponseAttachRefusal
from core.cases.states import ProcedureForm
from core.cases.tables import Response
from core.identity import permissions
from schema.act import Act
from schema.describe import Doc, Ref

_Code = ResponseAttachRefusal


@dataclass(frozen=True, slots=True)
class ResponseAttach:
    """登记共同被告的应诉."""

    case_id: Annotated[UUID, Ref("Case"), Doc("案件", "case")]
    agency_id: Annotated[UUID, Ref("Agency"), Doc("应诉机关", "agency")]
    received_on: Annotated[date | None, Doc("收到应诉材料日期", "day of receipt", "填写后自动计算答辩期限")] = None
    answer_days: Annotated[
        int | None, Doc("法院指定的答辩天数", "days to answer", "简易程序必填", law="适用解释 104")
    ] = None


@refusing(ResponseAttachRefusal)
async def attach_response(context: ActContext, given: ResponseAttach) -> UUID:
    """Attach a co-respondent. Emits ResponseAttached."""
    checks.number(given.answer_days, at("answer_days"), 1, MOST_ANSWER_DAYS)
    case = await case_of(context, given.case_id, at("case_id"))
    if case.number_serial is None:
        raise refuse(_Code.CASE_WITHOUT_NUMBER, at("case_id"))
    if given.received_on is not None:
        checks.past_day(context, given.received_on, at("received_on"), _Code.IN_FUTURE)
        checks.not_before(given.received_on, case.filed_on, at("received_on"), _Code.BEFORE_FILING)
    attached = await attach(
        context,
        {
            "agency": given.agency_id,
            "court": case.court_code,
            "year": case.number_year,
            "special": case.number_special,
            "type": case.number_type,
            "serial": case.number_serial,
            "text": case.number_text,
            "as_written": None,
            "organ_reference": None,
            "kind": case.procedure_kind,
            "compensation": case.compensation,
            "form": case.procedure_form,
            "cause": case.cause_code,
            "act_number": case.challenged_act_number,
            "filed_on": case.filed_on,
            "received_on": given.received_on,
            "dispute": None,
            "now": context.now,
        },
        _Code,
    )
    response = await found(context, Response, attached.response_id, at("agency_id"))
    due_on = None
    if given.received_on is not None:
        form = ProcedureForm[case.procedure_form]
        due_on = await open_answer(context, response, form, given.received_on, given.answer_days, _Code.TERM_REQUIRED)
    subject = response_subject("Response", response.id, response)
    after = {
        "case_id": case.id,
        "agency_id": given.agency_id,
        "received_on": given.received_on,
        "answer_due_on": due_on,
    }
    await context.record("responseAttach", subject, after=after)
    await context.emit(events.ResponseAttached(subject, case.id, response.id, given.received_on))
    return response.id  # type: ignore[no-any-return]


RESPONSE_ATTACH = Act(
    name="responseAttach",
    given=ResponseAttach,
    perform=attach_response,
    returns="Response",
    refusals=ResponseAttachRefusal,
    permission=permissions.RESPONSE_ATTACH.name,
    doc=Doc("登记共同被告的应诉", "attach a co-respondent's response", law="行政诉讼法 26"),
)
ACTS = (RESPONSE_ATTACH,)
