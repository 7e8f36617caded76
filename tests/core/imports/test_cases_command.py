"""`yingsu cases`, as a process of its own: output, exit codes, and what is left when it is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass

import asyncpg
import openpyxl
import pytest

from core.imports.columns import COLUMNS, ImportFile
from tests.core.imports.landing_support import SAMPLES, read_files

YINGSU = [sys.executable, "-c", "from core.cli import main; main()"]


@dataclass
class Done:
    code: int
    out: str
    err: str


async def start(landing, *arguments, **environment):
    known = os.environ | {
        "YINGSU_DATABASE_URL": landing.url,
        "YINGSU_DATA": str(landing.folder / "data"),
        "PYTHONUTF8": "1",
    }
    return await asyncio.create_subprocess_exec(
        *YINGSU,
        *map(str, arguments),
        env=known | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def finish(process):
    out, err = await process.communicate()
    return Done(process.returncode, out.decode(), err.decode())


async def yingsu(landing, *arguments, **environment):
    return await finish(await start(landing, *arguments, **environment))


def bring(landing, sample, *more):
    return ("cases", "import", SAMPLES / sample, "--tenant", "4401", "--report", landing.folder / "report", *more)


async def test_a_clean_import_ends_with_0_and_counts(landing):
    done = await yingsu(landing, *bring(landing, "clean"))
    assert done.code == 0, done.err
    for file, rows in read_files(SAMPLES / "clean").items():
        (line,) = [line for line in done.out.splitlines() if f"{file.value}.csv" in line]
        assert line.count(f" {len(rows)} ") == 3
    assert str(landing.folder / "report" / "report.csv") in done.out
    # Not a terminal: a line for each step, no control characters.
    assert "\x1b" not in done.err + done.out
    assert [line.split()[0] for line in done.err.splitlines()][-5:] == [
        "judging",
        "landing",
        "reporting",
        "committed",
        "done",
    ]
    assert json.loads((landing.folder / "report" / "summary.json").read_bytes())["exitCode"] == 0


async def test_a_dirty_import_ends_with_1_and_names_what_was_left_alone(landing):
    dry = await yingsu(landing, *bring(landing, "dirty", "--dry-run"))
    assert dry.code == 1
    assert "dry run" in dry.out
    assert await landing.value("select count(*) from case_shell") == 0
    done = await yingsu(landing, *bring(landing, "dirty"))
    assert done.code == 1
    assert "dirt.csv" in done.out
    assert await landing.value("select count(*) from case_shell") > 100


async def test_the_source_separates_ids(landing):
    await yingsu(landing, *bring(landing, "clean", "--source", "court"))
    assert await landing.value("select string_agg(distinct source, '') from import_key") == "court"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("import", "nowhere", "--tenant", "4401"), 2, "is no directory"),
        (("import", SAMPLES.parent, "--tenant", "4401", "--report", "r"), 2, "holds none of"),
        (("import", SAMPLES / "clean", "--tenant", "4499", "--report", "r"), 2, "there is no tenant"),
        (("import", SAMPLES / "clean", "--tenant", "44x"), 2, "44x"),
        (("import", SAMPLES / "clean"), 2, "--tenant"),
        (("import", SAMPLES / "clean", "--tenant", "4401", "--source", " "), 2, "--source"),
        (("import", SAMPLES / "clean", "--tenant", "4401", "--source", "x" * 65), 2, "--source"),
    ],
)
async def test_a_wrong_call_ends_with_2_in_one_line_and_changes_nothing(landing, monkeypatch, arguments, code, said):
    monkeypatch.chdir(landing.folder)
    done = await yingsu(landing, "cases", *arguments)
    assert (done.code, said in done.err) == (code, True), done.err
    assert "Traceback" not in done.err
    assert await landing.value("select count(*) from agency") == 0


async def test_nothing_landed_ends_with_2(landing):
    folder = landing.folder / "bad"
    folder.mkdir()
    header = ",".join(column.name for column in COLUMNS[ImportFile.HEARINGS])
    (folder / "hearings.csv").write_text(f"{header}\nH1,C1,1,2026-05-12,,,,,,,,\n", encoding="utf-8")
    done = await yingsu(landing, "cases", "import", folder, "--tenant", "4401")
    assert done.code == 2
    assert (folder / "import-report" / "report.csv").exists()
    # The report's own folder is not taken for a file to import.
    assert (await yingsu(landing, "cases", "import", folder, "--tenant", "4401")).out.count("left alone") == 0


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "{}_missing"])
async def test_without_a_database_it_ends_with_3(landing, url):
    done = await yingsu(landing, *bring(landing, "clean"), YINGSU_DATABASE_URL=url.format(landing.url))
    assert done.code == 3
    assert "Traceback" not in done.err


async def test_a_folder_that_cannot_be_written_ends_with_3(landing):
    (landing.folder / "report").write_text("a file stands where the folder should be")
    done = await yingsu(
        landing, "cases", "import", SAMPLES / "clean", "--tenant", "4401", "--report", landing.folder / "report" / "x"
    )
    assert done.code == 3, done.err
    assert "Traceback" not in done.err
    assert await landing.value("select count(*) from case_shell") == 0


async def stopped_at(landing, table, signum):
    """Start an import, let it run until it wants to write to the table, signal it; what it said."""
    holder = await asyncpg.connect(landing.url)
    try:
        await holder.execute(f"begin; lock table {table} in share mode")
        process = await start(landing, *bring(landing, "clean"))
        while not await holder.fetchval("select exists (select 1 from pg_locks where not granted)"):
            assert process.returncode is None
            await asyncio.sleep(0.01)
        process.send_signal(signum)
        done = await finish(process)
        await holder.execute("rollback")
        # The server works on until it finds that nobody listens.
        while await holder.fetchval("select count(*) from pg_stat_activity where datname = current_database()") > 1:
            await asyncio.sleep(0.01)
    finally:
        await holder.close()
    return done


@pytest.mark.parametrize("table", ["agency", "case_shell", "document", "import_run"])
async def test_killed_at_any_point_nothing_is_there_and_a_rerun_completes(landing, table):
    before = await landing.snapshot()
    done = await stopped_at(landing, table, signal.SIGKILL)
    assert done.code == -signal.SIGKILL
    assert await landing.snapshot() == before
    assert not list(landing.folder.glob("report/*.csv"))
    assert (await landing.run(SAMPLES / "clean")).exit_code == 0
    assert await landing.value("select count(*) from document") == len(
        read_files(SAMPLES / "clean")[ImportFile.DOCUMENTS]
    )


@pytest.mark.parametrize("table", ["agency", "document"])
async def test_interrupted_it_says_that_nothing_was_changed(landing, table):
    before = await landing.snapshot()
    done = await stopped_at(landing, table, signal.SIGINT)
    assert done.code == 130, done.err
    assert "rolled back" in done.err
    assert "Traceback" not in done.err
    assert await landing.snapshot() == before
    assert not list(landing.folder.glob("report/*"))


async def test_the_template_is_written_once_and_never_over_a_filled_one(landing):
    target = landing.folder / "template.xlsx"
    assert (await yingsu(landing, "cases", "template", target)).code == 0
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == [file.value for file in ImportFile]
    for file, columns in COLUMNS.items():
        assert [cell.value for cell in book[file.value][1]] == [column.name for column in columns]
    target.write_bytes(b"filled")
    refused = await yingsu(landing, "cases", "template", target)
    assert (refused.code, "--force" in refused.err) == (2, True)
    assert target.read_bytes() == b"filled"
    assert (await yingsu(landing, "cases", "template", target, "--force")).code == 0
    assert target.read_bytes().startswith(b"PK")


async def test_the_empty_template_imports_as_nothing(landing):
    folder = landing.folder / "empty"
    folder.mkdir()
    await yingsu(landing, "cases", "template", folder / "t.xlsx")
    done = await yingsu(landing, "cases", "import", folder, "--tenant", "4401")
    assert done.code == 0, done.out
