"""`yingsu dev` as its user runs it: a real process, a real port, tokens from its file, and a clean end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.processes import until

YINGSU = Path(sys.executable).parent / "yingsu"
ROLES = {
    "city_bureau", "city_leader", "district_bureau", "town", "agency", "court_liaison", "mediator", "auditor", "platform_admin",
    "other_city",
}  # fmt: skip


@asynccontextmanager
async def running(data: Path, *more: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A `yingsu dev` that is ready, with its GraphQL address."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("YINGSU_")}
    process = await asyncio.create_subprocess_exec(
        YINGSU, "dev", "--data", str(data), "--port", "0", *more, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 110)).decode()
        assert line.startswith("ready http"), line
        yield process, line.split()[1]
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)


async def command(data: Path, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        YINGSU, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "YINGSU_DATA": str(data)},
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, output.decode()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("closed")
    folder.chmod(0o700)  # nobody else may walk through it, and need not
    return folder / "data"


async def test_from_nothing_to_an_answer_and_to_a_clean_end(data: Path) -> None:
    async with running(data, "--cases", "300", "--seed", "5") as (process, url):
        tokens = json.loads((data / "dev" / "tokens.json").read_text())
        assert set(tokens) >= ROLES
        assert (data / "dev" / "public.pem").exists()
        async with httpx.AsyncClient() as client:
            totals = {}
            for role in ("city_bureau", "district_bureau", "agency", "other_city"):
                answer = await client.post(
                    url,
                    json={"query": "{ cases { totalCount nodes { id } } }"},
                    headers={"Authorization": f"Bearer {tokens[role]}"},
                )
                assert answer.status_code == 200
                totals[role] = answer.json()["data"]["cases"]["totalCount"]
            assert (await client.get(url.replace("/graphql", "/readyz"))).status_code == 200
            assert (await client.get(url.replace("/graphql", "/graphiql"))).status_code == 200
        assert totals["city_bureau"] + totals["other_city"] == 300
        assert 0 < totals["agency"] < totals["city_bureau"]

        # Other commands use the running server's database.
        code, token = await command(data, "token", "--tenant", "440106", "--role", "district_bureau")
        assert code == 0
        async with httpx.AsyncClient() as client:
            answer = await client.post(
                url,
                json={"query": "{ viewer { membership { tenantCode } } }"},
                headers={"Authorization": f"Bearer {token.strip()}"},
            )
        assert answer.json()["data"]["viewer"]["membership"]["tenantCode"] == 440106000
    assert process.returncode == 0


def children(parent: int) -> dict[str, int]:
    """The processes beside the API, by command."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            command = (stat.parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(fields[1]) == parent and b"core.cli" in command:
            found[command[command.index(b"core.cli") + 1].decode()] = int(stat.parent.name)
    return found


async def test_worker_and_scheduler_run_beside_it_are_replaced_and_end_with_it(data: Path) -> None:
    async with running(data) as (process, url):
        first = children(process.pid)
        assert set(first) == {"worker", "scheduler"}
        for pid in first.values():
            os.kill(pid, signal.SIGKILL)

        async def replaced() -> bool:
            now = children(process.pid)
            return set(now) == set(first) and not set(now.values()) & set(first.values())

        await until(replaced)
        async with httpx.AsyncClient() as client:

            async def swept() -> bool:
                """The scheduler has given a slot out, and the worker has done what it was for."""
                figures = (await client.get(url.replace("/graphql", "/metrics"))).text
                assert "yingsu_dead_letters 0.0" in figures
                code, told = await command(data, "jobs", "queues")
                assert code == 0, told
                return all("0 waiting, 0 delayed, 0 running" in line for line in told.splitlines())

            await until(swept)
        last = children(process.pid)
    assert process.returncode == 0
    assert not [pid for pid in last.values() if Path(f"/proc/{pid}").exists()]


async def test_a_supervisor_that_is_killed_leaves_no_process_behind(data: Path) -> None:
    async with running(data) as (process, _):
        left = children(process.pid)
        assert len(left) == 2
        process.kill()

        async def gone() -> bool:
            return not [pid for pid in left.values() if Path(f"/proc/{pid}").exists()]

        await until(gone)


async def test_a_second_start_keeps_what_is_there_and_commands_work_without_it(data: Path) -> None:
    code, output = await command(data, "doctor")
    assert code == 0, output
    code, output = await command(data, "plugin", "list", "--tenant", "4401")
    assert (code, "reminders 1.0.0 enabled 全过程督办" in output) == (0, True), output
    code, output = await command(data, "plugin", "enable", "nothing", "--tenant", "4401")
    assert code == 1
    assert "没有安装" in output
    code, output = await command(data, "files", "sweep")
    assert (code, output.strip()) == (0, "0 announcements and 0 uploads removed")
    code, output = await command(data, "schema", "print", "--tenant", "440112")
    assert code == 0
    assert "type Query" in output
    async with running(data) as (_, url):
        token = json.loads((data / "dev" / "tokens.json").read_text())["city_bureau"]
        async with httpx.AsyncClient() as client:
            answer = await client.post(
                url, json={"query": "{ cases { totalCount } }"}, headers={"Authorization": f"Bearer {token}"}
            )
        assert answer.json()["data"]["cases"]["totalCount"] > 200
