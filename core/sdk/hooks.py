"""Hooks: how a plugin says who it is and what it brings."""

from core.extension.hookspecs import hookimpl
from core.extension.manifest import Manifest, PluginError, Subscription
from core.extension.settings import PluginSettings, SettingRefused
from core.identity.permissions import Permission
from core.identity.roles import Area, Role, enterers, readers

__all__ = [
    "Area",
    "Manifest",
    "Permission",
    "PluginError",
    "PluginSettings",
    "Role",
    "SettingRefused",
    "Subscription",
    "enterers",
    "hookimpl",
    "readers",
]
