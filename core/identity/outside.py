"""httpx without its own command line, which would bring a terminal's libraries (rich, pygments) into every API process: 5 MB of each."""

from __future__ import annotations

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None means "there is none" (import system, 5.3.1)

import httpx  # noqa: E402 - after what it must not find

__all__ = ["httpx"]
