"""已读: a reminder that its agency has read in its inbox says so, and nobody telephones at noon; one that is unread becomes a call."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from core.db.session import Database
from core.extension.registry import Registry
from core.jobs.enqueue import message_of
from core.jobs.running import JobRunner, Outcome
from core.sdk.jobs import NoPayload
from plugins.reminders.jobs import SWEEP
from tests.e2e.conftest import Api

_SERIALS = count(9001)
CHOOSE = "mutation($input: PluginChooseInput!) { pluginChoose(input: $input) { errors { code } } }"
REGISTER = "mutation($input: CaseRegisterInput!) { caseRegister(input: $input) { case { id } errors { code } } }"
SCHEDULE = "mutation($input: HearingScheduleInput!) { hearingSchedule(input: $input) { errors { code } } }"
READ = "mutation($input: NotificationReadInput!) { notificationRead(input: $input) { notification { readAt } errors { code } } }"
INBOX = "{ notifications(first: 50) { nodes { id kind readAt case { id } } } }"
AGENCY = "{ agencies(first: 50) { nodes { id name } } }"
REMINDERS = "{ reminders(first: 50) { nodes { offsetDays readAt confirmedAt phoneTask case { id } } } }"
BOARD = "{ phoneTasks(first: 50) { nodes { case { id } } } }"


async def act(api: Api, who: str, mutation: str, **given: Any) -> dict[str, Any]:
    (answer,) = (await api.ask(who, mutation, {"input": given})).values()
    assert answer["errors"] == [], answer
    return dict(answer)


async def swept(api: Api, database: Database, hour: int, minute: int) -> None:
    """What a worker does at an hour in Shanghai on 10 March."""
    api.clock.instant = datetime(2026, 3, 10, hour - 8, minute, tzinfo=UTC)
    registry = Registry.load()
    subscribers = registry.subscribers(frozenset(registry.plugins))
    runner = JobRunner(database, {SWEEP.name: SWEEP}, api.clock, subscribers=subscribers, requires=registry.requires)
    assert await runner.run(message_of(SWEEP, NoPayload(), tenant=None, key=f"{hour}:{minute}")) is Outcome.DONE


async def summoned(api: Api, agency: str) -> str:
    """A case whose hearing is tomorrow."""
    number = f"（2026）粤7101行初{next(_SERIALS)}号"
    given = {"agencyId": agency, "causeCode": "01", "filedOn": "2026-03-02", "number": number}
    case: str = (await act(api, "city_bureau", REGISTER, **given))["case"]["id"]
    await act(api, "city_bureau", SCHEDULE, caseId=case, heldOn="2026-03-11")
    return case


async def test_what_was_read_in_the_inbox_is_not_telephoned_about(api: Api, database: Database) -> None:
    await act(api, "city_bureau", CHOOSE, plugin="reminders", choice="ENABLED")
    (agency,) = {one["id"] for one in (await api.ask("agency", AGENCY))["agencies"]["nodes"]}
    read, unread = [await summoned(api, agency) for _ in range(2)]
    await swept(api, database, 10, 5)
    inbox = (await api.ask("agency", INBOX))["notifications"]["nodes"]
    told = [one for one in inbox if one["kind"] == "reminders.remind" and one["case"]["id"] == read]
    assert [one["readAt"] for one in told] == [None]
    api.clock.instant = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
    await act(api, "agency", READ, notificationId=told[0]["id"])
    await swept(api, database, 12, 0)
    for who in ("district_bureau", "agency"):
        found = (await api.ask(who, REMINDERS))["reminders"]["nodes"]
        receipts = {(one["case"]["id"], one["offsetDays"]): (one["readAt"], one["phoneTask"]) for one in found}
        assert receipts == {
            (read, 7): ("2026-03-10T03:00:00+00:00", None),
            (read, 1): ("2026-03-10T03:00:00+00:00", None),
            (unread, 7): (None, None),
            (unread, 1): (None, "OPEN"),
        }
    board = (await api.ask("district_bureau", BOARD))["phoneTasks"]["nodes"]
    assert [one["case"]["id"] for one in board] == [unread]
    assert {one["confirmedAt"] for one in found} == {None}
