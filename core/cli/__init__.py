"""The command line `yingsu`: one module a group of commands, imported only when it is called.

Exit codes: 0 done; 1 something was refused or rejected; 2 wrong usage; 3 the environment fails (no database, no folder).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module

import click
from click.exceptions import Exit


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is, and the line that `yingsu --help` shows of it, so that help imports nothing."""

    place: str
    summary: str


COMMANDS = {
    "dev": Place("core.cli.dev:dev", "Run everything for development on one machine."),
    "serve": Place("core.cli.serve:serve", "Serve the API."),
    "worker": Place("core.cli.worker:worker", "Do jobs."),
    "scheduler": Place("core.cli.worker:scheduler", "Give out the slots of schedules."),
    "relay": Place("core.cli.worker:relay", "Hand messages to RabbitMQ."),
    "jobs": Place("core.cli.jobs:jobs", "Look at queues and dead letters."),
    "migrate": Place("core.cli.migrate:migrate_command", "Bring the database to this version."),
    "doctor": Place("core.cli.doctor:doctor", "Check the installation and say what is wrong."),
    "token": Place("core.cli.token:token", "Issue a token of the development issuer."),
    "tenant": Place("core.cli.tenant:tenant", "Import, show, rename, move and merge tenants."),
    "agency": Place("core.cli.agency:agency", "Import agencies."),
    "cases": Place("core.cli.cases:cases", "Import cases."),
    "files": Place("core.cli.files:files", "Remove files that were never completed."),
    "figures": Place("core.cli.figures:figures", "Count a city's figures anew."),
    "calendar": Place("core.cli.calendar:calendar", "Import working-day calendars."),
    "schema": Place("core.cli.schema:schema", "Print the GraphQL schema."),
    "documents": Place("core.cli.documents:documents", "Register the operations that front ends may send."),
    "plugin": Place("core.cli.plugin:plugin", "List plugins, enable and disable them."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands, in the order in which they are written down."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        known = COMMANDS.get(cmd_name)
        if known is None:
            return None
        module, name = known.place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The summaries, without importing what they are about."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, known.summary) for name, known in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 refused or rejected, 2 wrong usage, 3 the environment fails.",
)
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
    except Exception as error:
        from core.cli.failures import failure_of  # noqa: PLC0415  # imports drivers, which help does without

        failure = failure_of(error)
        if failure is None:
            raise
        click.echo(failure[0], err=True)
        sys.exit(failure[1])
    sys.exit(code if isinstance(code, int) else 0)
