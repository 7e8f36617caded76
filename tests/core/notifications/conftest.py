"""A member who wants to be told by every channel, and receivers as processes of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from core.acting import Subject
from core.clock import FrozenClock
from core.db.session import Database
from core.identity.roles import Role
from core.notifications.channel import Channel
from core.notifications.declared import NotificationKind
from core.notifications.mail import MailServer
from core.notifications.recipients import ToMember
from core.notifications.sending import Sender
from core.notifications.tables import NotificationDelivery, NotificationEndpoint, NotificationPreference
from core.notifications.webhook import EndpointSecrets, Webhooks
from core.notifications.writing import Message, Told, notify_many
from tests.support.acting import NOW, add_member, rows_of
from tests.support.city import City
from tests.support.receivers.running import Running, receiver

PLAIN = NotificationKind("example.plain", "普通", "plain", "期限将至", "请及时办理。")
URGENT = NotificationKind("example.urgent", "紧急", "urgent", "今日到期", "请立即办理。", urgent=True)
SECRETS = EndpointSecrets(b"installation")


@pytest.fixture(scope="session")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with receiver("mail", tmp_path_factory.mktemp("mail")) as running:
        yield running


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with receiver("web", tmp_path_factory.mktemp("web")) as running:
        yield running


@dataclass(slots=True)
class Post:
    """A district's members, endpoints and sender; each test has members of its own."""

    database: Database
    city: City
    channels: dict[str, Channel]
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOW))
    more: dict[str, Any] = field(default_factory=dict)

    def sender(self, **more: Any) -> Sender:
        return Sender(self.database, self.clock, self.channels, **{**self.more, **more})

    async def member(self, channels: dict[str, str] | None = None, code: int = 440112000, **wishes: time) -> UUID:
        async with self.database.system() as session:
            member = await add_member(session, code, Role.DISTRICT_BUREAU, subject=str(uuid4()))
            owner = {"shard": code // 100000, "code": code, "member_id": member, "changed_at": NOW}
            await session.execute(insert(NotificationPreference).values(**owner, channels=channels or {}, **wishes))
        return member

    async def endpoint(self, url: str, code: int = 440112000, **more: Any) -> UUID:
        values = {"shard": code // 100000, "code": code, "name": "OA", "url": url, "created_at": NOW, "created_by": "x"}
        async with self.database.system() as session:
            added = insert(NotificationEndpoint).values(**values, **more).returning(NotificationEndpoint.id)
            return await session.scalar(added)

    async def tell(self, member: UUID, kind: NotificationKind = PLAIN, shard: int = 4401, key: str = "") -> Told:
        message = Message(shard, ToMember(member), kind, Subject("Case", UUID(int=9), 1), {}, key or str(uuid4()))
        async with self.database.system() as session:
            (told,) = await notify_many(session, [message], self.clock)
        return told

    async def outside(self, told: Told) -> list[Any]:
        """The deliveries of a message by channels that lead out of the house."""
        found = await rows_of(self.database, NotificationDelivery, notification_id=told.notification_id)
        return [row for row in found if row.channel != "IN_APP"]


@pytest.fixture
async def post(database: Database, city: City, mail: Running) -> AsyncIterator[Post]:
    server = MailServer.parse(f"smtp+plain://127.0.0.1:{mail.port}", "应诉平台 <yingsu@city.test>", frozenset(), 10.0)
    post = Post(database, city, {})
    webhooks = Webhooks(SECRETS, post.clock, private=True)
    for channel in (server.channel(post.clock), webhooks.channel()):
        post.channels[channel.name] = channel
    yield post
    async with database.system() as session:
        await session.execute(text("update notification_endpoint set disabled_at = now()"))
        await session.execute(text("update notification_delivery set state = 'FAILED' where state <> 'SENT'"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sending")
