"""Which canaries are in the air, which came back and which are lost. Pure: it is handed the moment."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

from streams.canary.sent import Answer

MOST_LOST = 10_000
"""So many lost ones are remembered, so that one that comes at last is still timed."""
LONGEST_LOOK = 1.0
"""Seconds: what passed between two looks beyond this, this process did not listen (it was paused), and nothing is lost by it."""


@dataclass(frozen=True, slots=True)
class Landed:
    """How one canary ended. `late`: right, but counted as lost before. `seconds` since it was sent; None where it is lost.

    `wrong` says what is wrong, in words of our own.
    """

    partition: int
    outcome: Literal["right", "wrong", "lost", "late"]
    seconds: float | None = None
    wrong: str | None = None


@dataclass(frozen=True, slots=True)
class _Flight:
    partition: int
    sent: float
    heard: float


class Flights:
    """All canaries of this process. Moments are monotonic, in seconds; one not back `lost_after` of them is lost."""

    def __init__(self, lost_after: float) -> None:
        self._lost_after = lost_after
        self._flying: dict[str, _Flight] = {}
        self._lost: OrderedDict[str, _Flight] = OrderedDict()
        self._heard = 0.0
        self._looked: float | None = None

    def __len__(self) -> int:
        """How many are in the air."""
        return len(self._flying)

    def sent(self, name: str, partition: int, now: float) -> None:
        """One takes off, or should have: one that could not be handed over is lost like any other."""
        self._flying[name] = _Flight(partition, now, self._heard)

    def came(self, answer: Answer, now: float) -> Landed | None:
        """An answer came; None where it is nobody's of ours, or a second one, as a worker that was replaced may give."""
        late = answer.name in self._lost
        flight = self._flying.pop(answer.name, None) or self._lost.pop(answer.name, None)
        if flight is None:
            return None
        wrong = answer.wrong
        if wrong is None and answer.partition != flight.partition:
            wrong = "it came back in another partition"
        outcome: Literal["right", "wrong", "late"] = "wrong" if wrong else "late" if late else "right"
        return Landed(flight.partition, outcome, now - flight.sent, wrong)

    def look(self, now: float) -> list[Landed]:
        """Those that are lost by now. To be called after all answers that are at hand, some times a second."""
        passed = 0.0 if self._looked is None else now - self._looked
        self._heard += min(max(passed, 0.0), LONGEST_LOOK)
        self._looked = now
        overdue = [name for name, flight in self._flying.items() if self._heard - flight.heard >= self._lost_after]
        return [self._lose(name) for name in overdue]

    def _lose(self, name: str) -> Landed:
        flight = self._lost[name] = self._flying.pop(name)
        if len(self._lost) > MOST_LOST:
            self._lost.popitem(last=False)
        return Landed(flight.partition, "lost")
