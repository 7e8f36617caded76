"""文书: registering what was received or sent, with the legal receipt apart from the registration; adding its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext, Subject
from core.calendar.term_rules import TermOverride
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.reckoning import Opened, Term, open_period
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.rows import changed, found, locked, owner_columns, response_subject
from core.cases.acts.terms import MOST_ANSWER_DAYS, term_of_document
from core.cases.records import periods, rows
from core.cases.refusals.duties import DocumentAttachFileRefusal, DocumentRegisterRefusal, HeadNoticeRegisterRefusal
from core.cases.states import FileStatus, ProcedureForm
from core.cases.tables import CaseShell, Document, Response
from core.cases.vocabulary import Direction, DocType, ProcedureKind
from core.documents.tables import StoredFile
from core.identity import permissions
from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc, Ref

MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class DocumentRegister:
    """登记文书. The receipt of some documents starts a period: 应诉通知书、上诉状、再审材料、复议答复通知书."""

    response_id: Annotated[UUID, Ref("Response"), Doc("应诉", "response")]
    doc_type: Annotated[DocType, Doc("文书种类", "kind of document")]
    received_on: Annotated[date, Doc("收到或发出日期", "day of receipt", "法律意义上的送达日", law="民诉法 87、90(2)")]
    direction: Annotated[Direction, Doc("收发方向", "direction")] = Direction.RECEIVED
    title: Annotated[str | None, Doc("标题", "title", "不填则为文书种类的名称")] = None
    number: Annotated[str | None, Doc("文号", "document number")] = None
    dated_on: Annotated[date | None, Doc("落款日期", "date on the document")] = None
    pages: Annotated[int | None, Doc("页数", "pages")] = None
    file_id: Annotated[UUID | None, Ref("File"), Doc("文件", "file")] = None
    internal: Annotated[bool, Doc("内部文书", "internal", "不向法院、调解员和其他机关展示")] = False
    answer_days: Annotated[
        int | None, Doc("文书载明的答复天数", "days to answer", "简易程序必填", law="适用解释 104")
    ] = None


def _values(
    context: ActContext, given: DocumentRegister | HeadNoticeRegister, doc_type: DocType, codes: type[Labelled]
) -> dict[str, Any]:
    received = checks.past_day(context, given.received_on, at("received_on"), codes["IN_FUTURE"])
    if given.dated_on is not None:
        checks.day(given.dated_on, at("dated_on"))
        checks.not_before(received, given.dated_on, at("dated_on"), codes["DATES_OUT_OF_ORDER"])
    return {
        "doc_type": doc_type.value,
        "title": checks.optional_text(given.title, at("title")) or doc_type.zh,
        "number_text": checks.optional_text(given.number, at("number")),
        "dated_on": given.dated_on,
        "received_on": received,
        "registered_at": context.now,
        "pages": checks.number(given.pages, at("pages"), 1, MOST_PAGES),
    }


async def usable_file(context: ActContext, file_id: UUID, agency_id: UUID, codes: type[Labelled]) -> dict[str, Any]:
    """The columns that a document takes from its file: one that is stored, and no other agency's."""
    path = at("file_id")
    file = await found(context, StoredFile, file_id, path)
    if file.agency_id not in (None, agency_id):
        raise refuse(codes["FILE_OF_OTHERS"], path)
    if file.status != FileStatus.STORED.value:
        raise refuse(codes["FILE_NOT_STORED"], path)
    return {"file_id": file.id, "file_name": file.name}


async def _start_period(
    context: ActContext, given: DocumentRegister, response: Row[Any], document_id: UUID
) -> Opened | None:
    if given.direction is not Direction.RECEIVED:
        return None
    code = DocumentRegisterRefusal
    case = await found(context, CaseShell, response.case_id, at("response_id"))
    term = term_of_document(given.doc_type, ProcedureKind[case.procedure_kind], ProcedureForm[case.procedure_form])
    if term is None:
        return None
    checks.not_before(given.received_on, case.filed_on, at("received_on"), code.BEFORE_FILING)
    # Two notices of one receipt start one period: whoever comes second finds it under the response's lock.
    response = await locked(context, Response, response.id, at("response_id"))
    kind, name = term
    if await periods.running(context.session, response.id, kind.value, given.received_on) is not None:
        return None
    override = TermOverride(amount=given.answer_days) if given.answer_days is not None else None
    reckoned = Term(name, given.received_on, at("answer_days"), override, required=code.TERM_REQUIRED)
    return await open_period(context, response, kind, reckoned, document_id=document_id)


@refusing(DocumentRegisterRefusal)
async def register_document(context: ActContext, given: DocumentRegister) -> UUID:
    """Register a document, and open the period that its receipt starts. Emits DocumentRegistered (and PeriodOpened)."""
    code = DocumentRegisterRefusal
    values = _values(context, given, given.doc_type, code)
    values |= {"direction": given.direction.value, "internal": given.internal}
    checks.number(given.answer_days, at("answer_days"), 1, MOST_ANSWER_DAYS)
    response = await found(context, Response, given.response_id, at("response_id"))
    if given.file_id is not None:
        values |= await usable_file(context, given.file_id, response.agency_id, code)
    document_id = await rows.add(context.session, Document, owner_columns(response) | values)
    opened = await _start_period(context, given, response, document_id)
    subject = response_subject("Document", document_id, response)
    after = values | ({"period_id": opened.period_id, "due_on": opened.due_on} if opened else {})
    await context.record("documentRegister", subject, after=after)
    await _tell(context, subject, response, values)
    return document_id


async def _tell(context: ActContext, subject: Subject, response: Row[Any], values: dict[str, Any]) -> None:
    await context.emit(
        events.DocumentRegistered(
            subject,
            response.case_id,
            response.id,
            values["doc_type"],
            values["direction"],
            values["received_on"],
        )
    )


@dataclass(frozen=True, slots=True)
class HeadNoticeRegister:
    """登记负责人出庭通知书: the court's written notice that the agency's head should appear, by the court or the agency."""

    response_id: Annotated[UUID, Ref("Response"), Doc("应诉", "response")]
    received_on: Annotated[date, Doc("送达日期", "day of receipt", "应在开庭三日前", law="出庭规定 5")]
    title: Annotated[str | None, Doc("标题", "title")] = None
    number: Annotated[str | None, Doc("文号", "document number")] = None
    dated_on: Annotated[date | None, Doc("落款日期", "date on the document")] = None
    pages: Annotated[int | None, Doc("页数", "pages")] = None
    file_id: Annotated[UUID | None, Ref("File"), Doc("文件", "file")] = None


@refusing(HeadNoticeRegisterRefusal)
async def register_head_notice(context: ActContext, given: HeadNoticeRegister) -> UUID:
    """Register a notice that the head should appear. Emits DocumentRegistered."""
    code = HeadNoticeRegisterRefusal
    values = _values(context, given, DocType.HEAD_NOTICE, code)
    values |= {"direction": Direction.RECEIVED.value, "internal": False}
    response = await found(context, Response, given.response_id, at("response_id"))
    if given.file_id is not None:
        values |= await usable_file(context, given.file_id, response.agency_id, code)
    document_id = await rows.add(context.session, Document, owner_columns(response) | values)
    subject = response_subject("Document", document_id, response)
    await context.record("headNoticeRegister", subject, after=values)
    await _tell(context, subject, response, values)
    return document_id


@dataclass(frozen=True, slots=True)
class DocumentAttachFile:
    """为文书添加文件: once; a wrong file is mended by registering the document anew, so that nothing is replaced unseen."""

    document_id: Annotated[UUID, Ref("Document"), Doc("文书", "document")]
    file_id: Annotated[UUID, Ref("File"), Doc("文件", "file")]


@refusing(DocumentAttachFileRefusal)
async def attach_file(context: ActContext, given: DocumentAttachFile) -> UUID:
    """Add the file of a document. Emits DocumentFileAttached."""
    code = DocumentAttachFileRefusal
    document = await locked(context, Document, given.document_id, at("document_id"))
    if document.file_id is not None:
        raise refuse(code.FILE_ALREADY_ATTACHED, at("document_id"))
    values = await usable_file(context, given.file_id, document.agency_id, code)
    before, after = await changed(context, Document, document, values)
    subject = response_subject("Document", document.id, document)
    await context.record("documentAttachFile", subject, before=before, after=after)
    await context.emit(events.DocumentFileAttached(subject, document.case_id, given.file_id))
    return document.id  # type: ignore[no-any-return]


DOCUMENT_REGISTER = Act(
    name="documentRegister",
    given=DocumentRegister,
    perform=register_document,
    returns="Document",
    refusals=DocumentRegisterRefusal,
    permission=permissions.DOCUMENT_REGISTER.name,
    doc=Doc("登记文书", "register a document"),
)
HEAD_NOTICE_REGISTER = Act(
    name="headNoticeRegister",
    given=HeadNoticeRegister,
    perform=register_head_notice,
    returns="Document",
    refusals=HeadNoticeRegisterRefusal,
    permission=permissions.HEAD_NOTICE_REGISTER.name,
    doc=Doc("登记负责人出庭通知书", "register a notice for the head to appear", law="法释〔2020〕3号 5"),
)
DOCUMENT_ATTACH_FILE = Act(
    name="documentAttachFile",
    given=DocumentAttachFile,
    perform=attach_file,
    returns="Document",
    refusals=DocumentAttachFileRefusal,
    permission=permissions.DOCUMENT_REGISTER.name,
    doc=Doc("为文书添加文件", "add a document's file"),
)
ACTS = (DOCUMENT_REGISTER, HEAD_NOTICE_REGISTER, DOCUMENT_ATTACH_FILE)
