"""行为 on dead letters: run one again, or give it up. Both need a reason, which stays in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core.acting import ActContext, Subject
from core.cases.acts import checks
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.rows import changed, locked
from core.db.uuid7 import uuid7
from core.identity import permissions
from core.jobs.letters.status import DeadLetterDiscardRefusal, DeadLetterRerunRefusal, DeadLetterStatus
from core.jobs.tables import DeadLetter
from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc, Ref

_QUEUE_AGAIN: Final = text("select queue_dead_letter(cast(:letter as uuid), cast(:message as uuid))")


@dataclass(frozen=True, slots=True)
class DeadLetterSettled:
    """死信已处理. Subject: DeadLetter."""

    subject: Subject
    status: str

    def payload(self) -> Mapping[str, Any]:
        """What became of it."""
        return {"status": self.status}


@dataclass(frozen=True, slots=True)
class DeadLetterRerun:
    """重新执行死信."""

    dead_letter_id: Annotated[UUID, Ref("DeadLetter"), Doc("死信", "dead letter")]
    reason: Annotated[str, Doc("理由", "reason", "例如：已修复何种故障")]
    expected_version: Annotated[int | None, Doc("读到的版本", "version as read", "与当前版本不同则拒绝")] = None


@dataclass(frozen=True, slots=True)
class DeadLetterDiscard:
    """放弃死信."""

    dead_letter_id: Annotated[UUID, Ref("DeadLetter"), Doc("死信", "dead letter")]
    reason: Annotated[str, Doc("理由", "reason")]
    expected_version: Annotated[int | None, Doc("读到的版本", "version as read", "与当前版本不同则拒绝")] = None


@refusing(DeadLetterRerunRefusal)
async def rerun(context: ActContext, given: DeadLetterRerun) -> UUID:
    """Queue the job again under its own key: if it was done meanwhile, nothing more is done. Emits DeadLetterSettled."""
    letter, reason = await _open(context, given, DeadLetterRerunRefusal.SETTLED)
    await context.session.scalar(_QUEUE_AGAIN, {"letter": letter.id, "message": uuid7()})
    values = {"status": DeadLetterStatus.RERUN.value, "settled_at": None, "reason": reason}
    return await _settle(context, letter, values, "deadLetterRerun")


@refusing(DeadLetterDiscardRefusal)
async def discard(context: ActContext, given: DeadLetterDiscard) -> UUID:
    """Give the job up; the letter stays as a record. Emits DeadLetterSettled."""
    letter, reason = await _open(context, given, DeadLetterDiscardRefusal.SETTLED)
    values = {"status": DeadLetterStatus.DISCARDED.value, "settled_at": context.now, "reason": reason}
    return await _settle(context, letter, values, "deadLetterDiscard")


async def _open(
    context: ActContext, given: DeadLetterRerun | DeadLetterDiscard, settled: Labelled
) -> tuple[Row[Any], str]:
    """The letter, locked, and the reason; refused unless nobody has dealt with it."""
    reason = checks.text(given.reason, at("reason"), checks.REASON)
    letter = await locked(context, DeadLetter, given.dead_letter_id, at("dead_letter_id"), given.expected_version)
    if letter.status != DeadLetterStatus.DEAD.value:
        raise refuse(settled, at("dead_letter_id"))
    return letter, reason


async def _settle(context: ActContext, letter: Row[Any], values: Mapping[str, Any], act: str) -> UUID:
    before, after = await changed(context, DeadLetter, letter, values)
    subject = Subject("DeadLetter", letter.id, letter.code)
    named = {"job": letter.job, "key": letter.key}
    await context.record(act, subject, before=before | named, after=after, reason=values["reason"])
    await context.emit(DeadLetterSettled(subject, values["status"]))
    return subject.id


DEAD_LETTER_RERUN = Act(
    name="deadLetterRerun",
    given=DeadLetterRerun,
    perform=rerun,
    returns="DeadLetter",
    refusals=DeadLetterRerunRefusal,
    permission=permissions.DEAD_LETTER_SETTLE.name,
    doc=Doc("重新执行死信", "run a dead letter again", "按原任务键重新排队，已完成的不会重复办理"),
)
DEAD_LETTER_DISCARD = Act(
    name="deadLetterDiscard",
    given=DeadLetterDiscard,
    perform=discard,
    returns="DeadLetter",
    refusals=DeadLetterDiscardRefusal,
    permission=permissions.DEAD_LETTER_SETTLE.name,
    doc=Doc("放弃死信", "give a dead letter up", "任务不再执行，记录保留"),
)
ACTS = (DEAD_LETTER_RERUN, DEAD_LETTER_DISCARD)
