"""The world of the golden files: four cases whose every value is chosen, so that a statement and its answer can be read together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID

from core.db.scope import Scope, ScopeKind
from core.identity.permissions import permissions_of
from core.identity.roles import Role
from schema.planner.compiler import View
from tests.schema.oracle.viewers import BOTH, CITY, HUANGPU, KNOWN, agency_id
from tests.schema.oracle.world import Builder, fill
from tests.schema.test_differential import HOUSE, IDS
from tests.support.city import NOW, TENANTS
from tests.support.house import ALL

__all__ = ["IDS", "fill_golden", "views"]

AGENCIES = {2: (440106000, "广州市天河区人民政府"), 3: (440112000, "广州市黄埔区人民政府")}
CASES: list[tuple[int, list[int], date, date | None]] = [
    (1, [3], date(2026, 3, 1), None),
    (2, [2], date(2026, 3, 2), date(2026, 3, 9)),
    (3, [3, 2], date(2026, 3, 3), None),
    (4, [3], date(2026, 3, 3), date(2026, 3, 8)),
]
"""Serial, respondents, filed on, closed on; the third has a co-respondent of another district."""


DUTIES: list[tuple[int, int, str, date, dict[str, Any]]] = [
    (1, 3, "TRACKING", date(2026, 3, 11), {}),
    (
        3,
        3,
        "MISSED",
        date(2026, 3, 9),
        {"missed_at": NOW, "violation_date": date(2026, 3, 10), "remedy_due_on": date(2026, 3, 12)},
    ),
    (2, 2, "RECEIVED", date(2026, 3, 12), {}),
]
"""Case, agency, state, last day and what else is known."""


class Plain(Builder):
    """Leaves to chance nothing: what is not given is null, or the first that fits."""

    def pick(self, some: list[Any]) -> Any:
        return some[0]

    def absent(self) -> bool:
        return True


def numbered(kind: int, number: int) -> UUID:
    return UUID(f"00000000-0000-7000-{0x8000 + kind:x}-{number:012d}")


def views() -> dict[str, tuple[View, frozenset[str]]]:
    """Who asks, by the name in `variables.json`."""
    reader = ALL - {"parties.read", "appearances.read"}
    disabled = {name: [(440112000, 440113000)] for name in ("case_label", "reminders")}
    none: frozenset[str] = frozenset()
    return {
        "city": (View(CITY, ALL | {"case_label.add"}, {}), BOTH),
        "city without plugins": (View(CITY, ALL, {}), none),
        "city, plugins not in 黄埔": (View(CITY, ALL, disabled), BOTH),
        "district": (View(HUANGPU, ALL, {}), BOTH),
        "city, may not read parties": (View(CITY, reader, {}), none),
        "court": (View(_court(), ALL, {}), none),
        "agency": (View(_agency(), permissions_of(Role.AGENCY, KNOWN), {}), BOTH),
    }


def _agency() -> Scope:
    return replace(HUANGPU, kind=ScopeKind.AGENCY, agency_id=agency_id(3))


def _court() -> Scope:
    return replace(CITY, kind=ScopeKind.COURT, court_code="粤7101")


async def fill_golden(url: str) -> None:
    """Fill a migrated, empty database."""
    made = Plain(HOUSE.catalogue)
    made.add("court", code="粤7101", name_zh="广州铁路运输法院", level="intermediate")
    made.add("cause", code="01", level=1, name_zh="行政行为", verified="two_sources")
    made.add("cause", code="0101", parent_code="01", level=2, name_zh="行政处罚", verified="one_source")
    for code, shard, parent, level, name, low, high in TENANTS:
        made.add(
            "tenant", code=code, shard=shard, parent_code=parent, level=level, kind="NORMAL", name_zh=name, full_name_zh=name,
            low=low, high=high, sort_key=name,
        )  # fmt: skip
    for number, (code, name) in AGENCIES.items():
        made.add(
            "agency", shard=4401, id=agency_id(number), code=code, external_id=str(number), name_zh=name, level="DISTRICT",
            category="GOVERNMENT", sort_key=name, aliases=["区政府"], version=1,
        )  # fmt: skip
    for case in CASES:
        _case(made, *case)
    for status, responses in {"OPEN": 3, "CLOSED": 2}.items():
        for level, first in {"CITY": date(2026, 3, 1), "CITY_YEAR": date(2026, 1, 1)}.items():
            made.add(
                "case_tally", shard=4401, level=level, tenant_code=440100000, agency_id=None, month=first, series="FILED",
                procedure_kind="FIRST", status=status, slot=0, responses=responses,
            )  # fmt: skip
    made.add(
        "case_link",
        shard=4401,
        id=numbered(9, 1),
        from_case_id=numbered(1, 2),
        to_case_id=numbered(1, 4),
        kind="APPEAL",
    )
    _supervision(made)
    await fill(url, made)


def _supervision(made: Builder) -> None:
    """One duty in time, one missed with its plan and letter, one of another district; a report; an issue of February."""
    for number, (serial, agency, state, due, more) in enumerate(DUTIES, start=1):
        duty = numbered(10, number)
        whose = {
            "shard": 4401,
            "code": AGENCIES[agency][0],
            "agency_id": agency_id(agency),
            "case_id": numbered(1, serial),
        }
        whose["response_id"] = numbered(4, serial)
        made.add(
            "reminders_obligation", id=duty, kind="HEARING", source_type="Hearing", source_id=numbered(2, serial), state=state,
            due_on=due, earliest_due_on=due, due_version=1, due_verified=state != "RECEIVED", registered_on=date(2026, 3, 2),
            registered_at=NOW, rounds=0, missed_meanwhile=False, version=1, **more, **whose,
        )  # fmt: skip
        for ordinal, (before, transition, after) in enumerate(
            ((None, "BEAR", "RECEIVED"), ("RECEIVED", "TRACK", state)), start=1
        ):
            made.add(
                "reminders_event", id=numbered(11, 10 * number + ordinal), obligation_id=duty, report_id=None, ordinal=ordinal,
                transition=transition, from_state=before, to_state=after, actor="system", at=NOW, **whose,
            )  # fmt: skip
        made.add(
            "reminders_reminder", id=numbered(12, number), obligation_id=duty, due_version=1, due_on=due, kind="HEARING", offset_days=1,
            nominal_on=due, sent_on=date(2026, 3, 9), sent_at=NOW, short_lead=False, phone_task="OPEN" if state == "MISSED" else None,
            version=1, **whose,
        )  # fmt: skip
        made.add(
            "reminders_report", id=numbered(13, number), document_id=numbered(7, 10 * serial), doc_type="SUMMONS",
            received_on=date(2026, 3, 2), due_on=date(2026, 3, 4), trace=[], info_only=False, missed_meanwhile=False, registered_at=NOW, rounds=0,
            state="REPORTED" if state == "TRACKING" else "RECEIVED", version=1, **whose,
        )  # fmt: skip
    made.add(
        "reminders_remedy", id=numbered(14, 1), obligation_id=numbered(10, 2), ordinal=1, plan="限期补正", due_on=date(2026, 3, 20),
        state="FILED", filed_at=NOW, filed_by="李四", version=1, **whose_of(made, 2),
    )  # fmt: skip
    made.add(
        "reminders_escalation", id=numbered(15, 1), obligation_id=numbered(10, 2), level="REMINDER_LETTER", letter_number="穗司督〔2026〕1号",
        reason="逾期未办", escalated_at=NOW, escalated_by="张三", **whose_of(made, 2),
    )  # fmt: skip
    _circular(made)


def whose_of(made: Builder, number: int) -> dict[str, Any]:
    """To whom a duty belongs, for what hangs on it."""
    row = made.rows["reminders_obligation"][number - 1]
    return {name: row[name] for name in ("shard", "code", "agency_id", "case_id", "response_id")}


def _circular(made: Builder) -> None:
    issue = numbered(16, 1)
    made.add(
        "reminders_circular", shard=4401, id=issue, code=440100000, month=date(2026, 2, 1), state="PUBLISHED", as_of=date(2026, 2, 28),
        known_at=NOW, due_to_publish_on=date(2026, 3, 5), city="广州市", issuer="广州市司法局", recipients="各区人民政府", demands="",
        number_series="穗应诉通报", number_year=2026, number_serial=2, number_text="穗应诉通报〔2026〕2号", drafted_at=NOW, drafted_by="张三",
        published_at=NOW, published_on=date(2026, 3, 5), published_by="张三", version=1,
    )  # fmt: skip
    of_it = {"shard": 4401, "circular_id": issue, "kind": "DEFENCE"}
    for number, (agency, on_time, missed) in enumerate(((2, 3, 1), (3, 2, 0)), start=1):
        code, name = AGENCIES[agency]
        whose = of_it | {
            "agency_id": agency_id(agency),
            "agency_name": name,
            "district_code": code,
            "district_name": name[3:6],
        }
        made.add(
            "reminders_circular_line", id=numbered(17, number), due=on_time + missed, void=0, on_time=on_time, late=0, missed=missed, open=0,
            was_missed=missed, remedied=0, **whose,
        )  # fmt: skip
        if missed:
            made.add(
                "reminders_circular_miss", id=numbered(18, number), subject_id=numbered(10, 2), due_on=date(2026, 2, 9),
                violation_on=date(2026, 2, 10), days_late=18, remedied=False, **whose,
            )  # fmt: skip
            made.add(
                "reminders_circular_correction", id=numbered(19, number), month=date(2026, 1, 1), measure="ON_TIME", before=4, after=5,
                **whose,
            )  # fmt: skip
    made.add(
        "reminders_circular_file", shard=4401, id=numbered(20, 1), circular_id=issue, format="DOCX", file_id=numbered(21, 1),
        name="通报.docx", media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document", size=20480,
        sha256="0a" * 32, stored_at=NOW,
    )  # fmt: skip


def _case(made: Builder, serial: int, respondents: list[int], filed: date, closed: date | None) -> None:
    case = numbered(1, serial)
    made.add("dispute", shard=4401, id=numbered(0, serial), opened_on=filed, title=f"争议{serial}")
    copied = {
        "filed_on": filed, "closed_on": closed, "status": "CLOSED" if closed else "OPEN", "court_code": "粤7101",
        "procedure_kind": "FIRST", "cause_code": "0101",
    }  # fmt: skip
    made.add(
        "case_shell", shard=4401, id=case, dispute_id=numbered(0, serial), number_year=2026, number_special="", number_type="行初",
        number_serial=serial, number_text=f"（2026）粤7101行初{serial}号", version=1, created_at=NOW, **copied,
    )  # fmt: skip
    hearing = numbered(2, serial)
    made.add(
        "hearing", shard=4401, id=hearing, case_id=case, sequence=1, held_on=date(2026, 3, 10 + serial), starts_at=time(9, 30),
        mode="ON_SITE", status="SCHEDULED", version=1,
    )  # fmt: skip
    made.add(
        "party", shard=4401, id=numbered(3, serial), case_id=case, side="CLAIMANT", kind="NATURAL_PERSON", ordinal=0, name=f"原告{serial}",
        people=1, identity_number="44010119900101123X", telephone="13800138000",
    )  # fmt: skip
    for ordinal, number in enumerate(respondents):
        _response(made, case, hearing, serial, ordinal, number, copied)


def _response(
    made: Builder, case: UUID, hearing: UUID, serial: int, ordinal: int, number: int, copied: dict[str, Any]
) -> None:
    code, response = AGENCIES[number][0], numbered(4 + ordinal, serial)
    whose = {"shard": 4401, "code": code, "agency_id": agency_id(number), "case_id": case}
    made.add(
        "response", id=response, origin_code=code, ordinal=ordinal, role="CO_RESPONDENT" if ordinal else "RESPONDENT",
        registered_at=NOW, version=1, **whose, **copied,
    )  # fmt: skip
    whose["response_id"] = response
    made.add(
        "appearance",
        id=numbered(6, 10 * serial + ordinal),
        hearing_id=hearing,
        ordinal=ordinal,
        held_on=date(2026, 3, 10 + serial),
        version=1,
        **whose,
    )
    made.add(
        "document",
        id=numbered(7, 10 * serial + ordinal),
        title="答辩状",
        doc_type="OTHER",
        received_on=copied["filed_on"],
        **whose,
    )
    made.add(
        "case_label", id=numbered(8, 10 * serial + ordinal), text=f"标签{serial}", colour="红", created_at=NOW, **whose
    )
