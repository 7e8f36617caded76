"""The installation that a command works on: the configured PostgreSQL, or the embedded server of the data folder."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from core.config import Settings
from core.db.embedded import EmbeddedServer
from core.db.engine import open_database
from core.db.session import Database


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the database is: for requests, and for migrations and other system work."""

    url: str
    admin_url: str


@dataclass(frozen=True, slots=True)
class Installation:
    """An opened installation."""

    settings: Settings
    addresses: Addresses
    database: Database


@asynccontextmanager
async def addresses_of(settings: Settings) -> AsyncGenerator[Addresses]:
    """The addresses; the embedded server runs as long as the block, or longer if others use it.

    Raises `EmbeddedServerError` if it cannot be started.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        admin = settings.database_admin_url
        yield Addresses(url, admin.get_secret_value() if admin is not None else url)
        return
    with EmbeddedServer(settings.data).lease() as info:
        yield Addresses(info.dsn, info.dsn)


@asynccontextmanager
async def open_installation(settings: Settings) -> AsyncGenerator[Installation]:
    """The installation, with its database opened; closed when the block ends."""
    async with AsyncExitStack() as stack:
        addresses = await stack.enter_async_context(addresses_of(settings))
        database = open_database(settings, addresses.url, addresses.admin_url)
        stack.push_async_callback(database.dispose)
        yield Installation(settings, addresses, database)
