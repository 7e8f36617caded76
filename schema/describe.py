"""How a thing describes itself: Chinese first, the English term beside it, then what it means and where the law says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Deprecation:
    """弃用: why a thing should no longer be used, since which day, and what takes its place.

    `Deprecation("由法院字段给出", "the court says it", since=date(2026, 12, 1), replacement="Case.court")`; the replacement is a
    coordinate of the schema (`Type.field`, `Type.field(argument:)`, `Enum.VALUE`).
    """

    zh: str
    en: str
    since: date
    replacement: str | None = None

    def reason(self) -> str:
        """The reason as `@deprecated` prints it."""
        instead = f"请改用（use）：`{self.replacement}`。" if self.replacement else ""
        return f"{self.zh}（{self.en}）。{instead}自（since）{self.since.isoformat()} 起弃用。"


@dataclass(frozen=True, slots=True)
class Doc:
    """A description: `Doc("案号", "case number", "如（2026）粤7101行初123号", law="法〔2015〕137号")`.

    In an act's input dataclass it stands in `Annotated[str, Doc(...)]`. What should no longer be used says so by `deprecated`.
    """

    zh: str
    en: str
    more: str = ""
    law: str = ""
    deprecated: Deprecation | None = None

    @property
    def deprecation_reason(self) -> str | None:
        """The reason of a deprecated thing; None for what may be used."""
        return self.deprecated.reason() if self.deprecated else None

    def text(self, permission: str | None = None) -> str:
        """The description as the schema prints it; the permission is appended by machine."""
        parts = [f"{self.zh}（{self.en}）"]
        if self.more:
            parts.append(self.more if self.more.endswith("。") else f"{self.more}。")
        if self.law:
            parts.append(f"依据：{self.law}。")
        if permission:
            parts.append(f"需要权限：`{permission}`。")
        return parts[0] if len(parts) == 1 else f"{parts[0]}。" + "".join(parts[1:])


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks an input field (`Annotated[UUID, Ref("Case"), Doc(...)]`) as the global id of a node type."""

    node: str
