"""The lag's recent course: what each poll found of the workers' group, a bounded while, and how judging stands by it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from streams.lag.polling import Poll
from streams.lag.reading import Status
from streams.lag.report import Row

POINTS = 180
MISSED = 3.0
"""Polls that may be missing until what the last one found counts as old."""
OLD_SECONDS = 20.0
"""It is not old before so many seconds, however short the polls."""
WORST_FIRST = (Status.LOSING, Status.STOPPED, Status.STALLED, Status.UNKNOWN, Status.REWOUND, Status.LAGGING, Status.OK)


@dataclass(frozen=True, slots=True)
class Point:
    """What one poll found. `seconds`: the longest wait of any partition; None where that isn't known. `at` in seconds since the epoch."""

    at: float
    records: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Course:
    """The newest poll and when it ended, when brokers last answered one, and the points up to it. A poll makes a new course."""

    group: str
    poll_seconds: float
    poll: Poll | None = None
    at: float | None = None
    answered_at: float | None = None
    points: tuple[Point, ...] = ()

    def taken(self, poll: Poll, at: float) -> "Course":
        """The course with what a poll found at this moment."""
        mine = [row for row in poll.rows if row.group == self.group]
        point = Point(at, _total(mine), _longest(mine))
        answered = self.answered_at if poll.trouble else at
        return Course(self.group, self.poll_seconds, poll, at, answered, (*self.points[1 - POINTS :], point))

    def is_old(self, now: float) -> bool:
        """Whether polls have stopped ending."""
        return self.at is not None and now - self.at > max(OLD_SECONDS, MISSED * self.poll_seconds)

    def groups(self) -> Mapping[str, list[Row]]:
        """The rows of each group, the worst first; the workers' own group first of all."""
        rows = self.poll.rows if self.poll else []
        names = sorted({row.group for row in rows}, key=lambda name: (name != self.group, name))
        return {name: sorted((row for row in rows if row.group == name), key=_badness) for name in names}

    def judging(self, now: float) -> "Judging":
        """Whether the workers judge what comes in."""
        mine = self.groups().get(self.group, [])
        if self.poll is None or self.poll.trouble or self.is_old(now) or not mine:
            return Judging("unknown")
        statuses = Counter(row.status for row in mine)
        words = tuple((str(status), statuses[status]) for status in WORST_FIRST if status is not Status.OK and statuses[status])
        longest = max((wait for wait in map(_wait, mine) if wait is not None), default=None)
        known = statuses[Status.OK] + statuses[Status.UNKNOWN] < len(mine)
        return Judging("behind" if known else "unknown" if words else "well", words, len(mine), longest)


@dataclass(frozen=True, slots=True)
class Judging:
    """`words`: how many partitions are how, but the well ones. `seconds`: the longest wait that is known, None where none is."""

    state: Literal["unknown", "behind", "well"]
    words: tuple[tuple[str, int], ...] = ()
    places: int = 0
    seconds: float | None = None


def _badness(row: Row) -> tuple[int, float, str, int]:
    return WORST_FIRST.index(row.status), -(_wait(row) or 0.0), row.topic, row.partition


def _wait(row: Row) -> float | None:
    return 0.0 if row.records_behind == 0 else row.seconds_behind


def _total(rows: list[Row]) -> int | None:
    known = [row.records_behind for row in rows if row.records_behind is not None]
    return sum(known) if known and len(known) == len(rows) else None


def _longest(rows: list[Row]) -> float | None:
    known = [wait for wait in map(_wait, rows) if wait is not None]
    return max(known) if known and len(known) == len(rows) else None
