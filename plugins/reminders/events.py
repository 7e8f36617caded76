"""领域事件 of supervision: one for every transition, so that a subscriber names those that concern it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from core.sdk.acts import Subject
from plugins.reminders.rules.vocabulary import ReportTransition, Transition


@dataclass(frozen=True, slots=True)
class _Told:
    """What every event of supervision has; `case_id` is None for a suggestion that came without a case."""

    subject: Subject
    case_id: UUID | None

    def payload(self) -> Mapping[str, Any]:
        """Every field but the subject."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "subject"}


@dataclass(frozen=True, slots=True)
class SupervisionEvent(_Told):
    """督办义务的一次流转. Subject: SupervisedObligation."""

    kind: str
    from_state: str | None
    to_state: str
    due_on: date
    due_version: int


@dataclass(frozen=True, slots=True)
class ReportEvent(_Told):
    """报备的一次流转. Subject: CaseReport."""

    doc_type: str
    from_state: str | None
    to_state: str
    due_on: date


def _named(prefix: str, transition: str, base: type[Any]) -> type[Any]:
    """An event's class: its name is what it is stored and subscribed to by."""
    name = prefix + "".join(word.capitalize() for word in transition.split("_"))
    return type(name, (base,), {"__slots__": (), "__module__": __name__, "__doc__": base.__doc__})


OF_OBLIGATION: Final[Mapping[Transition, type[SupervisionEvent]]] = {
    transition: _named("Supervision", transition.value, SupervisionEvent) for transition in Transition
}
"""The event of each transition of an obligation: `SupervisionBear`, `SupervisionRemind`, `SupervisionMiss` …"""

OF_REPORT: Final[Mapping[ReportTransition, type[ReportEvent]]] = {
    transition: _named("Report", transition.value, ReportEvent) for transition in ReportTransition
}
"""The event of each transition of a report: `ReportReceive`, `ReportLapse` …"""
