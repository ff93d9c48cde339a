"""Rows as a table for a terminal. The status is a word first and a colour second; what is not known is a question mark."""

from collections.abc import Callable, Sequence

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
    "group": lambda row: row.group,
    "topic": lambda row: row.topic,
    "partition": lambda row: str(row.partition),
    "committed": lambda row: _number(row.committed),
    "end": lambda row: _number(row.end),
    "behind": lambda row: _number(row.records_behind),
    "seconds": lambda row: _number(row.seconds_behind, 1),
    "read/s": lambda row: _number(row.velocity, 1),
    "catches up in": lambda row: "" if row.seconds_to_catch_up == 0 else _number(row.seconds_to_catch_up, 0, "s"),
    "retention": lambda row: "?" if row.retention_used is None else f"{row.retention_used:.0%}",
    "members": lambda row: _number(row.members),
}


def table(poll: Poll) -> Table:
    """The poll's rows, a line each, with what is wrong below."""
    shown = Table(title="lag", title_justify="left", caption=_caption(poll.rows, poll.trouble), caption_justify="left")
    for name in COLUMNS:
        shown.add_column(name, justify="left" if name in {"group", "topic"} else "right", no_wrap=True)
    shown.add_column("status", no_wrap=True)
    for row in poll.rows:
        shown.add_row(*(cell(row) for cell in COLUMNS.values()), Text(row.status, style=STYLES[row.status]))
    return shown


def _caption(rows: Sequence[Row], trouble: str | None) -> str:
    reasons = {row.status: f"{row.status}: {row.reason}" for row in rows if row.status is not Status.OK}
    first = [f"no broker answers: {trouble}"] if trouble else [] if rows else ["no group is known: nothing is read, or nothing may be seen"]
    return "\n".join([*first, *reasons.values()])


def _number(value: float | None, digits: int = 0, unit: str = "") -> str:
    return "?" if value is None else f"{value:,.{digits}f}{unit}"
