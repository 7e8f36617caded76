"""Every `yingsu` command that our pages name exists, with the options that they give it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from core.cli import cli

MENTION = re.compile(
    r"`(?:[^`\n]*?)(yingsu [a-z][^`\n]*)`|^ *(?:\.venv/bin/|env -u \w+ )?(yingsu [a-z][^\n#]*)", re.MULTILINE
)


def words_of(mention: str) -> list[str]:
    return shlex.split(mention.replace("…", "x"))[1:]


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no command {words[0]}"
        command, words = found, words[1:]
    return command, words


def mentions(pages: dict[Path, str]) -> set[str]:
    return {(first or second).strip() for text in pages.values() for first, second in MENTION.findall(text)}


def test_commands_and_options_exist(pages: dict[Path, str], root: Path) -> None:
    wrong = []
    ours = {path: text for path, text in pages.items() if "decisions" not in path.parts}
    for mention in sorted(mentions(ours)):
        if mention in NOT_THERE_YET:
            continue
        try:
            command, rest = resolve(words_of(mention))
        except AssertionError as error:
            wrong.append(f"{mention}: {error}")
            continue
        known = {option for parameter in command.params for option in parameter.opts}
        wrong += [
            f"{mention}: {word}"
            for word in rest
            if word.startswith("--") and word.split("=")[0] not in known | {"--help"}
        ]
    assert not wrong


NOT_THERE_YET = {"yingsu backup"}
"""Said by the pages to be missing."""


@pytest.mark.parametrize("mention", sorted(NOT_THERE_YET))
def test_what_is_said_to_be_missing_is_missing(mention: str) -> None:
    with pytest.raises(AssertionError):
        resolve(words_of(mention))


def test_the_targets_of_make_exist(pages: dict[Path, str], root: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for text in pages.values() for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)}
    assert {"demo", "test", "setup"} <= named
    assert named <= targets
