"""A way out of the house (渠道), as the core and plugins declare it: e-mail, a webhook, a text message, WeCom (企业微信).

A channel sends at least once: whoever sends may die after the message has left and before that is written down, and then it is
sent again. So every parcel has an id that stays the same in each attempt, and a channel must hand it on: as the key by which
the other side sends once (most text message and WeCom gateways take one), or as what a receiver recognises a repeat by.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from core.labels import Labelled
from core.notifications.declared import KIND_NAME

IN_APP: Final = "IN_APP"
EMAIL: Final = "EMAIL"
WEBHOOK: Final = "WEBHOOK"
RESERVED: Final = frozenset({IN_APP, EMAIL, WEBHOOK})
EMAIL_ADDRESS: Final = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"
CHANNEL_NAME: Final = KIND_NAME
"""A plugin's channel is `<plugin>.<what>`."""


class DeliveryState(Labelled):
    """送达状态: how far a message is on its way by one channel."""

    PENDING = "PENDING", "待发送", "waiting to be sent"
    SENDING = "SENDING", "发送中", "being sent"
    SENT = "SENT", "已发送", "sent"
    FAILED = "FAILED", "发送失败", "given up"


class DeliveryFailure(Labelled):
    """送达失败原因: why the last attempt did not succeed."""

    TIMEOUT = "TIMEOUT", "对方超时未答复", "the receiver did not answer in time"
    UNREACHABLE = "UNREACHABLE", "无法连接", "the receiver cannot be reached"
    INSECURE = "INSECURE", "安全连接失败", "no secure connection"
    REDIRECTED = "REDIRECTED", "对方要求跳转", "the receiver redirects, which is not followed"
    REJECTED = "REJECTED", "对方拒绝", "the receiver refuses it"
    RECEIVER_FAILED = "RECEIVER_FAILED", "对方出错", "the receiver failed"
    ADDRESS_NOT_ALLOWED = "ADDRESS_NOT_ALLOWED", "不允许的地址", "an address that may not be sent to"
    ADDRESS_REFUSED = "ADDRESS_REFUSED", "地址无效", "there is no such address"
    CHANNEL_UNKNOWN = "CHANNEL_UNKNOWN", "渠道未启用", "the channel is not set up"
    CHANNEL_FAILED = "CHANNEL_FAILED", "渠道出错", "the channel failed"
    ENDPOINT_DISABLED = "ENDPOINT_DISABLED", "接收地址已停用", "the endpoint is disabled"
    RECIPIENT_ENDED = "RECIPIENT_ENDED", "收件人已离任", "the recipient's membership has ended"


class NotSent(Exception):
    """A message that did not leave. A `final` one is not tried again."""

    def __init__(self, failure: DeliveryFailure, *, final: bool = False) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.final = final


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it leaves."""

    notification_id: UUID
    key: str
    kind: str
    title: str
    body: str
    urgent: bool
    written_at: datetime
    subject_type: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class Addressee:
    """The member whom it is for, as the identity provider knows them."""

    shard: int
    member_id: UUID
    code: int
    issuer: str
    subject: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The receiver of a webhook: `secrets` sign, the present one first."""

    id: UUID
    url: str
    secret_version: int
    former_until: datetime | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What leaves at once by one channel to one address: one letter, or those of a daily digest.

    `id` is the same in every attempt, and no other parcel has it.
    """

    id: UUID
    channel: str
    address: str
    to: Addressee
    letters: tuple[Letter, ...]
    endpoint: Endpoint | None = None

    @property
    def title(self) -> str:
        """The letter's title, or that of a digest."""
        if len(self.letters) == 1:
            return self.letters[0].title
        return f"今日通知汇总（{len(self.letters)}条）"

    @property
    def body(self) -> str:
        """The letter's text, or all of them, the oldest first."""
        if len(self.letters) == 1:
            return self.letters[0].body
        return "\n\n".join(f"{n}. {one.title}\n{one.body}" for n, one in enumerate(self.letters, 1))


@dataclass(frozen=True, slots=True)
class Channel:
    """渠道: `send` hands a parcel over or raises `NotSent`; whatever else it raises is tried again.

    `address` is what a member's address by this channel looks like (a whole match), `address_zh` says so in Chinese.
    It must end within `seconds`; it is cancelled then, and the parcel is sent again later.
    """

    name: str
    zh: str
    en: str
    address: str
    address_zh: str
    send: Callable[[Parcel], Awaitable[None]] = field(repr=False)
    seconds: float = 20.0

    def __post_init__(self) -> None:
        """`ValueError` for a name, a label, a pattern or a time that cannot be right."""
        if self.name not in RESERVED and not CHANNEL_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no channel's name: <plugin>.<what> in lower case")
        if not (self.zh.strip() and self.en.strip() and self.address_zh.strip()):
            raise ValueError(f"{self.name} needs a Chinese and an English label, and what its addresses look like")
        if not 0 < self.seconds <= 60:  # noqa: PLR2004 - a minute; a claim lasts two
            raise ValueError(f"{self.name} must end within a minute")
        re.compile(self.address)

    def takes(self, address: str) -> bool:
        """Whether this is an address of the channel."""
        return re.fullmatch(self.address, address) is not None
