"""`python -m tests.support.sender_process`: a process that sends what is due in the database of its settings, until it is stopped."""

from __future__ import annotations

import asyncio

from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.extension.registry import Registry
from core.notifications.sending import send_forever
from core.sending import sender_of


async def main() -> None:
    settings = Settings()
    async with open_installation(settings) as installation:
        sender = sender_of(settings, installation.database, Registry(), b"secret", SystemClock())
        await send_forever(sender, settings.delivery_seconds)


if __name__ == "__main__":
    asyncio.run(main())
