"""What the reading of expressions finds, before it is put together into concerns."""

from dataclasses import dataclass

from policy.reading.actors import NOBODY, Doer
from policy.reading.patterns_file import Fact
from policy.reading.persons import Who


@dataclass(frozen=True, slots=True)
class Found:
    """Facts said by words `[start, end)`; `who` is None where the words name nobody: the author, or whoever is the topic."""

    facts: tuple[Fact, ...]
    who: Who | None
    start: int
    end: int
    topic: frozenset[str] = frozenset()
    pattern: str = ""
    doer: Doer = NOBODY
    happened: bool = False  # told as done, now or once; not denied
    ended: bool = False  # over for good, whatever was said before
    by_topic: bool = False  # only of whoever the topic tells to have done it
