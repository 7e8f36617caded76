"""Webhooks to a real receiver that fails, hangs, answers twice or redirects; signed, and never into one's own network."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core.notifications.channel import DeliveryFailure, NotSent
from core.notifications.reaching import UrlRefused, parse_target, reachable
from core.notifications.webhook import SECONDS, Webhooks
from tests.core.notifications.conftest import SECRETS, URGENT, Post
from tests.support.acting import NOW
from tests.support.receivers.running import Running


def of(web: Running, path: str) -> str:
    return f"http://127.0.0.1:{web.port}{path}"


def got(web: Running, member: str, path: str | None = None) -> list[dict[str, Any]]:
    """What a receiver was told of one message."""
    found = [one for one in web.received() if json.loads(one["body"])["key"] == member]
    return [one for one in found if path in {None, one["path"]}]


async def told(post: Post, url: str, **more: Any) -> tuple[str, UUID, Any]:
    """A message whose only way out is an endpoint: its key, the endpoint, and the message."""
    key = str(uuid4())
    endpoint = await post.endpoint(url, **more)
    return key, endpoint, await post.tell(await post.member(), key=key)


async def test_a_message_is_signed_and_has_its_id(post: Post, web: Running) -> None:
    key, endpoint, message = await told(post, of(web, "/ok?of=oa"))
    assert await post.sender().send_due() == 1
    (request,) = got(web, key)
    (delivery,) = await post.outside(message)
    assert (delivery.state, delivery.target) == ("SENT", str(endpoint))
    headers, body = request["headers"], request["body"]
    assert (request["path"], headers["webhook-id"]) == ("/ok?of=oa", str(delivery.id))
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    # As a receiver does it, by the words of the guide alone.
    secret = base64.b64decode(SECRETS.secret(4401, endpoint, 1).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    right = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{right}"
    content = json.loads(body)
    assert (content["id"], content["key"], content["kind"]) == (str(delivery.id), key, "example.plain")
    assert (content["title"], content["tenantCode"]) == ("期限将至", 440112000)
    assert set(content["recipient"]) == {"issuer", "subject", "displayName"}


async def test_after_a_rotation_both_secrets_sign_for_a_day(post: Post, web: Running) -> None:
    former_until = NOW + timedelta(days=1)
    key, endpoint, _ = await told(post, of(web, "/ok"), secret_version=2, former_until=former_until)
    await post.sender().send_due()
    (request,) = got(web, key)
    assert request["headers"]["webhook-signature"].count("v1,") == 2
    assert len({SECRETS.secret(4401, endpoint, version) for version in (1, 2)}) == 2
    post.clock.instant = former_until
    await post.tell(await post.member(), key=f"{key} later")
    await post.sender().send_due()
    (request,) = got(web, f"{key} later")
    assert request["headers"]["webhook-signature"].count("v1,") == 1


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/fail", "RECEIVER_FAILED"),
        ("/gone", "REJECTED"),
        ("/elsewhere", "REDIRECTED"),
        ("/cut", "UNREACHABLE"),
    ],
)
async def test_what_is_not_taken_is_tried_again(post: Post, web: Running, path: str, failure: str) -> None:
    key, _, message = await told(post, of(web, path))
    assert await post.sender().send_due() == 0
    (delivery,) = await post.outside(message)
    assert (delivery.state, delivery.failure, delivery.attempts) == ("PENDING", failure, 1)
    assert delivery.due_at > NOW
    assert len(got(web, key)) == 1, "a redirect is not followed"


@pytest.mark.parametrize("path", ["/hang", "/drip"])
async def test_a_receiver_that_hangs_is_left_and_holds_up_nobody(post: Post, web: Running, path: str) -> None:
    key, _, message = await told(post, of(web, path))
    for n in range(60):
        await post.tell(await post.member(), key=f"{key} {n}")
    other, _, reached = await told(post, of(web, "/ok"), code=440100000)
    sender = post.sender(lease=timedelta(seconds=1))
    await sender.send_due()
    (delivery,) = [row for row in await post.outside(message) if row.failure]
    assert (delivery.state, delivery.failure) == ("PENDING", "TIMEOUT")
    assert len(got(web, other, "/ok")) == 1
    states = {row.state for row in await post.outside(reached)}
    assert "SENT" in states
    hung = [one for one in web.received() if one["path"] == path and json.loads(one["body"])["key"].startswith(key)]
    assert len(hung) <= 50, "what else waits for it waits with it"


async def test_two_answers_to_one_request_are_one(post: Post, web: Running) -> None:
    key, _, message = await told(post, of(web, "/twice"))
    other = f"{key} other"
    await post.tell(await post.member(), key=other)
    assert await post.sender().send_due() == 2
    assert await post.sender().send_due() == 0
    assert (len(got(web, key)), len(got(web, other))) == (1, 1)
    assert {row.state for row in await post.outside(message)} == {"SENT"}


async def test_each_attempt_has_the_same_id_by_which_a_receiver_knows_a_repeat(post: Post, web: Running) -> None:
    key, _, message = await told(post, of(web, "/flaky"))
    for _ in range(3):
        await post.sender().send_due()
        (delivery,) = await post.outside(message)
        post.clock.instant = delivery.due_at + timedelta(seconds=1)
    attempts = got(web, key)
    assert (delivery.state, delivery.attempts, len(attempts)) == ("SENT", 3, 3)
    assert {one["headers"]["webhook-id"] for one in attempts} == {str(delivery.id)}
    assert len({one["headers"]["webhook-timestamp"] for one in attempts}) == 3
    assert len({one["body"] for one in attempts}) == 1


async def test_endpoints_are_told_of_the_people_of_their_range_and_of_their_kinds(post: Post, web: Running) -> None:
    places = {
        "city": (440100000, []),
        "district": (440112000, []),
        "town": (440112001, []),
        "other": (440106000, []),
        "shenzhen": (440300000, []),
        "urgent": (440112000, ["example.urgent"]),
        "disabled": (440112000, []),
    }
    made = {
        str(
            await post.endpoint(of(web, "/ok"), code, kinds=kinds, disabled_at=NOW if name == "disabled" else None)
        ): name
        for name, (code, kinds) in places.items()
    }
    message = await post.tell(await post.member())
    assert {made[row.target] for row in await post.outside(message)} == {"city", "district"}
    message = await post.tell(await post.member(), URGENT)
    assert {made[row.target] for row in await post.outside(message)} == {"city", "district", "urgent"}
    message = await post.tell(await post.member(code=440112001))
    assert {made[row.target] for row in await post.outside(message)} == {"city", "district", "town"}


async def test_an_endpoint_that_was_disabled_meanwhile_is_told_nothing(post: Post, web: Running) -> None:
    key, endpoint, message = await told(post, of(web, "/ok"))
    async with post.database.system() as session:
        disable = text("update notification_endpoint set disabled_at = now() where id = :id")
        await session.execute(disable, {"id": endpoint})
    await post.sender().send_due()
    (delivery,) = await post.outside(message)
    assert (delivery.state, delivery.failure, got(web, key)) == ("FAILED", "ENDPOINT_DISABLED", [])


async def test_a_private_address_is_not_sent_to(post: Post, web: Running) -> None:
    post.channels["WEBHOOK"] = Webhooks(SECRETS, post.clock).channel()
    for url in (of(web, "/ok"), f"https://localhost:{web.port}/ok"):
        key, endpoint, message = await told(post, url)
        await post.sender().send_due()
        (delivery,) = [row for row in await post.outside(message) if row.target == str(endpoint)]
        assert (delivery.state, delivery.failure, got(web, key)) == ("PENDING", "ADDRESS_NOT_ALLOWED", [])


@pytest.mark.parametrize(
    "url",
    [
        *("http://oa.city.test", "ftp://oa.city.test", "https://", "https:///x", "//oa.city.test", "oa.city.test"),
        *(
            "https://user@oa.city.test",
            "https://u:p@oa.city.test",
            "https://oa.city.test/#x",
            "https://oa.city.test:99999",
        ),
        *(
            "https://oa.city.test/ x",
            "https://oa.city.test/\n",
            "https://政府.test/",
            "https://[::1",
            "https://x.test/" + "a" * 2_000,
        ),
        *(
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://169.254.169.254/",
            "https://192.168.0.1/",
            "https://0.0.0.0/",
        ),
        *(
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[64:ff9b::a00:1]/",
        ),
        *(
            "https://[2002:7f00:1::]/",
            "https://224.0.0.1/",
            "https://100.64.0.1/",
            "https://198.18.0.1/",
            "https://[ff02::1]/",
        ),
    ],
)
def test_what_no_webhook_may_lead_to_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused) as caught:
        parse_target(url, private=False)
    assert caught.value.message_zh


@pytest.mark.parametrize("url", ["https://oa.city.test", "https://8.8.8.8:8443/x?y=1", "https://[2606:4700::1]/"])
def test_a_public_address_is_taken(url: str) -> None:
    assert parse_target(url, private=False).secure


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "localhost", "0177.0.0.1"])
async def test_other_spellings_of_the_own_machine_are_found_when_they_are_resolved(host: str) -> None:
    """What no spelling rule catches, the resolver does: its answer is judged, and is what is connected to."""
    try:
        socket.getaddrinfo(host, 443)
    except OSError:
        pytest.skip(f"this system takes {host} for no address")
    with pytest.raises(NotSent) as caught:
        await reachable(parse_target(f"https://{host}/", private=True), private=False)
    assert caught.value.failure is DeliveryFailure.ADDRESS_NOT_ALLOWED


async def test_a_name_that_leads_nowhere(post: Post) -> None:
    with pytest.raises(NotSent) as caught:
        await reachable(parse_target("https://nowhere.invalid/", private=False), private=False)
    assert caught.value.failure is DeliveryFailure.UNREACHABLE


def test_secrets_differ_by_city_endpoint_number_and_installation() -> None:
    from core.notifications.webhook import EndpointSecrets

    one, two = UUID(int=1), UUID(int=2)
    made = [SECRETS.secret(*given) for given in ((4401, one, 1), (4401, one, 2), (4401, two, 1), (4403, one, 1))]
    made.append(EndpointSecrets(b"other").secret(4401, one, 1))
    assert len(set(made)) == 5
    assert all(one.startswith("whsec_") for one in made)
    assert SECONDS < 60
