"""The plugin's permissions: who holds them is derived from the matrix of roles, not listed by hand."""

from __future__ import annotations

from core.sdk.hooks import Area, Permission, enterers

LABEL_ADD = Permission("case_label.add", "添加案件标签", "add a case label", enterers(Area.CASES))
