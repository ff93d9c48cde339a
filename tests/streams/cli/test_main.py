"""`vigil --help`: what a newcomer meets first."""

import re

import click
import pytest
from click.testing import CliRunner

from streams.cli.main import COMMANDS, SECTIONS, main


def commands() -> list[tuple[str, ...]]:
    """Every command and subcommand by its words."""
    found: list[tuple[str, ...]] = []
    with click.Context(main) as root:
        for name in COMMANDS:
            command = main.get_command(root, name)
            inner = command.commands if isinstance(command, click.Group) else {}
            found += [(name,), *((name, each) for each in inner)]
    return found


def test_each_command_stands_under_who_needs_it_once() -> None:
    """None is missing from the help, and none is there twice."""
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(COMMANDS)


def test_no_sentence_is_cut_off() -> None:
    """The first page says what each command does, whole."""
    page = CliRunner().invoke(main, ["--help"]).stdout
    assert page.count("For responders:") == 1
    assert [line for line in page.splitlines()[1:] if line.endswith("...") and "FILE..." not in line] == []


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_each_help_explains_its_options(words: tuple[str, ...]) -> None:
    """It begins with a sentence, every option has a text that is a sentence too or names the thing, and nothing is left raw."""
    done = CliRunner().invoke(main, [*words, "--help"])
    assert done.exit_code == 0
    first = done.stdout.split("\n\n")[1].strip()
    assert re.match(r"[A-Z`]", first), first
    command: click.Command | None = main
    with click.Context(main) as context:
        for word in words:
            assert isinstance(command, click.Group)
            command = command.get_command(context, word)
    assert command is not None
    assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []
