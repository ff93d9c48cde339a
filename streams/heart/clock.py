"""The heart's only clock."""

import time
from typing import Protocol


class Clock(Protocol):
    """Wall time for what is written, monotonic time for what is measured."""

    def now(self) -> int:
        """Milliseconds since the epoch."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment, never backwards."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds since some moment, never backwards."""
        return time.monotonic()
