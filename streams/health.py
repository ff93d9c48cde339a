"""Whether a worker lives and whether it works, told from outside its event loop: a loop that is blocked can't say that it is well."""

import time
from collections.abc import Callable

from streams.heart import happenings as heart

BLOCKED_SECONDS = 15.0
"""The age of the last beat from which the loop counts as blocked. A chunk is judged in well under a second."""
START_SECONDS = 60.0
"""How long the loop may take to beat for the first time."""
BEAT_SECONDS = 1.0
"""How often the loop should beat."""


class Health:
    """Beats come from the loop; questions from another thread. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, blocked: float = BLOCKED_SECONDS) -> None:
        self._clock = clock
        self._blocked = blocked
        self._started = clock()
        self._beat: float | None = None
        self._trouble: str | None = "no partitions yet"

    def beat(self) -> None:
        """The loop runs. To be called on the loop, every `BEAT_SECONDS`."""
        self._beat = self._clock()

    def happened(self, happening: heart.Happening, /) -> None:
        """Take note of one thing that happened: an observer of the heart."""
        match happening:
            case heart.PartitionsGiven():
                self._trouble = None
            case heart.PartitionsTaken():
                self._trouble = "partitions were taken; others are not here yet"
            case heart.Failed():
                self._trouble = "the worker failed and is ending"
            case _:
                pass

    def live(self) -> str | None:
        """Why the loop counts as blocked; None where it runs."""
        if self._beat is None:
            waited = self._clock() - self._started
            return f"the loop has not started for {waited:.0f} s" if waited > START_SECONDS else None
        age = self._clock() - self._beat
        return f"the loop is blocked for {age:.0f} s" if age > self._blocked else None

    def ready(self) -> str | None:
        """Why no records are being judged; None where partitions are assigned, recovered and worked on by a loop that runs."""
        return self.live() or self._trouble
