"""对某一机关的裁判结果: whether each agency lost follows the holding on its own act (行政诉讼法 79)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.reckoning import change_response
from core.cases.acts.refusing import Refused, at, overtaken, refuse, refusing
from core.cases.acts.rows import changed, found, response_subject
from core.cases.acts.verdicts import LostContradicts, LostNotStated, is_possible, lost_of
from core.cases.outcomes import Outcome
from core.cases.records import cases, hearings
from core.cases.refusals.common import Common
from core.cases.refusals.court import HoldingRecordRefusal
from core.cases.tables import CaseShell, Holding, Judgment, Response
from core.cases.vocabulary import ProcedureKind
from core.identity import permissions
from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc, Ref


@dataclass(frozen=True, slots=True)
class NewHolding:
    """对某一机关的裁判结果, as it is entered with the judgment."""

    response_id: Annotated[UUID, Ref("Response"), Doc("应诉", "response")]
    outcome: Annotated[Outcome, Doc("裁判结果", "outcome")]
    lost: Annotated[bool | None, Doc("机关败诉", "lost", "不填则由裁判结果确定；改判须填")] = None
    loss_reason: Annotated[str | None, Doc("败诉原因", "reason of the loss")] = None
    amount_yuan: Annotated[Decimal | None, Doc("金额（元）", "amount in yuan")] = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A holding that was written down: its row before, and what changed."""

    holding: Row[Any]
    before: dict[str, Any]
    after: dict[str, Any]


async def state_holding(
    context: ActContext,
    case: Row[Any],
    judgment_id: UUID,
    given: NewHolding,
    codes: type[Labelled],
    *,
    steps: tuple[str | int, ...] = (),
    expected_version: int | None = None,
) -> Stated:
    """Write the holding on one agency, and the result on its response. Emits HoldingRecorded."""
    response = await found(context, Response, given.response_id, at(*steps, "response_id"))
    if not is_possible(given.outcome, ProcedureKind[case.procedure_kind]):
        raise refuse(codes["OUTCOME_NOT_POSSIBLE"], at(*steps, "outcome"))
    earlier = await cases.earlier_verdicts(context.session, case.id, response.agency_id)
    try:
        lost = lost_of(given.outcome, stated=given.lost, earlier=earlier[0] if earlier else None)
    except LostContradicts:
        raise refuse(codes["LOST_CONTRADICTS_OUTCOME"], at(*steps, "lost")) from None
    except LostNotStated:
        raise refuse(codes["LOST_REQUIRED"], at(*steps, "lost")) from None
    reason = checks.optional_text(given.loss_reason, at(*steps, "loss_reason"), checks.REASON)
    if reason is not None and not lost:
        raise refuse(codes["LOSS_REASON_WITHOUT_LOSS"], at(*steps, "loss_reason"))
    values = {
        "outcome": given.outcome.value,
        "lost": lost,
        "loss_reason": reason,
        "amount_yuan": checks.money(given.amount_yuan, at(*steps, "amount_yuan")),
    }
    holding = await hearings.holding(context.session, judgment_id, response.id)
    if holding is None:
        raise Refused(Common.NOT_FOUND, at(*steps, "response_id"))
    if expected_version not in (None, holding.version):
        raise overtaken(holding.id)
    before, after = await changed(context, Holding, holding, values)
    if not await hearings.later_holding(context.session, response.id, holding.decided_on, holding.id):
        await change_response(context, response.id, {"outcome": given.outcome.value, "lost": lost})
    subject = response_subject("Holding", holding.id, holding)
    await context.emit(events.HoldingRecorded(subject, case.id, response.id, judgment_id, given.outcome.value, lost))
    return Stated(holding, before, after)


@dataclass(frozen=True, slots=True)
class HoldingRecord:
    """登记对某一机关的裁判结果."""

    judgment_id: Annotated[UUID, Ref("Judgment"), Doc("裁判", "judgment")]
    response_id: Annotated[UUID, Ref("Response"), Doc("应诉", "response")]
    outcome: Annotated[Outcome, Doc("裁判结果", "outcome")]
    lost: Annotated[bool | None, Doc("机关败诉", "lost", "不填则由裁判结果确定；改判须填")] = None
    loss_reason: Annotated[str | None, Doc("败诉原因", "reason of the loss")] = None
    amount_yuan: Annotated[Decimal | None, Doc("金额（元）", "amount in yuan")] = None
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(HoldingRecordRefusal)
async def record_holding(context: ActContext, given: HoldingRecord) -> UUID:
    """State, or state anew, how a judgment ended for one agency. Emits HoldingRecorded."""
    judgment = await found(context, Judgment, given.judgment_id, at("judgment_id"))
    case = await found(context, CaseShell, judgment.case_id, at("judgment_id"))
    stated = await state_holding(
        context,
        case,
        judgment.id,
        NewHolding(given.response_id, given.outcome, given.lost, given.loss_reason, given.amount_yuan),
        HoldingRecordRefusal,
        expected_version=given.expected_version,
    )
    subject = response_subject("Holding", stated.holding.id, stated.holding)
    await context.record("holdingRecord", subject, before=stated.before, after=stated.after)
    return stated.holding.id  # type: ignore[no-any-return]


HOLDING_RECORD = Act(
    name="holdingRecord",
    given=HoldingRecord,
    perform=record_holding,
    returns="Holding",
    refusals=HoldingRecordRefusal,
    permission=permissions.HOLDING_RECORD.name,
    doc=Doc("登记对某一机关的裁判结果", "record the holding on one agency", law="行政诉讼法 79"),
)
ACTS = (HOLDING_RECORD,)
