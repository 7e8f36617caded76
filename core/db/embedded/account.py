"""Under which account PostgreSQL runs: it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from core.db.embedded.connection import EmbeddedServerError

# `initdb` looks its own user id up and fails for one without an entry, so a made-up number will not do. `postgres` is
# there where a PostgreSQL package is; `nobody` (or `daemon`) in practically every image.
CANDIDATES = ("postgres", "nobody", "daemon")


class RunAs(TypedDict, total=False):
    """The arguments of `subprocess` that change the user; empty where nothing is to be changed."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """运行账户: user and group of the server's processes; `switch` says whether we are root and must change to it."""

    uid: int
    gid: int
    switch: bool

    @property
    def run_as(self) -> RunAs:
        """What to pass to `subprocess`; dropping root's identity drops all capabilities with it."""
        return RunAs(user=self.uid, group=self.gid, extra_groups=[]) if self.switch else RunAs()

    def own(self, target: Path | int) -> None:
        """Give a file or folder (or an open descriptor) to the account."""
        if self.switch:
            os.chown(target, self.uid, self.gid)

    def data_directory(self, cluster: Path) -> str:
        """Return the name of the cluster folder for a process that was started in it.

        A changed account may not be able to walk down to the folder; `/proc/self/cwd` leads there all the same.
        """
        return "/proc/self/cwd" if self.switch and sys.platform == "linux" else str(cluster)


def account_for(cluster: Path) -> Account:
    """Choose the account for a cluster: its owner if it exists, else ourselves, or, as root, an unprivileged account.

    Raises `EmbeddedServerError` when the cluster belongs to somebody else, or when there is no such account.
    """
    us = os.geteuid()
    owner = cluster.stat() if cluster.exists() else None
    if us != 0:
        if owner and owner.st_uid != us:
            raise EmbeddedServerError(
                f"{cluster} belongs to user id {owner.st_uid}; it cannot be served as user id {us}.",
                "数据目录属于其他用户, 当前用户无法启动数据库。",
            )
        return Account(us, os.getegid(), switch=False)
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switch=True)
    if owner:
        raise EmbeddedServerError(
            f"{cluster} belongs to root, as which PostgreSQL refuses to run; give it to an unprivileged account "
            f"(chown -R nobody {cluster}).",
            "数据目录属于 root, PostgreSQL 拒绝以 root 运行; 请将其改属普通账户。",
        )
    return _unprivileged()


def _unprivileged() -> Account:
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise EmbeddedServerError(
        f"PostgreSQL refuses to run as root, and none of the accounts {', '.join(CANDIDATES)} exists; "
        "make one (useradd --system postgres) or set YINGSU_DATABASE_URL.",
        "PostgreSQL 拒绝以 root 运行, 且没有可用的普通账户; 请创建 postgres 账户或设置 YINGSU_DATABASE_URL。",
    )
