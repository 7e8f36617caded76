"""Invented names, in the way in which published judgments hide real ones: 陈某华, 某恒贸易有限公司."""

from __future__ import annotations

from core.demo.chance import Chance, Weighted
from core.demo.rosters import DemoAgency

_SURNAMES = "陈李黄张梁林刘吴罗何杨郑谢冯曾邓邱欧简麦区关卢钟江汤温古游甘岑霍招劳布"
_GIVEN = "华明芳强英伟兰辉梅军玲勇燕杰珍平霞斌秀荣红德萍超娟文丽志琼海"
_STEMS = "恒顺兴达泰和丰瑞通隆盛信安源富昌诚裕宏捷"
_TRADES = (
    "贸易",
    "餐饮管理",
    "建筑工程",
    "物业管理",
    "物流",
    "电子科技",
    "食品",
    "房地产开发",
    "汽车服务",
    "环保科技",
    "服装",
    "生物医药",
)
_ORGANISATIONS = ("股份合作经济社", "业主委员会", "个人独资企业", "合伙企业")
_KINDS = Weighted((("自然人", 66), ("法人", 27), ("其他组织", 7)))
_GROUP, _LARGEST_GROUP = 0.05, 48
GROUP = 10
"""From so many plaintiffs on a case is a group's, in which the agency's head ought to appear."""

_TITLES = (
    ("街道办事处", ("街道办事处主任", "街道办事处副主任")),
    ("镇人民政府", ("镇长", "副镇长")),
    ("区人民政府", ("区长", "副区长")),
    ("市人民政府", ("市长", "副市长")),
    ("管理委员会", ("管委会主任", "管委会副主任")),
    ("大队", ("大队长", "副大队长")),
    ("局", ("局长", "副局长")),
)


def person(chance: Chance) -> str:
    """An invented natural person."""
    return f"{chance.pick(_SURNAMES)}某{chance.pick(_GIVEN)}"


def plaintiff(chance: Chance) -> tuple[str, str, int]:
    """A plaintiff's name, kind and number of people; a group is named after its first member (等十五人 as 等15人)."""
    kind = chance.draw(_KINDS)
    if kind == "法人":
        return f"某{chance.pick(_STEMS)}{chance.pick(_TRADES)}有限公司", kind, 1
    if kind == "其他组织":
        return f"某{chance.pick(_STEMS)}{chance.pick(_ORGANISATIONS)}", kind, 1
    name = person(chance)
    if chance.hits(_GROUP):
        people = chance.between(2, _LARGEST_GROUP)
        return f"{name}等{people}人", kind, people
    return name, kind, 1


def titles_of(agency: DemoAgency) -> tuple[str, str]:
    """The titles of an agency's chief (正职) and deputies (副职)."""
    if agency.category == "street_office":
        return _TITLES[0][1]
    return next((titles for ending, titles in _TITLES if agency.name.endswith(ending)), ("主任", "副主任"))
