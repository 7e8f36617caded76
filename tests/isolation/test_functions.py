"""Functions that run with more rights than their caller: each is asked for what the caller may not have.

The list is the catalogue's: a SECURITY DEFINER function without a check here fails the first test.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from core.db.scope import Scope, ScopeKind
from core.db.session import Database
from core.feeds.tables import CalendarFeed
from core.identity.roles import Role
from core.identity.tables import Member
from core.notifications.tables import NotificationTemplate
from tests.support.acting import add_member
from tests.support.city import AGENCIES, NOW, TODAY, City
from tests.support.worlds import build_worlds

ATTACH = text(
    "select * from case_attach(:agency, '粤7101', 2026, '', '行初', :serial, 'n', null, null, 'FIRST', 'NONE', 'ORDINARY', '0101',"
    " null, date '2026-03-01', null, cast(:dispute as uuid), now())"
)


async def refused(database: Database, scope: Scope, agency: object, dispute: object = None, serial: int = 900) -> str:
    with pytest.raises(DBAPIError) as caught:
        async with database.write(scope) as session:
            await session.row(ATTACH, {"agency": agency, "serial": serial, "dispute": dispute})
    return str(getattr(caught.value.orig, "__cause__", caught.value.orig))


async def case_attach(database: Database, city: City) -> None:
    """No case for another's agency, none in a dispute that the caller cannot see, and no word of a number that exists elsewhere."""
    scopes = {name: city.scope(AGENCIES[name][1]) for name in AGENCIES}
    scopes["nobody"] = city.scope(440100000, ScopeKind.NONE)
    scopes["court"] = city.scope(440100000, ScopeKind.COURT, court_code="粤7101")
    for name, scope in scopes.items():
        for agency, (_, code, *_rest) in AGENCIES.items():
            if scope.kind is ScopeKind.TENANT and scope.low <= code < scope.high:
                continue
            assert "AGENCY_NOT_FOUND" in await refused(database, scope, city.agencies[agency]), f"{name} for {agency}"
    async with database.system() as session:
        dispute = await session.scalar(
            text("select dispute_id from case_shell where id = :id"), {"id": city.cases["tianhe"]}
        )
    assert "DISPUTE_NOT_FOUND" in await refused(database, scopes["huangpu"], city.agencies["huangpu"], dispute)
    assert "AGENCY_NOT_FOUND" in await refused(database, city.agency_scope("huangpu"), city.agencies["town"])
    async with database.anonymous() as session:
        with pytest.raises(DBAPIError):
            await session.row(ATTACH, {"agency": city.agencies["huangpu"], "serial": 901, "dispute": None})


async def memberships_of(database: Database, city: City) -> None:
    """One exact subject of one issuer: no pattern, no list, nobody who ended."""
    async with database.system() as session:
        for subject, until in (("one", None), ("ended", TODAY)):
            await session.execute(
                insert(Member).values(
                    shard=4401,
                    code=440112000,
                    issuer="i",
                    subject=subject,
                    role="AGENCY",
                    display_name="x",
                    agency_id=city.agencies["huangpu"],
                    valid_from=TODAY,
                    valid_until=until,
                    created_at=NOW,
                )
            )
    ask = text("select subject from (select :subject as subject from memberships_of(:issuer, :subject, :today)) f")
    for issuer, subject, expected in (
        ("i", "one", 1),
        ("i", "ended", 0),
        ("i", "%", 0),
        ("i", "", 0),
        ("other", "one", 0),
    ):
        async with database.anonymous() as session:
            found = await session.rows(ask, {"issuer": issuer, "subject": subject, "today": TODAY})
        assert len(found) == expected, (issuer, subject)


async def file_of_document(database: Database, city: City) -> None:
    """A file by its document only to those who see the document."""
    worlds = await build_worlds(database, city, ("huangpu", "tianhe"))
    document = worlds["huangpu"].ids["document"]
    ask = text("select count(*) from file_of_document(:document)")
    for scope in (
        city.scope(440106000),
        city.scope(440300000),
        city.agency_scope("tianhe"),
        city.scope(440100000, ScopeKind.NONE),
    ):
        async with database.read(scope) as session:
            assert await session.scalar(ask, {"document": document}) == 0


async def nothing_of_another_shard(database: Database, city: City) -> None:
    """Configuration is no secret within a city; a transaction that has a shard learns nothing of another's."""
    await build_worlds(database, city, ("shenzhen",))
    asked = {
        "plugin_said": text("select count(*) from plugin_said(:shard, null) where said <> '[]'"),
        "plugin_said_at": text("select count(*) from plugin_said_at(:shard, 440300000)"),
        "plugin_settings_at": text("select count(*) from plugin_settings_at(:shard, :plugin, 440300000, :day)"),
        "trusted_documents_said": text(
            "select count(*) from trusted_documents_said(:shard, null) where said like '%x44%'"
        ),
        "trusted_document_body": text("select count(trusted_document_body(:shard, :sha256))"),
    }
    given = {"shard": 4403, "plugin": "x440300000", "day": TODAY, "sha256": "x440300000"}
    async with database.system() as session:
        await session.execute(text("update trusted_document set removed_at = null"))
    for name, ask in asked.items():
        own = {key: given[key] for key in ask.compile().params}
        async with database.read(city.scope(440300000)) as session:
            assert await session.scalar(ask, own) == 1, name
        for scope in (city.scope(440100000), city.agency_scope("huangpu")):
            async with database.read(scope) as session:
                assert await session.scalar(ask, own) == 0, name


async def forget_expired_answers(database: Database, city: City) -> None:
    """Expired answers of the caller's own city, twenty at a time; none that holds, none of another city."""
    make = text(
        "insert into idempotent_answer (shard, member_id, key, fingerprint, answers, expires_at)"
        " select :shard, uuid7(), n::text, '', '{}', now() + make_interval(mins => :minutes) from generate_series(1, 25) n"
    )
    async with database.system() as session:
        await session.execute(text("delete from idempotent_answer"))
        for shard, minutes in ((4401, -1), (4401, 5), (4403, -1)):
            await session.execute(make, {"shard": shard, "minutes": minutes})
    for left in (5, 0, 0):
        async with database.write(city.scope(440106000)) as session:
            await session.scalar(text("select forget_expired_answers()"))
        counts = text(
            "select shard, expires_at <= now() as expired, count(*) as n from idempotent_answer group by 1, 2"
        )
        async with database.system() as session:
            found = {(row.shard, row.expired): row.n for row in await session.rows(counts)}
        assert found.get((4401, True), 0) == left
        assert (found[4401, False], found[4403, True]) == (25, 25)
    async with database.anonymous() as session:
        with pytest.raises(DBAPIError):  # it writes, and this transaction only reads
            await session.scalar(text("select forget_expired_answers()"))


async def recognition(database: Database, city: City) -> None:
    """A digest answers for one exact person, and tells of them only whether it is still the same."""
    async with database.system() as session:
        for subject in ("recognised", "colleague"):
            await session.execute(
                insert(Member).values(
                    shard=4401, code=440100000, issuer="i", subject=subject, role="CITY_BUREAU", display_name=subject,
                    valid_from=TODAY, created_at=NOW,
                )
            )  # fmt: skip
        member = await session.scalar(text("select id from member where subject = 'recognised'"))
    digest_of = text("select memberships_digest('i', :subject, :today)")
    still = text("select still_recognised(:shard, :member, :today, :digest, null)")
    async with database.anonymous() as session:
        digest = await session.scalar(digest_of, {"subject": "recognised", "today": TODAY})
        nobody = await session.scalar(digest_of, {"subject": "recognise%", "today": TODAY})
        assert digest not in {nobody, await session.scalar(digest_of, {"subject": "colleague", "today": TODAY})}
    right = {"shard": 4401, "member": member, "today": TODAY, "digest": digest}
    async with database.anonymous() as session:
        await session.scalar(still, right)
    for wrong in (
        {"shard": 4403},
        {"member": UUID(int=1)},
        {"digest": nobody},
        {"digest": ""},
        {"today": NOW.date() - timedelta(400)},
    ):
        with pytest.raises(DBAPIError) as caught:
            async with database.anonymous() as session:
                await session.scalar(still, {**right, **wrong})
        assert "memberships have changed" in str(caught.value)


async def messages(database: Database, city: City) -> None:
    """Nobody is found, no wording read and nothing written of another city; without a city, by the system alone."""
    wording = {
        "kind": "K",
        "version": 1,
        "valid_from": TODAY,
        "title": "t",
        "body": "b",
        "changed_at": NOW,
        "changed_by": "x",
    }
    async with database.system() as session:
        member = str(await add_member(session, 440300000, Role.CITY_BUREAU))
        await session.execute(
            insert(NotificationTemplate).values(shard=4403, code=440300000, high=440400000, **wording)
        )
    asked = orjson.dumps([{"n": 0, "shard": 4403, "member": member}]).decode()
    kinds = orjson.dumps([{"shard": 4403, "kind": "K", "code": 440300000}]).decode()
    row = {
        "id": str(UUID(int=7)),
        "shard": 4403,
        "member_id": member,
        "key": "k",
        "kind": "K",
        "title": "t",
        "body": "b",
    }
    row |= {"urgent": False, "subject_type": "Case", "subject_id": member, "at": NOW.isoformat(), "outside": []}
    given = {"asked": asked, "day": TODAY, "kinds": kinds, "rows": orjson.dumps([row]).decode()}
    calls = (
        text("select count(*) from notification_recipients(cast(:asked as jsonb), :day)"),
        text("select count(*) from notification_wordings(cast(:kinds as jsonb), :day)"),
        text("select count(*) from notification_write(cast(:rows as jsonb))"),
    )
    for call in calls:
        own = {name: given[name] for name in call.compile().params}
        for scope in (city.scope(440100000), city.agency_scope("huangpu"), city.scope(440100000, ScopeKind.NONE)):
            async with database.write(scope) as session:
                assert await session.scalar(call, own) == 0, (str(call), scope)
    for call in calls[:2]:
        async with database.anonymous() as session:
            assert await session.scalar(call, {name: given[name] for name in call.compile().params}) == 0, str(call)
    for call in calls:
        async with database.write(city.agency_scope("shenzhen")) as session:
            assert await session.scalar(call, {name: given[name] for name in call.compile().params}) == 1, str(call)


async def enqueue_job(database: Database, city: City) -> None:
    """No message for a tenant of another city, none without a tenant, none without a scope; what is queued is not read."""
    call = text("select enqueue_job(cast(:given as jsonb))")
    message = '{"message_id": "%s", "queue_name": "normal", "kwargs": {"carried": {"tenant": %s}}}'
    for tenant in ("440300000", "null", "123"):
        for kind in (ScopeKind.TENANT, ScopeKind.AGENCY, ScopeKind.NONE):
            with pytest.raises(DBAPIError, match="TENANT_NOT_FOUND"):
                async with database.write(city.scope(440100000, kind)) as session:
                    await session.scalar(call, {"given": message % (uuid4(), tenant)})
    with pytest.raises(DBAPIError):
        async with database.anonymous() as session:
            await session.scalar(call, {"given": message % (uuid4(), "440100000")})
    async with database.system() as session:
        assert await session.scalar(text("select count(*) from job_queue")) == 0


async def queue_dead_letter(database: Database, city: City) -> None:
    """No letter of another tenant is queued again, and none by anybody but the administrators of its own."""
    letter = uuid4()
    columns = "shard, id, code, tenant, job, key, queue, payload, attempts, error_class, error_message, status, died_at"
    values = "4401, :id, 440112000, 440112000, 'core.x', 'k', 'BULK', '{}', 1, 'E', '', 'DEAD', now()"
    async with database.system() as session:
        await session.execute(text(f"insert into dead_letter ({columns}) values ({values})"), {"id": letter})
    call = text("select queue_dead_letter(:letter, :message)")
    for code in (440100000, 440106000, 440112000, 440300000):
        for kind in ScopeKind:
            if kind is ScopeKind.ADMIN and code in (440100000, 440112000):
                continue
            with pytest.raises(DBAPIError, match="DEAD_LETTER_NOT_FOUND"):
                async with database.write(city.scope(code, kind)) as session:
                    await session.scalar(call, {"letter": letter, "message": uuid4()})
    async with database.write(city.scope(440112000, ScopeKind.ADMIN)) as session:
        await session.scalar(call, {"letter": letter, "message": uuid4()})
    async with database.system() as session:
        (queued,) = await session.rows(text("delete from job_queue returning message"))
        await session.execute(text("delete from dead_letter"))
    assert queued.message["kwargs"]["carried"]["tenant"] == 440112000


async def calendar_feed_of(database: Database, city: City) -> None:
    """One exact secret that was not revoked, and nothing by a pattern."""
    async with database.system() as session:
        member = await add_member(session, 440112000, Role.TOWN, subject="feed")
        for token, revoked in (("a" * 64, None), ("b" * 64, NOW)):
            await session.execute(
                insert(CalendarFeed).values(
                    shard=4401, code=440112000, member_id=member, name="x", token_sha256=token, created_at=NOW, revoked_at=revoked
                )
            )  # fmt: skip
    ask = text("select count(*) from calendar_feed_of(:token)")
    for token, expected in (("a" * 64, 1), ("b" * 64, 0), ("%", 0), ("", 0), ("a" * 63, 0)):
        async with database.anonymous() as session:
            assert await session.scalar(ask, {"token": token}) == expected, token


CHECKS: dict[str, Callable[[Database, City], Awaitable[None]]] = {
    "case_attach": case_attach,
    "enqueue_job": enqueue_job,
    "queue_dead_letter": queue_dead_letter,
    "memberships_of": memberships_of,
    "memberships_digest": recognition,
    "still_recognised": recognition,
    "file_of_document": file_of_document,
    "forget_expired_answers": forget_expired_answers,
    "plugin_said": nothing_of_another_shard,
    "plugin_said_at": nothing_of_another_shard,
    "plugin_settings_at": nothing_of_another_shard,
    "trusted_documents_said": nothing_of_another_shard,
    "trusted_document_body": nothing_of_another_shard,
    "notification_recipients": messages,
    "notification_wordings": messages,
    "notification_write": messages,
    "calendar_feed_of": calendar_feed_of,
}
TRIGGERS = {
    *("case_shell_spread", "response_spread", "hearing_spread", "judgment_spread"),
    "notification_receipt",
    *("case_tally_add", "case_tally_change", "case_tally_remove"),
}
"""Called by the database alone: a trigger function cannot be called by name."""


async def test_every_definer_function_is_checked(database: Database) -> None:
    async with database.system() as session:
        found = await session.rows(
            text(
                "select proname, prorettype = 'trigger'::regtype as is_trigger from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"
            )
        )
    assert {row.proname for row in found if row.is_trigger} == TRIGGERS
    assert {row.proname for row in found if not row.is_trigger} == set(CHECKS)


@pytest.mark.parametrize("check", dict.fromkeys(CHECKS.values()), ids=lambda check: check.__name__)
async def test_a_definer_function_gives_no_more_than_its_caller_may_have(
    database: Database, city: City, check: Callable[[Database, City], Awaitable[None]]
) -> None:
    await check(database, city)
