"""负责人出庭: whether the agency's head ought to appear at a hearing, and who did (法释〔2020〕3号)."""

from __future__ import annotations

from typing import NamedTuple

from core.demo import names
from core.demo.chance import Chance, Weighted
from core.demo.disputes import Dispute

_NOTIFIED = 0.1
_ATTENDS_WHEN_REQUIRED, _ATTENDS_OTHERWISE = 0.9, 0.42
_CHIEF = 0.12
_ONLINE = 0.2
_TIMES = ("09:00", "09:30", "10:00", "10:30", "14:30", "15:00", "15:30", "16:00")
_EXCUSES = Weighted(
    (
        ("需要履行他人不能代替的公务", 60),
        ("无法出庭的其他正当事由", 22),
        ("意外事件", 4),
        ("不可抗力", 2),
        ("", 12),
    )
)
"""正当理由 (法释〔2020〕3号 art. 8); without one the absence stands unexcused."""


class Appearance(NamedTuple):
    """A hearing as the files tell it. `notified`: the court asked in writing for the agency's head."""

    start_time: str
    mode: str
    required: bool
    notified: bool
    attended: bool
    head_name: str
    head_title: str
    absence_reason: str
    agents: str


def appear(chance: Chance, dispute: Dispute, *, first_of_year: bool) -> Appearance:
    """Draw an appearance; the agency's first hearing of the year, a group's case and the court's notice ask for the head."""
    notified = chance.hits(_NOTIFIED)
    required = notified or first_of_year or dispute.people >= names.GROUP
    attended = chance.hits(_ATTENDS_WHEN_REQUIRED if required else _ATTENDS_OTHERWISE)
    chief, deputy = names.titles_of(dispute.agency)
    return Appearance(
        start_time=chance.pick(_TIMES),
        mode="线上" if chance.hits(_ONLINE) else "现场",
        required=required,
        notified=notified,
        attended=attended,
        head_name=names.person(chance) if attended else "",
        head_title=(chief if chance.hits(_CHIEF) else deputy) if attended else "",
        absence_reason=chance.draw(_EXCUSES) if required and not attended else "",
        agents=str(chance.between(1, 2)),
    )
