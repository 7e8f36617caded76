"""`periodDue`: periods of the viewer's range that are opened, move, or come near their last day."""

from __future__ import annotations

from core.cases import events
from core.cases.period_notices import EVENT_OF, PeriodStage
from core.labels import Labelled
from schema.describe import Doc
from schema.subscription import EventNode, SubscriptionField


class PeriodDueKind(Labelled):
    """期限提示种类: why a period is told (kind of notice)."""

    OPENED = "OPENED", "已起算", "opened"
    CHANGED = "CHANGED", "届满日已变更", "changed"
    WEEK_BEFORE = "WEEK_BEFORE", "七日内到期", "due within a week"
    DAY_BEFORE = "DAY_BEFORE", "明日到期", "due tomorrow"
    TODAY = "TODAY", "今日到期", "due today"
    OVERDUE = "OVERDUE", "已逾期", "overdue"


PERIOD_DUE = SubscriptionField(
    Doc(
        "期限提示", "period due", "期限起算、变更、临近届满（七日内、明日、今日）或逾期；每一届满日的每一阶段只提示一次"
    ),
    type_name="PeriodDue",
    type_doc=Doc("期限提示", "period due", "一个期限的一次提示"),
    kinds=PeriodDueKind,
    events={
        events.PeriodOpened.__name__: PeriodDueKind.OPENED,
        events.PeriodChanged.__name__: PeriodDueKind.CHANGED,
        **{EVENT_OF[stage]: PeriodDueKind[stage.value] for stage in PeriodStage},
    },
    node=EventNode("period", "Period", Doc("期限", "period", "按订阅者送达时的可见范围读取")),
    by_node=False,
    permission="periods.read",
)
