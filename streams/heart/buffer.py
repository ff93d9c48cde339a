"""What was read ahead of one topic-partition and not yet handed over."""

from collections import deque
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from streams.heart.chunk import Source, weight
from streams.heart.limits import Limits
from streams.heart.ports import SourceRecord


class Offer(NamedTuple):
    """Records that were read, all that there are in `[begin, end)`."""

    source: Source
    begin: int
    records: Sequence[SourceRecord]
    end: int


class Buffer:
    """Records in order, with the position that follows the last one. Bounded by whoever asks `hungry` before reading on."""

    __slots__ = ("_bytes", "_records", "begin", "end")

    def __init__(self, position: int) -> None:
        self.begin = position
        self.end = position
        self._records: deque[SourceRecord] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._records)

    def hungry(self, limits: Limits) -> bool:
        """Whether there is room for more."""
        return len(self._records) < limits.buffer_records and self._bytes < limits.buffer_bytes

    def ready(self) -> bool:
        """Whether there is anything to hand over; a position that moved over records that no longer exist counts."""
        return self.end > self.begin

    def add(self, offer: Offer) -> None:
        """Records that follow.

        Raises:
            RuntimeError: they don't begin where the last ones ended: something in between was read and is gone.
        """
        if offer.begin != self.end:
            where = f"`{offer.source.topic}` partition `{offer.source.partition}`"
            raise RuntimeError(f"what was read of {where} begins at `{offer.begin}` and not at `{self.end}`; report this, it is a bug")
        self._records.extend(offer.records)
        self._bytes += sum(map(weight, offer.records))
        self.end = offer.end

    def cut(self, records: int, size: int, before: float = inf) -> tuple[list[SourceRecord], int, int]:
        """Take the next records: at most `records`, after the first none beyond `size` bytes, none at or behind the offset `before`.

        Gives begin and end too.
        """
        taken: list[SourceRecord] = []
        held = 0
        while self._records and len(taken) < records:
            heavy = weight(self._records[0])
            if self._records[0].offset >= before or (taken and held + heavy > size):
                break
            held += heavy
            taken.append(self._records.popleft())
        self._bytes -= held
        begin, self.begin = self.begin, self._records[0].offset if self._records else self.end
        return taken, begin, self.begin
