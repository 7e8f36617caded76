"""案件标签 (case labels): the table of contents of the plugin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.sdk.events import CaseClosed
from core.sdk.graphql import Contribution
from core.sdk.hooks import Manifest, Permission, Subscription, hookimpl
from core.sdk.jobs import Job, Schedule
from core.sdk.notifications import Channel, NotificationKind
from yingsu_example import acts, graphql, jobs, notifications, permissions, reactions, subscriptions
from yingsu_example.settings import LabelSettings
from yingsu_example.tables import CaseLabel


@hookimpl
def yingsu_manifest() -> Manifest:
    return Manifest(
        name="case_label",
        version="1.0.0",
        zh="案件标签",
        en="case labels",
        description="为本机关的应诉加短标签，颜色由各市设定。",
        migrations=Path(__file__).parent / "migrations",
    )


@hookimpl
def yingsu_tables() -> Sequence[type[CaseLabel]]:
    return (CaseLabel,)


@hookimpl
def yingsu_graphql() -> Contribution:
    return Contribution(
        "case_label",
        nodes=graphql.NODES,
        extensions=graphql.EXTENSIONS,
        queries=graphql.QUERIES,
        acts=acts.ACTS,
        subscriptions=subscriptions.SUBSCRIPTIONS,
    )


@hookimpl
def yingsu_permissions() -> Sequence[Permission]:
    return (permissions.LABEL_ADD,)


@hookimpl
def yingsu_settings() -> type[LabelSettings]:
    return LabelSettings


@hookimpl
def yingsu_subscriptions() -> Sequence[Subscription]:
    return (Subscription(CaseClosed, reactions.label_closed),)


@hookimpl
def yingsu_jobs() -> Sequence[Job]:
    return (jobs.RECOLOUR, jobs.TIDY)


@hookimpl
def yingsu_schedules() -> Sequence[Schedule]:
    return jobs.SCHEDULES


@hookimpl
def yingsu_notifications() -> Sequence[NotificationKind]:
    return (notifications.LABEL_ADDED,)


@hookimpl
def yingsu_channels() -> Sequence[Channel]:
    return (notifications.OUTBOX,)
