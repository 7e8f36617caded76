"""The hooks that a plugin may implement: few, synchronous, without arguments, each answering declared data.

Only `yingsu_manifest` is required. Their names are prefixed, because a plugin's package has modules called `tables`, `graphql`,
`settings`: a function of that name in its `__init__` would hide them.

They are called once, when the process starts; none of them may touch a database or a clock.
Indicators and document templates get their hooks together with what reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pluggy

from core.extension.manifest import Manifest, Subscription
from core.extension.settings import PluginSettings
from core.feeds.entries import FeedSource
from core.identity.permissions import Permission
from core.jobs.job import Job, Schedule
from core.notifications.channel import Channel
from core.notifications.declared import NotificationKind
from schema.declared.types import Contribution

PROJECT = "yingsu"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def yingsu_manifest() -> Manifest:  # type: ignore[empty-body]
    """清单: who the plugin is."""


@hookspec
def yingsu_tables() -> Sequence[type[Any]]:  # type: ignore[empty-body]
    """数据表: its declarative classes. Each is prefixed with the plugin's name, has a row class, and keys that start with the shard."""


@hookspec
def yingsu_graphql() -> Contribution:  # type: ignore[empty-body]
    """接口: what it puts into the schema: types, fields on other owners' types, queries, mutations."""


@hookspec
def yingsu_permissions() -> Sequence[Permission]:  # type: ignore[empty-body]
    """权限: the rights that it declares, with the roles that hold them."""


@hookspec
def yingsu_settings() -> type[PluginSettings]:  # type: ignore[empty-body]
    """参数: the model of its settings per tenant. Every field has a default."""


@hookspec
def yingsu_subscriptions() -> Sequence[Subscription]:  # type: ignore[empty-body]
    """订阅: its reactions to domain events, in the transaction of the act."""


@hookspec
def yingsu_jobs() -> Sequence[Job]:  # type: ignore[empty-body]
    """后台任务: its jobs."""


@hookspec
def yingsu_schedules() -> Sequence[Schedule]:  # type: ignore[empty-body]
    """定时: when its jobs run by themselves."""


@hookspec
def yingsu_notifications() -> Sequence[NotificationKind]:  # type: ignore[empty-body]
    """通知: the kinds of messages that it tells members, with their wording."""


@hookspec
def yingsu_channels() -> Sequence[Channel]:  # type: ignore[empty-body]
    """渠道: ways out of the house beside e-mail and webhooks: text messages (短信), WeCom (企业微信)."""


@hookspec
def yingsu_feeds() -> Sequence[FeedSource]:  # type: ignore[empty-body]
    """日程: what it adds to members' calendars."""
