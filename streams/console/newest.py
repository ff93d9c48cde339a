"""The newest of something, by their own time: topics are read partition by partition, so that what is read last need not be it."""

from collections.abc import Hashable
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Newest(Generic[Value]):
    """At most so many values, each under a name; the oldest goes first. A name that comes again has its newest value and time."""

    def __init__(self, most: int) -> None:
        self._most, self._serials = most, count()
        self._kept: dict[Hashable, tuple[datetime, int, Value]] = {}
        self._oldest: list[tuple[datetime, int, Hashable]] = []

    def add(self, name: Hashable, at: datetime, value: Value) -> Value | None:
        """Keep a value; the one that has to go for it, which may be itself, or None."""
        serial = next(self._serials)
        self._kept[name] = (at, serial, value)
        heappush(self._oldest, (at, serial, name))
        return self._drop() if len(self._kept) > self._most else None

    def get(self, name: Hashable) -> Value | None:
        """The value of a name, while it is kept."""
        found = self._kept.get(name)
        return found[2] if found else None

    def newest_first(self) -> list[Value]:
        """All that are kept."""
        return [value for _, _, value in sorted(self._kept.values(), key=lambda kept: kept[:2], reverse=True)]

    def _drop(self) -> Value | None:
        while self._oldest:
            _, serial, name = heappop(self._oldest)
            found = self._kept.get(name)
            if found is not None and found[1] == serial:
                del self._kept[name]
                return found[2]
        return None
