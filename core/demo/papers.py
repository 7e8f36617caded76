"""文书: the documents of a procedure, each in the file only once it has been received or sent."""

from __future__ import annotations

from core.demo import endings
from core.demo.appearances import Appearance
from core.demo.chance import Chance
from core.demo.days import DemoDays
from core.demo.endings import Ending
from core.demo.following import Consequence
from core.demo.rows import DemoCase, DocumentRow
from core.demo.timelines import PlannedHearing, Stage, Timeline

_RECEIVED, _SENT = "收", "发"
_OPENING = {
    Stage.FIRST: ("应诉通知书", "起诉状副本"),
    Stage.SECOND: ("上诉状副本",),
    Stage.REVIEW: ("再审申请书副本",),
    Stage.RETRIAL: ("再审应诉通知书",),
}
_NUMBERED = frozenset({"应诉通知书", "再审应诉通知书", "传票", "判决书", "裁定书", "调解书"})
"""Documents of the court bear the case's number."""
_ANSWER = {
    Stage.FIRST: ("答辩状", "证据清单", "授权委托书", "法定代表人身份证明"),
    Stage.SECOND: ("答辩状", "授权委托书"),
    Stage.REVIEW: ("答辩状",),
    Stage.RETRIAL: ("答辩状", "授权委托书"),
}
_LONG = frozenset({"证据清单", "判决书", "裁定书", "起诉状副本", "上诉状副本", "答辩状", "败诉分析报告"})
_SUGGESTED, _ANALYSED, _PERFORMED = 0.08, 0.75, 0.7


class Papers:
    """Puts documents into one case's file."""

    def __init__(self, chance: Chance, days: DemoDays, into: DemoCase) -> None:
        self._chance = chance
        self._days = days
        self._into = into

    def _add(self, kind: str, dated: int, handed: int, direction: str) -> None:
        if not self._days.happened(handed):
            return
        case, documents = self._into.case, self._into.documents
        number = len(documents) + 1
        pages = self._chance.between(3, 24) if kind in _LONG else self._chance.between(1, 2)
        documents.append(
            DocumentRow(
                doc_id=f"{case.case_id}-D{number}",
                case_id=case.case_id,
                doc_type=kind,
                doc_no=case.case_no if kind in _NUMBERED else "",
                doc_date=self._days.text(dated),
                received_date=self._days.text(handed),
                direction=direction,
                pages=str(pages),
                file_name=f"{case.case_id}-{number:02d}-{kind}.pdf",
            )
        )

    def open(self, stage: Stage, timeline: Timeline) -> None:
        """What the court serves at the beginning, and what the agency answers."""
        for kind in _OPENING[stage]:
            self._add(kind, timeline.filed, timeline.received, _RECEIVED)
        for kind in _ANSWER[stage]:
            self._add(kind, timeline.answered, timeline.answered, _SENT)

    def hear(self, hearing: PlannedHearing, appearance: Appearance) -> None:
        """Summons and notice before a hearing, the head's papers about it."""
        self._add("传票", hearing.summoned, hearing.summoned, _RECEIVED)
        if appearance.notified:
            self._add("负责人出庭通知书", hearing.summoned, hearing.summoned, _RECEIVED)
        if appearance.attended:
            self._add("负责人身份证明", hearing.day, hearing.day, _SENT)
        elif appearance.absence_reason:
            before = max(self._days.add(hearing.day, -1), hearing.summoned)
            self._add("负责人不能出庭情况说明", before, before, _SENT)

    def close(self, ending: Ending, timeline: Timeline, consequence: Consequence) -> None:
        """The court's document, and what is done about it: appeal, analysis of a loss, performance."""
        chance, days, served = self._chance, self._days, timeline.served
        self._add(ending.document, timeline.closed, served, _RECEIVED)
        if consequence.appealed and consequence.by_agency:
            self._add("上诉状", consequence.appealed, consequence.appealed, _SENT)
        if not ending.lost:
            return
        if chance.hits(_SUGGESTED):
            self._add("司法建议书", timeline.closed, served, _RECEIVED)
        if not consequence.effective:
            return
        start = max(consequence.effective, served)
        if chance.hits(_ANALYSED):
            analysed = days.next(start + chance.between(7, 28))
            self._add("败诉分析报告", analysed, analysed, _SENT)
        if ending.outcome in endings.PERFORMED and chance.hits(_PERFORMED):
            performed = days.next(start + chance.between(5, 28))
            self._add("履行情况证明", performed, performed, _SENT)
