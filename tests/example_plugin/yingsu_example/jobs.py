"""Jobs: work outside a request."""

from __future__ import annotations

from sqlalchemy import func, update

from core.sdk.acts import SystemSession
from yingsu_example.tables import CaseLabel


async def tidy(session: SystemSession) -> int:
    """Take the blanks around labels away; how many had some."""
    bare = func.btrim(CaseLabel.text)
    return await session.execute(update(CaseLabel).where(CaseLabel.text != bare).values(text=bare))
