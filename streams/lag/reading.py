"""What the broker says of one partition of one group at one moment. A value that could not be had is None, never a number."""

from dataclasses import dataclass
from enum import StrEnum

NO_COMMIT = -1
"""The broker answered, and the group has committed nothing here. Not to be confused with None: the broker did not answer."""


class Status(StrEnum):
    """How a group stands on a partition, after the words that LinkedIn's Burrow made common."""

    OK = "OK"
    LAGGING = "LAGGING"
    STALLED = "STALLED"
    STOPPED = "STOPPED"
    REWOUND = "REWOUND"
    LOSING = "LOSING"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A partition as one group sees it."""

    group: str
    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One sample of one place.

    Args:
        at: when it was taken, in seconds since the epoch (our clock).
        begin: the first offset that the log still holds.
        committed: where the group reads on, or `NO_COMMIT`.
        end: the offset that the next record will get.
        members: how many members the group has, on whatever partition.
        held: whether one of them has this partition; None while the group rebalances.
        oldest_at: when the oldest uncommitted record was appended, in seconds since the epoch; None where nothing waits or it is not known.
        retention: how long a record is kept, in seconds; None where unlimited or not known.
        bounded: whether the log is also cut by its size.
    """

    at: float
    begin: int | None = None
    committed: int | None = None
    end: int | None = None
    members: int | None = None
    held: bool | None = None
    oldest_at: float | None = None
    retention: float | None = None
    bounded: bool = False

    @property
    def never(self) -> bool:
        """The group has certainly committed nothing here."""
        return self.committed == NO_COMMIT

    @property
    def position(self) -> int | None:
        """The next offset to read. A group without a commit has everything before it: Vigil's workers begin at the beginning."""
        return self.begin if self.never else self.committed

    @property
    def behind(self) -> int | None:
        """Records between the position and the end, never negative; None where either is not known."""
        if self.position is None or self.end is None:
            return None
        return max(0, self.end - self.position)

    @property
    def waited(self) -> float | None:
        """Seconds that the oldest uncommitted record has waited; 0 where nothing waits, None where it is not known."""
        if self.behind == 0:
            return 0.0
        if self.behind is None or self.oldest_at is None:
            return None
        return max(0.0, self.at - self.oldest_at)
