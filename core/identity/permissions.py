"""Permissions (权限): named rights to read or to act, each with the roles that hold it.

The core's are derived from `roles.MATRIX` by the rules below; plugins declare theirs with roles of their own choice.
A permission says that a role may do such a thing at all; on which rows is decided by row-level security.

How the core's are derived:

1. Facts of a case are *read* by whoever reads cases. What is the agency's own (notes, periods) is not for the court nor
   for the neutral who mediates (matrix: "no agency internal notes").
2. Facts of a case are *entered* by whoever has W or A in the column of cases. A bureau with R alone does not.
3. An assigned role (承办机构) works in cases given to it; it cannot open one.
4. Who came to a hearing is recorded by W or A in the column of appearance: the court confirms attendance there. The head
   has W for the own excuse and signature only, which is no record of the hearing.
5. A whole file is imported by whoever enters cases for a tenant, not for one agency.
6. Configuration goes by the topics of the last column.
7. `also` holds what the matrix does not say and another rule does, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Self

from core.identity.roles import (
    MATRIX,
    Area,
    Grant,
    Role,
    ScopeKind,
    Topic,
    configuration_readers,
    configurers,
    enterers,
    readers,
)

_NAME = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")


@dataclass(frozen=True, slots=True)
class Permission:
    """权限: a right by name (`hearing.schedule`), what it is called, and the roles that hold it by default."""

    name: str
    zh: str
    en: str
    roles: frozenset[Role]

    def __post_init__(self) -> None:
        """`ValueError` for a name that is not dotted lower case, and for an empty label."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no permission's name: object.act in lower case")
        if not (self.zh.strip() and self.en.strip()):
            raise ValueError(f"{self.name} needs a Chinese and an English label")


class PermissionClash(Exception):
    """Two owners declare one permission; the message names both."""


@dataclass(frozen=True, slots=True)
class PermissionRegistry:
    """Every permission there is, by name: the core's and those of the plugins."""

    by_name: Mapping[str, Permission]
    by_role: Mapping[Role, frozenset[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sort by role once: every request asks for the permissions of its own."""
        held = {role: frozenset(one.name for one in self if role in one.roles) for role in Role}
        object.__setattr__(self, "by_role", MappingProxyType(held))

    @classmethod
    def of(cls, declared: Mapping[str, tuple[Permission, ...]]) -> Self:
        """Collect what each owner (`core`, a plugin's name) declares; `PermissionClash` if two declare the same."""
        owners: dict[str, str] = {}
        by_name: dict[str, Permission] = {}
        for owner, permissions in sorted(declared.items()):
            for permission in permissions:
                if permission.name in owners:
                    raise PermissionClash(f"{permission.name} is declared by {owners[permission.name]} and by {owner}")
                owners[permission.name] = owner
                by_name[permission.name] = permission
        return cls(MappingProxyType(by_name))

    def __iter__(self) -> Iterator[Permission]:
        return iter(self.by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self.by_name


def permissions_of(role: Role, registry: PermissionRegistry) -> frozenset[str]:
    """The names of all permissions that a role holds."""
    return registry.by_role[role]


_EVERYONE: Final = frozenset(Role)
_READ: Final = readers(Area.CASES)
_ENTER: Final = enterers(Area.CASES)
_OUTSIDERS: Final = frozenset({Role.COURT_LIAISON, Role.MEDIATOR, Role.CENTRE_STAFF})
_OPEN: Final = frozenset(role for role in _ENTER if role.scope is not ScopeKind.ASSIGNED)
_WIDE: Final = frozenset(role for role in Role if role.scope in {ScopeKind.TENANT, ScopeKind.AGENCY})
_FIGURES: Final = frozenset(role for role in Role if Grant.FIGURES in MATRIX[role][Area.CASES].grants)
_ATTENDANCE: Final = enterers(Area.APPEARANCE) - {Role.AGENCY_HEAD}

# Reading. Reference data (calendar, codes, tenants, agencies) is open to every member: a list cannot be filtered without.
CASES_READ = Permission("cases.read", "查看案件", "read cases", _READ)
PARTIES_READ = Permission("parties.read", "查看当事人", "read parties", _READ)
HEARINGS_READ = Permission("hearings.read", "查看开庭信息", "read hearings", _READ)
JUDGMENTS_READ = Permission("judgments.read", "查看裁判结果", "read judgments", _READ)
DOCUMENTS_READ = Permission("documents.read", "查看文书", "read documents", _READ)
OBLIGATIONS_READ = Permission("obligations.read", "查看履行义务", "read obligations", _READ)
SUGGESTIONS_READ = Permission("suggestions.read", "查看司法建议与检察建议", "read suggestions", _READ)
APPEARANCES_READ = Permission("appearances.read", "查看出庭情况", "read appearances", readers(Area.APPEARANCE))
PERIODS_READ = Permission("periods.read", "查看办案期限", "read periods", _READ - _OUTSIDERS)
INTERNAL_NOTES_READ = Permission("internal_notes.read", "查看内部备注", "read internal notes", _READ - _OUTSIDERS)
STATISTICS_READ = Permission("statistics.read", "查看统计数据", "read statistics", (_READ & _WIDE) | _FIGURES)
CALENDAR_READ = Permission("calendar.read", "查看工作日历", "read the calendar", _EVERYONE)
AGENCIES_READ = Permission("agencies.read", "查看行政机关", "read agencies", _EVERYONE)
TENANTS_READ = Permission("tenants.read", "查看行政区划", "read tenants", _EVERYONE)
NOTIFICATIONS_READ = Permission("notifications.read", "查看本人通知", "read one's own notifications", _EVERYONE)
NOTIFICATION_DELIVERIES_READ = Permission(
    "notification_deliveries.read",
    "查看送达记录",
    "read the delivery log",
    # Whoever supervises reminders, and whoever keeps the platform running: it names no case.
    frozenset({Role.CITY_BUREAU, Role.DISTRICT_BUREAU, Role.AUDITOR, Role.PLATFORM_ADMIN}),
)
NOTIFICATION_ENDPOINTS_READ = Permission(
    "notification_endpoints.read",
    "查看通知接收地址",
    "read webhook endpoints",
    frozenset({Role.CITY_BUREAU, Role.DISTRICT_BUREAU, Role.AUDITOR, Role.PLATFORM_ADMIN}),
)
SETTINGS_READ = Permission("settings.read", "查看设置", "read settings", configuration_readers(Topic.RULES))
MEMBERS_READ = Permission(
    "members.read",
    "查看用户",
    "read members",
    # Also the city bureau: its reminders and circulars are addressed to people (domain §4).
    configuration_readers(Topic.USERS) | {Role.CITY_BUREAU},
)
# "full event log" stands in the auditor's row alone.
AUDIT_READ = Permission("audit.read", "查看审计日志", "read the audit trail", frozenset({Role.AUDITOR}))

# Acts on a case.
CASE_REGISTER = Permission("case.register", "登记案件", "register a case", _OPEN)
RESPONSE_ATTACH = Permission("response.attach", "登记应诉", "attach a response", _OPEN)
CASE_CLOSE = Permission("case.close", "结案", "close a case", _ENTER)
CASE_REOPEN = Permission("case.reopen", "撤销结案", "reopen a case", _ENTER)
CASE_CORRECT = Permission("case.correct", "更正案件", "correct a case", _ENTER)
CASE_LINK = Permission("case.link", "关联案件", "link cases", _ENTER)
PARTY_ADD = Permission("party.add", "添加当事人", "add a party", _ENTER)
PARTY_CORRECT = Permission("party.correct", "更正当事人", "correct a party", _ENTER)
PERIOD_CHANGE = Permission("period.change", "变更期限", "change a period", _ENTER)
DOCUMENT_REGISTER = Permission("document.register", "登记文书", "register a document", _ENTER)
HEAD_NOTICE_REGISTER = Permission(
    "head_notice.register",
    "登记负责人出庭通知书",
    "register a notice for the head to appear",
    # The court's own written proposal, "R3 notices" in its row.
    _ENTER | {Role.COURT_LIAISON},
)
HEARING_SCHEDULE = Permission("hearing.schedule", "安排开庭", "schedule a hearing", _ENTER)
HEARING_RESCHEDULE = Permission("hearing.reschedule", "变更开庭时间", "reschedule a hearing", _ENTER)
HEARING_HOLD = Permission("hearing.hold", "登记已开庭", "record a hearing as held", _ENTER)
HEARING_CANCEL = Permission("hearing.cancel", "取消开庭", "cancel a hearing", _ENTER)
APPEARANCE_RECORD = Permission("appearance.record", "登记出庭情况", "record an appearance", _ATTENDANCE)
JUDGMENT_RECORD = Permission("judgment.record", "登记裁判", "record a judgment", _ENTER)
JUDGMENT_SERVE = Permission("judgment.serve", "登记裁判送达", "record the service of a judgment", _ENTER)
HOLDING_RECORD = Permission("holding.record", "登记对本机关的结果", "record a holding", _ENTER)
JUDGMENT_SET_EFFECTIVE = Permission("judgment.set_effective", "登记裁判生效", "record effectiveness", _ENTER)
OBLIGATION_RECORD = Permission("obligation.record", "登记履行义务", "record an obligation", _ENTER)
OBLIGATION_VOID = Permission("obligation.void", "作废履行义务", "void an obligation", _ENTER)
OBLIGATION_FULFIL = Permission("obligation.fulfil", "登记履行完毕", "record fulfilment", _ENTER)
SUGGESTION_RECORD = Permission("suggestion.record", "登记司法建议或检察建议", "record a suggestion", _ENTER)
SUGGESTION_REPLY = Permission("suggestion.reply", "登记建议回复", "record a reply to a suggestion", _ENTER)
INTERNAL_NOTES_WRITE = Permission("internal_notes.write", "填写内部备注", "write internal notes", _ENTER)
CASE_ASSIGN = Permission("case.assign", "指派案件", "assign a case to a member", _OPEN)
FILE_UPLOAD = Permission(
    "file.upload",
    "上传文件",
    "upload a file",
    # A signed excuse, a court's notice and a mediation agreement are files too.
    _ENTER | enterers(Area.APPEARANCE) | enterers(Area.MEDIATION),
)
FILE_DOWNLOAD = Permission("file.download", "下载文件", "download a file", _READ)
# Whoever works on the case must be able to reach the person; readers, the auditor too, see the mask.
SENSITIVE_REVEAL = Permission("sensitive.reveal", "查看敏感信息原文", "reveal a masked field", _ENTER)
CASES_IMPORT = Permission(
    "cases.import",
    "导入案件",
    "import cases",
    frozenset(role for role in _ENTER if role.scope is ScopeKind.TENANT),
)

# Configuration and users.
MEMBER_ADMINISTER = Permission("member.administer", "管理用户", "administer members", configurers(Topic.USERS))
AGENCY_ADMINISTER = Permission("agency.administer", "管理行政机关", "administer agencies", configurers(Topic.CODES))
TENANT_ADMINISTER = Permission("tenant.administer", "管理行政区划", "administer tenants", configurers(Topic.PLATFORM))
SETTINGS_ADMINISTER = Permission("settings.administer", "管理设置", "administer settings", configurers(Topic.RULES))
DEAD_LETTERS_READ = Permission("dead_letters.read", "查看死信", "read dead letters", configurers(Topic.PLATFORM))
DEAD_LETTER_SETTLE = Permission(
    "dead_letter.settle", "处理死信", "run a dead letter again or give it up", configurers(Topic.PLATFORM)
)
NOTIFICATION_DELIVERY_RETRY = Permission(
    "notification_delivery.retry",
    "重新发送通知",
    "send a message again",
    frozenset({Role.CITY_BUREAU, Role.DISTRICT_BUREAU, Role.PLATFORM_ADMIN}),
)
NOTIFICATION_ENDPOINTS_ADMINISTER = Permission(
    "notification_endpoints.administer",
    "管理通知接收地址",
    "administer webhook endpoints",
    # Not the platform administrator: what endpoints are told names cases, which that role may not see (domain §10).
    frozenset({Role.CITY_BUREAU, Role.DISTRICT_BUREAU}),
)
CALENDAR_IMPORT = Permission("calendar.import", "导入工作日历", "import a calendar", configurers(Topic.CALENDAR))
PLUGIN_ENABLE = Permission(
    "plugin.enable",
    "启用或停用插件",
    "enable or disable a plugin",
    # Also district and town: each decides for itself within what the city allows (architecture §5).
    configurers(Topic.RULES) | {Role.DISTRICT_BUREAU, Role.TOWN},
)

CORE_PERMISSIONS: Final = tuple(value for value in list(globals().values()) if isinstance(value, Permission))
"""Every permission of the core, in the order above."""
