"""Roles (角色) and the matrix of what each may do in each field of work, as declared data.

`MATRIX` copies the table of roles and visibility of the domain rules (§10) row by row, with its remarks. Permissions are
derived from it in `permissions.py`; which rows a role sees is decided by row-level security from its `scope`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

from core.labels import Labelled


class ScopeKind(Labelled):
    """可见范围: what a role's rows are found by; row-level security holds the same names in lower case (`app.scope`)."""

    TENANT = "TENANT", "本地区范围", "the tenant's range"
    AGENCY = "AGENCY", "本机关案件", "the agency's own cases"
    COURT = "COURT", "本院案件", "the court's own cases"
    ASSIGNED = "ASSIGNED", "指派的案件", "assigned cases"
    REFERRED = "REFERRED", "移交调解的案件", "cases referred to mediation"
    NONE = "NONE", "不含案件内容", "no case content"


class Role(Labelled):
    """角色: what a member is in the tenant, agency or court that the membership names."""

    CITY_BUREAU = "CITY_BUREAU", "市司法局经办人", "city justice bureau officer"
    CITY_LEADER = "CITY_LEADER", "市司法局领导", "city justice bureau leader"
    DISTRICT_BUREAU = "DISTRICT_BUREAU", "区司法局经办人", "district justice bureau officer"
    AGENCY_LEGAL = "AGENCY_LEGAL", "机关法制机构", "agency legal office"
    AGENCY = "AGENCY", "机关联络员", "agency liaison officer"
    AGENCY_HEAD = "AGENCY_HEAD", "机关负责人", "agency head"
    HANDLER = "HANDLER", "承办机构", "handling unit"
    TOWN = "TOWN", "镇街", "town or street"
    COURT_LIAISON = "COURT_LIAISON", "法院联络员", "court liaison officer"
    MEDIATOR = "MEDIATOR", "调解员", "mediator"
    CENTRE_STAFF = "CENTRE_STAFF", "调解中心工作人员", "mediation centre staff"
    EXECUTIVE_SECRETARY = "EXECUTIVE_SECRETARY", "市府办常务会议秘书", "executive-meeting secretary"
    AUDITOR = "AUDITOR", "监察审计人员", "auditor"
    PLATFORM_ADMIN = "PLATFORM_ADMIN", "平台管理员", "platform administrator"

    @property
    def scope(self) -> ScopeKind:
        """What its rows are found by."""
        return SCOPES[self]

    @property
    def token_name(self) -> str:
        """Its name on the command line and in `tokens.json`: `city_bureau`."""
        return self.value.lower()

    @classmethod
    def from_token_name(cls, name: str) -> Self:
        """The role of that lower-case name; `ValueError` if there is none."""
        for role in cls:
            if role.token_name == name:
                return role
        raise ValueError(f"{name!r} is no role")


SCOPES: Final[Mapping[Role, ScopeKind]] = MappingProxyType(
    {
        Role.CITY_BUREAU: ScopeKind.TENANT,
        Role.CITY_LEADER: ScopeKind.TENANT,
        Role.DISTRICT_BUREAU: ScopeKind.TENANT,
        Role.AGENCY_LEGAL: ScopeKind.AGENCY,
        Role.AGENCY: ScopeKind.AGENCY,
        Role.AGENCY_HEAD: ScopeKind.AGENCY,
        Role.HANDLER: ScopeKind.ASSIGNED,
        Role.TOWN: ScopeKind.TENANT,
        Role.COURT_LIAISON: ScopeKind.COURT,
        Role.MEDIATOR: ScopeKind.ASSIGNED,
        Role.CENTRE_STAFF: ScopeKind.REFERRED,
        # Reads figures only; those are summary rows of its tenant, and no case row at all.
        Role.EXECUTIVE_SECRETARY: ScopeKind.NONE,
        Role.AUDITOR: ScopeKind.TENANT,
        Role.PLATFORM_ADMIN: ScopeKind.NONE,
    }
)


class Area(Labelled):
    """业务领域: a column of the matrix."""

    CASES = "CASES", "案件", "cases"
    REPORTS = "REPORTS", "报备与反馈", "reports and feedback"
    REMINDERS = "REMINDERS", "提醒", "reminders"
    APPEARANCE = "APPEARANCE", "负责人出庭", "appearance"
    MEDIATION = "MEDIATION", "调解", "mediation"
    LOSS_REPORTS = "LOSS_REPORTS", "败诉分析报告", "loss reports"
    SCORING = "SCORING", "考评", "scoring"
    CIRCULARS = "CIRCULARS", "通报", "circulars"
    CONFIGURATION = "CONFIGURATION", "配置与用户", "configuration and users"


class Grant(Labelled):
    """权限种类: a letter of the matrix."""

    READ = "READ", "查看", "read"
    WRITE = "WRITE", "办理本环节", "write its own step"
    APPROVE = "APPROVE", "审核", "approve or verify"
    FIGURES = "FIGURES", "查看汇总数据", "read aggregates only"


class Topic(Labelled):
    """配置事项: what the column of configuration and users is about, for the roles that have a part of it."""

    CALENDAR = "CALENDAR", "工作日历", "calendar"
    RULES = "RULES", "规则参数", "rules"
    CODES = "CODES", "代码与机关", "codes and agencies"
    USERS = "USERS", "用户", "users"
    ROSTER = "ROSTER", "调解员名册", "mediator roster"
    PLATFORM = "PLATFORM", "平台", "tenants and platform"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the matrix: the letters, the remark beside them, and for configuration the topics."""

    grants: frozenset[Grant] = frozenset()
    remark: str = ""
    topics: frozenset[Topic] = frozenset()

    @property
    def reads(self) -> bool:
        """Whoever writes or approves reads too; figures alone are no reading."""
        return bool(self.grants & {Grant.READ, Grant.WRITE, Grant.APPROVE})

    @property
    def enters(self) -> bool:
        """Whoever verifies what others entered may correct it, so A enters as W does."""
        return bool(self.grants & {Grant.WRITE, Grant.APPROVE})


_LETTERS: Final = {"R": Grant.READ, "W": Grant.WRITE, "A": Grant.APPROVE, "F": Grant.FIGURES}


def _cell(text: str) -> Cell:
    """`RW own` is READ and WRITE with the remark `own`; `F` stands for "R aggregates"; `-` is nothing."""
    letters, _, remark = text.partition(" ")
    return Cell(frozenset(_LETTERS[letter] for letter in letters if letter != "-"), remark)


def _row(*cells: str, topics: tuple[Topic, ...] = ()) -> Mapping[Area, Cell]:
    row = {area: _cell(text) for area, text in zip(Area, cells, strict=True)}
    configuration = row[Area.CONFIGURATION]
    row[Area.CONFIGURATION] = Cell(configuration.grants, configuration.remark, frozenset(topics))
    return MappingProxyType(row)


# The columns stand in the order of Area. Where the table names topics without a letter ("district users"), it is W.
MATRIX: Final[Mapping[Role, Mapping[Area, Cell]]] = MappingProxyType(
    {
        Role.CITY_BUREAU: _row(
            *("RA city level", "RA city agencies, reads districts", "WA", "A", "R all", "A", "WA", "WA"),
            "W calendar, rules, codes",
            topics=(Topic.CALENDAR, Topic.RULES, Topic.CODES),
        ),
        Role.CITY_LEADER: _row("R all", "R", "R", "R", "R", "A major", "A", "A", "-"),
        Role.DISTRICT_BUREAU: _row(
            *("R district", "A district and towns", "WA", "A", "R district", "A district", "R own district"),
            *("W district", "W district users"),
            topics=(Topic.USERS,),
        ),
        Role.AGENCY_LEGAL: _row(
            *("RW own", "A internal", "R own", "W", "W as a party", "A 审核", "R own", "R city issues", "W own users"),
            topics=(Topic.USERS,),
        ),
        Role.AGENCY: _row("RW own", "W", "RW own, confirms", "W", "W", "R", "R own", "R", "-"),
        Role.AGENCY_HEAD: _row("R own", "R", "R", "W own excuse, signs", "R", "A 批准", "R own", "R", "-"),
        Role.HANDLER: _row("RW assigned", "W draft", "R", "R", "W", "W draft", "-", "-", "-"),
        Role.TOWN: _row("RW own", "W", "R own", "W", "W", "W", "R own", "R", "-"),
        Role.COURT_LIAISON: _row(
            "R of that court, no internal notes",
            *("-", "-", "W R3 notices, confirms attendance", "W refers, results", "-", "-", "R joint", "-"),
        ),
        Role.MEDIATOR: _row(
            "R assigned until closed + 30 days", "-", "R own sessions", "-", "W assigned", "-", "-", "-", "-"
        ),
        Role.CENTRE_STAFF: _row(
            *("R referred", "-", "W mediation", "-", "WA assigns, recuses", "-", "-", "R", "W roster"),
            topics=(Topic.ROSTER,),
        ),
        Role.EXECUTIVE_SECRETARY: _row("F", "-", "-", "F", "F", "R annual", "R", "R", "-"),
        Role.AUDITOR: _row(
            "R all and the event log, reads logged",
            "R",
            "R",
            "R",
            "R no session notes",
            "R",
            "R trace",
            "R",
            "R",
            topics=tuple(Topic),
        ),
        Role.PLATFORM_ADMIN: _row("-", "-", "-", "-", "-", "-", "-", "-", "W", topics=tuple(Topic)),
    }
)


def readers(area: Area) -> frozenset[Role]:
    """The roles that read in an area of work."""
    return frozenset(role for role, row in MATRIX.items() if row[area].reads)


def enterers(area: Area) -> frozenset[Role]:
    """The roles that enter or correct in an area of work (W or A)."""
    return frozenset(role for role, row in MATRIX.items() if row[area].enters)


def approvers(area: Area) -> frozenset[Role]:
    """The roles that approve or verify in an area of work (A)."""
    return frozenset(role for role, row in MATRIX.items() if Grant.APPROVE in row[area].grants)


def configurers(topic: Topic) -> frozenset[Role]:
    """The roles that configure a topic."""
    return frozenset(role for role in enterers(Area.CONFIGURATION) if topic in MATRIX[role][Area.CONFIGURATION].topics)


def configuration_readers(topic: Topic) -> frozenset[Role]:
    """The roles that read how a topic is configured."""
    return frozenset(role for role in readers(Area.CONFIGURATION) if topic in MATRIX[role][Area.CONFIGURATION].topics)
