"""Again, interrupted, side by side: an import lands once and whole, or not at all."""

from __future__ import annotations

import asyncio
import shutil

import asyncpg
import pytest
from sqlalchemy.exc import SQLAlchemyError

from core.imports.columns import ImportFile
from core.imports.report import ExitCode
from tests.core.imports.landing_support import SAMPLES, agency, case, hearing, read_files, write_files

STEPS = ["agencies", "cases", "hearings", "judgments", "documents", "judge", "land", "report"]


@pytest.mark.parametrize("sample", ["clean", "dirty"])
async def test_a_second_run_changes_nothing_in_any_table(landing, sample):
    first = await landing.run(SAMPLES / sample)
    before, report = await landing.snapshot(), landing.report()
    second = await landing.run(SAMPLES / sample)
    assert await landing.snapshot() == before
    assert landing.report() == report
    assert (second.added, second.unchanged) == (0, first.added)
    assert second.exit_code is first.exit_code


async def test_a_dry_run_tells_the_same_and_keeps_nothing(landing):
    before = await landing.snapshot()
    dry = await landing.run(SAMPLES / "dirty", dry_run=True)
    report = landing.report()
    assert await landing.snapshot() == before
    real = await landing.run(SAMPLES / "dirty")
    assert landing.report() == report
    assert {file: tally.as_json() for file, tally in dry.tallies.items()} == {
        file: tally.as_json() for file, tally in real.tallies.items()
    }
    assert real.added > 0


class Stop(Exception):
    pass


@pytest.mark.parametrize("step", STEPS)
async def test_whatever_fails_on_the_way_leaves_nothing(landing, step):
    before = await landing.snapshot()

    def fail(at, _done, _of):
        if at == step:
            raise Stop

    with pytest.raises(Stop):
        await landing.run(SAMPLES / "dirty", progress=fail)
    assert await landing.snapshot() == before
    assert not list(landing.folder.glob("report/*"))
    assert (await landing.run(SAMPLES / "dirty")).added > 0


@pytest.mark.parametrize("table", ["agency", "case_shell", "document", "import_key", "import_run", "audit_entry"])
async def test_a_connection_cut_on_the_way_leaves_nothing_and_a_rerun_completes(landing, table):
    before = await landing.snapshot()
    holder = await asyncpg.connect(landing.url)
    await holder.execute(f"begin; lock table {table} in share mode")
    task = asyncio.create_task(landing.run(SAMPLES / "dirty"))
    # The import wants to write there, waits, and is cut off.
    while not (waiting := await holder.fetchval("select pid from pg_locks where not granted")):
        assert not task.done()
        await asyncio.sleep(0.01)
    await holder.execute("select pg_terminate_backend($1, 5000)", waiting)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, OSError)):
        await task
    await holder.close()
    assert await landing.snapshot() == before
    assert not list(landing.folder.glob("report/*"))
    assert (await landing.run(SAMPLES / "dirty")).added > 0


async def test_what_has_landed_has_landed_whatever_comes_of_the_statistics(landing, monkeypatch):
    def cut(at, _done, _of):
        if at == "committed":
            monkeypatch.setattr(landing.database, "system", lost)

    def lost():
        raise ConnectionResetError

    result = await landing.run(SAMPLES / "clean", progress=cut)
    assert result.exit_code is ExitCode.ALL_LANDED
    assert await landing.value("select count(*) from case_shell") == result.tallies[ImportFile.CASES].landed


async def test_cancelled_it_is_rolled_back_and_the_connection_serves_on(landing):
    before = await landing.snapshot()
    task = None

    def cancel(at, _done, _of):
        if at == "land":
            task.cancel()

    task = asyncio.create_task(landing.run(SAMPLES / "clean", progress=cancel))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await landing.snapshot() == before
    assert (await landing.run(SAMPLES / "clean")).added > 0


async def test_two_imports_of_one_source_at_once_land_it_once(landing):
    results = await asyncio.gather(*(landing.run(SAMPLES / "clean") for _ in range(2)))
    total = sum(len(rows) for rows in read_files(SAMPLES / "clean").values())
    assert sorted(result.added for result in results) == [0, total]
    assert await landing.value("select count(*) from import_run") == 1


async def test_two_sources_with_the_same_numbers_at_once_do_not_clash(landing):
    results = await asyncio.gather(*(landing.run(SAMPLES / "clean", source=name) for name in ("one", "two")))
    added = sorted(result.tallies[ImportFile.CASES].added for result in results)
    assert added == [0, len(read_files(SAMPLES / "clean")[ImportFile.CASES])]
    assert sorted(result.exit_code for result in results) == [ExitCode.ALL_LANDED, ExitCode.SOME_REJECTED]


async def test_an_import_that_meets_a_case_registered_meanwhile_begins_again(landing):
    files = {ImportFile.AGENCIES: [agency()], ImportFile.CASES: [case("C1", 1)]}
    await landing.run(write_files(landing.folder / "agencies", {ImportFile.AGENCIES: [agency("A9")]}))
    other = await asyncpg.connect(landing.url)
    begun = []

    async def register():
        async with other.transaction():
            await other.execute(
                """with d as (insert into dispute (shard, opened_on) values (4401, '2026-03-02') returning id)
                   insert into case_shell (shard, dispute_id, procedure_kind, compensation, procedure_form, court_code, number_year,
                     number_type, number_serial, number_text, cause_code, filed_on, status, created_at)
                   select 4401, id, 'FIRST', 'NONE', 'ORDINARY', '粤7101', 2026, '行初', 1, 'n', '0101', '2026-03-02', 'OPEN', now() from d"""
            )
            registered.set()
            # Committed only when the import waits for this number.
            while not await other.fetchval("select exists (select 1 from pg_locks where not granted)"):
                await asyncio.sleep(0.01)

    def tell(at, done, _of):
        begun.append((at, done))

    registered = asyncio.Event()
    task = asyncio.create_task(register())
    await registered.wait()
    result = await landing.run(write_files(landing.folder / "cases", files), progress=tell)
    await task
    await other.close()
    assert begun.count(("land", 0)) == 2
    assert result.added == 2
    assert await landing.value("select count(*) from case_shell") == 1
    assert await landing.value("select count(*) from response") == 1


async def test_a_mended_file_lands_the_rest(landing):
    await landing.run(SAMPLES / "dirty")
    before = await landing.value("select count(*) from case_shell")
    result = await landing.run(SAMPLES / "clean")
    clean = read_files(SAMPLES / "clean")
    for file in ImportFile:
        assert result.tallies[file].landed == len(clean[file]), landing.found()
    assert result.tallies[ImportFile.CASES].added == len(clean[ImportFile.CASES]) - before
    for table, file in (("case_shell", ImportFile.CASES), ("document", ImportFile.DOCUMENTS)):
        assert await landing.value(f"select count(*) from {table}") == len(clean[file])


async def test_rows_that_come_later_hang_on_what_landed_before(landing):
    split = landing.folder / "split"
    shutil.copytree(SAMPLES / "clean", split / "cases", ignore=shutil.ignore_patterns("[dhj]*.csv"))
    shutil.copytree(SAMPLES / "clean", split / "rest", ignore=shutil.ignore_patterns("[ac]*.csv"))
    await landing.run(split / "cases")
    result = await landing.run(split / "rest")
    assert result.exit_code is ExitCode.ALL_LANDED
    assert landing.report() == []
    graph = await derived(landing)
    assert all(graph.values())
    await empty(landing)
    await landing.run(SAMPLES / "clean")
    assert await derived(landing) == graph


async def test_hearings_of_known_and_unknown_cases_without_a_file_of_cases(landing):
    files = {ImportFile.AGENCIES: [agency()], ImportFile.CASES: [case("C1", 1)]}
    await landing.run(write_files(landing.folder / "cases", files))
    rows = [hearing("H1", "C1"), hearing("H2", "C9")]
    result = await landing.run(write_files(landing.folder / "hearings", {ImportFile.HEARINGS: rows}))
    assert result.exit_code is ExitCode.SOME_REJECTED
    assert landing.found() == [("hearings", 3, "case_id", "UNKNOWN_CASE")]
    assert await landing.value("select count(*) from appearance") == 1
    assert str(await landing.value("select first_hearing_on from case_shell")) == "2026-05-12"


DERIVED = {
    "cases": "select number_text, first_hearing_on, outcome from case_shell",
    "responses": "select c.number_text, r.ordinal, r.outcome, r.lost from response r join case_shell c on c.id = r.case_id",
    "appearances": "select c.number_text, a.ordinal, a.held_on, a.head_attended from appearance a join case_shell c on c.id = a.case_id",
    "holdings": "select c.number_text, h.ordinal, h.outcome, h.lost from holding h join case_shell c on c.id = h.case_id",
    "documents": "select c.number_text, d.title, d.received_on, d.file_name from document d join case_shell c on c.id = d.case_id",
}


async def derived(landing):
    return {name: sorted(map(repr, await landing.rows(sql))) for name, sql in DERIVED.items()}


async def empty(landing):
    """Empty the case graph."""
    await landing.rows("truncate dispute, case_shell, import_key, import_run cascade")
