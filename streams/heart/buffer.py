"""What was read ahead of one topic-partition and not yet handed over."""

from collections import deque
from collections.abc import Sequence

from streams.heart.chunk import weight
from streams.heart.limits import Limits
from streams.heart.ports import SourceRecord


class Buffer:
    """Records in order, with the position that follows the last one. Bounded by whoever asks `hungry` before reading on."""

    __slots__ = ("_bytes", "_records", "begin", "end")

    def __init__(self, position: int) -> None:
        self.begin = position
        self.end = position
        self._records: deque[SourceRecord] = deque()
        self._bytes = 0

    def hungry(self, limits: Limits) -> bool:
        """Whether there is room for more."""
        return len(self._records) < limits.buffer_records and self._bytes < limits.buffer_bytes

    def ready(self) -> bool:
        """Whether there is anything to hand over; a position that moved over records that no longer exist counts."""
        return self.end > self.begin

    def add(self, records: Sequence[SourceRecord], end: int) -> None:
        """Records that follow, and the position after them."""
        self._records.extend(records)
        self._bytes += sum(map(weight, records))
        self.end = end

    def cut(self, records: int, size: int) -> tuple[list[SourceRecord], int, int]:
        """Take the next records: at most `records`, and after the first none beyond `size` bytes. Gives begin and end too."""
        taken: list[SourceRecord] = []
        held = 0
        while self._records and len(taken) < records:
            heavy = weight(self._records[0])
            if taken and held + heavy > size:
                break
            held += heavy
            taken.append(self._records.popleft())
        self._bytes -= held
        begin, self.begin = self.begin, self._records[0].offset if self._records else self.end
        return taken, begin, self.begin
