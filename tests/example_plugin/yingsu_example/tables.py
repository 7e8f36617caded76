"""The plugin's table: its name begins with the plugin's, its keys begin with the shard, its row class says who sees a row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.sdk.tables import Base, OfResponse, RowClass, exists, list_orders, missing, sharded_args, to


class CaseLabel(OfResponse, Base):
    """标签: a short text on an agency's part of a case."""

    __tablename__ = "case_label"
    __table_args__ = sharded_args(
        to("response", "response_id", info=missing("response_id", "There is no such response", "应诉不存在")),
        UniqueConstraint(
            *("shard", "response_id", "text"), info=exists("text", "This label is there already", "该标签已存在")
        ),
        Index("ix_case_label_case", "shard", "case_id", "created_at"),
        *list_orders("case_label", "created_at"),
        row_class=RowClass.RESPONSE,
    )

    text: Mapped[str]
    colour: Mapped[str]
    created_at: Mapped[datetime]
