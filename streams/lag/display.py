"""Rows as a table for a terminal. The status is a word first and a colour second; what is not known is a question mark."""

from collections.abc import Callable, Sequence
from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from streams.lag.polling import Poll
from streams.lag.reading import Status
from streams.lag.report import Row

STYLES = {
    Status.OK: "green",
    Status.LAGGING: "yellow",
    Status.STALLED: "bold red",
    Status.STOPPED: "bold red",
    Status.REWOUND: "bold yellow",
    Status.LOSING: "bold white on red",
    Status.UNKNOWN: "bold magenta",
}
COLUMNS: dict[str, Callable[[Row], str]] = {
    "behind": lambda row: _number(row.records_behind),
    "seconds": lambda row: _number(row.seconds_behind, 1),
    "read/s": lambda row: _number(row.velocity, 1),
    "to go": lambda row: "" if row.seconds_to_catch_up == 0 else _number(row.seconds_to_catch_up, 0, " s"),
    "kept": lambda row: "?" if row.retention_used is None else f"{row.retention_used:.0%}",
}


def shown(poll: Poll) -> RenderableType:
    """The poll's rows, a table a group, with what is wrong below. Made for 80 columns. `kept` is the share of retention used."""
    groups = [_table(name, list(rows)) for name, rows in groupby(poll.rows, key=lambda row: row.group)]
    return Group(*groups, Text("\n".join(_remarks(poll))))


def _table(group: str, rows: Sequence[Row]) -> Table:
    title = Text(f"group {group}, members: {_number(rows[0].members)}")
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("topic", overflow="fold", min_width=12)
    table.add_column("part", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for name in COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        word = Text(row.status, style=STYLES[row.status])
        table.add_row(Text(row.topic), str(row.partition), word, *(cell(row) for cell in COLUMNS.values()))
    return table


def _remarks(poll: Poll) -> list[str]:
    if poll.trouble:
        return [f"no broker answers: {poll.trouble}"]
    if poll.incomplete:
        return [poll.incomplete, *_reasons(poll)]
    if not poll.rows:
        return ["no group is known: nothing is read, or nothing may be seen"]
    return _reasons(poll)


def _reasons(poll: Poll) -> list[str]:
    return list(dict.fromkeys(f"{row.status}: {row.reason}" for row in poll.rows if row.status is not Status.OK))


def _number(value: float | None, digits: int = 0, unit: str = "") -> str:
    return "?" if value is None else f"{value:,.{digits}f}{unit}"
