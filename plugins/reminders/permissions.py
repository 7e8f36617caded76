"""Who may take which step (domain §10: columns 报备/反馈 and 提醒), derived from the matrix of roles.

1. The agency's side enters its own steps: whoever has W in the column, but not the bureaus, who have A there.
2. The bureau of the same level accepts, returns, verifies and voids. The city's bureau takes the districts' steps too: it has
   their rows in its range, and somebody must where a district's bureau does not.
3. A remedy is filed by the agency's legal office, signed by its head, approved by the bureau; nobody approves their own step.
4. An auditor reads all and takes no step; a court and a mediator have no part in supervision.
"""

from __future__ import annotations

from typing import Final

from core.sdk.hooks import Area, Permission, Role, enterers, readers

BUREAUS: Final = frozenset({Role.CITY_BUREAU, Role.DISTRICT_BUREAU})
_WRITES: Final = enterers(Area.REPORTS) - BUREAUS
"""联络员, 法制机构, 承办机构, 镇街."""
_OWNS: Final = _WRITES - {Role.HANDLER}
"""The handling unit drafts; its agency submits."""
_SIGNS: Final = frozenset({Role.AGENCY_HEAD, Role.TOWN})
_LEGAL: Final = frozenset({Role.AGENCY_LEGAL, Role.TOWN})

SUPERVISION_READ = Permission("supervision.read", "查看督办", "read supervision", readers(Area.REPORTS))
REMINDERS_READ = Permission(
    "reminders.read", "查看提醒记录", "read reminders", readers(Area.REMINDERS) & readers(Area.REPORTS)
)
REPORT_SUBMIT = Permission("report.submit", "提交报备", "submit a report", _OWNS)
REPORT_DECIDE = Permission("report.decide", "审核报备", "accept or return a report", BUREAUS)
OBLIGATION_ACT = Permission("supervision.act", "登记已办理", "record that an obligation is acted on", _OWNS)
RESPONSIBLE_ASSIGN = Permission(
    "supervision.assign", "指定责任人", "name who answers for an obligation", _OWNS | {Role.AGENCY_HEAD}
)
FEEDBACK_FILE = Permission("feedback.file", "提交反馈", "file feedback", _OWNS)
FEEDBACK_VERIFY = Permission("feedback.verify", "核验反馈", "verify or return feedback", BUREAUS)
REMINDER_CONFIRM = Permission("reminder.confirm", "确认收到提醒", "confirm a reminder", _OWNS | {Role.HANDLER})
PHONE_TASK_DO = Permission("reminder.phone", "登记电话提醒", "record a reminder by telephone", BUREAUS)
REMEDY_FILE = Permission("remedy.file", "提交补救方案", "file a remedy plan", _LEGAL)
REMEDY_SIGN = Permission("remedy.sign", "签批补救方案", "sign a remedy plan as the agency's head", _SIGNS)
REMEDY_DECIDE = Permission("remedy.decide", "审核补救方案", "approve or refuse a remedy plan", BUREAUS)
REMEDY_FINISH = Permission("remedy.finish", "登记补救完成", "record that a remedy is done", _OWNS)
OBLIGATION_ESCALATE = Permission("supervision.escalate", "升级督办", "escalate", BUREAUS)
OBLIGATION_VOID = Permission("supervision.void", "作废督办义务", "void a supervised obligation", BUREAUS)

PERMISSIONS: Final = tuple(value for value in list(globals().values()) if isinstance(value, Permission))
