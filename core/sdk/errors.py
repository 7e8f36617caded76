"""Errors: what may reach a client, with an English and a Chinese text. Anything else that is raised is INTERNAL to the client."""

from core.errors import (
    ActRefused,
    BadUserInput,
    Conflict,
    ErrorCode,
    Forbidden,
    NotFound,
    PluginNotEnabled,
    YingsuError,
)

__all__ = [
    "ActRefused",
    "BadUserInput",
    "Conflict",
    "ErrorCode",
    "Forbidden",
    "NotFound",
    "PluginNotEnabled",
    "YingsuError",
]
