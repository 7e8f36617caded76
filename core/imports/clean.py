"""The fast path: decides in a microsecond that a row is clean, so that only the others are looked at closely.

A test of a row gives the text of its derived columns (which begins with a comma, or is empty) if nothing at all is
wrong with it, and None if anything may be. It must never pass a row in which `validate` would find a fault, or whose
staged values would differ from the cells as they are; a property test holds the two together. It sees only lines
without odd characters (`rows.is_odd`), so it need not look for invisible ones.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

from core.cases.case_number import CaseNumberRefused, parse_case_number
from core.cases.outcomes import OUTCOME_WORDS
from core.cases.procedures import CASE_TYPES, STAGE_KINDS
from core.imports.columns import COLUMNS, ImportFile
from core.imports.normalise import FIRST_YEAR, LAST_YEAR, MOST
from core.imports.reference import Agency, Reference

Test = Callable[[list[str]], str | None]

LONGEST_ID = 64
LONGEST_NAME = 80
"""Characters of a file name that passes unlooked: at most 240 bytes of UTF-8."""

LONGEST_LINE = 500
"""Characters of a line that may pass: then no cell without a length of its own is too long."""

_CALENDAR_FROM, _CALENDAR_TO = date(2016, 1, 1), date(2036, 1, 1)


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=offset) for offset in range((end - start).days)]


DAYS = frozenset(day.isoformat() for day in _days(date(FIRST_YEAR, 1, 1), date(LAST_YEAR + 1, 1, 1)))
"""Every day as it is written: a look-up is quicker than reading a date."""

DAYS_OR_NONE = DAYS | {""}
NUMBERS = frozenset(map(str, range(MOST + 1)))
NUMBERS_OR_NONE = NUMBERS | {""}
TIMES_OR_NONE = frozenset(f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60)) | {""}
YES_NO = frozenset({"1", "0", ""})
DEVICE_HEADS = frozenset(
    "".join(letters)
    for device in ("con", "prn", "aux", "nul", "com", "lpt")
    for letters in product(*((letter, letter.upper()) for letter in device))
)
"""How names that some systems reserve begin: such a name is looked at closely."""


def listed(file: ImportFile, name: str, *, optional: bool) -> frozenset[str]:
    """Collect the listed values of a column, with the empty text if it may be empty."""
    column = next(column for column in COLUMNS[file] if column.name == name)
    return frozenset(column.choices) | ({""} if optional else set())


def clean_test(file: ImportFile, reference: Reference) -> Test | None:
    """Make the test of a file's rows; None for the short file of agencies, which is always read closely."""
    match file:
        case ImportFile.AGENCIES:
            return None
        case ImportFile.CASES:
            return _case_test(reference)
        case ImportFile.DOCUMENTS:
            return _document_test()
        case ImportFile.HEARINGS:
            return _hearing_test(reference)
        case ImportFile.JUDGMENTS:
            return _judgment_test()


def _document_test() -> Test:
    width = len(COLUMNS[ImportFile.DOCUMENTS])
    types = listed(ImportFile.DOCUMENTS, "doc_type", optional=False)
    directions = listed(ImportFile.DOCUMENTS, "direction", optional=False)

    def test(row: list[str]) -> str | None:
        if len(row) != width:
            return None
        doc_id, case_id, doc_type, _, dated, received, direction, pages, name = row
        if (
            dated in DAYS
            and received in DAYS
            and dated <= received
            and doc_type in types
            and direction in directions
            and pages in NUMBERS_OR_NONE
            and 0 < len(doc_id) <= LONGEST_ID
            and 0 < len(case_id) <= LONGEST_ID
            and len(name) <= LONGEST_NAME
            and ":" not in name
            and (not name or (name[0] != "." and name[-1] != "." and name[:3] not in DEVICE_HEADS))
        ):
            return ""
        return None

    return test


def _hearing_test(reference: Reference) -> Test:
    width = len(COLUMNS[ImportFile.HEARINGS])
    workdays = frozenset(day.isoformat() for day in _days(_CALENDAR_FROM, _CALENDAR_TO) if reference.is_workday(day))
    modes = listed(ImportFile.HEARINGS, "mode", optional=True)

    def test(row: list[str]) -> str | None:
        if len(row) != width:
            return None
        hearing_id, case_id, seq, day, time, mode, required, attended, _, _, _, agents = row
        if (
            day in workdays
            and seq in NUMBERS
            and time in TIMES_OR_NONE
            and mode in modes
            and required in YES_NO
            and attended in YES_NO
            and agents in NUMBERS_OR_NONE
            and 0 < len(hearing_id) <= LONGEST_ID
            and 0 < len(case_id) <= LONGEST_ID
        ):
            return ""
        return None

    return test


def _judgment_test() -> Test:
    width = len(COLUMNS[ImportFile.JUDGMENTS])
    kinds = listed(ImportFile.JUDGMENTS, "kind", optional=False)
    outcomes = listed(ImportFile.JUDGMENTS, "outcome", optional=False)

    def test(row: list[str]) -> str | None:
        if len(row) != width:
            return None
        judgment_id, case_id, kind, number, dated, served, outcome, lost, _, amount, appeal_by, effective = row
        if (
            dated in DAYS
            and served in DAYS_OR_NONE
            and appeal_by in DAYS_OR_NONE
            and effective in DAYS_OR_NONE
            and (not served or dated <= served)
            and (not effective or dated <= effective)
            and kind in kinds
            and outcome in outcomes
            and lost in YES_NO
            and number
            and (not amount or (len(amount) <= 12 and amount.isascii() and amount.isdigit()))  # noqa: PLR2004  # as numeric(14,2) holds
            and 0 < len(judgment_id) <= LONGEST_ID
            and 0 < len(case_id) <= LONGEST_ID
        ):
            return ""
        return None

    return test


class NumberHeads:
    """What the part of a case number before its serial says, remembered: a city has a few dozen of them."""

    _MOST = 10_000

    def __init__(self, today: date) -> None:
        self._today = today
        self._known: dict[str, tuple[str, str, str, str]] = {}

    def read(self, head: str) -> tuple[str, str, str, str]:
        """Give (year, court, stage, columns) of （2024）粤7101行初; a stage that nobody has where it is none."""
        known = self._known.get(head)
        if known is None:
            if len(self._known) >= self._MOST:
                self._known.clear()
            known = self._known[head] = self._parse(head)
        return known

    def _parse(self, head: str) -> tuple[str, str, str, str]:
        text = f"{head}1号"
        try:
            number = parse_case_number(text, today=self._today)
        except CaseNumberRefused:
            return ("", "", "", "")
        stage = stage_of(number.type)
        if number.canonical != text or stage is None:
            return ("", "", "", "")
        return (
            str(number.year),
            number.court_code,
            stage,
            f"{number.year},{number.court_code},{number.special},{number.type}",
        )


def stage_of(case_type: str) -> str | None:
    """Give the stage, as the files name it, of a type of case numbers; None if it has none."""
    kind = CASE_TYPES[case_type].kind
    return next((stage for stage, stage_kind in STAGE_KINDS.items() if stage_kind is kind), None)


def _short_codes(code: int) -> frozenset[str]:
    full = str(code)
    short = {full}
    if full.endswith("000"):
        short.add(full[:6])
    if full.endswith("00000"):
        short.add(full[:4])
    return frozenset(short)


def _own_agencies(reference: Reference) -> dict[str, tuple[Agency, frozenset[str]]]:
    """Collect the agencies inside the tenant, each with the spellings of its code."""
    spellings = {agency.code: _short_codes(agency.code) for agency in reference.agencies.values()}
    return {
        key: (agency, spellings[agency.code])
        for key, agency in reference.agencies.items()
        if reference.holds(agency.code)
    }


def _case_test(reference: Reference) -> Test:
    width = len(COLUMNS[ImportFile.CASES])
    agencies = _own_agencies(reference)
    nobody = (Agency("", 0), frozenset[str]())
    cause_name = reference.causes.get
    read_head = NumberHeads(reference.today).read
    plaintiff_types = listed(ImportFile.CASES, "plaintiff_type", optional=True)
    procedures = listed(ImportFile.CASES, "procedure", optional=True)
    outcomes = {(stage, word) for stage, kind in STAGE_KINDS.items() for known, word in OUTCOME_WORDS if known is kind}

    def test(row: list[str]) -> str | None:
        if len(row) != width:
            return None
        (
            case_id, number, stage, previous, root, court, _, tenant, agency_id, agency_name, co_agency, plaintiff,
            plaintiff_type, cause, cause_text, _, procedure, filed, received, due, replied, heard, closed, status, outcome,
        ) = row  # fmt: skip
        agency, codes = agencies.get(agency_id, nobody)
        head = number[:-1].rstrip("0123456789")
        serial = number[len(head) : -1]
        year, number_court, number_stage, columns = read_head(head)
        if (
            agency_name == agency.name
            and tenant in codes
            and (not co_agency or co_agency in agencies)
            and number_stage == stage
            and number_court == court
            and filed[:4] == year
            and number[-1:] == "号"
            and 0 < len(serial) <= 7  # noqa: PLR2004  # the grammar of case numbers
            and serial[0] != "0"
            and cause_name(cause) == cause_text
            and filed in DAYS
            and received in DAYS_OR_NONE
            and due in DAYS_OR_NONE
            and replied in DAYS_OR_NONE
            and heard in DAYS_OR_NONE
            and (not received or filed <= received)
            and ((status == "closed" and closed in DAYS and filed <= closed) or (status == "open" and not closed))
            and plaintiff
            and plaintiff_type in plaintiff_types
            and procedure in procedures
            and (not outcome or (stage, outcome) in outcomes)
            and 0 < len(case_id) <= LONGEST_ID
            and len(previous) <= LONGEST_ID
            and len(root) <= LONGEST_ID
        ):
            return f",{agency.code},{columns},{serial},"
        return None

    return test
