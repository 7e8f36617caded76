"""Pure rules: plain data in, a decision out; no database, no clock."""

from __future__ import annotations

from collections.abc import Collection

from yingsu_example.refusals import CaseLabelAddRefusal
from yingsu_example.settings import LabelSettings

COLOUR_CODES = {"红": "#d4380d", "黄": "#d4b106", "绿": "#389e0d"}


def colour_code(colour: str) -> str | None:
    """The code (CSS) of a colour by its name; None for one that a tenant has named itself."""
    return COLOUR_CODES.get(colour)


def refusal(settings: LabelSettings, present: Collection[str], text: str, colour: str) -> CaseLabelAddRefusal | None:
    """Why a label may not be added beside those that are present; None if it may."""
    if colour not in settings.palette:
        return CaseLabelAddRefusal.COLOUR_UNKNOWN
    if text in present:
        return CaseLabelAddRefusal.CONFLICT
    if len(present) >= settings.max_labels:
        return CaseLabelAddRefusal.TOO_MANY
    return None
