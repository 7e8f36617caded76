"""Loading: every plugin by one loader, every mistake an error that names the plugin, every clash one that names both."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import time
from importlib.metadata import distributions
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID

import pytest
from sqlalchemy import ForeignKeyConstraint, MetaData, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.db.base import RowClass
from core.extension.hookspecs import hookimpl
from core.extension.loading import Found, installed
from core.extension.manifest import Manifest, PluginError, Subscription
from core.extension.registry import Registry
from core.extension.settings import PluginSettings
from core.extension.table_rules import columns_needed
from core.house import CORE_CONTRIBUTIONS
from core.identity.permissions import Permission
from core.identity.roles import Role
from core.jobs.job import Job, NoPayload, Schedule
from core.labels import Labelled
from schema.act import Act
from schema.compose import House
from schema.declare import expression, extends
from schema.declared.types import Contribution
from schema.declared.values import DeclarationError, Scalar
from schema.describe import Doc


def plugin(name: str, *, distribution: str | None = None, called: str | None = None, **hooks: Any) -> Found:
    """A plugin module with a manifest and these hooks."""
    given: dict[str, Any] = {"requires": (), "migrations": None} | hooks.pop("manifest", {})
    answers = {"manifest": Manifest(called or name, "1", "例", "example", "例。", **given), **hooks}
    module = SimpleNamespace()
    for hook, answer in answers.items():
        setattr(module, f"yingsu_{hook}", hookimpl(answering(hook, answer)))
    return Found(name, distribution or f"dist-{name}", module)


def answering(hook: str, answer: Any) -> Callable[[], Any]:
    def implementation() -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    implementation.__name__ = f"yingsu_{hook}"
    return implementation


class Refusal(Labelled):
    NOT_FOUND = "NOT_FOUND", "不存在", "missing"
    PLUGIN_NOT_ENABLED = "PLUGIN_NOT_ENABLED", "未启用", "not enabled"


class OtherRefusal(Labelled):
    PLUGIN_NOT_ENABLED = "PLUGIN_NOT_ENABLED", "未启用", "not enabled"


class Careless(Labelled):
    NOT_FOUND = "NOT_FOUND", "不存在", "missing"


def act(name: str, refusals: type[Labelled] = Refusal, permission: str = "case.register") -> Act:
    class Given:
        pass

    async def perform(_context: Any, _given: Any) -> UUID:
        raise NotImplementedError

    Given.__name__ = f"Given{name.title()}"
    return Act(name, Given, perform, "Case", refusals, permission, Doc("例", "example"))


def field(type_name: str = "Case", name: str = "mark") -> Any:
    declared = expression(lambda _alias: "1", Doc("例", "example"), Scalar.INT)
    return extends(type_name)(type("Fields", (), {name: declared}))


def table(
    name: str,
    *,
    row_class: RowClass | None = RowClass.SHARD,
    key: tuple[str, ...] = ("shard", "id"),
    args: tuple[Any, ...] = (),
) -> type[Any]:
    class Apart(DeclarativeBase):
        metadata = MetaData()

    class Row(Apart):
        __tablename__ = name
        __table_args__ = (PrimaryKeyConstraint(*key), *args, {"info": {"row_class": row_class} if row_class else {}})

        id: Mapped[int] = mapped_column()
        shard: Mapped[int] = mapped_column()
        other: Mapped[int | None] = mapped_column()

    return Row


class Settings(PluginSettings):
    plugin: ClassVar[str] = "one"

    days: int = 2


class Unset(PluginSettings):
    plugin: ClassVar[str] = "one"

    days: int


async def work() -> None:
    raise NotImplementedError


async def react(_context: Any, _event: Any) -> None:
    raise NotImplementedError


RIGHT = Permission("one.mark", "标记", "mark", frozenset({Role.AUDITOR}))
HERE = Path(__file__).parent


def test_plugins_are_sorted_by_name_and_asked_once() -> None:
    registry = Registry.load([plugin("two", permissions=(RIGHT,)), plugin("one")])
    assert list(registry.plugins) == ["one", "two"]
    assert registry.permissions() == {"one": (), "two": (RIGHT,)}
    assert registry.plugins["one"].distribution == "dist-one"
    assert registry.settings_model("one") is registry.settings_model("absent") is None


def test_what_the_house_takes() -> None:
    part = Contribution("one", extensions=(field(),), acts=(act("mark"),))
    job = Job("one.sweep", "清扫", "sweep", NoPayload, work)
    at_three = Schedule(job, at=time(3))
    registry = Registry.load(
        [
            plugin(
                "one",
                manifest={"migrations": HERE},
                graphql=part,
                settings=Settings,
                jobs=(job,),
                schedules=(at_three,),
                subscriptions=(Subscription("Marked", react), Subscription("Marked", react)),
                tables=(table("one_mark"),),
            )
        ]
    )
    (contributed,) = registry.contributions()
    assert contributed.extensions == part.extensions
    assert [one.name for one in contributed.acts] == ["mark"]
    assert contributed.acts[0].perform is not part.acts[0].perform
    assert [(one.name, one.versions) for one in registry.migration_branches()] == [("one", HERE)]
    assert registry.settings_model("one") is Settings
    assert registry.jobs() == {"one.sweep": job}
    assert registry.schedules() == (at_three,)
    assert {name: len(all_of) for name, all_of in registry.subscribers(frozenset({"one"})).items()} == {"Marked": 2}
    assert registry.subscribers(frozenset()) == {}


PART = Contribution("one", extensions=(field(),))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"called": "other"}, "calls itself other"),
        ({"manifest": {"requires": ("absent",)}}, "requires absent, which is not installed"),
        ({"tables": ValueError("broken")}, "hook yingsu_tables failed: broken"),
        ({"tables": "nonsense"}, "yingsu_tables answers a sequence of type"),
        ({"tables": (str,)}, "str is no declarative class"),
        ({"graphql": PART.extensions}, "yingsu_graphql answers one Contribution"),
        ({"graphql": Contribution("core")}, "in the name of core"),
        ({"graphql": Contribution("one", acts=(act("mark", Careless),))}, "refusals of mark lack PLUGIN_NOT_ENABLED"),
        ({"graphql": Contribution("one", acts=(act("mark", permission="one.none"),))}, "needs one.none, which nobody"),
        ({"tables": (table("mark"),)}, "table mark is not prefixed with one_"),
        ({"tables": (table("one_mark"),)}, "has tables and no migrations"),
        ({"tables": (table("one_mark", row_class=None),)}, "one_mark declares no row_class"),
        ({"tables": (table("one_mark", key=("id", "shard")),)}, "a primary key of one_mark does not start with shard"),
        ({"tables": (table("one_mark", args=(UniqueConstraint("other", "shard"),)),)}, "a unique key of one_mark"),
        (
            {"tables": (table("one_mark", args=(ForeignKeyConstraint(["other"], ["one_mark.id"]),)),)},
            "a foreign key of one_mark does not start with shard",
        ),
        ({"tables": (table("one_mark", row_class=RowClass.TENANT),)}, "one_mark is tenant and lacks the column code"),
        ({"settings": str}, "derived from PluginSettings"),
        ({"settings": Unset}, "settings have no valid default"),
        (
            {"jobs": (Job("two.sweep", "清扫", "sweep", NoPayload, work),)},
            "its job two.sweep must be called one.<what>",
        ),
        (
            {"schedules": (Schedule(Job("two.sweep", "清扫", "sweep", NoPayload, work), at=time(3)),)},
            "schedules two.sweep, which is no job of its own",
        ),
        (
            {"permissions": (Permission("case.register", "登记", "register", frozenset()),)},
            "permission case.register is declared by core and by one",
        ),
        ({"nonsense": 1}, "hook that does not exist"),
    ],
)
def test_a_mistake_names_the_plugin_and_what_is_wrong(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(PluginError, match=message) as caught:
        Registry.load([plugin("one", **wrong)])
    assert "one" in str(caught.value)


def test_settings_of_another_plugin_are_refused() -> None:
    with pytest.raises(PluginError, match="must say plugin = 'two'"):
        Registry.load([plugin("two", settings=Settings)])


@pytest.mark.parametrize("name", ["core", "ab", "Big", "with-dash", "x1y", "_mark", ""])
def test_a_name_that_cannot_be_a_plugins(name: str) -> None:
    with pytest.raises(PluginError, match="no plugin's name"):
        Manifest(name, "1", "例", "example", "例。")


def test_plugins_that_require_each_other_are_refused() -> None:
    circle = [plugin("one", manifest={"requires": ("two",)}), plugin("two", manifest={"requires": ("one",)})]
    with pytest.raises(PluginError, match="one -> two -> one"):
        Registry.load(circle)
    with pytest.raises(PluginError, match="requires itself"):
        plugin("one", manifest={"requires": ("one",)})


def test_two_distributions_may_not_ship_one_plugin() -> None:
    with pytest.raises(PluginError, match="two plugins are called one: of first and of second"):
        Registry.load([plugin("one", distribution="second"), plugin("one", distribution="first")])


def part(owner: str, **content: Any) -> dict[str, Any]:
    return {"graphql": Contribution(owner, **content)}


@pytest.mark.parametrize(
    ("what", "one", "two"),
    [
        ("field Case.mark", part("one", extensions=(field(),)), part("two", extensions=(field(),))),
        ("mutation mark", part("one", acts=(act("mark"),)), part("two", acts=(act("mark", OtherRefusal),))),
        ("type Refusal", part("one", acts=(act("mark"),)), part("two", acts=(act("note"),))),
        ("type Role", part("one", enums=(Role,)), part("two", enums=(Role,))),
        ("permission one.mark", {"permissions": (RIGHT,)}, {"permissions": (RIGHT,)}),
    ],
)
def test_a_clash_names_both_plugins(what: str, one: dict[str, Any], two: dict[str, Any]) -> None:
    with pytest.raises(PluginError) as caught:
        Registry.load([plugin("one", **one), plugin("two", **two)])
    assert what in str(caught.value)
    assert "by one" in str(caught.value)
    assert "by two" in str(caught.value)


def test_a_clash_with_the_core_names_both() -> None:
    registry = Registry.load([plugin("one", graphql=Contribution("one", extensions=(field(name="status"),)))])
    with pytest.raises(DeclarationError, match=r"field Case\.status is declared by core and by one"):
        House((*CORE_CONTRIBUTIONS, *registry.contributions()))


@pytest.fixture
def entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Writes a distribution with a plugin module of this source."""

    def write(name: str, source: str) -> None:
        (tmp_path / f"{name}_module.py").write_text(source, encoding="utf-8")
        info = tmp_path / f"dist_{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[yingsu.plugins]\n{name} = {name}_module\n", encoding="utf-8")

    monkeypatch.syspath_prepend(str(tmp_path))
    yield write
    for name in [name for name in sys.modules if name.endswith("_module")]:
        del sys.modules[name]


def test_installed_plugins_are_found_by_their_entry_points(entry_point: Callable[[str, str], None]) -> None:
    entry_point(
        "sample",
        "from core.sdk.hooks import Manifest, hookimpl\n"
        "@hookimpl\ndef yingsu_manifest():\n    return Manifest('sample', '1', '例', 'example', '例。')\n",
    )
    registry = Registry.load(found for found in installed() if found.name == "sample")
    assert registry.plugins["sample"].distribution == "dist-sample"


@pytest.mark.parametrize("source", ["import no_such_module_anywhere", "1 / 0", "def broken("])
def test_a_plugin_that_cannot_be_imported_names_its_distribution(
    entry_point: Callable[[str, str], None], source: str
) -> None:
    entry_point("sample", source)
    with pytest.raises(PluginError, match="plugin sample of dist-sample cannot be imported"):
        installed()


def test_a_plugin_without_a_manifest_names_its_distribution(entry_point: Callable[[str, str], None]) -> None:
    entry_point("sample", "")
    with pytest.raises(PluginError, match="plugin sample of dist-sample gives no Manifest"):
        Registry.load(found for found in installed() if found.name == "sample")


def test_no_other_distribution_ships_our_packages() -> None:
    shipped: dict[str, set[str]] = {"core": set(), "plugins": set(), "schema": set()}
    for distribution in distributions():
        tops = {str(path).split("/", 1)[0].removesuffix(".py") for path in distribution.files or ()}
        for name in tops & set(shipped):
            shipped[name].add(distribution.name)
    assert {name: others - {"yingsu"} for name, others in shipped.items()} == {name: set() for name in shipped}


@pytest.mark.parametrize(
    ("row_class", "columns"),
    [
        (RowClass.TENANT, {"shard", "code"}),
        (RowClass.SHARD, {"shard"}),
        (RowClass.RESPONSE, {"shard", "code", "agency_id", "case_id"}),
        (RowClass.CASE, {"shard", "case_id"}),
    ],
)
def test_a_row_class_names_the_columns_that_it_decides_by(row_class: RowClass, columns: set[str]) -> None:
    assert columns_needed(row_class) == columns
