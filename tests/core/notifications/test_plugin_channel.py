"""A plugin's channel: the example's outbox, which is there exactly once however often it is sent to."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import tests.support.example  # noqa: F401 - loads the example plugin
from core.extension.loading import Found
from core.extension.manifest import PluginError
from core.extension.registry import Registry
from core.notifications.channel import Channel
from tests.core.notifications.conftest import Post


def registry() -> Registry:
    return Registry.load([Found("case_label", "yingsu-example", sys.modules["yingsu_example"])])


async def test_a_message_leaves_by_a_plugins_channel_and_is_there_once(
    post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.channels |= registry().channels()
    told = await post.tell(await post.member({"case_label.outbox": "13812345678"}))
    await post.sender().send_due()
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.failure) == ("PENDING", "CHANNEL_UNKNOWN"), "nobody has said where the outbox is"
    monkeypatch.setenv("CASE_LABEL_OUTBOX", str(tmp_path))
    post.clock.instant = delivery.due_at
    assert await post.sender().send_due() == 1
    async with post.database.system() as session:
        # As a sender leaves it that dies before it writes down what it did.
        died = text("update notification_delivery set state = 'SENDING', sent_at = null where id = :id")
        await session.execute(died, {"id": delivery.id})
    post.clock.instant += timedelta(minutes=10)
    assert await post.sender().send_due() == 1
    (file,) = tmp_path.iterdir()
    assert file.stem == str(delivery.id)
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "to": "13812345678",
        "title": "期限将至",
        "body": "请及时办理。",
    }


async def test_what_a_channel_raises_is_tried_again_and_what_hangs_is_left(post: Post) -> None:
    import asyncio

    async def breaks(_parcel: object) -> None:
        raise ZeroDivisionError("the text of a message")

    async def hangs(_parcel: object) -> None:
        await asyncio.sleep(60)

    for name, send, failure in (("a_b.breaks", breaks, "CHANNEL_FAILED"), ("a_b.hangs", hangs, "TIMEOUT")):
        post.channels[name] = Channel(name, "渠道", "channel", ".*", "任意", send, 0.05)
        told = await post.tell(await post.member({name: "x"}))
        await post.sender().send_due()
        (delivery,) = await post.outside(told)
        assert (delivery.state, delivery.failure, delivery.attempts) == ("PENDING", failure, 1)


@pytest.mark.parametrize(
    "wrong", [{"name": "EMAIL "}, {"name": "sms"}, {"zh": " "}, {"address": "("}, {"seconds": 0}, {"seconds": 61}]
)
def test_a_channel_that_cannot_be_right_is_refused_when_it_is_declared(wrong: dict[str, object]) -> None:
    async def send(_parcel: object) -> None: ...

    right = {"name": "a_b.sms", "zh": "短信", "en": "sms", "address": ".*", "address_zh": "手机号", "send": send}
    with pytest.raises(Exception):  # noqa: B017 - a ValueError, or the fault of a pattern
        Channel(**{**right, **wrong})  # type: ignore[arg-type]


def test_a_plugin_declares_kinds_and_channels_in_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    known = registry()
    assert list(known.notifications()) == ["case_label.closed_label"]
    assert list(known.channels()) == ["case_label.outbox"]
    module = sys.modules["yingsu_example"]
    foreign = Channel("other.outbox", "短信", "sms", ".*", "手机号", module.notifications.OUTBOX.send)
    monkeypatch.setattr(module.notifications, "OUTBOX", foreign)
    with pytest.raises(PluginError, match=r"its channel other\.outbox must be called case_label\.<what>"):
        registry()
