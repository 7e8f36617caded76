"""People at work who have the object store at hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from core.acting import ActContext
from core.documents.files import Files
from tests.support.acting import Desk


@dataclass
class FileDesk(Desk):
    """A desk whose acts find the store among their resources."""

    files: Files = field(kw_only=True)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[ActContext]:
        async with super().at_work() as context:
            context.resources = {Files: self.files}
            yield context
