"""Since when the plugin knows of a duty or a document: from its birth, or from the day on which the plugin came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.simulation.reference.facts import DocumentReceived, DutyBorn, Fact, Switch
from tests.simulation.reference.standing import standing


def is_enabled(place: int, switches: Sequence[Switch], moment: datetime) -> bool:
    answer = True
    for switch in sorted(switches, key=lambda one: one.at):
        if switch.at <= moment and switch.covers(place):
            answer = switch.enabled
    return answer


def known_since(facts: Sequence[Fact], switches: Sequence[Switch], moment: datetime) -> datetime | None:
    """None for what the plugin has never heard of up to this moment.

    A duty that was born while the plugin was away becomes known when it is back, if it waits then; or when it resumes later. A
    document that came meanwhile becomes known when the plugin is back, whether its two days still run or not.
    """
    begins = facts[0]
    assert isinstance(begins, DutyBorn | DocumentReceived)
    if is_enabled(begins.place, switches, begins.at):
        return begins.at
    back = [one.at for one in switches if one.enabled and one.covers(begins.place) and begins.at < one.at <= moment]
    if isinstance(begins, DocumentReceived):
        return min(back, default=None)
    looks = sorted({*back, *(fact.at for fact in facts if back and min(back) < fact.at <= moment)})
    for look in looks:
        now = standing(facts, look)
        if now is not None and now.waits() and is_enabled(begins.place, switches, look):
            return look
    return None
