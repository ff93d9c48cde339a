"""The lag's recent course: what each poll found, a bounded while, and its plot as SVG."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from streams.lag.polling import Poll
from streams.lag.report import Row

POINTS = 180
Measure = Literal["records", "seconds"]
WIDTH, HEIGHT = 720, 120


@dataclass(frozen=True, slots=True)
class Point:
    """What one poll found. `seconds`: the longest wait of any partition; None where that isn't known. `at` in seconds since the epoch."""

    at: float
    records: int | None
    seconds: float | None


class Course:
    """The newest poll, when it was, and the points before it."""

    def __init__(self) -> None:
        self.poll: Poll | None = None
        self.at: float | None = None
        self.points: deque[Point] = deque(maxlen=POINTS)

    def take(self, poll: Poll, at: float) -> None:
        """Keep what a poll found at this moment."""
        self.poll, self.at = poll, at
        self.points.append(Point(at, _total(poll.rows), _longest(poll.rows)))

    def lines(self, measure: Measure) -> list[str]:
        """The plot of a measure: SVG points of each stretch that is known, oldest left; a gap where nothing was known."""
        top = self.top(measure)
        stretches: list[list[str]] = [[]]
        for number, point in enumerate(self.points):
            value = getattr(point, measure)
            if value is None:
                stretches.append([])
                continue
            across = number * WIDTH / max(1, len(self.points) - 1)
            stretches[-1].append(f"{across:.1f},{HEIGHT - value / top * HEIGHT:.1f}")
        return [" ".join(stretch if len(stretch) > 1 else [*stretch, stretch[0]]) for stretch in stretches if stretch]

    def top(self, measure: Measure) -> float:
        """What the upper edge of the plot stands for."""
        values = [getattr(point, measure) for point in self.points]
        most: float = max([1.0, *(value for value in values if value is not None)])
        return most

    def most(self, measure: Measure) -> float | None:
        """The most that any poll found; None where nothing was known."""
        return max((value for point in self.points if (value := getattr(point, measure)) is not None), default=None)

    def latest(self, measure: Measure) -> float | None:
        """What the last poll found; None where that isn't known."""
        value: float | None = getattr(self.points[-1], measure) if self.points else None
        return value


def _total(rows: Iterable[Row]) -> int | None:
    counts = [row.records_behind for row in rows]
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _longest(rows: Iterable[Row]) -> float | None:
    waits = [0.0 if row.records_behind == 0 else row.seconds_behind for row in rows]
    known = [wait for wait in waits if wait is not None]
    return max(known) if known and len(known) == len(waits) else None
