"""Who is handed what next, and how far each topic-partition is done."""

from collections import Counter, deque
from collections.abc import Container, Iterable, Mapping
from math import inf

from streams.heart.buffer import Buffer, Offer
from streams.heart.chunk import Chunk, Source
from streams.heart.limits import Limits
from streams.heart.order import Judged
from streams.heart.run import Run


class Handover:
    """Hands over chunks in turn, one topic-partition after the other, and keeps the run of done.

    It works in epochs. One begins when recovery is complete, from positions that were sought to just before, and ends when partitions are
    taken away; whatever is offered, handed over or done for another epoch counts for nothing, so a record is either handed over anew or
    was committed. What was on its way when a partition was lost is handed over first, in the order in which it was judged.
    """

    def __init__(self, limits: Limits) -> None:
        self.epoch = 0
        self.open = False
        self._limits = limits
        self._buffers: dict[Source, Buffer] = {}
        self._runs: dict[Source, Run] = {}
        self._turns: list[Source] = []  # who was served longest ago comes first
        self._in_flight: Counter[int] = Counter()
        self._orders: dict[int, deque[Judged]] = {}

    def begin(self, positions: Mapping[Source, int], orders: Mapping[int, Iterable[Judged]] | None = None) -> int:
        """Start an epoch: from these positions, each the first offset that is not done. Gives its number.

        `orders`: what was on its way and is not committed, by partition number.
        """
        self.epoch += 1
        self.open = True
        self._buffers = {source: Buffer(position) for source, position in positions.items()}
        self._runs = {source: Run(position) for source, position in positions.items()}
        self._turns = sorted(positions)
        self._in_flight.clear()
        self._orders = {partition: deque(order) for partition, order in (orders or {}).items()}
        return self.epoch

    def pause(self) -> None:
        """Hand over nothing more; what is in flight may still become done."""
        self.open = False

    def end(self) -> None:
        """The epoch is over: forget what was read and what is in flight."""
        self.open = False
        self.epoch += 1
        self._buffers, self._runs, self._orders = {}, {}, {}
        self._turns.clear()
        self._in_flight.clear()

    def offer(self, epoch: int, offer: Offer) -> None:
        """Records that were read.

        Raises:
            RuntimeError: they don't continue where the last ones ended.
        """
        buffer = self._buffers.get(offer.source)
        if epoch == self.epoch and buffer is not None:
            buffer.add(offer)

    def hungry(self) -> frozenset[Source]:
        """The topic-partitions of which more may be read ahead."""
        return frozenset(source for source, buffer in self._buffers.items() if buffer.hungry(self._limits))

    def due_again(self, busy: Container[int]) -> tuple[int, Mapping[bytes, int]] | None:
        """A partition number in whose order keys that had come due are next, and these keys; not one that still has a chunk to judge."""
        for partition, order in self._orders.items():
            if self.open and order and not order[0].topic and partition not in busy:
                return partition, order.popleft().due
        return None

    def ordered(self, partition: int) -> int:
        """How much of an order is left; 0 means that topics take turns."""
        return len(self._orders.get(partition, ()))

    def forget_order(self, partition: int) -> None:
        """Topics take turns from now on."""
        self._orders.pop(partition, None)

    def next(self, records: int) -> Chunk | None:
        """The next chunk in turn, of at most so many records, or None while nothing can be handed over."""
        if not self.open:
            return None
        source = next(filter(self._turn_has_come, self._turns), None)
        if source is None:
            return None
        self._turns.remove(source)
        self._turns.append(source)
        return self._hand(source, records)

    def _turn_has_come(self, source: Source) -> bool:
        buffer = self._buffers[source]
        order = self._orders.get(source.partition)
        if order and order[0].topic != source.topic:
            return False
        if not self._runs[source].open:  # so that no topic waits for another's chunks
            return buffer.ready()
        return len(buffer) >= self._limits.overlap_records and self._in_flight[source.partition] < self._limits.in_flight

    def _hand(self, source: Source, records: int) -> Chunk:
        order = self._orders.get(source.partition)
        before = order[0].end if order else inf
        taken, begin, end = self._buffers[source].cut(min(records, self._limits.chunk_records), self._limits.chunk_bytes, before)
        if order and end >= before:
            order.popleft()
        chunk = Chunk(source, taken, begin, end, self.epoch)
        self._runs[source].hand(chunk)
        self._in_flight[source.partition] += 1
        return chunk

    def live(self, chunk: Chunk) -> bool:
        """Whether a chunk belongs to this epoch."""
        return chunk.epoch == self.epoch

    def done(self, chunk: Chunk) -> None:
        """Everything about a chunk is safe."""
        if self.live(chunk):
            self._runs[chunk.source].done(chunk)
            self._in_flight[chunk.source.partition] -= 1

    def positions(self) -> dict[Source, int]:
        """How far each topic-partition may be committed."""
        return {source: run.position for source, run in self._runs.items()}

    def in_flight(self) -> int:
        """How many chunks are handed over and not done."""
        return sum(run.open for run in self._runs.values())
