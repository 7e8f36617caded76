"""Demonstration cases as import files, so that the importer itself lands them: what a city would do with its own."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from core.calendar import WorkingCalendar
from core.demo import vocabulary as words
from core.demo.agencies import DemoAgency, agencies_of
from core.demo.story import Instance, Storyteller
from core.imports.columns import COLUMNS, ImportFile
from core.reference.readers import read_causes

SPAN_DAYS = 900
"""Disputes begin within this many days before the day of the demonstration."""
COURTS = {
    "4401": ("粤7101", "粤71", "粤"),
    "4403": ("粤0308", "粤03", "粤"),
}
"""First instance, appeal, review. Guangzhou: the railway courts; Shenzhen: Yantian hears the city's administrative cases."""
COURT_NAMES = {"粤7101": "广州铁路运输法院", "粤71": "广州铁路运输中级法院", "粤": "广东省高级人民法院",
               "粤0308": "深圳市盐田区人民法院", "粤03": "广东省深圳市中级人民法院"}  # fmt: skip
TYPES = {"first": "行初", "second": "行终", "retrial_review": "行申"}
PLACES = {"first": 0, "second": 1, "retrial_review": 2}


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """A demonstration: which city, how many cases (of all stages), which seed, as of which day."""

    city: str
    cases: int
    seed: int
    as_of: date


def write_demo(folder: Path, request: DemoRequest, calendar: WorkingCalendar) -> None:
    """Write the five import files; the same request and calendar give the same bytes."""
    agencies = agencies_of(request.city)
    instances = _numbered(request, _instances(request, agencies, calendar))
    rows = _Rows(random.Random(f"{request.seed}/{request.city}/rows"), request.as_of, calendar)
    folder.mkdir(parents=True, exist_ok=True)
    shown = [(a.agency_id, a.name, a.level, a.tenant_code, a.category) for a in agencies]
    _write(folder, ImportFile.AGENCIES, shown)
    _write(folder, ImportFile.CASES, [rows.case(one) for one in instances])
    _write(folder, ImportFile.HEARINGS, [row for one in instances for row in rows.hearings(one)])
    _write(folder, ImportFile.JUDGMENTS, [row for one in instances for row in rows.judgments(one)])
    _write(folder, ImportFile.DOCUMENTS, [row for one in instances for row in rows.documents(one)])


def _write(folder: Path, file: ImportFile, rows: Sequence[Sequence[object]]) -> None:
    with (folder / f"{file.value}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([column.name for column in COLUMNS[file]])
        writer.writerows(rows)


def _instances(request: DemoRequest, agencies: Sequence[DemoAgency], calendar: WorkingCalendar) -> list[Instance]:
    rnd = random.Random(f"{request.seed}/{request.city}")
    governments = {one.tenant_code: one for one in agencies if one.category == "government" and one.level == "district"}
    teller = Storyteller(rnd, calendar, governments)
    found: list[Instance] = []
    while len(found) < request.cases:
        ago = 2 + int(SPAN_DAYS * rnd.random() ** 2)  # more of them lately, so that something is open
        filed = calendar.next_workday(request.as_of - timedelta(days=ago))
        told = [one for one in teller.dispute(filed, rnd.choice(agencies)) if one.filed < request.as_of]
        found.extend(told[: request.cases - len(found)])
    return sorted(found, key=lambda one: one.filed)


def _numbered(request: DemoRequest, instances: list[Instance]) -> list[Instance]:
    """Ids and numbers rise with the day of filing, in each court, year and type (法〔2015〕137号)."""
    serials: Counter[tuple[int, str, str]] = Counter()
    for place, one in enumerate(instances, start=1):
        one.court = COURTS[request.city][PLACES[one.stage]]
        key = (one.filed.year, one.court, TYPES[one.stage])
        serials[key] += 1
        one.case_id = f"D{request.city}{place:07d}"
        one.number = f"（{one.filed.year}）{one.court}{TYPES[one.stage]}{serials[key]}号"
    return instances


class _Rows:
    """Writes instances as rows of the import files; what lies after the day of the demonstration has not happened yet."""

    def __init__(self, rnd: random.Random, as_of: date, calendar: WorkingCalendar) -> None:
        self._rnd = rnd
        self._as_of = as_of
        self._calendar = calendar
        self._causes = {cause.code: cause.name_zh for cause in read_causes()}
        self._counts: Counter[str] = Counter()

    def _day(self, day: date | None) -> str:
        return day.isoformat() if day is not None and day <= self._as_of else ""

    def _id(self, letter: str, one: Instance) -> str:
        self._counts[letter] += 1
        return f"{letter}{one.case_id[1:5]}{self._counts[letter]:08d}"

    def is_closed(self, one: Instance) -> bool:
        """Whether the case has ended by the day of the demonstration."""
        return one.closed <= self._as_of

    def case(self, one: Instance) -> list[object]:
        """A row of cases.csv."""
        closed = self.is_closed(one)
        co_agency = one.co_agency.agency_id if one.co_agency else ""
        heard = one.hearings[0].isoformat() if one.hearings else ""
        return [
            one.case_id, one.number, one.stage, one.previous.case_id if one.previous else "",
            one.root.case_id if one.root else one.case_id, one.court, COURT_NAMES[one.court], one.agency.tenant_code,
            one.agency.agency_id, one.agency.name, co_agency, one.plaintiff, one.plaintiff_type, one.cause,
            self._causes[one.cause], "", one.procedure, one.filed.isoformat(), self._day(one.received),
            self._known_due(one), self._day(one.replied), heard, self._day(one.closed) if closed else "",
            "closed" if closed else "open", one.outcome if closed else "",
        ]  # fmt: skip

    def _known_due(self, one: Instance) -> str:
        return one.due.isoformat() if one.due and one.received and one.received <= self._as_of else ""

    def hearings(self, one: Instance) -> Iterator[list[object]]:
        """Rows of hearings.csv; those to come are scheduled, with nothing stated of who came."""
        for sequence, day in enumerate(one.hearings, start=1):
            held = day <= self._as_of
            required = self._rnd.random() < 0.5
            came = held and self._rnd.random() < (0.9 if required else 0.7)
            posts = words.CHIEF_POSTS if self._rnd.random() < 0.15 else words.POSTS
            chief = "局长" if posts is words.CHIEF_POSTS else "副局长"
            yield [
                self._id("H", one), one.case_id, sequence, day.isoformat(), self._rnd.choice(("09:30", "10:00", "14:30")),
                "线上" if self._rnd.random() < 0.2 else "现场", int(required), int(came) if held else "",
                f"{self._rnd.choice(words.SURNAMES)}某{self._rnd.choice(words.STEMS)}" if came else "",
                posts.get(one.agency.category, chief) if came else "",
                self._rnd.choice(words.ABSENCES) if held and required and not came else "", 2 if held else "",
            ]  # fmt: skip

    def judgments(self, one: Instance) -> Iterator[list[object]]:
        """Rows of judgments.csv."""
        if not self.is_closed(one):
            return
        effective = None if one.appealed else (one.appeal_until + timedelta(days=1) if one.appeal_until else one.served)
        yield [
            self._id("J", one), one.case_id, self._kind(one), one.number, one.closed.isoformat(), self._day(one.served),
            one.outcome, int(one.lost), self._rnd.choice(words.LOSS_REASONS) if one.lost else "",
            self._rnd.randint(1, 300) * 1000 if one.outcome == "责令赔偿" else "",
            one.appeal_until.isoformat() if one.appeal_until and one.served <= self._as_of else "", self._day(effective),
        ]  # fmt: skip

    @staticmethod
    def _kind(one: Instance) -> str:
        return "调解书" if one.outcome == "调解" else "裁定书" if one.outcome in words.RULINGS else "判决书"

    def documents(self, one: Instance) -> Iterator[list[object]]:
        """Rows of documents.csv."""
        incoming = {"first": "应诉通知书", "second": "上诉状副本", "retrial_review": "再审申请书副本"}[one.stage]
        papers: list[tuple[str, str, date | None, date | None, str, int]] = [
            (incoming, one.number, one.filed, one.received, "收", 3),
            ("答辩状", "", one.replied, one.replied, "发", 6),
            ("证据清单", "", one.replied, one.replied, "发", 20),
        ]
        for day in one.hearings:
            summoned = self._calendar.add_workdays(day, -3)
            papers.append(("传票", one.number, summoned, summoned, "收", 1))
        if self.is_closed(one):
            papers.append((self._kind(one), one.number, one.closed, one.served, "收", 12))
        for kind, number, dated, received, direction, pages in papers:
            if dated and received and received <= self._as_of:
                key = self._id("P", one)
                row = [key, one.case_id, kind, number, dated.isoformat(), received.isoformat(), direction, pages]
                yield [*row, f"{one.case_id}-{key}.pdf"]
