"""What a tenant may set: every field has a default, a tenant states only what it wants otherwise."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from core.sdk.hooks import PluginSettings, SettingRefused


class LabelSettings(PluginSettings):
    """案件标签的参数."""

    plugin: ClassVar[str] = "case_label"

    max_labels: Annotated[int, Field(ge=1, le=20, description="每件应诉最多标签数（labels per response）")] = 5
    palette: Annotated[list[str], Field(min_length=1, max_length=12, description="可用颜色（colours）")] = [
        "红",
        "黄",
        "绿",
    ]
    closed_label: Annotated[
        str, Field(max_length=20, description="结案时自动加的标签（added at closing）；空为不加")
    ] = ""

    @model_validator(mode="after")
    def no_colour_twice(self) -> Self:
        if len(set(self.palette)) < len(self.palette):
            raise SettingRefused("a colour stands twice in the palette", "颜色不能重复")
        return self
