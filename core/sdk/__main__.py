"""`python -m core.sdk > docs/sdk.md`."""

from __future__ import annotations

import sys

from core.sdk.surface import surface

sys.stdout.write(surface())
