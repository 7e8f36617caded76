"""What the other servers need, installed under `.bench/` from lock files, once for each state of these files."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from benchmarks.nation.store import FOLDER

BIN = Path(sys.executable).parent
LOCK = files("benchmarks").joinpath("requirements.lock")
POSTGRAPHILE = files("benchmarks.contestants").joinpath("postgraphile")


def python_of_others() -> Path:
    """The interpreter of the environment with strawberry-django, granian and uvloop."""
    home = FOLDER / "venv"
    python = home / "bin" / "python"
    if _stale(home, LOCK.read_bytes()):
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", home], check=True)
        install = [
            BIN / "pip",
            "--python",
            python,
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        subprocess.run([*install, "-r", str(LOCK)], check=True, stderr=subprocess.DEVNULL)
        _stamp(home, LOCK.read_bytes())
    return python.absolute()


def others_site() -> Path:
    """The packages of that environment, to lend one of them to our own interpreter."""
    return next((python_of_others().parent.parent / "lib").glob("python*/site-packages"))


def postgraphile_home() -> Path:
    """A folder with PostGraphile installed and its server program in it."""
    home = FOLDER / "postgraphile"
    lock = POSTGRAPHILE.joinpath("package-lock.json").read_bytes()
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc", "server.mjs"):
        shutil.copyfile(str(POSTGRAPHILE.joinpath(name)), home / name)
    if _stale(home, lock):
        environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
        quiet = ["--no-audit", "--no-fund", "--silent"]
        subprocess.run([BIN / "npm", "ci", *quiet], cwd=home, env=environment, check=True)
        _stamp(home, lock)
    return home.absolute()


def _stale(home: Path, lock: bytes) -> bool:
    stamp = home / ".installed"
    return not stamp.exists() or stamp.read_text() != hashlib.sha256(lock).hexdigest()


def _stamp(home: Path, lock: bytes) -> None:
    (home / ".installed").write_text(hashlib.sha256(lock).hexdigest())
