"""内部备注: an agency's own note on its case, never shown to a co-respondent, the court or a mediator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from core.acting import ActContext
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.refusing import at, refusing
from core.cases.acts.rows import found, owner_columns, response_subject
from core.cases.records import rows
from core.cases.refusals.cases import NoteWriteRefusal
from core.cases.tables import Note, Response
from core.identity import permissions
from schema.act import Act
from schema.describe import Doc, Ref


@dataclass(frozen=True, slots=True)
class NoteWrite:
    """填写内部备注."""

    response_id: Annotated[UUID, Ref("Response"), Doc("应诉", "response")]
    body: Annotated[str, Doc("内容", "text", "最多20000字")]


@refusing(NoteWriteRefusal)
async def write_note(context: ActContext, given: NoteWrite) -> UUID:
    """Write a note. Its text stands in the note alone, not in the audit trail. Emits NoteWritten."""
    body = checks.text(given.body, at("body"), checks.NOTE)
    response = await found(context, Response, given.response_id, at("response_id"))
    values = {"body": body, "written_by": context.actor.display_name, "written_at": context.now}
    note_id = await rows.add(context.session, Note, owner_columns(response) | values)
    subject = response_subject("Note", note_id, response)
    await context.record("noteWrite", subject, after={"response_id": response.id, "characters": len(body)})
    await context.emit(events.NoteWritten(subject, response.case_id, response.id))
    return note_id


NOTE_WRITE = Act(
    name="noteWrite",
    given=NoteWrite,
    perform=write_note,
    returns="Note",
    refusals=NoteWriteRefusal,
    permission=permissions.INTERNAL_NOTES_WRITE.name,
    doc=Doc("填写内部备注", "write an internal note"),
)
ACTS = (NOTE_WRITE,)
