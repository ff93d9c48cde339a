"""What is played in a scenario: which records are published to which judge, and what has to hold of its outputs."""

from collections.abc import Sequence
from typing import Protocol

from streams.heart.ports import Judge

PARTITIONS = 2


class BrokenPromiseError(AssertionError):
    """What the heart promises did not hold."""


class Play(Protocol):
    """Each check raises `BrokenPromiseError`."""

    @property
    def sources(self) -> Sequence[str]:
        """The topics that a worker reads."""
        ...

    @property
    def clocks_jump(self) -> bool:
        """Whether workers' clocks may."""
        ...

    def judge(self) -> Judge:
        """A judge for a worker that starts: nothing is at hand in it yet."""
        ...

    def publish(self) -> None:
        """Append a few records, one after the other."""
        ...

    def check_commits(self) -> None:
        """What holds at any moment: no commit passes a record whose output is not in the log."""
        ...

    def check_end(self) -> None:
        """What holds when all is committed."""
        ...
