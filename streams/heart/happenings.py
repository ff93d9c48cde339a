"""What the heart tells those who count: one frozen value for each thing. Numbers and names of topics, never a key or a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from streams.heart.chunk import Source


@dataclass(frozen=True, slots=True)
class ChunkJudged:
    """A chunk went through the judge."""

    source: Source
    records: int
    outputs: Mapping[str, int]  # by topic
    seconds: float
    oldest: int | None  # the first record's timestamp, in milliseconds since the epoch


@dataclass(frozen=True, slots=True)
class OutputsAcknowledged:
    """The brokers have all of a chunk's outputs; `seconds` since they were handed to the producer."""

    partition: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ChunkStored:
    """A chunk's changes are in the changelog and in the local store; `seconds` since its outputs were acknowledged."""

    partition: int
    changes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Keys whose due time had come went through the judge."""

    partition: int
    keys: int
    outputs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Committed:
    """Offsets were committed for the group."""

    positions: Mapping[Source, int]


@dataclass(frozen=True, slots=True)
class CommitRefused:
    """The group had moved on: what was done since the last commit will be judged again by whoever holds the partitions."""

    positions: Mapping[Source, int]


@dataclass(frozen=True, slots=True)
class PartitionsTaken:
    """Partitions were taken away; `dropped` chunks were in flight and will be judged again."""

    partitions: frozenset[int]
    dropped: int


@dataclass(frozen=True, slots=True)
class PartitionsGiven:
    """Partitions are this worker's, their state is complete, and records are being handed over."""

    partitions: frozenset[int]
    seconds: float  # since they were assigned


@dataclass(frozen=True, slots=True)
class Recovering:
    """State is being read from the changelog. `applied` of `total` records, `total` being an estimate where the topic is compacted."""

    partition: int
    applied: int
    total: int


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Another worker's late record came into the changelog after it had lost the partition; it was not applied."""

    partition: int
    keys: int


@dataclass(frozen=True, slots=True)
class RecordsGone:
    """Offsets that were never judged no longer exist in the topic: its retention removed them."""

    source: Source
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The worker ends. `reason` names what failed and the next step, and holds nothing of any record."""

    reason: str


Happening = (
    ChunkJudged
    | OutputsAcknowledged
    | ChunkStored
    | Lapsed
    | Committed
    | CommitRefused
    | PartitionsTaken
    | PartitionsGiven
    | Recovering
    | Overtaken
    | RecordsGone
    | Failed
)


class Observer(Protocol):
    """Whoever wants to know. Called on the worker's loop: it must be quick and must not raise."""

    def __call__(self, happening: Happening, /) -> None:
        """Take note of one thing that happened."""
        ...


def ignore(_happening: Happening, /) -> None:
    """The observer that takes note of nothing."""
