"""Settings of a plugin per tenant (插件参数), as pure rules: a typed model, versions by effective day, inheritance from above.

A tenant's version is a part of the model: what it leaves out is inherited from the tenant above, at last from the model's
defaults. On a day that version of a tenant is in force whose `valid_from` is the latest not after that day; of two with one
day, the later written. So a version for the future may be written today, and the past stays as it was.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeVar, cast

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

MAX_TEXT: Final = 65_536
"""Bytes of one version, as JSON."""


class PluginSettings(BaseModel):
    """What a plugin's settings model derives from: no unknown field, no change in place, and a default for every field."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    plugin: ClassVar[str]
    """The name of the plugin whose settings they are."""


S = TypeVar("S", bound=PluginSettings)


class SettingRefused(ValueError):
    """取值不合规则: raise it in a validator of a settings model, to give the reason in both languages."""

    def __init__(self, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.message_zh = message_zh


@dataclass(frozen=True, slots=True)
class SettingsVersion:
    """One version of a plugin's settings in the tenant whose codes are [low, high)."""

    low: int
    high: int
    version: int
    valid_from: date
    data: Mapping[str, Any]

    def covers(self, code: int) -> bool:
        """Whether the tenant `code` is this tenant, or lies below it."""
        return self.low <= code < self.high


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: `field` is its path (`palette.0`), empty where no single field is at fault."""

    field: str
    message: str
    message_zh: str


class SettingsInvalid(Exception):
    """参数有误: the settings of a tenant on a day would not be valid."""

    def __init__(self, problems: Sequence[Problem], code: int, on_day: date) -> None:
        super().__init__("; ".join(f"{one.field}: {one.message}" if one.field else one.message for one in problems))
        self.problems = tuple(problems)
        self.code = code
        self.on_day = on_day

    @property
    def message_zh(self) -> str:
        """All reasons, in Chinese."""
        return "；".join(f"{one.field}：{one.message_zh}" if one.field else one.message_zh for one in self.problems)


def in_force(versions: Iterable[SettingsVersion], code: int, on_day: date) -> list[SettingsVersion]:
    """For each tenant from the widest to `code` itself, its version of the day; tenants without one are left out."""
    latest: dict[tuple[int, int], SettingsVersion] = {}
    for one in versions:
        if one.covers(code) and one.valid_from <= on_day:
            known = latest.get((one.low, one.high))
            if known is None or (known.valid_from, known.version) < (one.valid_from, one.version):
                latest[one.low, one.high] = one
    return sorted(latest.values(), key=lambda one: (one.low - one.high, one.low))


def merged(model: type[PluginSettings], versions: Iterable[SettingsVersion], code: int, on_day: date) -> dict[str, Any]:
    """What the tenants from the widest to `code` say, the nearer over the wider; without the model's defaults."""
    result: dict[str, Any] = {}
    for one in in_force(versions, code, on_day):
        result = _over(model, result, one.data)
    return result


def _over(model: type[BaseModel], above: Mapping[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
    """`below` over `above`; a field that is a model of its own is merged field by field, any other value is replaced whole."""
    result = dict(above)
    for name, value in below.items():
        part = _part(model, name)
        former = result.get(name)
        if part is not None and isinstance(value, Mapping) and isinstance(former, Mapping):
            result[name] = _over(part, former, value)
        else:
            result[name] = value
    return result


def _part(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    declared = model.model_fields.get(name)
    kind = declared.annotation if declared else None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def read_settings(model: type[S], versions: Iterable[SettingsVersion], code: int, on_day: date) -> S:
    """The settings of a tenant on a day; raises `SettingsInvalid` where what is stored does not fit the model (any more)."""
    try:
        return _validated(model, merged(model, versions, code, on_day))
    except ValidationError as error:
        raise SettingsInvalid(problems_of(error), code, on_day) from None


def check_change(
    model: type[PluginSettings], versions: Sequence[SettingsVersion], new: SettingsVersion
) -> dict[str, Any]:
    """What to store for a new version: its own fields, as JSON holds them.

    `new` has the tenant's highest version. It must leave the tenant, and every tenant below that has settings of its own,
    valid on its first day and on every later day on which one of them changes. Raises `SettingsInvalid` naming the first
    tenant and day that it would break.
    """
    involved = [*versions, new]
    codes = sorted({one.low for one in involved if new.covers(one.low)} - {new.low})
    days = sorted({one.valid_from for one in involved if one.valid_from >= new.valid_from})
    for code in (new.low, *codes):
        for on_day in days:
            read_settings(model, involved, code, on_day)
    whole = _validated(model, merged(model, involved, new.low, new.valid_from)).model_dump(mode="json")
    return cast("dict[str, Any]", _only(whole, new.data))


def _only(whole: Any, given: Any) -> Any:
    """Of a dumped model, the fields that were given."""
    if isinstance(whole, dict) and isinstance(given, Mapping):
        return {name: _only(whole[name], value) for name, value in given.items() if name in whole}
    return whole


def _validated(model: type[S], data: Mapping[str, Any]) -> S:
    return model.model_validate_json(orjson.dumps(data), strict=True)


def parse_settings(text: str) -> dict[str, Any]:
    """A version as a client writes it: the text of a JSON object. Raises `SettingsInvalid` for anything else."""

    def refused(message: str, message_zh: str) -> SettingsInvalid:
        return SettingsInvalid([Problem("", message, message_zh)], 0, date.min)

    if len(text) > MAX_TEXT:
        raise refused(f"at most {MAX_TEXT} characters", f"最多{MAX_TEXT}个字符")
    try:
        data = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        raise refused("not a JSON text", "不是合法的 JSON") from None
    if not isinstance(data, dict):
        raise refused("not a JSON object", "应为 JSON 对象")
    if not _storable(data):
        raise refused("a text or number that cannot be stored", "含有无法存储的字符或数值")
    return data


def _storable(value: Any) -> bool:
    """PostgreSQL's jsonb holds no NUL character, and JSON no infinity."""
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(_storable(key) and _storable(item) for key, item in value.items())
    return all(_storable(item) for item in value) if isinstance(value, list) else True


_REASONS_ZH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "extra_forbidden": "没有这个参数",
        "missing": "缺少该参数",
        "int_type": "应为整数",
        "int_parsing": "应为整数",
        "int_from_float": "应为整数",
        "float_type": "应为数字",
        "bool_type": "应为 true 或 false",
        "string_type": "应为文本",
        "list_type": "应为列表",
        "tuple_type": "应为列表",
        "set_type": "应为列表",
        "frozen_set_type": "应为列表",
        "dict_type": "应为对象",
        "model_type": "应为对象",
        "none_required": "应为空",
        "greater_than": "应大于{gt}",
        "greater_than_equal": "不能小于{ge}",
        "less_than": "应小于{lt}",
        "less_than_equal": "不能大于{le}",
        "multiple_of": "应为{multiple_of}的倍数",
        "string_too_short": "至少{min_length}字",
        "string_too_long": "最多{max_length}字",
        "string_pattern_mismatch": "格式应符合 {pattern}",
        "too_short": "至少{min_length}项",
        "too_long": "最多{max_length}项",
        "enum": "只能是 {expected}",
        "literal_error": "只能是 {expected}",
        "date_type": "应为日期",
        "date_parsing": "应为日期，如 2026-03-10",
        "date_from_datetime_parsing": "应为日期，如 2026-03-10",
        "time_parsing": "应为时刻，如 09:30",
        "decimal_type": "应为数字",
        "decimal_parsing": "应为数字",
        "finite_number": "应为有限的数字",
    }
)


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """What a validation found, in both languages. It never quotes the input."""
    return tuple(_problem(one) for one in error.errors(include_url=False, include_input=False))


def _problem(detail: ErrorDetails) -> Problem:
    context = detail.get("ctx", {})
    raised = context.get("error")
    reason = (
        raised.message_zh if isinstance(raised, SettingRefused) else _REASONS_ZH.get(detail["type"], "取值不合规则")
    )
    message = str(raised) if isinstance(raised, ValueError) and str(raised) else detail["msg"]
    names = {name: value for name, value in context.items() if name != "error"}
    if "expected" in names:
        names["expected"] = str(names["expected"]).replace(", ", "、").replace(" or ", "或")
    zh = reason.format(**names) if detail["type"] in _REASONS_ZH else reason
    return Problem(".".join(str(step) for step in detail["loc"]), message, zh)
