"""Engines: how we connect. Behind PgBouncer in transaction mode, prepared statements are not kept."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.config import Pooler, Settings
from core.db.desks import POOLER_MARK, driver_arguments
from core.db.session import Database


def asyncpg_url(url: str) -> URL:
    """The same address for asyncpg, whatever driver (or none) the setting names."""
    return make_url(url).set(drivername="postgresql+asyncpg")


def make_engine(url: str, *, pooler: Pooler = Pooler.NONE, pool_size: int = 10) -> AsyncEngine:
    """An engine in autocommit mode: `core.db.session` alone begins and ends transactions."""
    address = asyncpg_url(url)
    if pooler is Pooler.TRANSACTION:
        address = address.update_query_dict({POOLER_MARK: "0"})
    return create_async_engine(
        address,
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_use_lifo=True,
        connect_args=driver_arguments(address),
    )


def open_database(settings: Settings, url: str, admin_url: str | None = None) -> Database:
    """The database of a process: one engine for requests, another for system work where the settings name one."""
    engine = make_engine(url, pooler=settings.database_pooler, pool_size=settings.database_pool_size)
    if admin_url is None or admin_url == url:
        return Database(engine)
    return Database(engine, make_engine(admin_url, pool_size=2))
