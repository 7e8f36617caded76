"""How a thing describes itself: Chinese first, the English term beside it, then what it means and where the law says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doc:
    """A description: `Doc("案号", "case number", "如（2026）粤7101行初123号", law="法〔2015〕137号")`.

    In an act's input dataclass it stands in `Annotated[str, Doc(...)]`.
    """

    zh: str
    en: str
    more: str = ""
    law: str = ""

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
