"""What lanes share, and a verdict on its way through one."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import chain

from streams.heart.chunk import Chunk
from streams.heart.clock import Clock
from streams.heart.frames import Framed
from streams.heart.happenings import Observer
from streams.heart.limits import Limits
from streams.heart.ports import Judge, OutputRecord, Verdict
from streams.heart.sinks import Journal, Sink


@dataclass(frozen=True, slots=True)
class Parts:
    """What all lanes share."""

    judge: Judge
    sink: Sink
    journal: Journal
    clock: Clock
    limits: Limits
    observe: Observer
    watched: Callable[[], AbstractContextManager[None]] = nullcontext  # around each call of the judge


@dataclass(slots=True, eq=False)
class Work:
    """A verdict on its way."""

    serial: int
    chunk: Chunk | None  # None: keys that had come due
    frames: Sequence[Sequence[Framed]]
    outputs: Sequence[OutputRecord]
    since: float
    noted: Awaitable[int] | None = None  # the order
    told: Awaitable[object] | None = None
    kept: Awaitable[int] | None = None
    order: Sequence[Framed] = ()  # as the changelog has it when these frames follow

    def flat(self) -> dict[bytes, bytes | None]:
        """All keys and what became of them in the end."""
        return dict(chain.from_iterable(self.frames))


def count(verdict: Verdict) -> Counter[str]:
    """A verdict's outputs by topic."""
    return Counter(output.topic for output in verdict.outputs)
