"""Dead letters in the schema: for platform administrators, of their own tenant."""

from __future__ import annotations

from core.identity.permissions import DEAD_LETTERS_READ
from core.jobs.letters.acts import ACTS
from core.jobs.letters.status import DeadLetterStatus, JobQueueName
from core.jobs.tables import DeadLetter as DeadLetterTable
from core.tenancy.tables import Tenant
from schema.declare import column, connection, node, to_one
from schema.declared.lists import Filter, ListSource, Order
from schema.declared.types import Contribution
from schema.describe import Doc


@node(DeadLetterTable, Doc("死信", "dead letter", "多次执行均失败的后台任务；仅平台管理员可见"))
class DeadLetter:
    """A job that failed as often as it may."""

    job = column(DeadLetterTable.job, Doc("任务", "job", "任务名称"))
    key = column(DeadLetterTable.key, Doc("任务键", "key", "同一键的任务只生效一次"))
    queue = column(DeadLetterTable.queue, Doc("队列", "queue"), enum=JobQueueName)
    payload = column(DeadLetterTable.payload, Doc("任务参数", "payload"))
    slot = column(DeadLetterTable.slot, Doc("定时时段", "slot", "非定时任务为空"))
    attempts = column(DeadLetterTable.attempts, Doc("已执行次数", "attempts"))
    error_class = column(DeadLetterTable.error_class, Doc("错误类别", "class of the last error"))
    error_message = column(
        DeadLetterTable.error_message, Doc("错误说明", "message of the last error", "可能为空；详情见服务器日志")
    )
    status = column(DeadLetterTable.status, Doc("状态", "status"), enum=DeadLetterStatus)
    died_at = column(DeadLetterTable.died_at, Doc("失败时间", "died at"))
    settled_at = column(DeadLetterTable.settled_at, Doc("办结时间", "settled at", "待处理或重新排队时为空"))
    reason = column(DeadLetterTable.reason, Doc("处理理由", "reason for what was done about it"))
    version = column(DeadLetterTable.version, Doc("版本", "version", "修改时用于并发检查"))
    tenant = to_one("Tenant", Doc("所属地区", "tenant"), via=DeadLetterTable.code, key=Tenant.code)


DEAD_LETTERS = ListSource(
    "DeadLetter",
    "DeadLetter",
    DeadLetterTable,
    orders=(Order("DIED_AT_DESC", DeadLetterTable.died_at, descending=True, doc=Doc("新的在前", "newest first")),),
    filters=(
        Filter("job", DeadLetterTable.job, Doc("任务", "job")),
        Filter("status", DeadLetterTable.status, Doc("状态", "status"), enum=DeadLetterStatus),
        Filter("died_at", DeadLetterTable.died_at, Doc("失败时间", "died at")),
    ),
)
CONTRIBUTION = Contribution(
    "core",
    nodes=(DeadLetter,),
    acts=ACTS,
    queries={
        "dead_letters": connection(DEAD_LETTERS, Doc("死信列表", "dead letters"), permission=DEAD_LETTERS_READ.name)
    },
)
