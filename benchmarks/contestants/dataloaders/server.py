"""The server: root fields, and a transaction around each request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from benchmarks.contestants import hand_sql, tallies
from benchmarks.contestants.dataloaders.loading import Loading, made
from benchmarks.contestants.dataloaders.types import Case, Info
from benchmarks.contestants.setting import Setting

SETTING = Setting.read()


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class Cases:
    nodes: list[Case]
    page_info: PageInfo


@strawberry.type
class Rate:
    percent: str | None
    numerator: int
    denominator: int


@strawberry.type
class Tally:
    year: int | None = None
    procedure_kind: str | None = None
    status: str | None = None
    filed: int = 0
    open: int = 0
    closed: int = 0
    lost_first_instance: int = 0
    loss_rate: Rate | None = None


@strawberry.enum
class By(Enum):
    YEAR = "YEAR"
    PROCEDURE_KIND = "PROCEDURE_KIND"
    STATUS = "STATUS"


QUESTIONS = {By.YEAR: tallies.YEARS, By.PROCEDURE_KIND: tallies.KINDS, By.STATUS: tallies.STATUSES}


def tally_of(row: Any) -> Tally:
    given = dict(row)
    if "judged" in given:
        given["loss_rate"] = Rate(
            percent=given.pop("percent"), numerator=given["lost_first_instance"], denominator=given.pop("judged")
        )
    return Tally(**given)


@strawberry.type
class Query:
    @strawberry.field
    async def case_tally(self, info: Info, by: list[By]) -> list[Tally]:
        rows = await info.context.fetch(QUESTIONS[by[0]], *SETTING.own_cells)
        return [tally_of(row) for row in rows]

    @strawberry.field
    async def cases(self, info: Info, first: int) -> Cases:
        page = hand_sql.page_sql(SETTING)
        sql = f"select c.* from ({page}) p join case_shell c on c.shard = p.shard and c.id = p.case_id order by p.filed_on desc, p.id desc"
        rows = await info.context.fetch(sql, SETTING.shard, SETTING.district, first)
        return Cases(
            nodes=[made(Case, row) for row in rows[:first]], page_info=PageInfo(has_next_page=len(rows) > first)
        )

    @strawberry.field
    async def node(self, info: Info, id: UUID) -> Case | None:
        return await info.context.one(Case, id)


@strawberry.type
class Note:
    TABLE: ClassVar[str] = "note"
    id: strawberry.ID
    body: str
    written_by: str


@strawberry.type
class Written:
    note: Note | None


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def note_write(self, info: Info, response: UUID, body: str) -> Written:
        note = await hand_sql.write_note(info.context.connection, SETTING, response, body)
        return Written(note=await info.context.one(Note, note))


class Endpoint(GraphQL[Loading, None]):
    """Opens the request's transaction around its execution."""

    async def run(self, request: Any, *_given: Any, **_named: Any) -> Any:
        async with POOL[0].acquire() as connection:
            await connection.execute(SETTING.begin(read_only=False))
            answer = await super().run(request, context=Loading(connection, SETTING.shard), root_value=None)
            await connection.execute("commit")
            return answer


POOL: list[Any] = []


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    POOL.append(await SETTING.pool())
    yield
    await POOL.pop().close()


schema = strawberry.Schema(Query, Mutation, extensions=[ParserCache, ValidationCache])
application = Starlette(lifespan=lifespan, routes=[Route("/graphql", Endpoint(schema, graphql_ide=None))])
