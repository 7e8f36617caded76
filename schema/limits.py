"""How much one operation may ask for. Every limit has its own reason, and a refusal says the limit and what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import CostLimitExceeded


class LimitReason(StrEnum):
    """Which limit refused: `extensions.reason` beside the code COST_LIMIT_EXCEEDED. The list is closed."""

    LENGTH = "LENGTH"
    TOKENS = "TOKENS"
    DEFINITIONS = "DEFINITIONS"
    DEPTH = "DEPTH"
    FIELDS = "FIELDS"
    ALIASES = "ALIASES"
    ROOT_FIELDS = "ROOT_FIELDS"
    REPEATS = "REPEATS"
    ROWS = "ROWS"
    COST = "COST"


_ZH = {
    LimitReason.LENGTH: "查询文本字符数",
    LimitReason.TOKENS: "词元数",
    LimitReason.DEFINITIONS: "操作与片段数",
    LimitReason.DEPTH: "嵌套层数",
    LimitReason.FIELDS: "字段数（片段展开后）",
    LimitReason.ALIASES: "别名数（片段展开后）",
    LimitReason.ROOT_FIELDS: "根字段数",
    LimitReason.REPEATS: "同一层内重复字段数",
    LimitReason.ROWS: "可能返回的条数（各级页长之积）",
    LimitReason.COST: "费用",
}
_EN = {
    LimitReason.LENGTH: "characters",
    LimitReason.TOKENS: "tokens",
    LimitReason.DEFINITIONS: "operations and fragments",
    LimitReason.DEPTH: "levels",
    LimitReason.FIELDS: "fields, fragments spread",
    LimitReason.ALIASES: "aliases, fragments spread",
    LimitReason.ROOT_FIELDS: "root fields",
    LimitReason.REPEATS: "fields repeated in one selection",
    LimitReason.ROWS: "rows (the product of its nested page sizes)",
    LimitReason.COST: "units of cost",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """限额: what one operation may ask for at most. The defaults leave a large front end well alone."""

    length: int = 200_000
    """Characters of a document: a single name can be as long as a body may be."""
    tokens: int = 10_000
    """Lexical tokens of a document; parsing so many takes some 30 ms."""
    definitions: int = 100
    """Operations and fragments of a document: each pair of fragments is compared when it is validated."""
    depth: int = 20
    """Fields within fields. A list's page, its `nodes` and the node's fields are three levels."""
    fields: int = 2_000
    """Selected fields of an operation, fragments spread."""
    aliases: int = 200
    """Aliased fields of an operation, fragments spread."""
    root_fields: int = 20
    """Fields at the root of an operation, fragments spread; each is a statement, of a mutation a transaction."""
    repeats: int = 100
    """Fields that repeat a response key of their own selection: validation compares each pair."""
    rows: int = 10_000
    """Objects that lists may answer, page sizes multiplied down the selection."""
    cost: int = 20_000
    """Units of cost: see `schema.cost`."""

    def check(self, reason: LimitReason, actual: int) -> None:
        """Raise `CostLimitExceeded`, naming reason, limit and figure, where `actual` is over the limit of that name."""
        limit: int = getattr(self, reason.value.lower())
        if actual > limit:
            raise exceeded(reason, limit, actual)


def exceeded(reason: LimitReason, limit: int, actual: int | None = None) -> CostLimitExceeded:
    """The refusal of an operation that is over a limit; `actual` is left out where counting stopped at the limit."""
    asked = {} if actual is None else {"actual": min(actual, 2**53 - 1)}
    return CostLimitExceeded(
        f"the operation has more than {limit} {_EN[reason]}",
        f"{_ZH[reason]}超过上限 {limit}",
        reason=reason.value,
        limit=limit,
        **asked,
    )
