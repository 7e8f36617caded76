"""Messages over the API: preferences, wordings, endpoints and the delivery log, each in its range and to its roles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from core.acting import Subject
from core.app import id_secret
from core.db.session import Database
from core.identity.tables import Member
from core.notifications.kinds import CASE_GRANTED
from core.notifications.recipients import ToMember
from core.notifications.tables import NotificationDelivery
from core.notifications.webhook import EndpointSecrets
from core.notifications.writing import Message, notify_many
from tests.e2e.conftest import Api
from tests.support.acting import rows_of

CHOICES = "{ notificationChoices { version digestAt quietFrom quietUntil channels { name address } } }"
PREFER = """mutation($input: NotificationPreferenceSetInput!) { notificationPreferenceSet(input: $input) {
  notificationPreference { version digestAt } errors { code path messageZh } } }"""
WORD = """mutation($input: NotificationTemplateSetInput!) { notificationTemplateSet(input: $input) {
  notificationTemplate { version validFrom title tenant { name } } errors { code path messageZh } } }"""
ADD = """mutation($input: NotificationEndpointAddInput!) { notificationEndpointAdd(input: $input) {
  secret notificationEndpoint { id version url kinds } errors { code path } } }"""
ROTATE = """mutation($input: NotificationEndpointRotateInput!) { notificationEndpointRotate(input: $input) {
  secret notificationEndpoint { version formerUntil } errors { code } } }"""
DISABLE = """mutation($input: NotificationEndpointDisableInput!) { notificationEndpointDisable(input: $input) {
  notificationEndpoint { disabledAt } errors { code } } }"""
ENDPOINTS = "{ notificationEndpoints { nodes { id name } } }"
LOG = "{ notificationDeliveries { nodes { id kind channel state failure attempts version readAt member { displayName } } } }"
RETRY = """mutation($input: NotificationDeliveryRetryInput!) { notificationDeliveryRetry(input: $input) {
  notificationDelivery { state attempts } errors { code } } }"""


@pytest.fixture(scope="module", autouse=True)
def mail_is_offered() -> Iterator[None]:
    os.environ["YINGSU_SMTP_URL"] = "smtp://mail.test"
    yield
    del os.environ["YINGSU_SMTP_URL"]


async def act(api: Api, who: str, mutation: str, **given: Any) -> dict[str, Any]:
    (answer,) = (await api.ask(who, mutation, {"input": given})).values()
    return dict(answer)


async def member_of(database: Database, who: str) -> Any:
    async with database.system() as session:
        return await session.row(select(Member.__table__).where(Member.subject == f"dev:{who}"))


async def tell(api: Api, database: Database, who: str) -> str:
    member, key = await member_of(database, who), str(uuid4())
    about = Subject("Case", UUID(int=9), member.code)
    message = Message(member.shard, ToMember(member.id), CASE_GRANTED, about, {"case_number": "（2026）甲1号"}, key)
    async with database.system() as session:
        await notify_many(session, [message], api.clock)
    return key


async def test_a_member_chooses_channels_and_times(api: Api, database: Database) -> None:
    before = (await api.ask("agency", CHOICES))["notificationChoices"]
    assert before == {
        "version": 0,
        **dict.fromkeys(("digestAt", "quietFrom", "quietUntil")),
        "channels": [{"name": "EMAIL", "address": None}],
    }
    mail = {"channel": "EMAIL", "address": "li@agency.test"}
    for wrong, code, path in (
        ({"channels": [{**mail, "channel": "FAX"}]}, "CHANNEL_UNKNOWN", ["input", "channels", "0", "channel"]),
        ({"channels": [{**mail, "address": "li"}]}, "ADDRESS_INVALID", ["input", "channels", "0", "address"]),
        ({"channels": [{**mail, "address": "a@b.test\nx"}]}, "ADDRESS_INVALID", ["input", "channels", "0", "address"]),
        ({"channels": [mail, mail]}, "INVALID_INPUT", ["input", "channels"]),
        ({"channels": [], "quietFrom": "22:00"}, "QUIET_INCOMPLETE", ["input", "quietUntil"]),
    ):
        refused = await act(api, "agency", PREFER, **wrong)
        assert [(one["code"], one["path"]) for one in refused["errors"]] == [(code, path)]
    wishes = {"channels": [mail], "digestAt": "17:00", "quietFrom": "22:00", "quietUntil": "07:30"}
    made = await act(api, "agency", PREFER, **wishes, expectedVersion=0)
    assert made["notificationPreference"] == {"version": 1, "digestAt": "17:00"}
    overtaken = await act(api, "agency", PREFER, channels=[], expectedVersion=0)
    assert [one["code"] for one in overtaken["errors"]] == ["CONFLICT"]
    after = (await api.ask("agency", CHOICES))["notificationChoices"]
    assert (after["version"], after["quietUntil"]) == (1, "07:30")
    assert after["channels"] == [{"name": "EMAIL", "address": "li@agency.test"}]
    assert (await api.ask("district_bureau", CHOICES))["notificationChoices"]["version"] == 0
    key = await tell(api, database, "agency")
    found = await rows_of(database, NotificationDelivery, key=key, channel="EMAIL")
    assert [(row.address, row.digest, row.state) for row in found] == [("li@agency.test", True, "PENDING")]
    for everybody in ("mediator", "court_liaison", "platform_admin", "secretary"):
        made = await act(api, everybody, PREFER, channels=[])
        assert made["errors"] == [], everybody


async def test_a_tenant_words_a_kind_from_a_day_on(api: Api, database: Database) -> None:
    wording = {"kind": "CASE_GRANTED", "title": "新案 {案号}", "body": "{case_number} 请办理"}
    for wrong, code, path in (
        ({**wording, "kind": "NONE"}, "KIND_UNKNOWN", "kind"),
        ({**wording, "title": "{当事人}"}, "WORDING_INVALID", "title"),
        ({**wording, "body": "{案号.__class__}"}, "WORDING_INVALID", "body"),
        ({**wording, "body": None}, "INVALID_INPUT", "body"),
        ({**wording, "validFrom": "2026-03-09"}, "IN_PAST", "validFrom"),
        ({**wording, "tenantCode": "440300000"}, "NOT_FOUND", "tenantCode"),
    ):
        refused = await act(api, "city_bureau", WORD, **wrong)
        assert [(one["code"], one["path"]) for one in refused["errors"]] == [(code, ["input", path])]
    forbidden = (await api.post("agency", WORD, {"input": wording})).json()
    assert forbidden["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    made = await act(api, "city_bureau", WORD, **wording, tenantCode="440112000")
    assert made["notificationTemplate"] == {
        "version": 1,
        "validFrom": "2026-03-10",
        "title": "新案 {案号}",
        "tenant": {"name": "黄埔区"},
    }
    await tell(api, database, "agency")
    inbox = "{ notifications(first: 1) { nodes { title body } } }"
    assert (await api.ask("agency", inbox))["notifications"]["nodes"] == [
        {"title": "新案 （2026）甲1号", "body": "（2026）甲1号 请办理"}
    ]
    kinds = "{ notificationKinds { name wordings { tenantCode version title } placeholders { labelZh } } }"
    seen = {one["name"]: one for one in (await api.ask("district_bureau", kinds))["notificationKinds"]}
    assert seen["CASE_GRANTED"]["wordings"] == [{"tenantCode": 440112000, "version": 1, "title": "新案 {案号}"}]
    assert (await api.ask("sibling_bureau", kinds))["notificationKinds"][0]["wordings"] == []
    preview = 'query($t: String!) { notificationPreview(kind: "CASE_GRANTED", title: $t, body: "x") { title fault } }'
    right = (await api.ask("city_bureau", preview, {"t": "到：{案号}"}))["notificationPreview"]
    assert right == {"title": "到：（2026）粤7101行初123号", "fault": None}
    wrong_one = (await api.ask("city_bureau", preview, {"t": "{x}"}))["notificationPreview"]
    assert (wrong_one["title"], bool(wrong_one["fault"])) == (None, True)


async def test_endpoints_are_the_bureaux_own(api: Api, database: Database) -> None:
    given = {"name": "区OA", "url": "https://oa.district.test/hook", "kinds": ["CASE_GRANTED"]}
    for wrong, code in (
        ({**given, "url": "http://oa.district.test"}, "URL_REFUSED"),
        ({**given, "url": "https://10.0.0.1/"}, "URL_REFUSED"),
        ({**given, "kinds": ["NONE"]}, "KIND_UNKNOWN"),
        ({**given, "tenantCode": "440106000"}, "NOT_FOUND"),
        ({**given, "name": " "}, "INVALID_INPUT"),
    ):
        assert [one["code"] for one in (await act(api, "district_bureau", ADD, **wrong))["errors"]] == [code]
    made = await act(api, "district_bureau", ADD, **given)
    endpoint = made["notificationEndpoint"]
    number = api.application.execution.services.ids.decode_as(endpoint["id"], "NotificationEndpoint", "id").key
    secrets = EndpointSecrets(await id_secret(database))
    assert made["secret"] == secrets.secret(4401, number, 1)
    for who, sees in (
        ("district_bureau", 1),
        ("city_bureau", 1),
        ("platform_admin", 1),
        ("sibling_bureau", 0),
        ("other_city", 0),
    ):
        assert len((await api.ask(who, ENDPOINTS))["notificationEndpoints"]["nodes"]) == sees, who
    for who in ("agency", "mediator", "court_liaison", "town"):
        answer = (await api.post(who, ENDPOINTS)).json()
        assert answer["data"]["notificationEndpoints"] is None if answer.get("data") else answer["errors"]
    for who in ("platform_admin", "agency", "auditor"):
        refused = (await api.post(who, ADD, {"input": given})).json()
        assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN", who
    foreign = await act(api, "sibling_bureau", ROTATE, endpointId=endpoint["id"])
    assert [one["code"] for one in foreign["errors"]] == ["NOT_FOUND"]
    rotated = await act(api, "district_bureau", ROTATE, endpointId=endpoint["id"], expectedVersion=1)
    assert rotated["secret"] == secrets.secret(4401, number, 2) != made["secret"]
    assert rotated["notificationEndpoint"] == {"version": 2, "formerUntil": "2026-03-11T02:00:00+00:00"}
    assert (await act(api, "city_bureau", DISABLE, endpointId=endpoint["id"]))["errors"] == []
    again = await act(api, "city_bureau", DISABLE, endpointId=endpoint["id"])
    assert [one["code"] for one in again["errors"]] == ["NOTHING_TO_CHANGE"]
    late = await act(api, "district_bureau", ROTATE, endpointId=endpoint["id"])
    assert [one["code"] for one in late["errors"]] == ["DISABLED"]
    async with database.system() as session:
        told = await session.scalar(
            text("select string_agg(after::text, ' ') from audit_entry where act like 'notificationEndpoint%'")
        )
    assert "whsec_" not in told


async def test_the_delivery_log_is_seen_in_its_range_and_a_failure_sent_again(api: Api, database: Database) -> None:
    api.clock.instant += timedelta(minutes=1)
    key = await tell(api, database, "agency")
    read = "mutation($id: ID!) { notificationRead(input: {notificationId: $id}) { errors { code } } }"
    async with database.system() as session:
        await session.execute(
            text(
                "update notification_delivery set state = 'FAILED', failure = 'TIMEOUT', attempts = 8, batch_id = id where key = :key and channel = 'EMAIL'"
            ),
            {"key": key},
        )
    own = (await api.ask("agency", "{ notifications(first: 1) { nodes { id } } }"))["notifications"]["nodes"][0]["id"]
    await api.ask("agency", read, {"id": own})
    seen = (await api.ask("district_bureau", LOG))["notificationDeliveries"]["nodes"]
    latest = {one["channel"]: one for one in seen[:2]}
    assert latest["IN_APP"]["readAt"]
    assert (latest["EMAIL"]["state"], latest["EMAIL"]["failure"], latest["EMAIL"]["attempts"]) == (
        "FAILED",
        "TIMEOUT",
        8,
    )
    assert latest["EMAIL"]["member"] == {"displayName": "agency"}
    for who, sees in (
        ("city_bureau", True),
        ("platform_admin", True),
        ("sibling_bureau", False),
        ("other_city", False),
    ):
        ids = [one["id"] for one in (await api.ask(who, LOG))["notificationDeliveries"]["nodes"]]
        assert (latest["EMAIL"]["id"] in ids) == sees, who
    foreign = await act(api, "sibling_bureau", RETRY, deliveryId=latest["EMAIL"]["id"])
    assert [one["code"] for one in foreign["errors"]] == ["NOT_FOUND"]
    again = await act(api, "district_bureau", RETRY, deliveryId=latest["EMAIL"]["id"], expectedVersion=1)
    assert again["notificationDelivery"] == {"state": "PENDING", "attempts": 0}
    (row,) = await rows_of(database, NotificationDelivery, key=key, channel="EMAIL")
    assert row.batch_id == row.id, "a receiver still knows it for the same"
    for one in (latest["EMAIL"], latest["IN_APP"]):
        refused = await act(api, "district_bureau", RETRY, deliveryId=one["id"])
        assert [error["code"] for error in refused["errors"]] == ["NOT_FAILED"]
