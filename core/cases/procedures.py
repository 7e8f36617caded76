"""程序: the kinds of procedure, what the type characters of case numbers say about them, and how they follow each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.cases.outcomes import Outcome
from core.cases.vocabulary import Compensation, ProcedureKind
from core.labels import Labelled

__all__ = [
    "CASE_TYPES",
    "STAGE_KINDS",
    "CaseTypeRule",
    "Compensation",
    "ImpossibleLink",
    "LinkKind",
    "ProcedureKind",
    "link_kind",
]


@dataclass(frozen=True, slots=True)
class CaseTypeRule:
    """类型代字: what one of the 20 types says. `basic_court_possible` is false where only higher courts have such cases."""

    kind: ProcedureKind
    compensation: Compensation
    basic_court_possible: bool
    name_zh: str


def _rule(kind: ProcedureKind, name_zh: str, *, basic: bool, alone: bool = False) -> CaseTypeRule:
    return CaseTypeRule(kind, Compensation.ALONE if alone else Compensation.NONE, basic, name_zh)


_K = ProcedureKind
CASE_TYPES: Mapping[str, CaseTypeRule] = MappingProxyType(
    {
        "行初": _rule(_K.FIRST, "行政一审", basic=True),
        "行终": _rule(_K.SECOND, "行政二审", basic=False),
        "行监": _rule(_K.RETRIAL_APP, "依职权再审审查", basic=True),
        "行申": _rule(_K.RETRIAL_APP, "申请再审审查", basic=False),
        "行抗": _rule(_K.RETRIAL_APP, "抗诉再审审查", basic=False),
        "行再": _rule(_K.RETRIAL, "行政再审", basic=True),
        "行审": _rule(_K.NONLIT_ENF, "非诉行政行为申请执行审查", basic=True),
        "行审复": _rule(_K.NONLIT_REVIEW, "非诉执行审查复议", basic=False),
        "行他": _rule(_K.OTHER, "其他行政", basic=True),
        "行辖": _rule(_K.JURISDICTION, "行政提级/指定管辖", basic=True),
        "行辖终": _rule(_K.JURISDICTION, "行政管辖上诉", basic=False),
        "行赔初": _rule(_K.FIRST, "行政赔偿一审", basic=True, alone=True),
        "行赔终": _rule(_K.SECOND, "行政赔偿二审", basic=False, alone=True),
        "行赔监": _rule(_K.RETRIAL_APP, "行政赔偿依职权再审审查", basic=True, alone=True),
        "行赔申": _rule(_K.RETRIAL_APP, "行政赔偿申请再审审查", basic=False, alone=True),
        "行赔抗": _rule(_K.RETRIAL_APP, "行政赔偿抗诉再审审查", basic=False, alone=True),
        "行赔再": _rule(_K.RETRIAL, "行政赔偿再审", basic=True, alone=True),
        "行赔他": _rule(_K.OTHER, "其他行政赔偿", basic=True, alone=True),
        "赔辖": _rule(_K.JURISDICTION, "行政赔偿提级/指定/协商管辖", basic=False, alone=True),
        "赔辖终": _rule(_K.JURISDICTION, "行政赔偿管辖上诉", basic=False, alone=True),
    }
)
"""The 20 types (法〔2015〕137号 and its case-type standard). A number never tells JOINED: that is the claim's business."""

STAGE_KINDS: Mapping[str, ProcedureKind] = MappingProxyType(
    {"first": _K.FIRST, "second": _K.SECOND, "retrial_review": _K.RETRIAL_APP, "retrial": _K.RETRIAL}
)
"""The stage names of import files."""


class LinkKind(Labelled):
    """程序关联: how a later procedure follows from an earlier one. A link points from the earlier to the later."""

    APPEALED = "APPEALED", "上诉", "appealed"
    REMANDED = "REMANDED", "发回重审", "remanded"
    RETRIAL_APPLIED = "RETRIAL_APPLIED", "申请再审", "retrial applied for"
    RETRIED = "RETRIED", "再审", "retried"
    RECONSIDERED = "RECONSIDERED", "经复议", "sued after reconsideration"
    MEDIATED = "MEDIATED", "调解不成转立案", "filed after mediation"
    TRANSFERRED = "TRANSFERRED", "移送", "transferred"
    JURISDICTION_DECIDED = "JURISDICTION_DECIDED", "管辖处理", "jurisdiction decided"
    REVIEWED = "REVIEWED", "申请复议审查", "reviewed by the higher court"
    ENFORCED = "ENFORCED", "申请执行", "enforced"
    JOINED = "JOINED", "并案", "joined"
    SERIES = "SERIES", "系列案", "series"


class ImpossibleLink(ValueError):
    """程序衔接错误: no procedure of the later kind can follow from the earlier one as it ended."""

    def __init__(self, previous: ProcedureKind, following: ProcedureKind, outcome: Outcome | None) -> None:
        ended, ended_zh = (f" ({outcome.en})", f"（{outcome.zh}）") if outcome else ("", "")
        super().__init__(f"{following.en} cannot follow {previous.en}{ended}")
        self.message = str(self)
        self.message_zh = f"{previous.zh}{ended_zh}之后不能是{following.zh}"


_LINKS: Mapping[tuple[ProcedureKind, ProcedureKind], LinkKind] = MappingProxyType(
    {
        (_K.FIRST, _K.SECOND): LinkKind.APPEALED,
        (_K.PIL, _K.SECOND): LinkKind.APPEALED,
        # A case retried by first-instance procedure can be appealed (适用解释 119).
        (_K.RETRIAL, _K.SECOND): LinkKind.APPEALED,
        (_K.JURISDICTION, _K.JURISDICTION): LinkKind.APPEALED,
        (_K.FIRST, _K.RETRIAL_APP): LinkKind.RETRIAL_APPLIED,
        (_K.SECOND, _K.RETRIAL_APP): LinkKind.RETRIAL_APPLIED,
        (_K.PIL, _K.RETRIAL_APP): LinkKind.RETRIAL_APPLIED,
        (_K.RETRIAL, _K.RETRIAL_APP): LinkKind.RETRIAL_APPLIED,
        (_K.RETRIAL_APP, _K.RETRIAL): LinkKind.RETRIED,
        (_K.FIRST, _K.RETRIAL): LinkKind.RETRIED,
        (_K.SECOND, _K.RETRIAL): LinkKind.RETRIED,
        (_K.RECON, _K.FIRST): LinkKind.RECONSIDERED,
        (_K.PRE_MED, _K.FIRST): LinkKind.MEDIATED,
        (_K.PRE_MED, _K.RECON): LinkKind.MEDIATED,
        (_K.FIRST, _K.JURISDICTION): LinkKind.JURISDICTION_DECIDED,
        (_K.JURISDICTION, _K.FIRST): LinkKind.JURISDICTION_DECIDED,
        (_K.NONLIT_ENF, _K.NONLIT_REVIEW): LinkKind.REVIEWED,
        (_K.FIRST, _K.ENF_ON_US): LinkKind.ENFORCED,
        (_K.SECOND, _K.ENF_ON_US): LinkKind.ENFORCED,
        (_K.RETRIAL, _K.ENF_ON_US): LinkKind.ENFORCED,
        (_K.PIL, _K.ENF_ON_US): LinkKind.ENFORCED,
    }
)

_AFTER_REMAND: Mapping[ProcedureKind, frozenset[ProcedureKind]] = MappingProxyType(
    {
        _K.SECOND: frozenset({_K.FIRST, _K.PIL}),
        _K.RETRIAL: frozenset({_K.FIRST, _K.PIL, _K.SECOND}),
    }
)


def link_kind(previous: ProcedureKind, following: ProcedureKind, outcome: Outcome | None = None) -> LinkKind:
    """How `following` follows from `previous`, which ended with `outcome` (None: not known).

    JOINED and SERIES stand between cases side by side and are declared by people, never derived. Raises
    `ImpossibleLink` where the law knows no such step, e.g. a first instance after a second that was upheld
    (行政诉讼法 85, 89, 90-92; 适用解释 119).
    """
    if outcome in (Outcome.REMANDED, None) and following in _AFTER_REMAND.get(previous, ()):
        if outcome is Outcome.REMANDED or (previous, following) not in _LINKS:
            return LinkKind.REMANDED
    elif outcome is Outcome.TRANSFERRED and previous is following:
        return LinkKind.TRANSFERRED
    kind = _LINKS.get((previous, following))
    if kind is None:
        raise ImpossibleLink(previous, following, outcome)
    return kind
