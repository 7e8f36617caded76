"""httpx, imported when it is first used, and without its own command line: a terminal's libraries (rich, pygments) are 5 MB more."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from core.later import later

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None means "there is none" (import system, 5.3.1)

if TYPE_CHECKING:
    import httpx
else:
    httpx = later("httpx")

__all__ = ["httpx"]
