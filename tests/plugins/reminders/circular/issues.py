"""An issue for the tests of its files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from plugins.reminders.circular.publication import Month
from plugins.reminders.circular.rendering.issue import Corrected, Issue, Miss, Row
from plugins.reminders.rules.counters import Counters

AUGUST = Month(date(2026, 8, 1))
CITY = Counters(due=10, void=1, on_time=6, late=1, missed=1, open=1, was_missed=2, remedied=1)
HUANGPU = Counters(due=8, on_time=8)
EMPTY = Counters(due=2, void=2)

ISSUE = Issue(
    city="广州市",
    issuer="广州市司法局",
    recipients="各区人民政府，市政府各部门、各直属机构",
    demands="请各单位逐项核查。\n逾期未办的抓紧补救。",
    month=AUGUST,
    as_of=date(2026, 8, 31),
    number="穗应诉通报〔2026〕8号",
    published_on=date(2026, 9, 7),
    districts=(Row("市直单位", CITY), Row("黄埔区", HUANGPU), Row("天河区", EMPTY)),
    kinds=(Row("报备", HUANGPU), Row("履行生效裁判", CITY), Row("答辩举证", EMPTY)),
    agencies=(
        Row("广州市公安局", CITY, "市直单位"),
        Row("广州市黄埔区人民政府<红山&街道>", HUANGPU, "黄埔区"),
        Row("广州市天河区人民政府", EMPTY, "天河区"),
    ),
    missed=(
        Miss(
            "广州市公安局", "市直单位", "履行生效裁判", date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 20), 20, True
        ),
        Miss("广州市公安局", "市直单位", "答辩举证", date(2026, 8, 20), date(2026, 8, 21), None, 11, False),
    ),
    corrected=(
        Corrected(AUGUST.previous, "广州市公安局", "市直单位", "履行生效裁判", "late", 0, 1),
        Corrected(AUGUST.previous, "广州市公安局", "市直单位", "履行生效裁判", "open", 1, 0),
    ),
)
QUIET = replace(ISSUE, missed=(), corrected=(), demands="", agencies=(), districts=(), kinds=())
"""A month in which nothing was due and nothing is to be said."""
