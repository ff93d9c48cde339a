"""What the heart asks of whoever judges records, and what it hands them. Knows bytes and offsets, nothing of safeguarding."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, bytes], ...]

# The records are named tuples and not frozen dataclasses: some hundred thousand a second are made, and a tuple costs a fifth.


class SourceRecord(NamedTuple):
    """One record as the broker gave it. `topic` has no prefix; `timestamp` is in milliseconds since the epoch (the broker's)."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


class OutputRecord(NamedTuple):
    """One record to write. `topic` has no prefix; `timestamp` in milliseconds since the epoch, None for the moment of writing."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp: int | None = None


class Change(NamedTuple):
    """One entry of the state: put (`value`) or deleted (None). `due`, in seconds since the epoch: when the key is to be looked at again."""

    key: bytes
    value: bytes | None
    due: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What judging a chunk gave. Each group of changes belongs to one person and is written to the changelog in one batch or not at all."""

    outputs: Sequence[OutputRecord] = ()
    changes: Sequence[Sequence[Change]] = ()


class StopTheWorkerError(Exception):
    """What a judge raises to end the worker. Its message is shown: the cause and the next step, nothing of any record."""


class State(Protocol):
    """One partition's state as judging sees it: what is stored, overlaid with what earlier chunks in flight have changed."""

    def get(self, key: bytes) -> bytes | None:
        """The value under a key, or None."""
        ...


class Judge(Protocol):
    """Plain synchronous code over one partition's records. It turns what it can't judge into outputs; what it raises stops the worker."""

    def judge(self, partition: int, records: Sequence[SourceRecord], state: State, now: int) -> Verdict:
        """Judge a chunk of one topic and partition, in order. `now` in milliseconds since the epoch."""
        ...

    def lapse(self, partition: int, due: Mapping[bytes, int], state: State, now: int) -> Verdict:
        """Look again at keys whose due time (seconds since the epoch) has come. A key not changed by the verdict stays due."""
        ...

    def forget(self, partitions: Iterable[int]) -> None:
        """Partitions were taken away: drop whatever was remembered of them."""
        ...
