"""`yingsu documents`: registering, listing and removing trusted documents, and setting the mode."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.audit.tables import AuditEntry
from core.db.session import Database
from core.trusted.tables import TrustedDocument

Yingsu = Callable[..., Awaitable[Any]]
GOOD = {"a1": "query Mine { viewer { subject } }", "b2": "query Cases { cases { totalCount } }"}

pytestmark = pytest.mark.usefixtures("seeded")


def manifest(folder: Path, documents: Any) -> str:
    file = folder / "manifest.json"
    file.write_text(json.dumps(documents), encoding="utf-8")
    return str(file)


async def ids(yingsu: Yingsu, code: str = "4401", *more: str) -> list[str]:
    ran = await yingsu("documents", "list", "--tenant", code, *more)
    assert ran.code == 0, ran.err
    return [line.split("\t")[0] for line in ran.out.splitlines()]


async def test_registered_listed_removed_and_registered_again(
    yingsu: Yingsu, database: Database, tmp_path: Path
) -> None:
    web = ("--app", "web", "--version", "1.0")
    ran = await yingsu("documents", "register", manifest(tmp_path, GOOD), "--tenant", "4401", *web)
    assert (ran.code, ran.out) == (0, "2 documents registered, 0 unchanged\n")
    ran = await yingsu("documents", "register", manifest(tmp_path, GOOD), "--tenant", "4401", *web)
    assert (ran.code, ran.out) == (0, "0 documents registered, 2 unchanged\n")
    ran = await yingsu(
        "documents", "register", manifest(tmp_path, {"a1": GOOD["a1"]}), "--tenant", "4401", "--app", "phone"
    )
    assert ran.code == 0, ran.err
    assert await ids(yingsu) == ["a1", "a1", "b2"]
    assert await ids(yingsu, "4401", "--app", "phone") == ["a1"]
    assert await ids(yingsu, "440112") == []
    ran = await yingsu("documents", "remove", "--tenant", "4401", "--app", "web", "--version", "1.0")
    assert (ran.code, ran.out) == (0, "2 documents removed\n")
    assert await ids(yingsu) == ["a1"]
    ran = await yingsu("documents", "register", manifest(tmp_path, GOOD), "--tenant", "4401", *web)
    assert (ran.code, ran.out) == (0, "2 documents registered, 0 unchanged\n")
    ran = await yingsu("documents", "remove", "b2", "--tenant", "4401")
    assert ran.out == "1 documents removed\n"
    assert (await yingsu("documents", "remove", "--tenant", "4401")).code == 2
    async with database.system() as session:
        acts = [row.act for row in await session.rows(select(AuditEntry.act).order_by(AuditEntry.id))]
    assert acts == ["trustedDocumentsRegister"] * 2 + [
        "trustedDocumentsRemove",
        "trustedDocumentsRegister",
        "trustedDocumentsRemove",
    ]


async def test_one_that_is_not_valid_keeps_out_all(yingsu: Yingsu, database: Database, tmp_path: Path) -> None:
    bad = {
        **{f"n{key}": body + " # new" for key, body in GOOD.items()},
        "unknown": "{ nobody }",
        "broken": "query {",
        "fragment": "fragment F on Case { id }",
        "deep": "{ cases { nodes " + "{ dispute { cases " * 12 + "{ id }" + " } }" * 12 + " } }",
    }
    ran = await yingsu("documents", "register", manifest(tmp_path, bad), "--tenant", "4401", "--app", "bad")
    assert (ran.code, ran.out) == (1, "")
    named = [line.split(":")[0] for line in ran.err.splitlines()]
    assert named == ["unknown", "broken", "fragment", "deep", "nothing was registered"]
    async with database.system() as session:
        assert await session.rows(select(TrustedDocument.id).where(TrustedDocument.app == "bad")) == []


async def test_an_id_of_another_text_is_refused(yingsu: Yingsu, tmp_path: Path) -> None:
    await yingsu("documents", "register", manifest(tmp_path, {"c3": GOOD["a1"]}), "--tenant", "4403")
    ran = await yingsu(
        "documents", "register", manifest(tmp_path, {"c3": GOOD["b2"], "d4": GOOD["a1"]}), "--tenant", "4403"
    )
    assert ran.code == 1
    assert "c3" in ran.err
    assert await ids(yingsu, "4403") == ["c3"]


async def test_wrong_files_and_tenants_are_one_line(yingsu: Yingsu, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("[1]")
    for arguments in ((str(file), "--tenant", "4401"), (manifest(tmp_path, GOOD), "--tenant", "440199")):
        ran = await yingsu("documents", "register", *arguments)
        assert ran.code == 1
        assert len(ran.err.splitlines()) == 1
        assert "Traceback" not in ran.err


async def test_a_mode_without_documents_would_lock_everybody_out(yingsu: Yingsu, tmp_path: Path) -> None:
    ran = await yingsu("documents", "mode", "enforce", "--tenant", "4420")
    assert ran.code == 1
    assert "No document is registered" in ran.err
    await yingsu("documents", "register", manifest(tmp_path, {"e5": GOOD["a1"]}), "--tenant", "4420")
    ran = await yingsu("documents", "mode", "enforce", "--tenant", "4420")
    assert (ran.code, ran.out) == (0, "trusted documents of 442000000: enforce\n")
    assert (await yingsu("documents", "mode", "enforce", "--tenant", "4420")).code == 1
