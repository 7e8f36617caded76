"""The installation's own secret: signs global ids, so that a forged one is told from a foreign one."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, RowClass


class Installation(Base):
    """安装信息: exactly one row."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": {"row_class": RowClass.SYSTEM}})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id_secret: Mapped[bytes] = mapped_column(LargeBinary)
