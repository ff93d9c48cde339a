"""The whole sample: everybody's records in the order in which they reach the broker."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from streams.sample.cast import cast
from streams.sample.dice import Dice
from streams.sample.flaws import flawed
from streams.sample.line import Line
from streams.sample.tale import REPLY, Span, tell

PEOPLE = 400
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
MERGER_AT = datetime(2026, 9, 30, 23, 0, tzinfo=UTC)  # midnight of 1 October in London
DAY = timedelta(days=1)
_THREADS = 30


def _threaded(lines: Sequence[Line], dice: Dice) -> list[Line]:
    """Each reply put under a recent post of somebody, where there is one."""
    recent: deque[tuple[str, str]] = deque(maxlen=_THREADS)
    placed: list[Line] = []
    for line in lines:
        if isinstance(line.value, dict) and line.value.get("in_reply_to") == REPLY:
            thread, post = dice.pick(recent) if recent else (line.value["thread_id"], None)
            line = replace(line, value={**line.value, "thread_id": thread, "in_reply_to": post})  # noqa: PLW2901  the line, in its thread
        if isinstance(line.value, dict) and line.value.get("kind") == "created":
            recent.append((line.value["thread_id"], line.value["post_id"]))
        placed.append(line)
    return placed


def sample(people: int, seed: int, span: Span) -> list[Line]:
    """The records of so many people over a span of time; the same arguments give the same records.

    Profiles come first, then what people write, each at its moment (`Line.at`); a few records are flawed, late or delivered twice.
    """
    lines = [line for person in cast(people, seed, span.start) for line in tell(person, span, seed)]
    lines = _threaded(sorted(lines, key=lambda line: line.at), Dice(seed, "threads"))
    return sorted([*lines, *flawed(lines, Dice(seed, "flaws"))], key=lambda line: line.at)
