"""Closed error codes of the acts on members and case grants."""

from __future__ import annotations

from core.cases.refusals import common
from core.labels import Labelled

_ROLE_TOO_WIDE = "ROLE_TOO_WIDE", "无权授予或管理该角色", "This role is not yours to give"
_ROLE_NOT_AT_LEVEL = "ROLE_NOT_AT_LEVEL", "该层级没有此角色", "There is no such role at a tenant of this level"
_SELF = "SELF", "不能修改自己的任职", "Nobody changes their own membership"
_ENDED = "ENDED", "任职或授权已终止", "It has ended already"


class MemberAddRefusal(Labelled):
    """添加用户的错误: why the act "add a member" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    ROLE_TOO_WIDE = _ROLE_TOO_WIDE
    ROLE_NOT_AT_LEVEL = _ROLE_NOT_AT_LEVEL
    AGENCY_REQUIRED = "AGENCY_REQUIRED", "该角色须填写所属机关", "This role needs its agency"
    COURT_REQUIRED = "COURT_REQUIRED", "该角色须填写所属法院", "This role needs its court"
    COURT_UNKNOWN = common.COURT_UNKNOWN
    TENANT_REQUIRED = "TENANT_REQUIRED", "须填写所属地区", "State the tenant"
    TENANT_MISMATCH = "TENANT_MISMATCH", "地区与机关不符", "The tenant is not the agency's"
    NOT_FOR_ROLE = "NOT_FOR_ROLE", "该角色没有所属机关或法院", "This role has no agency or court"
    ISSUER_REQUIRED = "ISSUER_REQUIRED", "须填写身份提供方", "State the identity provider"
    ALREADY_MEMBER = "ALREADY_MEMBER", "该用户已有此任职", "The person holds this membership already"
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class MemberEndRefusal(Labelled):
    """终止任职的错误: why the act "end a membership" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    ROLE_TOO_WIDE = _ROLE_TOO_WIDE
    SELF = _SELF
    ENDED = _ENDED
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class MemberChangeRoleRefusal(Labelled):
    """变更角色的错误: why the act "change a member's role" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    ROLE_TOO_WIDE = _ROLE_TOO_WIDE
    ROLE_NOT_AT_LEVEL = _ROLE_NOT_AT_LEVEL
    ROLE_NOT_FOR_PLACE = (
        "ROLE_NOT_FOR_PLACE",
        "角色与所属机关或法院不符，请终止后重新添加",
        "The role does not fit the member's agency or court: end the membership and add another",
    )
    NOTHING_TO_CHANGE = common.NOTHING_TO_CHANGE
    SELF = _SELF
    ENDED = _ENDED


class CaseGrantRefusal(Labelled):
    """授权案件的错误: why the act "give a case to a member" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    ROLE_NOT_ASSIGNABLE = "ROLE_NOT_ASSIGNABLE", "该角色不按案件授权", "A member of this role is given no single cases"
    AGENCY_NOT_IN_CASE = (
        "AGENCY_NOT_IN_CASE",
        "该用户所属机关不是本案应诉机关",
        "The member's agency does not answer this case",
    )
    ALREADY_GRANTED = "ALREADY_GRANTED", "案件已授权给该用户", "The member has the case already"
    ENDED = _ENDED
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class CaseGrantEndRefusal(Labelled):
    """终止案件授权的错误: why the act "take a case back" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    ENDED = _ENDED
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER
