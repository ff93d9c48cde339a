"""What is to be read next, for which epoch, and from where: kept by the reading thread, fed from the worker's loop."""

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

Target = TypeVar("Target")


class ReadAhead(Generic[Target]):
    """Epochs and positions of reading. A target is a topic-partition as the client names it."""

    def __init__(self) -> None:
        self.epoch = 0
        self.hungry: frozenset[Target] = frozenset()
        self._at: dict[Target, int] = {}

    def feed(self, epoch: int, hungry: Iterable[Target]) -> None:
        """Read these targets, for this epoch; an epoch of 0 reads nothing."""
        self.epoch, self.hungry = epoch, frozenset(hungry if epoch else ())

    def rewound(self, positions: Mapping[Target, int]) -> None:
        """The client was sought to these positions. Nothing may be read before the epoch that begins there is fed.

        A read for the epoch before would take records from the new positions, and they would count for nothing.
        """
        self._at.update(positions)
        self.feed(0, ())

    def at(self, target: Target) -> int:
        """Up to where a target was read."""
        return self._at[target]

    def took(self, target: Target, end: int) -> int:
        """What follows was read up to a position. Gives where it began."""
        begin, self._at[target] = self._at[target], end
        return begin
