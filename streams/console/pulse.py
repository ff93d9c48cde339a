"""Whether the page's process lives and what it shows is whole: asked by a thread that neither the loop nor the reader can block."""

import time
from collections.abc import Callable

from streams.health import Health

PATIENCE = 180.0
"""Seconds beyond two polls after which a poll that hasn't ended means that its thread hangs: twice what brokers that hang can take."""


class Pulse:
    """`beat` comes from the loop, `polled` from the lag's thread; questions from another thread.

    `clock` is monotonic, in seconds. `standing` is asked why what was read is not all that there is; None where it is.
    """

    def __init__(self, poll_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._loop = Health(clock)
        self._limit = 2 * poll_seconds + PATIENCE
        self._polled = clock()
        self.standing: Callable[[], str | None] = lambda: "the outputs are not read yet"

    def beat(self) -> None:
        """The loop runs."""
        self._loop.beat()

    def polled(self) -> None:
        """A poll of the lag ended, well or not."""
        self._polled = self._clock()

    def live(self) -> str | None:
        """Why the process should be started anew; None where it runs."""
        silent = self._clock() - self._polled
        hangs = f"no poll of the lag has ended for {silent:.0f} s" if silent > self._limit else None
        return self._loop.live() or hangs

    def ready(self) -> str | None:
        """Why the page does not show all that there is; None where it does."""
        return self.live() or self.standing()
