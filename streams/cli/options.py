"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


def settings_option(command: Command) -> Command:
    """`--settings FILE`, handed on as `settings_file`."""
    path = click.Path(dir_okay=False, path_type=Path)
    return click.option("--settings", "settings_file", type=path, help="A TOML file of settings; the environment wins over it.")(command)


def json_option(command: Command) -> Command:
    """`--json`, handed on as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="For programs: JSON on stdout.")(command)


def plain(text: str) -> str:
    """Text for a terminal: whatever steers one, or can't be seen, is written out."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)
