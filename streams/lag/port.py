"""What the lag asks of a broker: descriptions only. Nothing here can read or write a record, join a group or change anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

TopicPartition = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Group:
    """A group as its coordinator describes it. `held` is None where the coordinator can't tell (while it rebalances)."""

    members: int
    state: str
    held: frozenset[TopicPartition] | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Groups by name; None for one whose description failed. `incomplete` says why brokers may have left groups out."""

    groups: Mapping[str, Group | None]
    incomplete: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The first record appended at or after an instant; `at` in milliseconds since the epoch."""

    offset: int
    at: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a topic is cut. `seconds` is None where time doesn't cut it; `bounded` says whether size does."""

    seconds: float | None
    bounded: bool


class Describer(Protocol):
    """Answers what it can: what it can't is absent from the mapping. Raises `BrokerError` only where no broker answers at all."""

    def groups(self, also: Iterable[str]) -> Listing:
        """All groups that may be described, and those of `also` that brokers don't list: one that isn't there has no members."""
        ...

    def committed(self, groups: Iterable[str]) -> Mapping[str, Mapping[TopicPartition, int] | None]:
        """All offsets that each group has committed; None where its coordinator didn't say."""
        ...

    def partitions(self) -> Mapping[str, int]:
        """The number of partitions of each topic that may be described."""
        ...

    def begins(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The first offset held of each partition."""
        ...

    def ends(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The next offset of each partition."""
        ...

    def keeping(self, topics: Iterable[str]) -> Mapping[str, Keeping]:
        """How long each topic keeps its records."""
        ...

    def look_up(self, instants: Mapping[TopicPartition, int]) -> Mapping[TopicPartition, Found | None]:
        """For each partition the first record at or after an instant (milliseconds since the epoch); None where there is none."""
        ...
