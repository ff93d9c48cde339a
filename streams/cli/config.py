"""`vigil config show`: every setting, its value and where that is from; secrets masked."""

import json
from pathlib import Path
from typing import Any

import click
from pydantic import SecretStr
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from streams.cli.options import json_option, settings_option
from streams.settings import Settings, load_with_origins
from streams.settings_sources import variable

MASK = "**********"


@click.group("config")
def command() -> None:
    """Settings."""


@command.command()
@settings_option
@json_option
@click.option("--markdown", is_flag=True, help="All names, defaults and meanings as a Markdown table, whatever is set.")
def show(settings_file: Path | None, *, as_json: bool, markdown: bool) -> None:
    """Every setting: its value, where it is from (flag, environment, file, default) and what it means. Secrets are masked."""
    if markdown:
        click.echo(reference())
        return
    rows = _rows(settings_file)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        Console().print(_table(rows))


def reference() -> str:
    """The table of settings in docs/operating.md."""
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    for name, about in Settings.model_fields.items():
        lines.append(f"| `{variable(name)}` | {_default(about.default)} | {(about.description or '').replace('|', '/')} |")
    return "\n".join(lines)


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{int(value)}`"
    return "" if value is None else f"`{value}`"


def _rows(settings_file: Path | None) -> list[dict[str, Any]]:
    loaded = load_with_origins(file=settings_file)
    return [
        {
            "name": variable(name),
            "value": _shown(getattr(loaded.settings, name)),
            "source": loaded.origins[name],
            "meaning": about.description,
        }
        for name, about in Settings.model_fields.items()
    ]


def _shown(value: Any) -> str | int | float | bool | None:
    if isinstance(value, SecretStr):
        return MASK
    return value if value is None or isinstance(value, int | float) else str(value)


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("setting", "value", "from", "meaning", box=box.SIMPLE_HEAD)
    for row in rows:
        value = "-" if row["value"] is None else str(row["value"])
        table.add_row(row["name"], escape(value), row["source"], escape(row["meaning"]))
    return table
