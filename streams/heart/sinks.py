"""The ports through which the heart writes and remembers; brokers and disk stand behind them, or a simulation."""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Protocol

from streams.heart.ports import Change, OutputRecord

Groups = Sequence[Sequence[Change]]


class Sink(Protocol):
    """Where outputs go."""

    def write(self, outputs: Sequence[OutputRecord]) -> Awaitable[object]:
        """Enqueue at once, in order behind what was enqueued before; a result of no meaning comes when all is acknowledged."""
        ...


class Journal(Protocol):
    """The changelog."""

    def write(self, partition: int, groups: Groups) -> Awaitable[int | None]:
        """Enqueue at once, in order; gives the last record's offset when all are acknowledged, None where brokers did not tell it."""
        ...

    async def quiet(self, partition: int) -> None:
        """Wait until nothing that was enqueued for the partition is under way any more."""
        ...


class Store(Protocol):
    """The local store of one partition."""

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        ...

    def write(self, changes: Iterable[Change], offset: int | None) -> None:
        """Put all changes and the changelog's offset, or none of it."""
        ...

    def due(self, until: int, limit: int, after: tuple[int, bytes] | None) -> Mapping[bytes, int]:
        """Keys due up to a second, the earliest first, from behind a place."""
        ...
