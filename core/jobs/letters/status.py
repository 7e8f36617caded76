"""What becomes of a dead letter, and what acts on one are refused for."""

from __future__ import annotations

from core.cases.refusals.common import CONFLICT, FORBIDDEN, INVALID_INPUT, NOT_FOUND
from core.jobs.job import Urgency
from core.labels import Labelled


class DeadLetterStatus(Labelled):
    """死信状态: whether anybody still has to do something about it (dead letter status)."""

    DEAD = "DEAD", "待处理", "dead: nobody has dealt with it"
    RERUN = "RERUN", "已重新执行", "queued again, not done yet"
    DONE = "DONE", "已完成", "done after all"
    DISCARDED = "DISCARDED", "已放弃", "given up"


class JobQueueName(Labelled):
    """任务队列: the urgency that a job waits with (job queue)."""

    URGENT = "URGENT", "紧急", "urgent"
    NORMAL = "NORMAL", "普通", "normal"
    BULK = "BULK", "批量", "bulk"

    @classmethod
    def of(cls, urgency: Urgency) -> JobQueueName:
        """The queue of an urgency."""
        return cls[urgency.name]


class DeadLetterRerunRefusal(Labelled):
    """重新执行死信的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    SETTLED = "SETTLED", "该死信已处理", "The letter is queued again, done or given up already"


class DeadLetterDiscardRefusal(Labelled):
    """放弃死信的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    SETTLED = "SETTLED", "该死信已处理", "The letter is queued again, done or given up already"
