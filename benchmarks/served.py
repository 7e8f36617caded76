"""Our application for a server of another make: it is built in the server's own loop, when that begins."""

from __future__ import annotations

from typing import Any

from core.app import build_application
from core.cli.serve import configure_logging
from core.config import Settings
from core.db.engine import open_database
from core.extension.registry import Registry


class Served:
    """Builds the application at the start of its lifespan, then passes everything on."""

    inner: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            configure_logging()
            settings = Settings()
            if settings.database_url is None:
                raise LookupError("YINGSU_DATABASE_URL is not set")
            database = open_database(settings, settings.database_url.get_secret_value())
            self.inner = (await build_application(settings, database, Registry.load())).asgi
        await self.inner(scope, receive, send)


application = Served()
