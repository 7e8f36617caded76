"""The DataLoaders of a request, over one asyncpg connection: one and one transaction a request, because the scope is the transaction's."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

T = TypeVar("T")
SHARED = {"court", "cause"}
RENAMED = {"agency": {"name": "name_zh"}, "court": {"name": "name_zh"}, "cause": {"name": "name_zh"}}


class Loading:
    """A request's transaction and loaders. Loads on one connection run one after another."""

    def __init__(self, connection: Any, shard: int) -> None:
        self.connection, self.shard = connection, shard
        self._lock = asyncio.Lock()
        self._loaders: dict[tuple[type[Any], str], DataLoader[Any, Any]] = {}

    async def fetch(self, sql: str, *values: Any) -> list[Any]:
        """Rows of a statement."""
        async with self._lock:
            rows: list[Any] = await self.connection.fetch(sql, *values)
            return rows

    async def one(self, kind: type[T], key: Any, column: str = "id") -> T | None:
        """The object of a key."""

        async def load(keys: list[Any]) -> Sequence[Any]:
            by = {row[column]: made(kind, row) for row in await self._rows(kind, column, keys, "")}
            return [by.get(one) for one in keys]

        found: T | None = await self._loader(kind, column, load).load(key)
        return found

    async def many(self, kind: type[T], column: str, key: Any, order: str = "id") -> list[T]:
        """The objects that belong to a key."""

        async def load(keys: list[Any]) -> Sequence[Any]:
            lists: defaultdict[Any, list[Any]] = defaultdict(list)
            for row in await self._rows(kind, column, keys, f" order by {order}"):
                lists[row[column]].append(made(kind, row))
            return [lists[one] for one in keys]

        found: list[T] = await self._loader(kind, column, load).load(key)
        return found

    async def _rows(self, kind: Any, column: str, keys: list[Any], order: str) -> list[Any]:
        if kind.TABLE in SHARED:
            return await self.fetch(f"select * from {kind.TABLE} where {column} = any ($1)", keys)
        sql = f"select * from {kind.TABLE} where shard = $1 and {column} = any ($2){order}"
        return await self.fetch(sql, self.shard, keys)

    def _loader(self, kind: type[Any], column: str, load: Any) -> DataLoader[Any, Any]:
        known = self._loaders.get((kind, column))
        if known is None:
            known = self._loaders[kind, column] = DataLoader(load_fn=load)
        return known


def made(kind: Any, row: Any) -> Any:
    """A strawberry object of a row, by the names of its fields."""
    renamed = RENAMED.get(kind.TABLE, {"number": "number_text"})
    return kind(
        **{field.name: row[renamed.get(field.name, field.name)] for field in dataclasses.fields(kind) if field.init}
    )
