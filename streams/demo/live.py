"""The demo in a terminal, redrawn a few times a second."""

from collections import Counter, deque
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from streams.demo.report import report
from streams.demo.show import Moment, because, headline
from streams.demo.summary import LIMITS, Summary, percentile
from streams.demo.world import Seen

FRAME = 19
"""Lines of the screen that the latest outputs can't have."""
COLOURS = {"emergency": "bold red", "non_emergency": "yellow", "review": "cyan", "none": "dim", "out_of_scope": "dim"}
INPUTS = ("posts", "messages", "profiles", "assessments", "responses")
WRITTEN = {
    "decisions": "decisions",
    "emergency-alerts": "alerts",
    "non-emergency-referrals": "referrals",
    "reviews": "reviews",
    "notices": "notices",
    "support": "support",
    "dead-letters": "dead letters",
}


def _columns(title: str, *names: str) -> Table:
    """A small table: words on the left, figures on the right."""
    table = Table(title=title, title_justify="left", expand=True, box=None, pad_edge=False)
    for name in names:
        table.add_column(name, no_wrap=True, justify="left" if name == names[0] else "right")
    return table


def _flow(moment: Moment) -> Table:
    """What goes in: by topic, how much, how fast, and how far the worker is behind."""
    table = _columns("in", "topic", "all", "/s", "behind")
    counts = Counter(sent.topic for sent in moment.ledger.sent.values())
    for topic in INPUTS:
        behind = moment.behind.get(topic)
        table.add_row(topic, str(counts[topic]), f"{moment.rates.get(topic, 0):.0f}", "?" if behind is None else str(behind))
    return table


def _written(moment: Moment) -> Table:
    """What comes out, by topic."""
    table = _columns("out", "topic", "all")
    for topic, short in WRITTEN.items():
        table.add_row(short, str(moment.ledger.written[topic]))
    return table


def _outcomes(moment: Moment) -> Table:
    """Events by outcome."""
    table = _columns("events by outcome", "outcome", "all")
    outcomes = moment.ledger.outcomes()
    for outcome, colour in COLOURS.items():
        table.add_row(Text(outcome, style=colour), str(outcomes[outcome]))
    return table


def _status(moment: Moment) -> Text:
    """How much is accounted for, and how long alerts take."""
    open_ones = sum(1 for _ in moment.ledger.unaccounted())
    p50, p99 = (percentile(moment.ledger.waits, part) for part in (0.5, 0.99))
    waits = f"   event to alert: p50 {p50} ms, p99 {p99} ms" if p50 is not None else ""
    return Text(f"{len(moment.ledger.sent)} records published, {open_ones} events on their way{waits}", style="bold")


class LiveShow:
    """One screen: flow, outcomes, and the latest of what came out with clause and reasons. Leaves the terminal as it found it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._latest: deque[tuple[str, str, str, str]] = deque(maxlen=max(3, console.height - FRAME))
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
            self._latest.append((told["outcome"], ",".join(told["clauses"]), because(told), ", ".join(told["recipients"])))

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
        top = Table.grid(expand=True, padding=(0, 2))
        for ratio in (5, 3, 4):
            top.add_column(ratio=ratio)
        top.add_row(_flow(moment), _written(moment), _outcomes(moment))
        title = f"vigil demo   {moment.people} people   {moment.seconds:.0f} s"
        bar = ProgressBar(total=1.0, completed=moment.progress)
        return Panel(Group(bar, Text(), top, Text(), _status(moment), Text(), self._told(), Text(), Text(LIMITS, style="dim")), title=title)

    def _told(self) -> Table:
        """The latest, newest last."""
        table = Table(title="latest: what came out, and why", title_justify="left", expand=True, box=None, pad_edge=False)
        for name, width in (("outcome", 13), ("clause", 8), ("because", None), ("to", 20)):
            table.add_column(name, width=width, ratio=1 if width is None else None, no_wrap=True, overflow="ellipsis")
        for outcome, clauses, reasons, whom in self._latest:
            table.add_row(Text(outcome, style=COLOURS[outcome]), clauses, Text(reasons), whom)
        return table
