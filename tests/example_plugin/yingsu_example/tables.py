"""The plugin's table: its name begins with the plugin's, its keys begin with the shard, its row class says who sees a row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.sdk.tables import Base, OfResponse, RowClass, list_orders, sharded_args, to


class CaseLabel(OfResponse, Base):
    """标签: a short text on an agency's part of a case."""

    __tablename__ = "case_label"
    __table_args__ = sharded_args(
        to("response", "response_id"),
        UniqueConstraint("shard", "response_id", "text"),
        Index("ix_case_label_case", "shard", "case_id", "created_at"),
        *list_orders("case_label", "created_at"),
        row_class=RowClass.RESPONSE,
    )

    text: Mapped[str]
    colour: Mapped[str]
    created_at: Mapped[datetime]
