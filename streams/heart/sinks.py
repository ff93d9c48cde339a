"""The ports through which the heart writes and remembers; brokers and disk stand behind them, or a simulation."""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from streams.heart.batches import Entry, Pending
from streams.heart.frames import Framed
from streams.heart.ports import OutputRecord

Groups = Sequence[Sequence[Framed]]


class Sink(Protocol):
    """Where outputs go."""

    def write(self, outputs: Sequence[OutputRecord]) -> Awaitable[object]:
        """Enqueue at once, in order behind what was enqueued before; a result of no meaning comes when all is acknowledged."""
        ...


class Journal(Protocol):
    """The changelog."""

    def write(self, partition: int, groups: Groups) -> Awaitable[int]:
        """Enqueue at once, in order; gives the last record's offset when all are acknowledged."""
        ...

    def end(self, partition: int) -> int | None:
        """Where the partition ends as far as this worker's own writes go; None while one is under way."""
        ...

    async def quiet(self, partition: int) -> None:
        """Wait until nothing that was enqueued for the partition is under way any more."""
        ...


class Place(NamedTuple):
    """How far the changelog is in a store: the last offset (-1: nothing), the last epoch, and when that was, in milliseconds."""

    offset: int
    epoch: int
    at: int


class Store(Protocol):
    """The local store of one partition."""

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        ...

    def frame(self, key: bytes) -> bytes | None:
        """A key's entry as the changelog has it."""
        ...

    def write(self, frames: Iterable[Framed], offset: int) -> None:
        """Put all entries and the changelog's offset, or none of it."""
        ...

    def touch(self) -> None:
        """Note that the store is up to date now."""
        ...

    def due(self, until: int, limit: int, after: tuple[int, bytes] | None) -> Mapping[bytes, int]:
        """Keys due up to a second, the earliest first, from behind a place."""
        ...


class LocalStore(Store, Protocol):
    """What recovery needs of a store besides."""

    @property
    def place(self) -> Place:
        """How far the changelog is in it."""
        ...

    def move(self, frames: Iterable[Framed], offset: int, epoch: int) -> None:
        """Put entries and the changelog's place in one batch."""
        ...


class LocalStores(Protocol):
    """The open stores, by partition."""

    def __getitem__(self, partition: int, /) -> LocalStore: ...

    def wipe(self, partition: int) -> None:
        """Make a store empty."""
        ...


class Appender(Protocol):
    """Appends batches of records to a partition, in order, without waiting."""

    def put(self, topic: str, partition: int, groups: Iterable[Sequence[Entry]]) -> list[Pending]:
        """Enqueue groups of records; no group is split over two batches."""
        ...
