"""督办参数: what a tenant may set. Every default is that of the city's mechanism, or the platform's where that is silent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.sdk.hooks import PluginSettings, SettingRefused
from core.sdk.rules import DocType, NonworkingRule


class TermCount(StrEnum):
    """How days are counted (期间单位): calendar days, working days, or calendar days that never move off a rest day."""

    CALENDAR = "calendar"
    WORKING = "working"
    STRICT = "strict"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


_Term = Annotated[int, Field(ge=0, le=90, description="期限（term）")]


class ReportSettings(_Part):
    """报备（report）: two days by the mechanism, which names neither calendar nor working days."""

    term: _Term = 2
    unit: TermCount = TermCount.CALENDAR
    roll: bool = True
    bureau_day: Annotated[
        int, Field(ge=1, le=30, description="逾期第几日报司法局（day overdue on which the bureau is told）")
    ] = 3
    also: Annotated[
        tuple[DocType, ...],
        Field(max_length=20, description="四类文书之外也须报备的文书（documents reported beside the four）"),
    ] = ()


class FeedbackSettings(_Part):
    """反馈（feedback）: the next day (次日)."""

    term: _Term = 1
    unit: TermCount = TermCount.CALENDAR
    roll: bool = True
    verification_term: Annotated[int, Field(ge=1, le=30, description="核实工作日数（working days to verify）")] = 5
    returned_term: Annotated[
        int, Field(ge=1, le=30, description="退回后补正工作日数（working days to file again）")
    ] = 1


class ReminderSettings(_Part):
    """提醒（reminder）: one week and one day before, moved earlier off rest days."""

    offsets: Annotated[
        tuple[Annotated[int, Field(ge=0, le=60)], ...],
        Field(min_length=1, max_length=6, description="提前日数（days before）"),
    ] = (7, 1)
    nonworking: NonworkingRule = NonworkingRule.ADVANCE
    at: Annotated[time, Field(description="当日发送时刻（time of day）")] = time(9, 0)
    phone_at: Annotated[time, Field(description="未读转电话的时刻（time of day of the task to telephone）")] = time(
        12, 0
    )

    @model_validator(mode="after")
    def check(self) -> Self:
        """No offset twice, and no task to telephone before the reminder itself."""
        if len(set(self.offsets)) < len(self.offsets):
            raise SettingRefused("an offset stands twice", "提前日数不能重复")
        if self.phone_at <= self.at:
            raise SettingRefused("the task to telephone comes after the reminder", "电话提醒须晚于提醒")
        return self


class RemedySettings(_Part):
    """补救（remedy）: the plan within working days of the miss."""

    term: Annotated[int, Field(ge=1, le=60, description="补救方案工作日数（working days）")] = 3


class LossReportSettings(_Part):
    """败诉分析报告（loss report）: from the receipt of the lost document in effect."""

    term: _Term = 30


_Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class CircularSettings(_Part):
    """每月通报（circular）: its day, and what the document says of the city itself."""

    day: Annotated[int, Field(ge=1, le=28, description="次月发布日，遇休息日顺延（day of the next month）")] = 5
    series: Annotated[
        _Text, Field(description="发文字号的机关代字，如“穗应诉通报”；空为市名加“应诉通报”（series of numbers）")
    ] = ""
    issuer: Annotated[_Text, Field(description="发文机关；空为市名加“司法局”（issuer）")] = ""
    recipients: Annotated[_Text, Field(description="主送机关（main recipients）")] = (
        "各区人民政府，市政府各部门、各直属机构"
    )
    demands: Annotated[str, Field(max_length=2000, description="工作要求，每行一段；空为不写（demands）")] = (
        "请各单位对照名单逐项核查逾期原因，尚未补救的抓紧补救，并将情况报送同级司法局。"
    )


class RemindersSettings(PluginSettings):
    """全流程督办的参数."""

    plugin: ClassVar[str] = "reminders"

    report: Annotated[ReportSettings, Field(description="报备（report）")] = ReportSettings()
    feedback: Annotated[FeedbackSettings, Field(description="反馈（feedback）")] = FeedbackSettings()
    reminder: Annotated[ReminderSettings, Field(description="提醒（reminders）")] = ReminderSettings()
    remedy: Annotated[RemedySettings, Field(description="补救（remedy）")] = RemedySettings()
    loss_report: Annotated[LossReportSettings, Field(description="败诉分析报告（loss report）")] = LossReportSettings()
    circular: Annotated[CircularSettings, Field(description="每月通报（circular）")] = CircularSettings()

    def terms(self) -> Mapping[str, object]:
        """The settings of terms under the names that the core's table of terms knows."""
        return {
            "report.term": self.report.term,
            "report.unit": self.report.unit.value,
            "report.roll": self.report.roll,
            "feedback.term": self.feedback.term,
            "feedback.unit": self.feedback.unit.value,
            "feedback.roll": self.feedback.roll,
            "remedy.term": self.remedy.term,
            "loss_report.term": self.loss_report.term,
        }
