"""The arcs of a case: answering, being heard, performing a judgment, replying to a suggestion."""

from __future__ import annotations

from datetime import date, time, timedelta

from tests.simulation.history.course import Course
from tests.simulation.history.duties import Duty, attend_to, extend, stand_still
from tests.simulation.history.steps import Deed
from tests.simulation.reference.facts import DutyBorn, DutyKind, Moved, Voided
from tests.simulation.reference.terms import Term, Unit

FIFTEEN = Term(15)
TEN_WORKING = Term(10, Unit.WORKING_DAY)
TWO_MONTHS = Term(2, Unit.MONTH)
THIRTY = Term(30)


def suit(course: Course, received: date) -> None:
    """一审: the notice to respond, the answer, mostly a hearing, sometimes a second instance and a judgment to perform."""
    filed = received - timedelta(days=course.chance.randint(1, 5))
    at = course.hour(course.lag(received, most=20))
    course.do(at, Deed.CASE_REGISTER, "case", filed_on=filed)
    _answer(course, "defence", "RESPONSE_NOTICE", received, DutyKind.DEFENCE, FIFTEEN)
    if course.one_in(0.7):
        _hearing(course, "hearing")
    if course.one_in(0.15):
        _hearing(course, "second-hearing")
    if course.one_in(0.25):
        appealed = course.worked(course.clock.date() + timedelta(days=course.chance.randint(20, 60)))
        _answer(course, "appeal", "APPEAL", appealed, DutyKind.DEFENCE, FIFTEEN)
    if course.one_in(0.15):
        _performance(course)
    if course.one_in(0.15):
        _loss(course)


def reconsideration(course: Course, received: date) -> None:
    """行政复议: the notice to answer, and the answer in ten working days."""
    at = course.hour(course.lag(received))
    reference = f"穗府行复〔{received.year}〕{course.number}号"
    course.do(at, Deed.CASE_REGISTER, "case", filed_on=received, reference=reference)
    _answer(course, "recon", "RECON_NOTICE", received, DutyKind.RECON_ANSWER, TEN_WORKING, reported=False)
    if course.one_in(0.05):
        _suggestion(course)


def _answer(
    course: Course, key: str, doc_type: str, received: date, kind: DutyKind, term: Term, *, reported: bool = True
) -> None:
    at = course.hour(max(course.clock.date(), received) if key != "appeal" else course.lag(received))
    born = DutyBorn(at, course.name(key), course.agency.code, kind, received, term)
    if reported:
        course.document(at, f"{key}-notice", doc_type, received, born, duty=course.name(key))
    else:
        given = {"doc_type": doc_type, "received_on": received, "duty": course.name(key)}
        course.do(at, Deed.DOCUMENT_REGISTER, f"{key}-notice", born, **given)
    duty = Duty(key, at, received, term, Deed.PERIOD_MEET)
    if course.one_in(0.02):
        _void(course, duty, Deed.PERIOD_VOID)
        return
    if course.one_in(0.03):
        stand_still(course, duty)
    elif course.one_in(0.03):
        extend(course, duty)
    attend_to(course, duty)


def _void(course: Course, duty: Duty, deed: Deed) -> None:
    """Entered by mistake, or withdrawn, before its last day."""
    at = course.hour(course.worked(duty.born_at.date() + timedelta(days=course.chance.randint(0, 4))))
    at = max(at, course.swept(duty.born_at))
    course.do(at, deed, duty.key, Voided(at, course.name(duty.key)))


def _hearing(course: Course, key: str) -> None:
    """The summons comes three days to a month ahead, now and then too late; one hearing in six is moved, some twice."""
    today = course.worked(course.clock.date() + timedelta(days=course.chance.randint(0, 10)))
    lead = course.chance.randint(0, 3) if course.one_in(0.12) else course.chance.randint(4, 30)
    day = course.worked(today + timedelta(days=lead))
    at = course.hour(today)
    course.document(at, f"{key}-summons", "SUMMONS", today)
    at = course.hour(today)
    starts = time(course.chance.choice((9, 10, 14, 15)), 30)
    born = DutyBorn(at, course.name(key), course.agency.code, DutyKind.HEARING, day, _on(day))
    course.do(at, Deed.HEARING_SCHEDULE, key, born, on=day, starts=starts)
    duty = Duty(key, at, day, _on(day), Deed.HEARING_HOLD)
    if course.one_in(0.03) and at.date() < day:
        _void(course, duty, Deed.HEARING_CANCEL)
        return
    while course.one_in(0.17):
        _move(course, duty)
    attend_to(course, duty)


def _move(course: Course, duty: Duty) -> None:
    former = duty.due(course)
    ahead = (former - course.clock.date()).days
    if ahead < 1:
        return
    at = course.hour(course.worked(course.clock.date() + timedelta(days=course.chance.randint(0, ahead - 1))))
    at = max(at, course.swept(duty.born_at))
    if at.date() >= former:
        return
    day = course.worked(max(at.date(), former) + timedelta(days=course.chance.randint(1, 35)))
    course.do(at, Deed.HEARING_RESCHEDULE, duty.key, Moved(at, course.name(duty.key), _on(day)), on=day)
    duty.born_at, duty.starts, duty.term = at, day, _on(day)


def _performance(course: Course) -> None:
    """履行: a judgment with a duty took effect, mostly with a term of its own."""
    effective = course.worked(course.clock.date() + timedelta(days=course.chance.randint(20, 50)))
    at = course.hour(course.lag(effective))
    amount = course.chance.choice((15, 30, 30, 60))
    course.document(at, "judgment", "EFFECTIVE_DOC_PERF", effective)
    at = course.hour(at.date())
    term = Term(amount)
    born = DutyBorn(at, course.name("performance"), course.agency.code, DutyKind.PERFORMANCE, effective, term)
    course.do(at, Deed.OBLIGATION_RECORD, "performance", born, starts_on=effective, amount=amount)
    attend_to(course, Duty("performance", at, effective, term, Deed.OBLIGATION_FULFIL))


def _loss(course: Course) -> None:
    """败诉: thirty days to analyse it, from the receipt of the document in effect, or from the effect where that came before it."""
    decided = course.worked(course.clock.date() + timedelta(days=course.chance.randint(1, 15)))
    course.do(course.hour(decided), Deed.JUDGMENT_RECORD, "loss", on=decided)
    effective = course.worked(decided + timedelta(days=course.chance.randint(20, 45)))
    starts = effective
    if course.one_in(0.6):
        starts = course.worked(effective + timedelta(days=course.chance.randint(0, 3)))
        given = {"doc_type": "EFFECTIVE_DOC", "received_on": starts, "duty": None}
        course.do(course.hour(course.lag(starts)), Deed.DOCUMENT_REGISTER, "loss-document", **given)
    at = course.hour(max(course.clock.date(), course.lag(effective)))
    born = DutyBorn(at, course.name("loss"), course.agency.code, DutyKind.LOSS_REPORT, starts, THIRTY)
    course.do(at, Deed.JUDGMENT_EFFECT, "loss", born, on=effective)
    attend_to(course, Duty("loss", at, starts, THIRTY, Deed.ANALYSIS_SEND))


def _suggestion(course: Course) -> None:
    """司法建议: two months to reply, with or without a case."""
    received = course.worked(course.clock.date() + timedelta(days=course.chance.randint(1, 20)))
    at = course.hour(course.lag(received))
    born = DutyBorn(at, course.name("suggestion"), course.agency.code, DutyKind.SUGG_REPLY, received, TWO_MONTHS)
    course.do(at, Deed.SUGGESTION_RECORD, "suggestion", born, received_on=received, alone=course.one_in(0.5))
    attend_to(course, Duty("suggestion", at, received, TWO_MONTHS, Deed.SUGGESTION_REPLY))


def _on(day: date) -> Term:
    return Term(unit=Unit.STATED, stated_on=day, roll=False)
