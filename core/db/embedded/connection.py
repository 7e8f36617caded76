"""What a user of the embedded server gets: where to connect, or why it cannot."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import quote

SUPERUSER = "postgres"
DEFAULT_DATABASE = "yingsu"


class EmbeddedServerError(RuntimeError):
    """嵌入式数据库错误: the embedded PostgreSQL cannot be started, reached or stopped.

    Meant for who runs the command, not for a client of the API: `message` (English), `message_zh` (Chinese), and
    `log_tail`, the last lines that PostgreSQL wrote, where there are any.
    """

    def __init__(self, message: str, message_zh: str, *, log_tail: str = "") -> None:
        text = f"{message} {message_zh}"
        super().__init__(f"{text}\n{log_tail}" if log_tail else text)
        self.message = message
        self.message_zh = message_zh
        self.log_tail = log_tail


@dataclass(frozen=True)
class ConnectionInfo:
    """连接信息: how to reach one database of the server as its superuser."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str

    @property
    def dsn(self) -> str:
        """For libpq and asyncpg."""
        return f"postgresql://{self._authority}"

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return f"postgresql+asyncpg://{self._authority}"

    def with_database(self, database: str) -> ConnectionInfo:
        """Return the same server and user with another database."""
        return replace(self, database=database)

    @property
    def _authority(self) -> str:
        user, password, database = (quote(part, safe="") for part in (self.user, self.password, self.database))
        return f"{user}:{password}@{self.host}:{self.port}/{database}"
