"""The thorough path: every cell mended or refused, then what must go together in a row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from core.cases.outcomes import OUTCOME_WORDS
from core.cases.procedures import STAGE_KINDS
from core.imports.clean import stage_of
from core.imports.columns import COLUMNS, STAGING, SYNONYMS, Column, Holds, ImportFile, Presence
from core.imports.fates import RULES, Fate
from core.imports.kinds import FaultKind as K
from core.imports.kinds import Finding, clip
from core.imports.normalise import (
    Mended,
    clean_text,
    half_width,
    mend_amount,
    mend_case_number,
    mend_date,
    mend_file_name,
    mend_number,
    mend_time,
    mend_yes_no,
    restore_leading_zero,
)
from core.imports.reference import CODE_LENGTHS, Reference, padded
from core.imports.row import Judged, Row
from core.imports.rows import Record

_NARROW = frozenset(Holds) - {Holds.TEXT, Holds.LABEL, Holds.FILE_NAME, Holds.CASE_NUMBER}
"""What is written half-width."""

_MENDERS: dict[Holds, Callable[[str], Mended]] = {
    Holds.DATE: mend_date,
    Holds.TIME: mend_time,
    Holds.NUMBER: mend_number,
    Holds.AMOUNT: mend_amount,
    Holds.YES_NO: mend_yes_no,
    Holds.FILE_NAME: mend_file_name,
}


class Examiner:
    """Judges rows of one file, one at a time."""

    def __init__(self, file: ImportFile, reference: Reference) -> None:
        self._file = file
        self._columns = COLUMNS[file]
        self._names = [column.name for column in self._columns]
        self._reference = reference

    def examine(self, record: Record) -> Judged | None:
        """Judge one record; None for a row of empty cells, which is no row."""
        fields = record.fields
        if record.fault is None and not any(map(str.strip, fields)):
            return None
        width = len(self._columns)
        if len(fields) > width and not any(map(str.strip, fields[width:])):
            fields = fields[:width]
        judged = Judged([], derived=[None] * (len(STAGING[self._file]) - 1 - width))
        fault = record.fault or (K.COLUMN_COUNT if len(fields) != width else None)
        if fault is not None:
            self._find(judged, record.line, "", fault, ",".join(record.shown or record.fields))
            return judged
        row = Row(self._file, record.line, fields, record.shown or fields, judged)
        for column, text in zip(self._columns, fields, strict=True):
            judged.values.append(self._cell(row, column, text))
        self._together(row)
        return judged

    def _find(self, judged: Judged, line: int, column: str, kind: K, text: str) -> None:
        judged.findings.append(Finding(self._file.value, line, column, kind, clip(text)))
        judged.rejected = judged.rejected or RULES[kind].fate is Fate.REJECTED

    # ------------------------------------------------ one cell
    def _cell(self, row: Row, column: Column, text: str) -> str | None:
        if not text:
            self._missing(row, column)
            return None
        if column.holds is Holds.CASE_NUMBER:
            return self._case_number(row, column, text)
        tidy = clean_text(text)
        value, faults = tidy.value, list(tidy.faults)
        if value is not None and column.holds in _NARROW:
            narrow = half_width(value)
            value = narrow.value
            faults += narrow.faults
        if value is None and not faults:
            self._missing(row, column)
            return None
        if value is not None:
            mended = self._mend(column, value)
            value = mended.value
            faults += mended.faults
            if value is not None and len(value) > column.longest:
                value, faults = None, [K.TOO_LONG]
        for fault in faults:
            row.find(column.name, fault, value)
        if value is None and faults and not row.judged.rejected and column.presence is not Presence.OPTIONAL:
            self._missing(row, column)
        return value

    def _missing(self, row: Row, column: Column) -> None:
        if column.presence is Presence.REQUIRED:
            row.find(column.name, K.MISSING_AGENCY if column.holds is Holds.AGENCY_ID else K.MISSING_REQUIRED)
        elif column.presence is Presence.EXPECTED:
            row.find(column.name, K.MISSING_VALUE)

    def _mend(self, column: Column, text: str) -> Mended:
        mender = _MENDERS.get(column.holds)
        if mender is not None:
            return mender(text)
        match column.holds:
            case Holds.CODE | Holds.LABEL:
                return _listed(column, text)
            case Holds.TENANT_CODE:
                valid = len(text) in CODE_LENGTHS and text.isascii() and text.isdigit() and text[0] != "0"
                return Mended(text) if valid else Mended(None, (K.UNKNOWN_CODE,))
            case Holds.CAUSE_CODE:
                return restore_leading_zero(text, self._reference.causes)
            case _:
                return Mended(text)

    def _case_number(self, row: Row, column: Column, text: str) -> str | None:
        tidy = clean_text(text)
        if tidy.value is None:
            if tidy.faults:
                row.find(column.name, tidy.faults[0])
            else:
                self._missing(row, column)
            return None
        mended = mend_case_number(text, today=self._reference.today)
        row.judged.claim = mended.claim
        number = mended.number
        faults = mended.faults
        if number is not None and number.suffix:
            faults += (K.CASE_NUMBER_STYLE,)
        value = number.canonical_without_suffix if number else None
        for fault in faults:
            row.find(column.name, fault, value)
        return value

    # ------------------------------------------------ what must go together
    def _together(self, row: Row) -> None:
        match self._file:
            case ImportFile.AGENCIES:
                self._agency(row)
            case ImportFile.CASES:
                self._respondents(row)
                self._number_and_row(row)
                self._cause(row)
                self._case_days(row)
                self._derive_number(row)
            case ImportFile.HEARINGS:
                day = row.value("date")
                if day and not self._reference.is_workday(date.fromisoformat(day)):
                    row.find("date", K.REST_DAY, day)
            case ImportFile.JUDGMENTS:
                row.in_order("doc_date", "served_date")
                row.in_order("doc_date", "effective_date")
            case ImportFile.DOCUMENTS:
                row.in_order("doc_date", "received_date")

    def _agency(self, row: Row) -> None:
        code = row.value("tenant_code")
        if code is None:
            return
        if not self._reference.holds(padded(code)):
            row.find("tenant_code", K.OUTSIDE_TENANT)
        row.judged.derived[0] = str(padded(code))

    def _respondents(self, row: Row) -> None:
        reference, given = self._reference, row.value("tenant_code")
        if given and not reference.holds(padded(given)):
            row.find("tenant_code", K.OUTSIDE_TENANT)
            return
        for column in ("agency_id", "co_agency_id"):
            key = row.value(column)
            agency = reference.agencies.get(key) if key else None
            if key and agency is None:
                line = reference.refused_agencies.get(key)
                if line is None:
                    row.find(column, K.UNKNOWN_AGENCY)
                else:
                    row.hangs_on(column, ImportFile.AGENCIES, line)
            elif agency and not reference.holds(agency.code):
                row.find(column, K.OUTSIDE_TENANT)
        agency = reference.agencies.get(row.value("agency_id") or "")
        if agency is None:
            return
        row.judged.derived[0] = str(agency.code)
        if given and padded(given) != agency.code:
            row.find("tenant_code", K.TENANT_DIFFERS, str(agency.code))
        name = row.value("agency_name")
        if name and name != agency.name:
            row.find("agency_name", K.AGENCY_ALIAS, agency.name)
        row.set("agency_name", agency.name)

    def _number_and_row(self, row: Row) -> None:
        number = row.judged.claim
        if number is None or row.value("case_no") is None:
            return
        court, stage, filed = row.value("court_code"), row.value("stage"), row.value("filed_date")
        if (
            (court and court != number.court_code)
            or (stage and stage_of(number.type) != stage)
            or (filed and int(filed[:4]) != number.year)
        ):
            row.find("case_no", K.CASE_NUMBER_CONTRADICTS)

    def _cause(self, row: Row) -> None:
        code, name = row.value("cause_code"), row.value("cause_name")
        if code and code not in self._reference.causes:
            row.find("cause_code", K.UNKNOWN_CAUSE, code)
        elif code and name and self._reference.causes[code] != name:
            row.find("cause_name", K.UNKNOWN_CAUSE, name)

    def _case_days(self, row: Row) -> None:
        filed, closed, status = row.value("filed_date"), row.value("closed_date"), row.value("status")
        if filed and closed and closed < filed:
            row.find("closed_date", K.DATES_REVERSED)
        if status and not row.judged.rejected and (status == "closed") != bool(closed):
            row.find("status", K.STATUS_CONTRADICTS, status)
        row.in_order("filed_date", "received_date")
        stage, outcome = row.value("stage"), row.value("outcome")
        if stage and outcome in row.choices("outcome") and (STAGE_KINDS[stage], outcome) not in OUTCOME_WORDS:
            row.find("outcome", K.UNKNOWN_LABEL, outcome)

    def _derive_number(self, row: Row) -> None:
        number = row.judged.claim
        if number is None:
            return
        read = row.text("case_no")
        row.judged.derived[1:] = [
            str(number.year),
            number.court_code,
            number.special,
            number.type,
            str(number.serial),
            clip(read) if read != row.value("case_no") else None,
        ]


def _listed(column: Column, text: str) -> Mended:
    if text in column.choices:
        return Mended(text)
    synonym = SYNONYMS.get(column.name, {}).get(text)
    if synonym is not None:
        return Mended(synonym, (K.CODE_SYNONYM,))
    return Mended(text, (K.UNKNOWN_LABEL,)) if column.holds is Holds.LABEL else Mended(None, (K.UNKNOWN_CODE,))
