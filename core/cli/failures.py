"""What may be expected to go wrong, as one line for the person at the terminal and an exit code for their script."""

from __future__ import annotations

import asyncpg
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from core.db.embedded.connection import EmbeddedServerError
from core.errors import ActRefused, YingsuError
from core.identity.development_issuer import DevelopmentKeyUnreadable

REFUSED, USAGE, ENVIRONMENT = 1, 2, 3

_NOT_MIGRATED = frozenset({"42P01", "42703", "42704", "22023", "42883"})
"""A table, column, role or function is missing: the database is empty, or older than this version."""
_FAR_AWAY = ("08", "28", "3D", "53", "57")
"""Classes of SQLSTATE: no connection, wrong password, no such database, out of resources, shut down."""


def failure_of(error: BaseException) -> tuple[str, int] | None:
    """The line and exit code for an error; None for one that nobody expected, which keeps its stack trace."""
    if isinstance(error, YingsuError | ActRefused):
        return f"{error}（{error.message_zh}）", REFUSED
    if isinstance(error, ValidationError):
        faults = "; ".join(f"YINGSU_{'_'.join(map(str, f['loc'])).upper()}: {f['msg']}" for f in error.errors())
        return f"settings: {faults}（环境变量设置有误）", ENVIRONMENT
    if isinstance(error, EmbeddedServerError | DevelopmentKeyUnreadable):
        return str(error), ENVIRONMENT
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | SQLAlchemyError):
        return _database_failure(error)
    if isinstance(error, OSError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", ENVIRONMENT
    return None


def _database_failure(error: BaseException) -> tuple[str, int] | None:
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig is not None else error
    state = str(getattr(cause, "sqlstate", "") or "")
    if state in _NOT_MIGRATED:
        return (
            "the database is not at this version: run `yingsu migrate`（数据库未升级，请运行 yingsu migrate）",
            ENVIRONMENT,
        )
    if state.startswith(_FAR_AWAY) or isinstance(cause, asyncpg.InterfaceError | OSError):
        return f"the database cannot be reached: {cause}（无法连接数据库）", ENVIRONMENT
    return None
