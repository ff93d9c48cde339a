"""What the demo asks of the world around it: somewhere to publish, and what came out. A test hands it another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from streams.sample.line import Line

Place = tuple[str, int, int]
"""A record's topic (without prefix), partition and offset."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One record that Vigil wrote, as a consumer sees it. `at`: when it was seen, in milliseconds since the epoch.

    `value` is None for a dead letter: its bytes are somebody's words, and the demo shows none.
    """

    topic: str
    value: Mapping[str, Any] | None
    headers: Mapping[str, str]
    at: int


class World(Protocol):
    """A broker with a worker behind it."""

    def publish(self, line: Line, trace: str) -> None:
        """Publish a record with this `traceparent`, by which what it leads to is known again."""
        ...

    def placed(self) -> Sequence[tuple[str, Place]]:
        """Which records the broker has acknowledged since the last call: trace and place."""
        ...

    def seen(self, seconds: float) -> Sequence[Seen]:
        """What Vigil wrote since the last call; waits so long at most."""
        ...

    def behind(self) -> Mapping[str, int]:
        """Records of each input topic that the worker has not committed yet. A topic that can't be told is absent."""
        ...

    def check(self) -> None:
        """Raise VigilError where the worker has ended."""
        ...
