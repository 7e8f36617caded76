"""The term table (期限表): the duties of an agency in litigation, with their terms as data, and `compute` over it.

Terms of the law stand as the law sets them; the city's own mechanism ("1+5+7") sets 报备, 提醒 and 反馈 without naming
the kind of day; the rest are defaults. Each may be replaced by a setting, or by what a document states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from core.calendar.period import Period, period
from core.calendar.period_input import Direction, Extension, PeriodInput, Suspension
from core.calendar.reminders import DEFAULT_OFFSETS, NonworkingRule
from core.calendar.term_rules import Basis, StartEvent, TermKind, TermNotFixed, TermOverride, TermRule
from core.calendar.trace import TermUnit
from core.calendar.working_days import ProvisionalPolicy, WorkingCalendar

_L, _M, _D = Basis.LAW, Basis.MECHANISM, Basis.DEFAULT
_S = StartEvent
_WORKING, _MONTH, _YEAR = TermUnit.WORKING_DAY, TermUnit.MONTH, TermUnit.YEAR

_RULES: Final = (
    TermRule("D1", "报备", "report a received document to the bureau of the same level", "report",
             _S.DOCUMENT_RECEIVED, "", _M, 2),
    TermRule("D2", "答辩举证", "defence, evidence and basis documents", "defence",
             _S.COMPLAINT_COPY_RECEIVED, "行诉法 67", _L, 15),
    TermRule("D2.second", "二审答辩", "answer to the appeal", "second_answer",
             _S.APPEAL_COPY_RECEIVED, "民诉法 174; 行诉法 101", _L, 15),
    TermRule("D2.retrial", "再审书面意见", "written opinion on the retrial application", "retrial_opinion",
             _S.RETRIAL_COPY_RECEIVED, "适用解释 111", _L, 15),
    TermRule("D2b", "简易程序举证答辩", "evidence and answer in the simple procedure", "defence_simple",
             _S.COURT_NOTICE_RECEIVED, "适用解释 104", _L, None, longest=15,
             note="法院指定，不超过15日"),
    TermRule("D2c", "逾期举证申请", "ask leave to bring evidence late", "defence",
             _S.COMPLAINT_COPY_RECEIVED, "行诉法 34(2), 36", _L, 15,
             note="须在答辩举证期限届满前提出"),
    TermRule("D3", "法院送达起诉状副本", "the court serves the complaint copy", "court_service",
             _S.CASE_FILED, "行诉法 67", _L, 5, informational=True),
    TermRule("D4.judgment", "上诉（判决）", "appeal against a judgment", "appeal_judgment",
             _S.SERVED_ON_PARTY, "行诉法 85", _L, 15),
    TermRule("D4.ruling", "上诉（裁定）", "appeal against a ruling", "appeal_ruling",
             _S.SERVED_ON_PARTY, "行诉法 85", _L, 10),
    TermRule("D5.first", "一审生效", "first instance takes effect", "effective_first",
             _S.LAST_APPEAL_TERM_ENDED, "行诉法 85", _D, 1, roll=False, amount_setting="effective_day.first",
             note="最后一方上诉期届满次日，无人上诉"),
    TermRule("D5.second", "二审生效", "second instance takes effect", "effective_second",
             _S.SERVED_ON_PARTY, "", _D, 0, roll=False, amount_setting="effective_day.second"),
    TermRule("D5.mediation", "调解书生效", "a mediation statement takes effect", "effective_mediation",
             _S.LAST_PARTY_SIGNED, "适用解释 85", _L, 0, roll=False),
    TermRule("D6", "申请再审", "apply for retrial", "retrial_application",
             _S.EFFECTIVE, "适用解释 110", _L, 6, _MONTH),
    TermRule("D7", "履行生效裁判", "perform an effective judgment", "performance",
             _S.EFFECTIVE, "行诉法 72, 94", _D, 30, note="裁判主文确定的期限；主文未定的按单位计划，默认30日"),
    TermRule("D8", "对方申请强制执行", "the claimant applies for enforcement", "enforcement_application",
             _S.PERFORMANCE_DUE, "适用解释 153", _L, 2, _YEAR, informational=True),
    TermRule("D9", "提醒", "reminders before a last day or a hearing", "reminder",
             _S.DUTY_DUE, "", _M, None, kind=TermKind.NO_DATE, note="见 reminder_days"),
    TermRule("D10", "反馈", "report back after an answer, a hearing or a performance", "feedback",
             _S.ACT_DONE, "", _M, 1),
    TermRule("D11", "补救措施", "remedy plan after a missed duty", "remedy",
             _S.DUTY_DUE, "", _D, 3, _WORKING),
    TermRule("D12", "司法建议回复", "reply to a judicial suggestion", "judicial_suggestion",
             _S.DOCUMENT_RECEIVED, "司法建议规定 8", _L, 2, _MONTH, note="建议书载明的期限，一般不超过两个月"),
    TermRule("D12b", "规范性文件司法建议回复", "reply to a judicial suggestion on a normative document",
             "normative_suggestion", _S.DOCUMENT_RECEIVED, "适用解释 149", _L, 60),
    TermRule("D13", "检察建议回复", "reply to a procuratorial suggestion", "procuratorial_suggestion",
             _S.DOCUMENT_RECEIVED, "检察公益解释 21", _L, 2, _MONTH, note="非公益诉讼的检察建议以建议书载明的期限为准"),
    TermRule("D13.urgent", "检察建议回复（紧急）", "reply to an urgent procuratorial suggestion",
             "procuratorial_suggestion_urgent", _S.DOCUMENT_RECEIVED, "检察公益解释 21", _L, 15),
    TermRule("D14", "行政复议意见书反馈", "report on a reconsideration opinion", "reconsideration_opinion",
             _S.DOCUMENT_RECEIVED, "复议法 76", _L, 60),
    TermRule("D15", "复议答复", "answer in reconsideration", "reconsideration_answer",
             _S.RECONSIDERATION_COPY_RECEIVED, "复议法 48, 88(2)", _L, 10, _WORKING),
    TermRule("D15.simple", "复议答复（简易）", "answer in simple reconsideration", "reconsideration_answer_simple",
             _S.RECONSIDERATION_COPY_RECEIVED, "复议法 54, 88(2)", _L, 5, _WORKING),
    TermRule("D16", "复议决定", "reconsideration decision", "reconsideration_decision",
             _S.RECONSIDERATION_ACCEPTED, "复议法 62", _L, 60, informational=True, note="可延长，最多30日"),
    TermRule("D16.simple", "复议决定（简易）", "decision in simple reconsideration", "reconsideration_decision_simple",
             _S.RECONSIDERATION_ACCEPTED, "复议法 62", _L, 30, informational=True),
    TermRule("D17", "败诉分析报告", "loss analysis report", "loss_report",
             _S.LOST_DOCUMENT_RECEIVED, "", _D, 30),
    TermRule("D18", "履行方案", "performance plan", "perf_plan", _S.EFFECTIVE, "", _D, 10),
    TermRule("D19", "半年报告", "half-year report", "halfyear",
             _S.STATISTICS_PERIOD_ENDED, "", _D, None, kind=TermKind.CALENDAR_DATES,
             month_days=((7, 10), (1, 10)), amount_setting="halfyear.days"),
    TermRule("D20", "每月通报", "monthly circular", "circular",
             _S.STATISTICS_PERIOD_ENDED, "", _D, None, kind=TermKind.CALENDAR_DATES,
             month_days=((0, 5),), amount_setting="circular.day"),
    TermRule("D21", "半年通报与年度报告", "half-year circular and annual report", "annual_report",
             _S.STATISTICS_PERIOD_ENDED, "", _M, None, kind=TermKind.NO_DATE,
             note="年度报告提请市政府常务会议审议后印发，无固定日期"),
    TermRule("D22", "开庭前通知", "summons and notice to the agency head before a hearing", "hearing_notice",
             _S.HEARING, "出庭规定 5; 适用解释 71", _L, 3, direction=Direction.BEFORE, informational=True),
    TermRule("D23", "委派调解", "mediation before filing", "mediation", _S.MEDIATOR_RECEIVED_FILE,
             "特邀调解规定 27", _L, 30, amount_setting="mediation.terms", setting_index=0),
    TermRule("D23.entrusted", "委托调解（普通程序）", "mediation in the ordinary procedure", "mediation",
             _S.MEDIATOR_RECEIVED_FILE, "特邀调解规定 27", _L, 15, amount_setting="mediation.terms", setting_index=1),
    TermRule("D23.simple", "委托调解（简易程序）", "mediation in the simple procedure", "mediation",
             _S.MEDIATOR_RECEIVED_FILE, "特邀调解规定 27", _L, 7, amount_setting="mediation.terms", setting_index=2),
    TermRule("D24", "逾期履行风险", "exposure for late performance", "exposure",
             _S.PERFORMANCE_DUE, "行诉法 96", _L, None, kind=TermKind.NO_DATE, note="见 overdue_exposure，仅作风险提示"),
)  # fmt: skip

TERMS: Final[Mapping[str, TermRule]] = MappingProxyType({rule.id: rule for rule in _RULES})
"""The term table by id."""

DATE_SETTINGS: Final[Mapping[str, object]] = MappingProxyType(
    {
        "report.term": 2,
        "report.unit": "calendar",
        "report.roll": True,
        "feedback.term": 1,
        "feedback.unit": "calendar",
        "feedback.roll": True,
        "reminder.offsets": DEFAULT_OFFSETS,
        "reminder.nonworking": NonworkingRule.ADVANCE.value,
        "remedy.term": 3,
        "effective_day.first": 1,
        "effective_day.second": 0,
        "circular.day": 5,
        "halfyear.days": ("07-10", "01-10"),
        "loss_report.term": 30,
        "perf_plan.term": 10,
        "mediation.terms": (30, 15, 7),
        "calendar.provisional_policy": ProvisionalPolicy.WEEKENDS_AND_FIXED.value,
    }
)
"""The settings that touch dates, with their defaults. Effective days count from the last appeal term and service."""

DAILY_EXPOSURE: Final = (Decimal(50), Decimal(100))
"""Yuan per day of late performance, lowest and highest (行诉法 96(2))."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """逾期履行风险: days late and the span of yuan it may cost the head; a risk to show, never a fine."""

    days: int
    lowest: Decimal
    highest: Decimal


def period_input(
    term: str,
    start_on: date,
    *,
    override: TermOverride | None = None,
    suspensions: tuple[Suspension, ...] = (),
    extensions: tuple[Extension, ...] = (),
    travel_days: int = 0,
) -> PeriodInput:
    """The engine's input for a term of the table.

    Raises KeyError for an unknown id, TermNotFixed if neither table nor override says how long it is, ValueError and
    DateOutOfRange as PeriodInput.
    """
    rule = (override or TermOverride()).on(TERMS[term])
    fixed_on = override.fixed_on if override else None
    if rule.kind is TermKind.NO_DATE:
        raise TermNotFixed(term, "this row of the table gives no date", "该事项没有可计算的期限")
    if fixed_on is None and rule.kind is TermKind.CALENDAR_DATES:
        fixed_on = _next_of(rule.month_days, start_on)
    if fixed_on is None and rule.amount is None:
        raise TermNotFixed(term, "the court or the document sets this term", "期限由法院或文书确定，须填写")
    return PeriodInput(
        amount=0 if fixed_on else rule.amount or 0,
        unit=TermUnit.FIXED_DATE if fixed_on else rule.unit,
        start_on=start_on,
        roll=rule.roll,
        suspensions=suspensions,
        extensions=extensions,
        travel_days=travel_days,
        direction=Direction.AFTER if fixed_on else rule.direction,
        fixed_on=fixed_on,
        term=rule.id,
        source=rule.source,
    )


def compute(
    term: str,
    start_on: date,
    calendar: WorkingCalendar,
    *,
    override: TermOverride | None = None,
    suspensions: tuple[Suspension, ...] = (),
    extensions: tuple[Extension, ...] = (),
    travel_days: int = 0,
) -> Period:
    """The period of a term of the table. Raises as `period_input` and `period`."""
    given = period_input(
        term,
        start_on,
        override=override,
        suspensions=suspensions,
        extensions=extensions,
        travel_days=travel_days,
    )
    return period(given, calendar)


def effective_after_appeals(appeal_dues: Iterable[date], calendar: WorkingCalendar, offset: int = 1) -> Period:
    """When a first-instance judgment takes effect (生效) if nobody appeals: the day after the last party's term ends.

    `offset` is the setting `effective_day.first`. Raises ValueError without any party.
    """
    return compute("D5.first", max(appeal_dues), calendar, override=TermOverride(amount=offset))


def overdue_exposure(due: date, performed_on: date, daily: tuple[Decimal, Decimal] = DAILY_EXPOSURE) -> Exposure:
    """What late performance may cost the agency's head (行诉法 96(2)): from the day after `due` through `performed_on`.

    `daily` is in yuan. Performance in time gives zero days and zero yuan.
    """
    days = max(0, (performed_on - due).days)
    return Exposure(days, days * daily[0], days * daily[1])


def _next_of(month_days: tuple[tuple[int, int], ...], start_on: date) -> date:
    next_month = start_on.replace(day=1) + timedelta(days=31)
    found = [
        date(year, month, day) if month else next_month.replace(day=day)
        for year in (start_on.year, start_on.year + 1)
        for month, day in month_days
    ]
    return min(day for day in found if day > start_on)
