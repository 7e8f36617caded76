"""`yingsu cases`: bring cases in from files (案件导入)."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from core.calendar.records import load_calendar
from core.cli.arguments import TENANT_CODE, operator
from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.errors import BadUserInput, NotFound
from core.imports.columns import ImportFile
from core.imports.landing import ImportRequest, ImportResult, import_directory
from core.imports.landing import Progress as Report
from core.imports.report import REPORT_NAME, SUMMARY_NAME, ExitCode
from core.imports.template import template

REPORT_FOLDER = "import-report"
LONGEST_SOURCE = 64
INTERRUPTED = 130
STEPS = {file.value: f"{file.value} {file.zh}" for file in ImportFile} | {
    "judge": "judging 核对",
    "land": "landing 落库",
    "report": "reporting 生成报告",
    "committed": "committed 已提交",
    "done": "done 完成",
}
PLAIN_WIDTH = 120
"""Columns of the summary where no terminal tells its width."""


@click.group()
def cases() -> None:
    """Cases (案件): import them from CSV or Excel files."""


@cases.command("import")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--tenant", required=True, type=TENANT_CODE, help="Whose cases they are: an administrative code.")
@click.option("--dry-run", is_flag=True, help="Do everything but keep nothing; the report tells what would land.")
@click.option("--source", default="cases", show_default=True, help="Where the files' ids come from.")
@click.option(
    "--report",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Folder for {REPORT_NAME} and {SUMMARY_NAME}.  [default: {REPORT_FOLDER} in DIR]",
)
def import_command(directory: Path, tenant: int, dry_run: bool, source: str, report: Path | None) -> int:
    """Import agencies, cases, hearings, judgments and documents from the CSV or Excel files in DIR.

    Good rows land, all in one transaction; each bad row is named in the report. Importing the same files again changes
    nothing. Exit codes: 0 every row landed; 1 some were rejected; 2 wrong call, or no row landed; 3 no database or folder;
    130 interrupted, nothing was changed. See docs/import.md.
    """
    if not source.strip() or len(source) > LONGEST_SOURCE or not source.isprintable():
        raise click.BadParameter(f"a name of at most {LONGEST_SOURCE} characters", param_hint="--source")
    place = report or directory / REPORT_FOLDER
    seen: list[str] = []
    try:
        with _progress(seen) as tell:
            result = asyncio.run(_import(directory, tenant, place, source.strip(), dry_run, tell))
    except (BadUserInput, NotFound) as error:
        click.echo(f"{error.message}（{error.message_zh}）", err=True)
        return ExitCode.NOTHING_DONE
    except KeyboardInterrupt:
        if "committed" in seen:
            click.echo("interrupted after everything had landed（已中断,数据已全部导入）", err=True)
        else:
            click.echo("interrupted; rolled back, nothing was changed（已中断并回滚,未作任何更改）", err=True)
        raise SystemExit(INTERRUPTED) from None
    _print(result, place, dry_run=dry_run)
    return result.exit_code


async def _import(directory: Path, tenant: int, report: Path, source: str, dry_run: bool, tell: Report) -> ImportResult:
    clock = SystemClock()
    async with open_installation(Settings()) as installation:
        async with installation.database.system() as session:
            calendar = await load_calendar(session)
        request = ImportRequest(
            directory, tenant, report, clock.now(), clock.today(), calendar, operator(), source, dry_run
        )
        return await import_directory(installation.database, request, tell)


@contextmanager
def _progress(seen: list[str]) -> Generator[Report]:
    """A bar on a terminal; elsewhere a line for each step. `seen` collects the steps."""
    console = Console(stderr=True)
    if not console.is_terminal:

        def say(step: str, _done: int, _of: int) -> None:
            if step not in seen:
                seen.append(step)
                click.echo(STEPS[step], err=True)

        yield say
        return
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1)

        def advance(step: str, done: int, of: int) -> None:
            seen.append(step) if step not in seen else None
            # A step that cannot be measured pulses until the next begins.
            bar.update(task, description=STEPS[step], completed=done, total=of if of > 1 or done else None)

        yield advance


def _print(result: ImportResult, report: Path, *, dry_run: bool) -> None:
    table = Table(title="dry run, nothing was kept 试运行,未写入" if dry_run else None, title_justify="left")
    table.add_column("file 文件")
    for title in ("read 读取", "landed 导入", "new 新增", "normalised 规范化", "warned 提示", "rejected 未导入"):
        table.add_column(title, justify="right")
    for file, tally in result.tallies.items():
        counts = (tally.read, tally.landed, tally.added, tally.normalised, tally.warned, tally.rejected)
        name = f"{tally.source}{' (refused 整个文件未导入)' if tally.refused else ''}"
        table.add_row(f"{file.zh} {name}", *map(str, counts))
    console = Console()
    (console if console.is_terminal else Console(width=PLAIN_WIDTH)).print(table)
    if result.ignored:
        click.echo(f"left alone 未识别的文件: {', '.join(result.ignored)}")
    click.echo(f"report 报告: {report / REPORT_NAME}")


@cases.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("import-template.xlsx"))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def template_command(file: Path, force: bool) -> int:
    """Write the Excel template of an import (导入模板) to FILE: a sheet per kind of file, with all columns."""
    try:
        with file.open("wb" if force else "xb") as out:
            out.write(template())
    except FileExistsError:
        click.echo(f"{file} is there already; --force writes over it（文件已存在）", err=True)
        return ExitCode.NOTHING_DONE
    click.echo(f"{file}")
    return 0
