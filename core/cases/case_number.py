"""案号: reading administrative case numbers. Strict parsing, normalising before it, splitting cells.

An import reads hundreds of thousands: one compiled pattern takes the good ones, the fault is looked for only
when it fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from core.cases.case_number_grammar import (
    COURT_PATTERN,
    FIRST_YEAR,
    NUMERAL_PATTERN,
    PROVINCES,
    SUFFIX_PATTERN,
    SUPREME_COURT,
    TYPES_PATTERN,
    CaseNumber,
    CaseNumberReason,
    CaseNumberRefused,
    CourtLevel,
    court_level,
)
from core.cases.case_number_text import (
    CLOSE_BRACKETS,
    FULLWIDTH_DIGITS,
    MAX_CELL,
    OPEN_BRACKETS,
    CaseNumberChange,
    is_blank,
    normalise_case_number,
    split_case_numbers,
)
from core.cases.procedures import CASE_TYPES

__all__ = [
    "CaseNumber",
    "CaseNumberChange",
    "CaseNumberReason",
    "CaseNumberRefused",
    "CourtLevel",
    "court_level",
    "normalise_case_number",
    "parse_case_number",
    "parse_normalised",
    "split_case_numbers",
]

MAX_LENGTH = 64
"""Characters; the longest case number has 24."""

_BASIC_LENGTH = 5
_STRICT = re.compile(
    rf"(?:（([0-9]{{4}})）|\(([0-9]{{4}})\))({COURT_PATTERN})(知?)({TYPES_PATTERN})([1-9][0-9]{{0,6}})号({SUFFIX_PATTERN})?"
)
_NOT_FOR_BASIC = frozenset(code for code, rule in CASE_TYPES.items() if not rule.basic_court_possible)

_LEGACY = re.compile(r"字第?[0-9０-９]")
_SEVERAL = re.compile(
    rf"[0-9{FULLWIDTH_DIGITS}]号?(?:{SUFFIX_PATTERN})?\s*(?:[、；;，,\n]|以及|及|和|[-–—~～至])"
    rf"\s*第?[0-9{FULLWIDTH_DIGITS}{re.escape(OPEN_BRACKETS)}]"
)
_TYPE = re.compile(TYPES_PATTERN)
_OTHER_TYPES = re.compile("刑|民|执|破|强清|清申|财保|行保|司救|法赔|委赔|认|请")
_DIGIT_RUN = re.compile("[0-9]*")

_FAULTS_OF_TEXT: tuple[tuple[Callable[[str], object], CaseNumberReason], ...] = (
    (lambda text: len(text) > MAX_CELL, CaseNumberReason.TOO_LONG),
    (lambda text: all(map(is_blank, text)), CaseNumberReason.EMPTY),
    (_SEVERAL.search, CaseNumberReason.SEVERAL_NUMBERS),
    (lambda text: len(text) > MAX_LENGTH, CaseNumberReason.TOO_LONG),
    (_LEGACY.search, CaseNumberReason.LEGACY_STYLE),
    (lambda text: any(char in FULLWIDTH_DIGITS for char in text), CaseNumberReason.FULLWIDTH_DIGITS),
    (lambda text: any(map(is_blank, text)), CaseNumberReason.INNER_SPACE),
)
"""What concerns the whole text, in the order in which it is told."""

_FAULTS_AFTER_TYPE = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        ("第", CaseNumberReason.ORDINAL_PREFIX),
        ("(?![0-9])", CaseNumberReason.SERIAL_MISSING),
        ("0", CaseNumberReason.SERIAL_LEADING_ZERO),
        ("[0-9]{8}", CaseNumberReason.SERIAL_TOO_LARGE),
        ("[0-9]+(?![0-9号])", CaseNumberReason.HAO_MISSING),
        (f"[0-9]+号之(?!{NUMERAL_PATTERN})", CaseNumberReason.SUFFIX_MALFORMED),
        ("", CaseNumberReason.TRAILING_TEXT),
    )
)
"""What can be wrong from the serial number on."""


def parse_case_number(text: str, *, today: date) -> CaseNumber:
    """Read an administrative case number exactly as the rule writes it, with full-width or half-width brackets.

    `today` bounds the year. Anything else, however small the fault, raises `CaseNumberRefused` with its reason
    (法〔2015〕137号, 法〔2018〕335号). `parse_normalised` mends harmless faults first.
    """
    match = _STRICT.fullmatch(text)
    if match is not None:
        full, half, court, special, kind, serial, suffix = match.groups()
        year = int(full or half)
        if FIRST_YEAR <= year <= today.year and not (len(court) == _BASIC_LENGTH and kind in _NOT_FOR_BASIC):
            return CaseNumber(year, court, special, kind, int(serial), suffix or "")
    raise CaseNumberRefused(_diagnose(text, today), text)


def parse_normalised(text: str, *, today: date) -> tuple[CaseNumber, tuple[CaseNumberChange, ...]]:
    """Mend what may be mended, then parse strictly: the number, and what was changed (nothing, if it was right).

    Raises `CaseNumberRefused`, with `text` as it was given and the reason that is left after mending.
    """
    if len(text) > MAX_CELL:
        raise CaseNumberRefused(CaseNumberReason.TOO_LONG, text)
    normalised, changes = (text, ()) if _STRICT.fullmatch(text) else normalise_case_number(text)
    try:
        return parse_case_number(normalised, today=today), changes
    except CaseNumberRefused as refused:
        raise CaseNumberRefused(refused.reason, text) from None


def _diagnose(text: str, today: date) -> CaseNumberReason:
    """Why a text was refused; the first fault from the left, after those that concern the whole text."""
    for holds, reason in _FAULTS_OF_TEXT:
        if holds(text):
            return reason
    return _fault_of_brackets(text) or _fault_after_brackets(text, today)


def _fault_of_brackets(text: str) -> CaseNumberReason | None:
    opens = text[0] in OPEN_BRACKETS
    closing = next((char for char in text if char in CLOSE_BRACKETS), None)
    if not opens and closing is None:
        return CaseNumberReason.BRACKETS_MISSING
    if not opens or closing is None:
        return CaseNumberReason.BRACKETS_UNBALANCED
    if text[0] not in "（(" or closing not in "）)":
        return CaseNumberReason.BRACKETS_WRONG_KIND
    if text[0] + closing not in ("（）", "()"):
        return CaseNumberReason.BRACKETS_MIXED
    return None


def _fault_after_brackets(text: str, today: date) -> CaseNumberReason:
    year, rest = re.split("[）)]", text[1:], maxsplit=1)
    if not re.fullmatch("[0-9]{4}", year):
        return CaseNumberReason.YEAR_MALFORMED
    if int(year) < FIRST_YEAR:
        return CaseNumberReason.YEAR_BEFORE_2016
    if int(year) > today.year:
        return CaseNumberReason.YEAR_IN_FUTURE
    if rest.startswith(SUPREME_COURT):
        court = SUPREME_COURT
    elif not rest or rest[0] not in PROVINCES:
        return CaseNumberReason.COURT_UNKNOWN_PROVINCE
    else:
        court = rest[0] + _digits_at(rest, 1)
        if len(court) not in (1, 3, _BASIC_LENGTH):
            return CaseNumberReason.COURT_CODE_MALFORMED
    return _fault_after_court(court, rest[len(court) :].removeprefix("知"))


def _fault_after_court(court: str, rest: str) -> CaseNumberReason:
    kind = _TYPE.match(rest)
    if kind is None:
        other = _OTHER_TYPES.match(rest)
        return CaseNumberReason.TYPE_NOT_ADMINISTRATIVE if other else CaseNumberReason.TYPE_UNKNOWN
    if len(court) == _BASIC_LENGTH and kind[0] in _NOT_FOR_BASIC:
        return CaseNumberReason.TYPE_NOT_FOR_BASIC_COURT
    rest = rest[kind.end() :]
    return next(reason for pattern, reason in _FAULTS_AFTER_TYPE if pattern.match(rest))


def _digits_at(text: str, start: int) -> str:
    match = _DIGIT_RUN.match(text, start)
    return match[0] if match else ""
