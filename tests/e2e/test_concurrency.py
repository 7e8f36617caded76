"""Two people change the same thing: two real clients, one version; nobody's change is lost, and the later one sees the earlier."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import text

from core.db.session import Database
from tests.e2e.conftest import Api

SCHEDULE = "mutation($i: HearingScheduleInput!) { hearingSchedule(input: $i) { hearing { id version } errors { code message } } }"
MOVE = """mutation($i: HearingRescheduleInput!) {
  hearingReschedule(input: $i) { hearing { id version heldOn place } errors { code messageZh path } clientMutationId }
}"""


async def hearing(api: Api) -> dict[str, Any]:
    cases = await api.ask("agency", "{ cases { nodes { id } } }")
    given = {"caseId": cases["cases"]["nodes"][0]["id"], "heldOn": "2026-04-01"}
    found = await api.ask("agency", SCHEDULE, {"i": given})
    assert found["hearingSchedule"]["errors"] == []
    made: dict[str, Any] = found["hearingSchedule"]["hearing"]
    return made


async def move(api: Api, who: str, hearing_id: str, day: str, **more: Any) -> dict[str, Any]:
    given = {"hearingId": hearing_id, "heldOn": day, "reason": "法院通知", **more}
    answer = await api.ask(who, MOVE, {"i": given})
    payload: dict[str, Any] = answer["hearingReschedule"]
    return payload


async def test_of_two_with_one_version_one_wins_and_the_other_sees_what_it_did(api: Api, database: Database) -> None:
    for attempt in range(5):
        made = await hearing(api)
        days = {"agency": f"2026-05-{attempt + 10}", "city_bureau": f"2026-06-{attempt + 10}"}
        answers = await asyncio.gather(
            *(move(api, who, made["id"], day, expectedVersion=made["version"]) for who, day in days.items())
        )
        won = [answer for answer in answers if not answer["errors"]]
        lost = [answer for answer in answers if answer["errors"]]
        assert (len(won), len(lost)) == (1, 1), answers
        assert won[0]["hearing"]["version"] == made["version"] + 1
        assert lost[0]["hearing"] == won[0]["hearing"]
        assert [(error["code"], error["path"]) for error in lost[0]["errors"]] == [
            ("CONFLICT", ["input", "expectedVersion"])
        ]
        later = await move(
            api, "city_bureau", made["id"], f"2026-07-{attempt + 1:02}", expectedVersion=lost[0]["hearing"]["version"]
        )
        assert later["errors"] == []
        assert later["hearing"]["version"] == made["version"] + 2


async def test_without_a_version_the_last_one_stands(api: Api) -> None:
    made = await hearing(api)
    for day in ("2026-05-01", "2026-05-02"):
        assert (await move(api, "agency", made["id"], day))["errors"] == []
    found = await api.ask(
        "agency", "query($id: ID!) { node(id: $id) { ... on Hearing { heldOn version } } }", {"id": made["id"]}
    )
    assert found["node"] == {"heldOn": "2026-05-02", "version": made["version"] + 2}


async def test_other_refusals_show_no_node(api: Api) -> None:
    made = await hearing(api)
    refused = await move(api, "agency", made["id"], "2020-01-01", clientMutationId="m")
    assert refused["hearing"] is None
    assert refused["clientMutationId"] == "m"
    assert [error["code"] for error in refused["errors"]] == ["BEFORE_FILING"]


async def test_a_party_is_corrected_by_two(api: Api, database: Database) -> None:
    async with database.system() as session:
        party = await session.row(
            text(
                "insert into party (shard, case_id, side, ordinal, kind, name)"
                " select shard, case_id, 'PLAINTIFF', 91, 'NATURAL_PERSON', '李四' from response where shard = 4401 limit 1"
                " returning id, shard"
            )
        )
    assert party is not None
    party_id = api.application.execution.services.ids.encode("Party", party.shard, party.id)
    correct = """mutation($i: PartyCorrectInput!) {
      partyCorrect(input: $i) { party { name version } errors { code } }
    }"""
    first = {"partyId": party_id, "name": "李四一", "expectedVersion": 1}
    second = {"partyId": party_id, "name": "李四二", "expectedVersion": 1}
    done = await api.ask("city_bureau", correct, {"i": first})
    late = await api.ask("city_bureau", correct, {"i": second})
    assert done["partyCorrect"] == {"party": {"name": "李四一", "version": 2}, "errors": []}
    assert late["partyCorrect"] == {"party": {"name": "李四一", "version": 2}, "errors": [{"code": "CONFLICT"}]}
