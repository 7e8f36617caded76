"""Which tenant has which plugin on, and with which settings: both by effective day, never edited in place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args


class PluginEnablement(InTenant, Base):
    """插件启用: a city's policy (allowed, required, forbidden) and a tenant's own choice (enabled, disabled, inherit)."""

    __tablename__ = "plugin_enablement"
    __table_args__ = sharded_args(
        UniqueConstraint("shard", "code", "plugin"),
        CheckConstraint("policy in ('ALLOWED', 'REQUIRED', 'FORBIDDEN')", name="policy"),
        CheckConstraint("choice in ('ENABLED', 'DISABLED', 'INHERIT')", name="choice"),
        row_class=RowClass.TENANT,
    )

    high: Mapped[int] = mapped_column(BigInteger, comment="end of the tenant's range (exclusive)")
    plugin: Mapped[str]
    policy: Mapped[str]
    choice: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    version: Mapped[int]


class PluginSetting(InTenant, Base):
    """插件参数: one version of a plugin's settings in one tenant, in force from a day on."""

    __tablename__ = "plugin_setting"
    __table_args__ = sharded_args(
        UniqueConstraint("shard", "code", "plugin", "version"),
        row_class=RowClass.TENANT,
    )

    high: Mapped[int] = mapped_column(BigInteger)
    plugin: Mapped[str]
    version: Mapped[int]
    valid_from: Mapped[date]
    data: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
