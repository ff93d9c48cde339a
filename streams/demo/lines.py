"""The demo for pipes: plain lines, or one JSON object a line."""

import json
from collections.abc import Callable
from typing import Any, Self

from streams.demo.report import report
from streams.demo.show import Moment, because, headline
from streams.demo.summary import Summary
from streams.demo.world import Seen

Write = Callable[[str], None]
EVERY = 5.0
"""Seconds between two lines of progress."""


class _Lines:
    """What both have in common: a place to write to, and progress told every few seconds."""

    def __init__(self, write: Write, aside: Write) -> None:
        self._write, self._aside = write, aside
        self._told = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Lines leave nothing to put back."""

    def step(self, words: str) -> None:
        """Steps are no data: they go beside it."""
        self._aside(words)

    def tick(self, moment: Moment) -> None:
        """Progress, now and then."""
        if moment.seconds - self._told >= EVERY:
            self._told = moment.seconds
            self.progress(moment)

    def progress(self, moment: Moment) -> None:
        """One line of progress."""
        raise NotImplementedError


class JsonShow(_Lines):
    """One JSON object a line: `progress`, `output` for each alert, referral and review, and the `summary` at the end."""

    def _object(self, value: dict[str, Any]) -> None:
        self._write(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def came(self, seen: Seen) -> None:
        """An alert, a referral or a review, without evidence and without words."""
        told = headline(seen)
        if told is not None:
            self._object(told)

    def progress(self, moment: Moment) -> None:
        """How much is published, decided and behind."""
        counts = {"published": len(moment.ledger.sent), "decided": len(moment.ledger.decisions), "behind": dict(moment.behind)}
        self._object({"type": "progress", "seconds": round(moment.seconds, 1), **counts})

    def finish(self, summary: Summary) -> None:
        """The figures."""
        self._object(summary.record())


class PlainShow(_Lines):
    """A line for each alert, referral and review, and the summary at the end: for a terminal that can't be redrawn, and for logs."""

    def came(self, seen: Seen) -> None:
        """One line: outcome, clauses, reasons, to whom."""
        told = headline(seen)
        if told is not None:
            clauses, whom = ",".join(told["clauses"]) or "-", ",".join(told["recipients"])
            self._write(f"{told['outcome']:<14} {clauses:<10} to {whom}: {because(told)}")

    def progress(self, moment: Moment) -> None:
        """How far the stream is."""
        published, decided = len(moment.ledger.sent), len(moment.ledger.decisions)
        self._write(
            f"  {moment.seconds:4.0f} s  {published} records published, {decided} events decided, {sum(moment.behind.values())} behind"
        )

    def finish(self, summary: Summary) -> None:
        """The figures, as a short report."""
        for line in report(summary):
            self._write(line)
