"""A foreign distribution, really installed: with it the house has its part, without it no trace, and its data outlive it.

Each step runs in a process of its own, as it would after an installation: this one never imports the plugin.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.city import City

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "tests" / "example_plugin"


def run(
    arguments: list[str], *, site: Path | None = None, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python with a folder of installed distributions, or without it."""
    places = [str(ROOT), *([str(site)] if site else [])]
    given = {**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=given, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the example plugin is installed into, by pip, without a network."""
    folder = tmp_path_factory.mktemp("site")
    source = folder / "source"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--quiet"]
    done = run(["-m", "pip", "install", *offline, "--target", str(folder / "installed"), str(source)])
    assert done.returncode == 0, done.stderr
    return folder / "installed"


def test_its_own_checks_pass_where_it_is_installed(site: Path, server_url: str) -> None:
    checks = site.parent / "source" / "checks"
    options = ["-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"), f"--rootdir={checks.parent}"]
    done = run(
        ["-m", "pytest", *options, "-o", "python_files=check_*.py", str(checks)],
        site=site,
        YINGSU_TEST_SERVER=server_url,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


SCHEMA = """
import json
from core.extension.registry import Registry
from core.house import CORE_CONTRIBUTIONS
from core.db.base import Base
from schema.compose import House
registry = Registry.load()
house = House((*CORE_CONTRIBUTIONS, *registry.contributions()))
print(json.dumps({
    "plugins": {name: one.distribution for name, one in registry.plugins.items()},
    "permissions": [one.name for one in registry.permissions().get("case_label", ())],
    "tables": [name for name in Base.metadata.tables if "label" in name],
    "with": house.schema({"case_label"}).as_str(),
    "without": house.schema(()).as_str(),
}))
"""
CONTRIBUTED = (
    "type CaseLabel implements Node",
    "labelCount: Int",
    "caseLabelAdd(",
    "caseLabels(",
    "enum CaseLabelAddRefusal",
)


def schema(site: Path | None) -> dict[str, Any]:
    done = run(["-c", SCHEMA], site=site)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_with_it_the_schema_has_its_part_and_without_it_no_trace(site: Path) -> None:
    installed, removed = schema(site), schema(None)
    assert installed["plugins"] == {"case_label": "yingsu-example", "reminders": "yingsu"}
    assert installed["permissions"] == ["case_label.add"]
    assert installed["tables"] == ["case_label"]
    assert [text for text in CONTRIBUTED if text not in installed["with"]] == []
    assert [text for text in (*CONTRIBUTED, "CaseLabel") if text in installed["without"]] == []
    assert installed["without"] == removed["with"] == removed["without"]
    assert "case_label" not in removed["plugins"]
    assert removed["tables"] == []


STEP = """
import asyncio, json, sys
from sqlalchemy import text
from core.db.engine import make_engine
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database
from core.extension.migration import migrate
from core.extension.registry import Registry
from datetime import date
url, statement = sys.argv[1:]

async def main():
    registry = Registry.load()
    await migrate(url, registry)
    database = Database(make_engine(url))
    async with database.system() as session:
        if statement:
            await session.execute(text(statement))
        kept = await session.scalar(text("select count(*) from pg_class where relname = 'case_label'"))
    async with database.engine.connect() as connection:
        revisions = sorted(await connection.scalars(text("select version_num from alembic_version")))
    scope = Scope(ScopeKind.TENANT, 4401, 440100000, 440200000, TenantLevel.CITY, date(2026, 3, 10))
    async with database.read(scope) as session:
        seen = await session.scalar(text("select count(*) from case_label")) if kept else None
    await database.dispose()
    print(json.dumps({"plugins": list(registry.plugins), "table": kept, "revisions": revisions, "seen": seen}))

asyncio.run(main())
"""


def step(site: Path | None, url: str, statement: str = "") -> dict[str, Any]:
    done = run(["-c", STEP, url, statement], site=site)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


async def test_its_data_outlive_it(site: Path, database_url: str, city: City) -> None:
    before = step(None, database_url)
    assert (before["plugins"], before["table"]) == (["reminders"], 0)
    core = before["revisions"]
    label = (
        "insert into case_label (shard, code, agency_id, case_id, response_id, text, colour, created_at)"
        f" select shard, code, agency_id, case_id, id, '重大', '红', now() from response where id = '{city.responses['town']}'"
    )
    installed = step(site, database_url, label)
    assert installed == {
        "plugins": ["case_label", "reminders"],
        "table": 1,
        "revisions": ["case_label_0001", *core],
        "seen": 1,
    }
    removed = step(None, database_url)
    assert removed == {"plugins": ["reminders"], "table": 1, "revisions": ["case_label_0001", *core], "seen": 0}
    assert step(site, database_url) == installed


def test_a_plugin_that_claims_the_same_field_is_refused_by_both_names(site: Path, tmp_path: Path) -> None:
    both = tmp_path / "both"
    shutil.copytree(site, both)
    (both / "rival.py").write_text(
        "from core.sdk.graphql import Contribution, Doc, Scalar, expression, extends\n"
        "from core.sdk.hooks import Manifest, hookimpl\n"
        "@extends('Case')\n"
        "class Fields:\n"
        "    labels = expression(lambda case: '1', Doc('标签', 'labels'), Scalar.INT)\n"
        "@hookimpl\ndef yingsu_manifest():\n    return Manifest('rival', '1', '对手', 'rival', '例。')\n"
        "@hookimpl\ndef yingsu_graphql():\n    return Contribution('rival', extensions=(Fields,))\n",
        encoding="utf-8",
    )
    info = both / "yingsu_rival-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: yingsu-rival\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[yingsu.plugins]\nrival = rival\n", encoding="utf-8")
    done = run(["-c", SCHEMA], site=both)
    assert done.returncode != 0
    told = "field Case.labels is declared by case_label (of yingsu-example) and by rival (of yingsu-rival)"
    assert told in done.stderr
