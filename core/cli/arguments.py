"""What the arguments of commands are read as."""

from __future__ import annotations

import getpass
from datetime import date
from typing import Any

import click

from core.tenancy.codes import TenantCodeMalformed, parse_tenant_code


class TenantCodeArgument(click.ParamType[int]):
    """An administrative code (4401, 440112, 440112001), as nine digits."""

    name = "code"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Wrong usage if it is none."""
        try:
            return parse_tenant_code(str(value)).value
        except TenantCodeMalformed as error:
            self.fail(error.message, param, ctx)


class DayArgument(click.ParamType[date]):
    """A day like 2026-01-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Wrong usage if it is none."""
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day like 2026-01-31", param, ctx)


class CodePair(click.ParamType[tuple[int, int]]):
    """Two administrative codes: `440112001=440106`."""

    name = "code=code"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Wrong usage unless there are two."""
        first, equals, second = str(value).partition("=")
        if not equals:
            self.fail(f"{value!r} is no pair like 440112001=440106", param, ctx)
        code = TenantCodeArgument()
        return code.convert(first, param, ctx), code.convert(second, param, ctx)


TENANT_CODE, DAY, CODE_PAIR = TenantCodeArgument(), DayArgument(), CodePair()


def operator() -> str:
    """Who runs the command, as the audit trail names them."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        # An account without a name, as containers have them.
        return "cli"
