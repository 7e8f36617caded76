"""What the plugin tells those who wait: a label that was added, with the label as they select it."""

from __future__ import annotations

from core.sdk.graphql import Doc, EventNode, SubscriptionField
from core.sdk.rules import Labelled
from yingsu_example.events import CaseLabelAdded


class CaseLabelEvent(Labelled):
    """标签事件: what happened to a label (case label event)."""

    ADDED = "ADDED", "已添加", "added"


CASE_LABELLED = SubscriptionField(
    Doc("案件标签已添加", "case labelled"),
    type_name="CaseLabelled",
    type_doc=Doc("案件标签已添加", "case labelled"),
    kinds=CaseLabelEvent,
    events={CaseLabelAdded.__name__: CaseLabelEvent.ADDED},
    node=EventNode("label", "CaseLabel", Doc("标签", "label")),
)
SUBSCRIPTIONS = {"case_labelled": CASE_LABELLED}
