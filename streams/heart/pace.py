"""How many records fit into a chunk's time, by what one took lately."""

from streams.heart.limits import Limits

WEIGHT = 0.2  # of the newest chunk in the mean


class Pace:
    """A running mean of seconds a record. A judge that gets slower gets smaller chunks, so that no partition waits for another's."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._seconds = 0.0

    def took(self, records: int, seconds: float) -> None:
        """A chunk of so many records took so long."""
        if records:
            self._seconds += WEIGHT * (seconds / records - self._seconds)

    def records(self) -> int:
        """How many records the next chunk may have, at least one."""
        if self._seconds <= 0:
            return self._limits.chunk_records
        return max(1, min(self._limits.chunk_records, int(self._limits.chunk_seconds / self._seconds)))
