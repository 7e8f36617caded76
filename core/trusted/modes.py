"""What a tenant does with a document that nobody registered, and which tenant decides it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.labels import Labelled


class TrustMode(Labelled):
    """可信文档模式."""

    OFF = "OFF", "不检查", "every document is executed"
    LOG = "LOG", "仅记录", "every document is executed, and one that is not registered is logged"
    ENFORCE = "ENFORCE", "强制", "only registered documents are executed"
    INHERIT = "INHERIT", "沿用上级", "as the tenant above has it"


@dataclass(frozen=True, slots=True)
class Said:
    """What one tenant said: its range of codes, half open, and its mode."""

    low: int
    high: int
    mode: TrustMode


def mode_of(said: Iterable[Said], low: int, high: int) -> TrustMode:
    """The mode for somebody whose tenant has this range: that of the nearest tenant that decides; nobody decides, OFF."""
    deciding = [one for one in said if one.low <= low and one.high >= high and one.mode is not TrustMode.INHERIT]
    return min(deciding, key=lambda one: one.high - one.low).mode if deciding else TrustMode.OFF
