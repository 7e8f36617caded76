"""立项与报备: which rows of the case register an obligation, or a report, comes from, as data (domain §1.2, §4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from core.sdk.rules import ObligationKind

PERIOD, HEARING, SUGGESTION, JUDGMENT = "Period", "Hearing", "Suggestion", "Judgment"
"""来源种类: a suggestion is a source only where it came without a case; with one, its period is."""

OF_PERIOD: Final[Mapping[str, ObligationKind]] = MappingProxyType(
    {
        "DEFENCE": ObligationKind.DEFENCE,
        "PERFORMANCE": ObligationKind.PERFORMANCE,
        "SUGGESTION_REPLY": ObligationKind.SUGG_REPLY,
        "RECONSIDERATION_ANSWER": ObligationKind.RECON_ANSWER,
    }
)
"""The kind of obligation that a period of the core bears. A term of appeal is a right, not a duty."""

ALWAYS_REPORTED: Final = frozenset({"RESPONSE_NOTICE", "APPEAL", "SUMMONS", "EFFECTIVE_DOC_PERF"})
"""The four documents of the mechanism: 应诉通知书, 上诉状 (one's own too), 传票, 有履行内容的生效文书."""

INFORMED: Final = frozenset({"EFFECTIVE_DOC"})
"""备查 (domain §1.2: "info only"): the bureau is told of them, nothing is owed and nothing is ever overdue."""

VERIFIED_BY: Final[Mapping[str, Collection[ObligationKind]]] = MappingProxyType(
    {
        "RESPONSE_NOTICE": (ObligationKind.DEFENCE,),
        "APPEAL": (ObligationKind.DEFENCE,),
        "SUMMONS": (ObligationKind.HEARING,),
        "EFFECTIVE_DOC_PERF": (ObligationKind.PERFORMANCE, ObligationKind.LOSS_REPORT),
        "EFFECTIVE_DOC": (ObligationKind.LOSS_REPORT,),
        "RECON_NOTICE": (ObligationKind.RECON_ANSWER,),
        "JUD_SUGG": (ObligationKind.SUGG_REPLY,),
        "PROC_SUGG": (ObligationKind.SUGG_REPLY,),
        "RECON_OPINION": (ObligationKind.SUGG_REPLY,),
    }
)
"""Whose last days the bureau verifies when it accepts the report of a document."""

MOOT_WHEN_CLOSED: Final = (ObligationKind.DEFENCE, ObligationKind.HEARING, ObligationKind.RECON_ANSWER)
"""What has no object any more once its case is closed; what a judgment orders, and letters ask, goes on."""

CASE_CLOSED: Final = "案件已结"
"""Why it is void then: the one reason for which a duty is born anew, if the closing is taken back."""


def is_reported(doc_type: str, direction: str, also: Collection[str]) -> bool:
    """Whether a document must be reported: the four types, and those that the tenant adds; of what is sent, the appeal only."""
    if direction != "RECEIVED":
        return doc_type == "APPEAL"
    return doc_type in ALWAYS_REPORTED or doc_type in also


def is_informed(doc_type: str, direction: str, also: Collection[str]) -> bool:
    """Whether the bureau is only told of a document: received, and not among those that the tenant wants reported."""
    return direction == "RECEIVED" and doc_type in INFORMED and not is_reported(doc_type, direction, also)


def somebody_appeared(*, head_attended: bool | None, agents: int | None, lawyer_only: bool | None) -> bool:
    """Whether an agency appeared at a hearing: by its head or its staff; lawyers alone are nobody (适用解释 128(2), 132)."""
    return bool(head_attended) or (bool(agents) and not lawyer_only)
