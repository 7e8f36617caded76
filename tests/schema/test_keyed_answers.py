"""An answer with a field that failed is not kept as it was: the act is done once, and a retry reads it again."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import func, select, text

from core.acting import ActContext, Actor
from core.calendar.calendar_file import shipped_calendar
from core.cases.tables import Note
from core.clock import FrozenClock
from core.db.session import Database, TenantSession
from core.idempotency.answers import StoredAnswers
from core.identity.roles import Role
from schema.context import OperationContext
from schema.execution import Engine, Operation
from schema.planner.compiler import View
from tests.support.acting import add_member
from tests.support.city import NOW, City
from tests.support.house import ALL
from tests.support.oddities import ODD_HOUSE

IDS = ODD_HOUSE.catalogue.id_codec(b"a secret of thirty-two bytes long")
WRITE = """mutation($i: NoteWriteInput!) { noteWrite(input: $i) {
  note { body response { case { number broken } } } errors { code } } }"""


async def write(database: Database, city: City, member: Any, key: str, body: str) -> tuple[dict[str, Any], bool]:
    scope = city.scope(440100000, member_id=member)

    async def begin_act(session: TenantSession) -> ActContext:
        return ActContext(session, FrozenClock(NOW), Actor("u", "张三", "CITY_BUREAU"), shipped_calendar())

    keyed = StoredAnswers(key, b"the same request", 24)
    context = OperationContext(View(scope, ALL, {}), database, IDS, begin_act, None, 10_000, keyed=keyed)
    given = {"responseId": IDS.encode("Response", 4401, city.responses["huangpu"]), "body": body}
    operation = Operation(WRITE, None, {"i": given}, "test")
    done = await Engine().execute(ODD_HOUSE.schema(ODD_HOUSE.owners), operation, context)
    return orjson.loads(done.body), keyed.replayed


async def test_a_failed_field_fails_again_and_the_act_is_done_once(database: Database, city: City) -> None:
    async with database.system() as session:
        member = await add_member(session, 440100000, Role.CITY_BUREAU)
    first, replayed = await write(database, city, member, "k", "with a flaw")
    assert first["data"]["noteWrite"]["errors"] == []
    assert first["data"]["noteWrite"]["note"]["response"]["case"]["broken"] is None
    assert first["errors"][0]["path"] == ["noteWrite", "note", "response", "case", "broken"]
    assert not replayed
    again, replayed = await write(database, city, member, "k", "with a flaw")
    assert replayed
    assert again == first
    async with database.system() as session:
        assert await session.scalar(select(func.count()).where(Note.body == "with a flaw")) == 1
        kept = await session.scalar(text("select answers::text from idempotent_answer"))
    assert "with a flaw" not in kept
