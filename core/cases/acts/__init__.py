"""行为 of the case graph: every change of state is one act, and each act is one mutation."""

from __future__ import annotations

from typing import Final

from core.cases.acts import (
    appearances,
    closing,
    documents,
    effectiveness,
    hearings,
    holdings,
    judgments,
    links,
    notes,
    obligations,
    parties,
    periods,
    registration,
    responses,
    suggestions,
)
from schema.act import Act

ACTS: Final[tuple[Act, ...]] = (
    *registration.ACTS,
    *responses.ACTS,
    *closing.ACTS,
    *parties.ACTS,
    *links.ACTS,
    *documents.ACTS,
    *periods.ACTS,
    *hearings.ACTS,
    *appearances.ACTS,
    *judgments.ACTS,
    *holdings.ACTS,
    *effectiveness.ACTS,
    *obligations.ACTS,
    *suggestions.ACTS,
    *notes.ACTS,
)
"""Every act of the case graph, in the order of a case's life."""
