"""程序: one procedure from filing to what follows, written as the rows that the agency would have on the demo's day."""

from __future__ import annotations

from core.demo import endings
from core.demo.appearances import appear
from core.demo.chance import Chance
from core.demo.cities import DemoCity
from core.demo.days import DemoDays
from core.demo.endings import Ending
from core.demo.filings import Filing
from core.demo.following import Consequence, Consequences
from core.demo.papers import Papers
from core.demo.rows import CaseRow, DemoCase, HearingRow, JudgmentRow
from core.demo.timelines import Stage, Timeline, plan
from core.reference.readers import read_courts

_YES_NO_UNKNOWN = {True: "1", False: "0", None: ""}


class Procedures:
    """Runs procedures of one city."""

    def __init__(self, chance: Chance, days: DemoDays, city: DemoCity) -> None:
        self._chance = chance
        self._days = days
        self._city = city
        self._consequences = Consequences(chance, days, city)
        self._court_names = {court.code: court.name_zh for court in read_courts()}
        self._heard: set[tuple[str, int]] = set()

    def run(self, filing: Filing, case_id: str, case_number: str) -> tuple[DemoCase, Filing | None]:
        """Run one procedure: its rows, and the procedure that follows (None: none, or none yet)."""
        chance, days = self._chance, self._days
        ending, simplified = self._end(filing)
        timeline = plan(
            chance, days, filing.stage, filing.day, ending, simplified=simplified, asked=not filing.by_agency
        )
        consequence = self._consequences.of(filing, case_id, ending, timeline.served)
        result = DemoCase(self._case_row(filing, case_id, case_number, timeline, ending, simplified=simplified))
        papers = Papers(chance, days, result)
        papers.open(filing.stage, timeline)
        self._hear(filing, timeline, result, papers)
        if not days.happened(timeline.closed):
            return result, None
        papers.close(ending, timeline, consequence)
        result.judgments.append(self._judgment_row(result.case, timeline, ending, consequence))
        return result, consequence.next

    def _end(self, filing: Filing) -> tuple[Ending, bool]:
        chance, dispute = self._chance, filing.dispute
        match filing.stage:
            case Stage.FIRST:
                # A remanded case is heard by a bench (行政诉讼法 82).
                remanded = bool(filing.previous_id)
                simplified = not remanded and endings.is_simplified(chance, dispute)
                return endings.end_first(chance, dispute, self._city.lost_share, remanded=remanded), simplified
            case Stage.SECOND:
                return endings.end_second(chance, dispute, lost=filing.lost, on_ruling=filing.on_ruling), False
            case Stage.REVIEW:
                return endings.end_review(chance, dispute, lost=filing.lost), False
            case Stage.RETRIAL:
                return endings.end_retrial(chance, dispute, lost=filing.lost, on_ruling=filing.on_ruling), False

    def _case_row(
        self,
        filing: Filing,
        case_id: str,
        case_number: str,
        timeline: Timeline,
        ending: Ending,
        *,
        simplified: bool,
    ) -> CaseRow:
        days, dispute, agency = self._days, filing.dispute, filing.dispute.agency
        closed = days.told(timeline.closed)
        received = days.told(timeline.received)
        return CaseRow(
            case_id=case_id,
            case_no=case_number,
            stage=filing.stage.code,
            prev_case_id=filing.previous_id,
            root_case_id=dispute.root_id,
            court_code=filing.court,
            court_name=self._court_names[filing.court],
            tenant_code=agency.tenant_code,
            agency_id=agency.agency_id,
            agency_name=agency.name,
            co_agency_id=dispute.co_agency_id,
            plaintiff=dispute.plaintiff,
            plaintiff_type=dispute.plaintiff_kind,
            cause_code=dispute.cause,
            cause_name=dispute.cause_name,
            act_doc_no=dispute.act_number,
            procedure="简易" if simplified else "普通",
            filed_date=days.text(filing.day),
            received_date=received,
            # Known from the day of receipt, though it lies ahead.
            reply_due=days.text(timeline.due) if received else "",
            reply_date=days.told(timeline.answered),
            first_hearing_date=days.told(timeline.hearings[0].day) if timeline.hearings else "",
            closed_date=closed,
            status="closed" if closed else "open",
            outcome=ending.outcome if closed else "",
        )

    def _hear(self, filing: Filing, timeline: Timeline, result: DemoCase, papers: Papers) -> None:
        """The hearings that have been summoned; one still to come has no appearance yet."""
        days = self._days
        for sequence, hearing in enumerate(timeline.hearings, 1):
            year = (filing.dispute.agency.agency_id, int(days.text(hearing.day)[:4]))
            first_of_year = filing.stage is Stage.FIRST and year not in self._heard
            self._heard.add(year)
            appearance = appear(self._chance, filing.dispute, first_of_year=first_of_year)
            if not days.happened(hearing.summoned):
                continue
            papers.hear(hearing, appearance)
            held = days.happened(hearing.day)
            result.hearings.append(
                HearingRow(
                    hearing_id=f"{result.case.case_id}-H{sequence}",
                    case_id=result.case.case_id,
                    seq=str(sequence),
                    date=days.text(hearing.day),
                    start_time=appearance.start_time,
                    mode=appearance.mode,
                    head_required=_YES_NO_UNKNOWN[appearance.required],
                    head_attended=_YES_NO_UNKNOWN[appearance.attended] if held else "",
                    head_name=appearance.head_name if held else "",
                    head_title=appearance.head_title if held else "",
                    absence_reason=appearance.absence_reason if held else "",
                    agents=appearance.agents if held else "",
                )
            )

    def _judgment_row(self, case: CaseRow, timeline: Timeline, ending: Ending, consequence: Consequence) -> JudgmentRow:
        days = self._days
        served = days.told(timeline.served)
        return JudgmentRow(
            judgment_id=f"{case.case_id}-J1",
            case_id=case.case_id,
            kind=ending.document,
            doc_no=case.case_no,
            doc_date=days.text(timeline.closed),
            served_date=served,
            outcome=ending.outcome,
            agency_lost=_YES_NO_UNKNOWN[ending.lost],
            lost_reason=ending.reason,
            amount_yuan=ending.amount,
            appeal_deadline=days.text(consequence.appeal_deadline) if served else "",
            effective_date=days.told(consequence.effective),
        )
