"""One canary a partition, sent and waited for: once, or again and again."""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Protocol

from streams import clock
from streams.canary.flights import Flights, Landed
from streams.canary.sent import Answer, event
from streams.settings import Settings

WAIT = 0.2
NONCE_BYTES = 6


class Ends(Protocol):
    """The two ends of the pipe."""

    def send(self, partition: int, name: str, value: bytes) -> None:
        """Hand one over."""
        ...

    def answers(self, seconds: float) -> Iterable[Answer]:
        """What has come by now; waits so long for the first."""
        ...


class Rounds:
    """The canaries of one process. `monotonic` in seconds."""

    def __init__(self, settings: Settings, ends: Ends, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._partitions = range(settings.partitions)
        self._ends = ends
        self._monotonic = monotonic
        self._flights = Flights(settings.canary_lost_after)
        self._every = settings.canary_seconds
        self._names = (f"canary-{secrets.token_hex(NONCE_BYTES)}-{number}" for number in count())

    def once(self) -> list[Landed]:
        """One for each partition, and how each ended, in order of partitions. Takes as long as the slowest, or until it is lost."""
        self.send(lambda _: None)
        landed: list[Landed] = []
        while self._flights:
            landed.extend(self.listen())
        return sorted(landed, key=lambda one: one.partition)

    def forever(self, left: Callable[[int], None], landed: Callable[[Landed], None]) -> Iterator[None]:
        """Round after round. `left` is told the partition of each that is sent, `landed` how each ends; gives way some times a second."""
        due = self._monotonic()
        while True:
            now = self._monotonic()
            if now >= due:
                self.send(left)
                due = due + self._every if due + self._every > now else now + self._every
            for one in self.listen():
                landed(one)
            yield

    def send(self, left: Callable[[int], None]) -> None:
        """One for each partition."""
        for partition in self._partitions:
            name = next(self._names)
            self._flights.sent(name, partition, self._monotonic())
            self._ends.send(partition, name, event(name, clock.now()))
            left(partition)

    def listen(self) -> Iterator[Landed]:
        """What came in the next moment, and then what is lost by now."""
        for answer in self._ends.answers(WAIT):
            landed = self._flights.came(answer, self._monotonic())
            if landed is not None:
                yield landed
        yield from self._flights.look(self._monotonic())
