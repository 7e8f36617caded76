"""演示案件: a city's invented cases, as a stream and as the files of an import.

Realistic in form: chains from first instance to retrial, remanded cases, co-respondents after reconsideration (复议维持双被告) and
across districts, group plaintiffs, open and closed cases, hearings still to come. Every person and company is invented, and no
figure is a statistic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.demo.chance import Chance
from core.demo.cities import GUANGZHOU, SHENZHEN, demo_city
from core.demo.days import DemoDays
from core.demo.disputes import DisputeMaker
from core.demo.docket import Docket
from core.demo.rosters import DemoAgency
from core.demo.rows import AgencyRow, DemoCase
from core.errors import BadUserInput
from core.imports.columns import COLUMNS, ImportFile

MOST_CASES = 1_000_000
HOME_SHARE = 4
"""One case in so many is the other city's."""


class TooManyDemoCases(BadUserInput):
    """演示案件数量超出范围."""

    def __init__(self, cases: int) -> None:
        super().__init__(
            f"a demo has 0 to {MOST_CASES} cases, not {cases}", f"演示案件数量须为0至{MOST_CASES}，不能是{cases}"
        )


@dataclass(frozen=True, slots=True)
class DemoWritten:
    """What was written: the folder, and how many rows each file has."""

    folder: Path
    rows: Mapping[ImportFile, int]


def split_cases(cases: int) -> dict[int, int]:
    """How many of `--cases N` are each city's: a quarter is the other city's."""
    other = cases // HOME_SHARE
    return {GUANGZHOU: cases - other, SHENZHEN: other}


def generate(
    city: int, cases: int, seed: int, asof: date, agencies: Sequence[DemoAgency] | None = None
) -> Iterator[DemoCase]:
    """Stream exactly `cases` procedures as they stand on `asof`, by day of filing; the same arguments give the same rows.

    Without `agencies` the city's own are used. Raises `NoDemoCity`, `TooManyDemoCases` or `DemoDayOutOfRange`, before the
    first row.
    """
    where, days = demo_city(city), DemoDays(asof)
    if not 0 <= cases <= MOST_CASES:
        raise TooManyDemoCases(cases)
    chance = Chance(f"{city}/{cases}/{seed}/{asof}")
    disputes = DisputeMaker(where, where.agencies() if agencies is None else agencies, chance)
    return Docket(where, days, disputes, chance).run(cases)


def write_demo(folder: Path, city: int, cases: int, seed: int, asof: date) -> DemoWritten:
    """Write a city's demo as the five files of an import. The folder is made; files of an earlier demo are replaced.

    Each file takes its name only when all are complete. Raises what `generate` does, and `OSError`.
    """
    agencies = demo_city(city).agencies()
    stream = generate(city, cases, seed, asof, agencies)
    folder.mkdir(parents=True, exist_ok=True)
    rows = dict.fromkeys(ImportFile, 0)
    parts = {file: folder / f"{file.value}.csv.part" for file in ImportFile}
    with ExitStack() as stack:
        outs = {file: stack.enter_context(part.open("w", encoding="utf-8", newline="")) for file, part in parts.items()}

        def put(file: ImportFile, lines: Sequence[Sequence[str]]) -> None:
            # No cell of the demo holds a comma, a quotation mark or a line break.
            outs[file].writelines(",".join(line) + "\n" for line in lines)
            rows[file] += len(lines)

        for file, columns in COLUMNS.items():
            outs[file].write(",".join(column.name for column in columns) + "\n")
        put(ImportFile.AGENCIES, [AgencyRow(a.agency_id, a.name, a.level, a.tenant_code, a.category) for a in agencies])
        for made in stream:
            put(ImportFile.CASES, (made.case,))
            put(ImportFile.HEARINGS, made.hearings)
            put(ImportFile.JUDGMENTS, made.judgments)
            put(ImportFile.DOCUMENTS, made.documents)
    for file, part in parts.items():
        part.replace(folder / f"{file.value}.csv")
    return DemoWritten(folder, rows)
