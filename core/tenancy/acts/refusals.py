"""Closed error codes of the acts on agencies."""

from __future__ import annotations

from core.cases.refusals import common
from core.labels import Labelled


class AgencyRegisterRefusal(Labelled):
    """登记行政机关的错误."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    TENANT_CLOSED = "TENANT_CLOSED", "该地区已撤销", "The tenant has been closed"
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER
    ALREADY_REGISTERED = (
        "ALREADY_REGISTERED",
        "该编号的机关已登记",
        "An agency with this external code is registered already",
    )


class AgencyCorrectRefusal(Labelled):
    """更正行政机关信息的错误."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOTHING_TO_CHANGE = common.NOTHING_TO_CHANGE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER
