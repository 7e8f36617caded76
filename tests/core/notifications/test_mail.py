"""Mail to a real SMTP server: what arrives, what does not, and what a repeat looks like."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time as clock_time
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.notifications.mail import MailServer
from tests.core.notifications.conftest import URGENT, Post
from tests.support.acting import NOW, TODAY
from tests.support.receivers.running import ROOT, Running


def address(name: str = "zhang") -> str:
    return f"{name}.{uuid4().hex[:8]}@agency.test"


def sent_to(mail: Running, to: str) -> list[dict[str, Any]]:
    return [one for one in mail.received() if one["recipients"] == [to]]


async def test_a_message_arrives_once_with_its_id(post: Post, mail: Running) -> None:
    to = address()
    told = await post.tell(await post.member({"EMAIL": to}))
    assert await post.sender().send_due() == 1
    assert await post.sender().send_due() == 0
    (arrived,) = sent_to(mail, to)
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.sent_at, delivery.attempts, delivery.failure) == ("SENT", NOW, 1, None)
    assert arrived["message_id"] == f"<{delivery.id.hex}@city.test>"
    assert (arrived["subject"], arrived["body"].strip()) == ("期限将至", "请及时办理。")
    assert (arrived["from"], arrived["to"], arrived["automatic"]) == (
        "应诉平台 <yingsu@city.test>",
        to,
        "auto-generated",
    )


async def test_many_senders_at_once_send_each_message_once(post: Post, mail: Running) -> None:
    import asyncio

    to = address()
    member = await post.member({"EMAIL": to})
    for n in range(120):
        await post.tell(member, key=f"at once {n}")
    sent = await asyncio.gather(*(post.sender().send_due() for _ in range(4)))
    assert sum(sent) == 120
    ids = [one["message_id"] for one in sent_to(mail, to)]
    assert len(ids) == len(set(ids)) == 120


async def test_a_refused_address_is_given_up_and_a_full_mailbox_tried_again(post: Post) -> None:
    for name, state, failure in (("nobody", "FAILED", "ADDRESS_REFUSED"), ("full", "PENDING", "ADDRESS_REFUSED")):
        told = await post.tell(await post.member({"EMAIL": address(name)}))
        await post.sender().send_due()
        (delivery,) = await post.outside(told)
        assert (delivery.state, delivery.failure, delivery.attempts) == (state, failure, 1)


async def test_attempts_are_bounded_and_wait_longer_each_time(post: Post) -> None:
    told = await post.tell(await post.member({"EMAIL": address("full")}))
    waits = []
    for _ in range(4):
        await post.sender(attempts=4).send_due()
        (delivery,) = await post.outside(told)
        waits.append((delivery.due_at - post.clock.instant).total_seconds())
        post.clock.instant = delivery.due_at
    assert (delivery.state, delivery.attempts, delivery.sent_at) == ("FAILED", 4, None)
    assert 60 <= waits[0] <= 75
    assert 240 <= waits[1] <= 300
    assert 960 <= waits[2] <= 1_200
    assert await post.sender().send_due() == 0


async def test_what_is_three_days_old_is_given_up(post: Post) -> None:
    told = await post.tell(await post.member({"EMAIL": address("full")}))
    post.clock.instant = NOW + timedelta(days=3, minutes=1)
    await post.sender().send_due()
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.attempts) == ("FAILED", 1)


async def test_without_a_server_it_waits(post: Post, mail: Running) -> None:
    to = address()
    told = await post.tell(await post.member({"EMAIL": to}))
    nowhere = MailServer.parse("smtp+plain://127.0.0.1:9", "a@city.test", frozenset(), 5.0).channel(post.clock)
    for channels, failure in (({}, "CHANNEL_UNKNOWN"), ({"EMAIL": nowhere}, "UNREACHABLE")):
        sender = post.sender()
        sender.channels = channels
        await sender.send_due()
        (delivery,) = await post.outside(told)
        assert (delivery.state, delivery.failure) == ("PENDING", failure)
        post.clock.instant = delivery.due_at
    await post.sender().send_due()
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.failure, len(sent_to(mail, to))) == ("SENT", None, 1)


async def test_mail_leaves_for_allowed_domains_only(post: Post, mail: Running) -> None:
    to = address()
    told = await post.tell(await post.member({"EMAIL": to}))
    server = MailServer.parse(f"smtp+plain://127.0.0.1:{mail.port}", "a@city.test", frozenset({"gov.test"}), 5.0)
    sender = post.sender()
    sender.channels = {"EMAIL": server.channel(post.clock)}
    await sender.send_due()
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.failure, sent_to(mail, to)) == ("FAILED", "ADDRESS_NOT_ALLOWED", [])


async def test_nobody_who_has_left_is_written_to(post: Post, mail: Running) -> None:
    to = address()
    member = await post.member({"EMAIL": to})
    told = await post.tell(member)
    async with post.database.system() as session:
        await session.execute(
            text("update member set valid_until = :today where id = :id"), {"today": TODAY, "id": member}
        )
    await post.sender().send_due()
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.failure, sent_to(mail, to)) == ("FAILED", "RECIPIENT_ENDED", [])


async def test_a_digest_is_one_mail_at_its_time_and_urgent_ones_do_not_wait(post: Post, mail: Running) -> None:
    """10:00 in Shanghai; the digest is at 17:00, nothing leaves from 12:00 to 17:30."""
    to = address()
    wishes = {"digest_at": time(17), "quiet_from": time(12), "quiet_until": time(17, 30)}
    member = await post.member({"EMAIL": to}, **wishes)
    told = [await post.tell(member) for _ in range(3)]
    await post.tell(member, URGENT)
    await post.sender().send_due()
    assert [(one["subject"], one["importance"]) for one in sent_to(mail, to)] == [("今日到期", "high")]
    post.clock.instant = datetime(2026, 3, 10, 9, 29, tzinfo=UTC)
    assert await post.sender().send_due() == 0
    post.clock.instant = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
    assert await post.sender().send_due() == 1
    _, digest = sent_to(mail, to)
    assert digest["subject"] == "今日通知汇总（3条）"
    assert digest["body"].count("期限将至") == 3
    states = [row for one in told for row in await post.outside(one)]
    assert {row.state for row in states} == {"SENT"}
    assert {f"<{row.batch_id.hex}@city.test>" for row in states} == {digest["message_id"]}


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    until = clock_time.monotonic() + seconds
    while not true():
        assert clock_time.monotonic() < until
        clock_time.sleep(0.05)


@pytest.mark.parametrize("digest", [False, True])
async def test_a_sender_killed_between_sending_and_writing_it_down_sends_the_same_again(
    post: Post, mail: Running, database_url: str, digest: bool
) -> None:
    """The server has stored the mail and not answered yet: the sender dies by kill -9. The repeat has the same Message-ID."""
    to = address("slow")
    post.clock.instant = datetime.now(UTC) - timedelta(days=1, minutes=5)
    member = await post.member({"EMAIL": to}, **({"digest_at": time(0)} if digest else {}))
    told = [await post.tell(member) for _ in range(3 if digest else 1)]
    settings = {
        "YINGSU_DATABASE_URL": database_url,
        "YINGSU_SMTP_URL": f"smtp+plain://127.0.0.1:{mail.port}",
        "YINGSU_SMTP_FROM": "yingsu@city.test",
        "YINGSU_DELIVERY_SECONDS": "0.2",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.sender_process"], cwd=ROOT, env={**os.environ, **settings}
    )
    try:
        wait_until(lambda: len(sent_to(mail, to)) == 1)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    rows = [row for one in told for row in await post.outside(one)]
    assert {row.state for row in rows} == {"SENDING"}
    assert await post.sender().send_due() == 0, "the claim still holds"
    if digest:
        post.clock.instant = datetime.now(UTC) - timedelta(minutes=1)
        later = await post.tell(member)
        assert await post.outside(later)
    async with post.database.system() as session:
        # The server answers at once now.
        await session.execute(
            text("update notification_delivery set address = replace(address, 'slow', 'quick') where member_id = :id"),
            {"id": member},
        )
    post.clock.instant = datetime.now(UTC) + timedelta(minutes=3)
    assert await post.sender().send_due() == 1
    first, again = sent_to(mail, to) + sent_to(mail, to.replace("slow", "quick"))
    assert first["message_id"] == again["message_id"]
    assert first["body"] == again["body"]
    rows = [row for one in told for row in await post.outside(one)]
    assert {(row.state, row.attempts) for row in rows} == {("SENT", 2)}


@pytest.mark.parametrize(
    "url",
    ["http://host", "smtp://", "smtp://host/path", "smtp://host?x=1", "host:25", "smtp://host:nan"],
)
def test_what_is_no_mail_server_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        MailServer.parse(url, "a@b.test", frozenset(), 5.0)
    assert "host?" not in str(caught.value)


def test_a_title_cannot_add_a_header(post: Post) -> None:
    """Values are one line, and so is a title."""
    from core.notifications.wording import shown

    assert "\n" not in shown("a\r\nBcc: x@y.test")
    assert "\r" not in shown("a\r\nBcc: x@y.test")
