"""期限: the last days of the mechanism's own terms, by the core's table of terms and the tenant's settings."""

from __future__ import annotations

from datetime import date, datetime

from core.sdk.rules import SHANGHAI, TERMS, Period, WorkingCalendar, compute, override_from_settings
from plugins.reminders.settings import RemindersSettings


def report_period(received_on: date, settings: RemindersSettings, calendar: WorkingCalendar) -> Period:
    """报备期限 (D1), from the receipt of the document. Raises DateOutOfRange."""
    return _period("D1", received_on, settings, calendar)


def feedback_period(acted_on: date, settings: RemindersSettings, calendar: WorkingCalendar) -> Period:
    """反馈期限 (D10), from the day of the answer, the hearing or the performance. Raises DateOutOfRange."""
    return _period("D10", acted_on, settings, calendar)


def remedy_period(missed_due_on: date, settings: RemindersSettings, calendar: WorkingCalendar) -> Period:
    """补救方案期限 (D11), from the last day that was missed. Raises DateOutOfRange."""
    return _period("D11", missed_due_on, settings, calendar)


def loss_report_period(received_on: date, settings: RemindersSettings, calendar: WorkingCalendar) -> Period:
    """败诉分析报告期限 (D17), from the receipt of the lost document in effect. Raises DateOutOfRange."""
    return _period("D17", received_on, settings, calendar)


def verification_due(filed_at: datetime, settings: RemindersSettings, calendar: WorkingCalendar) -> date:
    """核实期限: the bureau's last day to verify a feedback."""
    return calendar.add_workdays(day_of(filed_at), settings.feedback.verification_term)


def resubmission_due(returned_at: datetime, settings: RemindersSettings, calendar: WorkingCalendar) -> date:
    """补正期限: the agency's last day to file a returned feedback again."""
    return calendar.add_workdays(day_of(returned_at), settings.feedback.returned_term)


def day_of(instant: datetime) -> date:
    """The day in Shanghai of an instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(SHANGHAI).date()


def _period(term: str, start_on: date, settings: RemindersSettings, calendar: WorkingCalendar) -> Period:
    return compute(term, start_on, calendar, override=override_from_settings(TERMS[term], settings.terms()))
