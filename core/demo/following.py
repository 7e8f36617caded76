"""What follows when a procedure has ended: effect, appeal, remand, application for retrial, retrial."""

from __future__ import annotations

from dataclasses import dataclass

from core.demo import endings
from core.demo.chance import Chance
from core.demo.cities import DemoCity
from core.demo.days import DemoDays
from core.demo.endings import Ending
from core.demo.filings import Filing
from core.demo.timelines import Stage

_APPEALED = {endings.JUDGMENT: 0.52, endings.RULING: 0.42}
_AGENCY_APPEALS = 0.55
"""Of the appeals against what the agency lost; the others are the claimant's."""
_SENT_UP = (8, 25)
"""Working days in which the file reaches the upper court and is registered there."""
_REVIEWED_AFTER_FIRST, _REVIEWED_AFTER_SECOND = 0.012, 0.2
_REVIEW_AFTER = (20, 170)
"""Days after effectiveness; the law gives six months (适用解释 110)."""
_REGISTERED = (3, 12)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What comes of an ending. Ordinals, 0 for none; `next` is the procedure that opens later."""

    appeal_deadline: int = 0
    effective: int = 0
    appealed: int = 0
    by_agency: bool = False
    next: Filing | None = None


class Consequences:
    """Draws what follows."""

    def __init__(self, chance: Chance, days: DemoDays, city: DemoCity) -> None:
        self._chance = chance
        self._days = days
        self._city = city

    def of(self, filing: Filing, case_id: str, ending: Ending, served: int) -> Consequence:
        """What follows from a procedure that ended so and whose document was served on that day."""
        if ending.lost is None:
            day = self._days.add(served, self._chance.between(*_REGISTERED))
            again = Filing(day, Stage.FIRST, filing.dispute, filing.dispute.first_court, case_id, filing.court)
            return Consequence(next=again)
        if filing.stage is Stage.FIRST:
            return self._of_first(filing, case_id, ending, served)
        opens = None
        if filing.stage is Stage.SECOND and ending.outcome in ("维持", endings.REVERSED):
            opens = self._review(filing, case_id, ending, served, _REVIEWED_AFTER_SECOND)
        elif ending.outcome in (endings.RETRIED_ABOVE, endings.RETRIED_BELOW):
            court = filing.court if ending.outcome == endings.RETRIED_ABOVE else filing.previous_court
            day = self._days.add(served, self._chance.between(*_REGISTERED))
            opens = Filing(
                day, Stage.RETRIAL, filing.dispute, court, case_id, filing.court, ending.lost, filing.on_ruling
            )
        return Consequence(effective=served, next=opens)

    def _of_first(self, filing: Filing, case_id: str, ending: Ending, served: int) -> Consequence:
        if not ending.appeal_term:
            return Consequence(effective=served)
        deadline = self._days.due(served, ending.appeal_term)
        lost = bool(ending.lost)
        if not self._chance.hits(_APPEALED[ending.document]):
            effective = deadline + 1
            opens = self._review(filing, case_id, ending, effective, _REVIEWED_AFTER_FIRST)
            return Consequence(deadline, effective, next=opens)
        appealed = max(self._days.previous(deadline - self._chance.skewed(0, 8)), self._days.next(served + 1))
        by_agency = lost and self._chance.hits(_AGENCY_APPEALS)
        upper = Filing(
            self._days.add(deadline, self._chance.between(*_SENT_UP)),
            Stage.SECOND,
            filing.dispute,
            self._city.above(filing.court),
            case_id,
            filing.court,
            lost,
            ending.document == endings.RULING,
            by_agency,
        )
        return Consequence(deadline, 0, appealed, by_agency, upper)

    def _review(self, filing: Filing, case_id: str, ending: Ending, effective: int, share: float) -> Filing | None:
        """An application for retrial by whoever lost, to the court above (行政诉讼法 90)."""
        if not self._chance.hits(share):
            return None
        day = self._days.next(effective + self._chance.between(*_REVIEW_AFTER))
        court, lost = self._city.above(filing.court), bool(ending.lost)
        on_ruling = ending.document == endings.RULING or filing.on_ruling
        return Filing(day, Stage.REVIEW, filing.dispute, court, case_id, filing.court, lost, on_ruling, by_agency=lost)
