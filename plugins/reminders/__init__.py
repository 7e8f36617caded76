"""全过程督办 (reminders): 报备 → 提醒 → 反馈 → 补救 → 通报. The table of contents of the plugin."""

from __future__ import annotations

from pathlib import Path

from core.sdk.hooks import Manifest, hookimpl
from plugins.reminders import circular
from plugins.reminders.graphql import CONTRIBUTION
from plugins.reminders.jobs import JOBS, SCHEDULES
from plugins.reminders.messages_zh import KINDS
from plugins.reminders.permissions import PERMISSIONS
from plugins.reminders.reactions import SUBSCRIPTIONS
from plugins.reminders.settings import RemindersSettings
from plugins.reminders.tables import TABLES

MANIFEST = Manifest(
    name="reminders",
    version="1.0.0",
    zh="全过程督办",
    en="full-process supervision",
    description="报备、提醒、反馈、补救、通报：期限不漏，逾期留痕。",
    migrations=Path(__file__).parent / "migrations",
)

yingsu_manifest = hookimpl(lambda: MANIFEST)
yingsu_tables = hookimpl(lambda: (*TABLES, *circular.TABLES))
yingsu_graphql = hookimpl(lambda: CONTRIBUTION)
yingsu_permissions = hookimpl(lambda: (*PERMISSIONS, *circular.PERMISSIONS))
yingsu_settings = hookimpl(lambda: RemindersSettings)
yingsu_subscriptions = hookimpl(lambda: SUBSCRIPTIONS)
yingsu_jobs = hookimpl(lambda: (*JOBS, *circular.JOBS))
yingsu_schedules = hookimpl(lambda: (*SCHEDULES, *circular.SCHEDULES))
yingsu_notifications = hookimpl(lambda: KINDS)
