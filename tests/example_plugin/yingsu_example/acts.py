"""The plugin's act.

It asks first whether the tenant has the plugin, so that this is what its caller hears before anything else. If it forgot to,
it would still be refused: no act of a plugin can record itself on a row of a tenant that has not enabled the plugin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from core.sdk.acts import (
    ActContext,
    add_row,
    at,
    checked_text,
    found,
    owner_columns,
    refuse,
    refusing,
    require_enabled,
    response_subject,
    rows_where,
    settings_of,
)
from core.sdk.graphql import Act, Doc, Ref
from core.sdk.tables import Response
from yingsu_example import permissions, rules
from yingsu_example.events import CaseLabelAdded
from yingsu_example.refusals import CaseLabelAddRefusal
from yingsu_example.settings import LabelSettings
from yingsu_example.tables import CaseLabel


@dataclass(frozen=True, slots=True)
class CaseLabelAdd:
    """添加案件标签."""

    response_id: Annotated[UUID, Ref("Response"), Doc("应诉", "response")]
    text: Annotated[str, Doc("标签", "label", "最多20字")]
    colour: Annotated[str, Doc("颜色", "colour", "须在可用颜色之内")]


@refusing(CaseLabelAddRefusal)
async def add_label(context: ActContext, given: CaseLabelAdd) -> UUID:
    """Add a label. Emits CaseLabelAdded."""
    text = checked_text(given.text, at("text"), 20)
    response = await found(context, Response, given.response_id, at("response_id"))
    await require_enabled(context, response.code)
    settings = await settings_of(context.session, LabelSettings, response.code, context.today)
    present = {row.text for row in await rows_where(context.session, CaseLabel, response_id=response.id)}
    refusal = rules.refusal(settings, present, text, given.colour)
    if refusal is not None:
        raise refuse(refusal, at("colour" if refusal is CaseLabelAddRefusal.COLOUR_UNKNOWN else "text"))
    values = {"text": text, "colour": given.colour, "created_at": context.now}
    label_id = await add_row(context.session, CaseLabel, owner_columns(response) | values)
    subject = response_subject("CaseLabel", label_id, response)
    await context.record("caseLabelAdd", subject, after={"text": text, "colour": given.colour})
    await context.emit(CaseLabelAdded(subject, text))
    return label_id


CASE_LABEL_ADD = Act(
    name="caseLabelAdd",
    given=CaseLabelAdd,
    perform=add_label,
    returns="CaseLabel",
    refusals=CaseLabelAddRefusal,
    permission=permissions.LABEL_ADD.name,
    doc=Doc("添加案件标签", "add a case label"),
)
ACTS = (CASE_LABEL_ADD,)
