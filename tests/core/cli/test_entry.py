"""The command line as a whole: quick help, exit codes, no stack traces for what may be expected."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from core.cli import COMMANDS
from core.cli.failures import failure_of
from core.db.embedded import EmbeddedServerError
from core.errors import NotFound

Yingsu = Callable[..., Awaitable[Any]]


async def test_help_names_every_command(yingsu: Yingsu) -> None:
    ran = await yingsu("--help")
    assert ran.code == 0
    for name, known in COMMANDS.items():
        assert f"  {name} " in ran.out
        assert known.summary in ran.out


def test_help_imports_no_slice() -> None:
    script = (
        "import sys; sys.argv = ['yingsu', '--help']\nfrom core.cli import main\n"
        "try: main()\nexcept SystemExit: print([m for m in sys.modules if m.startswith(('sqlalchemy', 'asyncpg', 'strawberry'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_serving_process_does_not_hold_what_it_seldom_needs() -> None:
    """A thousand idle sockets have 150 MB, and each library is in every process."""
    script = (
        "import sys\nfrom core.cli import serve\nfrom core.extension.registry import Registry\n"
        "import core.app\nRegistry.load()\n"
        "print(sorted({'openpyxl', 'docx', 'icalendar', 'alembic', 'dramatiq', 'pika', 'aiosmtplib', '_obstore', 'obstore._obstore', 'httpx._client'} & {n for m in sys.modules for n in (m, m.partition('.')[0])}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ("tenant",),
        ("nonsense",),
        ("tenant", "show", "4x"),
        ("tenant", "move", "440112001"),
        ("agency", "import", "nowhere.csv", "--tenant", "4401"),
        ("token", "--tenant", "4401", "--role", "king"),
        ("tenant", "rename", "440112", "新区", "--reason", "x", "--on", "2026-02-30"),
    ],
)
async def test_wrong_usage_ends_with_two(yingsu: Yingsu, arguments: tuple[str, ...]) -> None:
    ran = await yingsu(*arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err


async def test_a_database_that_is_not_there_ends_with_three(yingsu: Yingsu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINGSU_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    ran = await yingsu("tenant", "show", "4401")
    assert (ran.code, ran.out) == (3, "")
    assert len(ran.err.splitlines()) == 1


async def test_a_database_without_tables_says_what_to_do(
    yingsu: Yingsu, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = make_url(server_url).set(database="postgres", drivername="postgresql")
    monkeypatch.setenv("YINGSU_DATABASE_URL", empty.render_as_string(hide_password=False))
    ran = await yingsu("tenant", "show", "4401")
    assert ran.code == 3
    assert "run `yingsu migrate`" in ran.err


async def test_wrong_settings_end_with_three_and_their_name(yingsu: Yingsu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINGSU_PORT", "a lot")
    ran = await yingsu("tenant", "show", "4401")
    assert ran.code == 3
    assert "YINGSU_PORT" in ran.err


async def test_a_data_folder_that_cannot_be_ends_with_three(
    yingsu: Yingsu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("YINGSU_DATA", str(tmp_path / "file" / "data"))
    monkeypatch.delenv("YINGSU_DATABASE_URL")
    ran = await yingsu("tenant", "show", "4401")
    assert ran.code == 3
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound("gone", "不存在"), 1),
        (EmbeddedServerError("no", "否"), 3),
        (asyncpg.InvalidPasswordError("no"), 3),
        (asyncpg.UndefinedTableError("no"), 3),
        (asyncpg.InterfaceError("closed"), 3),
        (PermissionError(13, "denied", "/x"), 3),
    ],
)
def test_expected_errors_have_a_line_and_a_code(error: Exception, code: int) -> None:
    failure = failure_of(error)
    assert failure is not None
    assert failure[1] == code
    assert failure[0]


@pytest.mark.parametrize("error", [KeyError("x"), asyncpg.PostgresSyntaxError("ours")])
def test_a_mistake_of_ours_keeps_its_stack_trace(error: Exception) -> None:
    assert failure_of(error) is None
