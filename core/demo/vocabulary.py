"""What demonstration cases are made of: invented people and firms, usual causes, usual ends. Shares are rough, not statistics."""

from __future__ import annotations

SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐"
STEMS = "甲乙丙丁戊己庚辛壬癸"
FIRMS = ("恒岳", "南浦", "启明", "瑞和", "海晟", "远帆", "嘉木", "云鼎", "榕江", "同舟")
TRADES = ("贸易", "建材", "餐饮管理", "物流", "电子科技", "物业服务")
POSTS = {"government": "副区长", "street_office": "办事处副主任", "town_government": "副镇长"}
CHIEF_POSTS = {"government": "区长", "street_office": "办事处主任", "town_government": "镇长"}

Weighted = tuple[tuple[str, int], ...]

CAUSES: dict[str, Weighted] = {
    "police": (("010113", 3), ("010103", 4), ("0121", 2), ("0113", 1)),
    "labour": (("010704", 6), ("010701", 2), ("0121", 1)),
    "planning_land": (("0113", 3), ("010606", 2), ("010601", 2), ("0121", 2)),
    "housing": (("010707", 2), ("0121", 3), ("0113", 2)),
    "government": (("011603", 3), ("010501", 1), ("010502", 2), ("011902", 2), ("0113", 1)),
    "market": (("0121", 4), ("010103", 3), ("010401", 2)),
    "urban_management": (("010115", 4), ("010103", 3), ("0121", 2)),
    "street_office": (("010308", 4), ("010115", 3), ("0121", 2), ("0113", 1)),
    "town_government": (("010308", 4), ("010115", 2), ("0121", 2)),
    "other": (("0121", 3), ("010103", 3), ("0113", 3)),
}
"""Causes (行政案件案由) by kind of agency, with weights."""

FIRST_OUTCOMES: Weighted = (
    ("驳回诉讼请求", 48), ("驳回起诉", 20), ("撤诉", 12), ("调解", 4), ("撤销", 3), ("撤销并责令重作", 2), ("确认违法", 4),
    ("责令履行", 3), ("责令赔偿", 1), ("不予立案", 3),
)  # fmt: skip
SECOND_OUTCOMES: Weighted = (("维持", 84), ("撤回上诉", 7), ("改判", 6), ("发回重审", 3))
REVIEW_OUTCOMES: Weighted = (("驳回再审申请", 97), ("提审", 3))
LOST = frozenset({"撤销", "撤销并责令重作", "确认违法", "责令履行", "责令赔偿"})
WITHOUT_APPEAL = frozenset({"撤诉", "调解"})
RULINGS = frozenset({"驳回起诉", "不予立案", "撤诉", "撤回上诉", "发回重审", "驳回再审申请", "提审"})
LOSS_REASONS = ("主要证据不足", "适用法律、法规错误", "违反法定程序", "超越职权", "明显不当", "不履行法定职责")
ABSENCES = ("参加重要会议", "出差在外", "处置突发事件", "身体原因")
