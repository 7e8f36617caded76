"""The command line `yingsu`: one module a group of commands, imported only when it is asked for.

Exit codes: 0 done; 1 something was refused or rejected; 2 wrong usage; 3 the environment fails (no database, no folder).
"""

from __future__ import annotations

import sys
from importlib import import_module

import click
from click.exceptions import Exit

from core.db.embedded.connection import EmbeddedServerError
from core.errors import YingsuError

COMMANDS = {
    "dev": "core.cli.dev:dev",
    "serve": "core.cli.serve:serve",
    "migrate": "core.cli.migrate:migrate_command",
    "doctor": "core.cli.doctor:doctor",
    "token": "core.cli.token:token",
    "tenant": "core.cli.tenant:tenant",
    "agency": "core.cli.agency:agency",
    "cases": "core.cli.cases:cases",
    "calendar": "core.cli.calendar:calendar",
    "schema": "core.cli.schema:schema",
    "plugin": "core.cli.plugin:plugin",
}
REFUSED, ENVIRONMENT = 1, 3


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands, in the order in which they are written down."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Yingsu (应诉): administrative-litigation response work of a city, over GraphQL."""


def main() -> None:
    """The entry point: what may be expected to go wrong is said in one line, never as a stack trace."""
    try:
        code = cli(standalone_mode=False)
    except Exit as exit_:
        sys.exit(exit_.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing was changed half", err=True)
        sys.exit(130)
    except YingsuError as error:
        click.echo(f"{error.message}（{error.message_zh}）", err=True)
        sys.exit(REFUSED)
    except (EmbeddedServerError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(ENVIRONMENT)
    sys.exit(code if isinstance(code, int) else 0)
