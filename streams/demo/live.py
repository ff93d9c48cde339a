"""The demo in a terminal, redrawn a few times a second."""

from collections import deque
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from streams.demo.report import report
from streams.demo.show import Moment, headline
from streams.demo.summary import LIMITS, Summary
from streams.demo.world import Seen

LATEST = 10
COLOURS = {"emergency": "bold red", "non_emergency": "yellow", "review": "cyan", "none": "dim", "out_of_scope": "dim"}
INPUTS = ("posts", "messages", "profiles", "assessments", "responses")
WRITTEN = ("decisions", "emergency-alerts", "non-emergency-referrals", "reviews", "notices", "support", "dead-letters")


def _flow(moment: Moment) -> Table:
    """What goes in: by topic, how much, how fast, and how far the worker is behind."""
    table = Table(title="in", title_justify="left", expand=True, box=None)
    for name, style in (("topic", ""), ("records", ""), ("per s", "dim"), ("behind", "magenta")):
        table.add_column(name, style=style, justify="left" if name == "topic" else "right")
    counts = {topic: sum(sent.topic == topic for sent in moment.ledger.sent.values()) for topic in INPUTS}
    for topic in INPUTS:
        behind = moment.behind.get(topic)
        table.add_row(topic, str(counts[topic]), f"{moment.rates.get(topic, 0):.0f}", "?" if behind is None else str(behind))
    return table


def _written(moment: Moment) -> Table:
    """What comes out, by topic."""
    table = Table(title="out", title_justify="left", expand=True, box=None)
    table.add_column("topic")
    table.add_column("records", justify="right")
    for topic in WRITTEN:
        table.add_row(topic, str(moment.ledger.written[topic]))
    return table


def _outcomes(moment: Moment) -> Table:
    """Events by outcome."""
    table = Table(title="events by outcome", title_justify="left", expand=True, box=None)
    table.add_column("outcome")
    table.add_column("events", justify="right")
    outcomes = moment.ledger.outcomes()
    for outcome, colour in COLOURS.items():
        table.add_row(Text(outcome, style=colour), str(outcomes[outcome]))
    return table


class LiveShow:
    """One screen: flow, outcomes, and the latest of what came out with clause and reasons. Leaves the terminal as it found it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._latest: deque[tuple[str, str, str, str]] = deque(maxlen=LATEST)
        self._live = Live(console=console, screen=True, auto_refresh=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._live.stop()

    def step(self, words: str) -> None:
        """A step of the set-up, in the normal screen."""
        self._console.print(words, style="dim")

    def came(self, seen: Seen) -> None:
        """Keep the latest alerts, referrals and reviews."""
        told = headline(seen)
        if told is not None:
            self._latest.append((told["outcome"], ",".join(told["clauses"]), "; ".join(told["reasons"]), ", ".join(told["recipients"])))

    def tick(self, moment: Moment) -> None:
        """Draw the screen anew."""
        self._live.start()
        self._live.update(self._screen(moment), refresh=True)

    def finish(self, summary: Summary) -> None:
        """Back to the normal screen, with the figures."""
        self._live.stop()
        for line in report(summary):
            self._console.print(line, highlight=True, markup=False)

    def _screen(self, moment: Moment) -> RenderableType:
        top = Table.grid(expand=True, padding=(0, 3))
        for _ in range(3):
            top.add_column(ratio=1)
        top.add_row(_flow(moment), _written(moment), _outcomes(moment))
        title = f"vigil demo   {moment.people} people   {moment.seconds:.0f} s"
        bar = ProgressBar(total=1.0, completed=moment.progress)
        return Panel(Group(bar, Text(), top, Text(), self._told()), title=title, subtitle=LIMITS, subtitle_align="left")

    def _told(self) -> Table:
        """The latest, newest last."""
        table = Table(title="latest: what came out, and why", title_justify="left", expand=True, box=None)
        for name, ratio in (("outcome", 2), ("clause", 1), ("because", 8), ("recommended to", 3)):
            table.add_column(name, ratio=ratio, no_wrap=True, overflow="ellipsis")
        for outcome, clauses, reasons, whom in self._latest:
            table.add_row(Text(outcome, style=COLOURS[outcome]), clauses, Text(reasons), whom)
        return table
