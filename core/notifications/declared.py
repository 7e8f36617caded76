"""A kind of message, as the core and plugins declare it: its name, what it may say, and how it says that by default.

A tenant may word it otherwise (`core.notifications.tables.NotificationTemplate`); what can be said stays what is declared here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.notifications.wording import WordingFault, check_wording, render, shown

KIND_NAME: Final = re.compile(r"[a-z][a-z_]*\.[a-z][a-z0-9_]*")
"""A plugin's kind is `<plugin>.<what>`; the core's own are in capitals."""
_CORE_NAME: Final = re.compile(r"[A-Z][A-Z_]*")
_PLACEHOLDER: Final = re.compile(r"[a-z][a-z0-9_]*")
TITLE_LENGTH: Final = 200
BODY_LENGTH: Final = 4_000


@dataclass(frozen=True, slots=True)
class Placeholder:
    """占位符: something that a message of a kind can say. A wording names it `{case_number}` or `{案号}`; `sample` is for previews."""

    name: str
    zh: str
    sample: str


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """通知种类: what a message tells, and its wording where no tenant has another.

    An `urgent` kind passes quiet hours and daily digests. `ValueError` for a name, a label or a wording that cannot be right.
    """

    name: str
    zh: str
    en: str
    title: str
    body: str
    placeholders: tuple[Placeholder, ...] = ()
    urgent: bool = False

    def __post_init__(self) -> None:
        """Check names and the default wording."""
        if not (KIND_NAME.fullmatch(self.name) or _CORE_NAME.fullmatch(self.name)):
            raise ValueError(f"{self.name!r} is no name of a notification kind: <plugin>.<what> in lower case")
        if not (self.zh.strip() and self.en.strip()):
            raise ValueError(f"{self.name} needs a Chinese and an English label")
        for one in self.placeholders:
            if not _PLACEHOLDER.fullmatch(one.name) or not one.zh.isidentifier():
                raise ValueError(f"{self.name}: {one.name!r} ({one.zh!r}) is no placeholder's name")
        if len(self.names) != 2 * len(self.placeholders):
            raise ValueError(f"{self.name} declares a placeholder twice")
        try:
            self.check(self.title, self.body)
        except WordingFault as fault:
            raise ValueError(f"{self.name}: {fault}") from None

    @property
    def names(self) -> dict[str, str]:
        """Every spelling of a placeholder (`case_number`, `案号`) to its name."""
        return {spelling: one.name for one in self.placeholders for spelling in (one.name, one.zh)}

    @property
    def samples(self) -> dict[str, str]:
        """Values to preview a wording with."""
        return {one.name: one.sample for one in self.placeholders}

    def check(self, title: str, body: str) -> None:
        """`WordingFault` unless this is a wording of the kind."""
        check_wording("title", title, self.names, TITLE_LENGTH)
        check_wording("body", body, self.names, BODY_LENGTH)

    def texts(self, values: Mapping[str, Any]) -> dict[str, str]:
        """The declared values as a message shows them; `ValueError` unless they are exactly the declared ones."""
        declared = {one.name for one in self.placeholders}
        if set(values) != declared:
            raise ValueError(f"{self.name} takes the values {sorted(declared)}, not {sorted(values)}")
        return {name: shown(value) for name, value in values.items()}

    def worded(self, texts: Mapping[str, str], title: str | None, body: str | None) -> tuple[str, str]:
        """Title and body in a tenant's wording (None: the default one)."""
        names = self.names
        return render(title or self.title, names, texts), render(body or self.body, names, texts)
