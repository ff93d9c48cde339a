"""Record batches handed to an aiokafka producer in order and without waiting: one future a batch, not one a record."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch

from streams.heart.ports import Headers

# key, value, headers, and the timestamp or None: a bare tuple, since one is made for every record that is written
Entry = tuple[bytes | None, bytes | None, Headers, int | None]

_OVERHEAD = 64  # about what a record and its key take besides
_HEADER = 32  # about what a header takes
_UNLIMITED = 1 << 30  # the batch's size is decided here, not by the builder


class Pending(NamedTuple):
    """Records on their way: the future of their batch gives the broker's metadata, `first` is where in it they begin."""

    future: "asyncio.Future[Any]"
    records: int
    first: int = 0

    async def offset(self) -> int:
        """The offset of the first of these records, once they are acknowledged; -1 where the broker no longer knows it."""
        base: int = (await asyncio.shield(self.future)).offset
        return base + self.first if base >= 0 else -1


class Batches:
    """Appends to the producer's queue of a partition directly: `send_batch` allows one batch a partition and waits for it to leave.

    A queue is sent in order, one batch at a time, which with an idempotent producer keeps the order through retries. What comes while a
    batch waits for the one before it joins it: it would wait a request longer in one of its own.
    """

    def __init__(self, producer: AIOKafkaProducer, batch_bytes: int) -> None:
        self._producer = producer
        self._batch_bytes = batch_bytes

    def put(self, topic: str, partition: int, groups: Iterable[Sequence[Entry]]) -> list[Pending]:
        """Enqueue groups of records; no group is split over two batches.

        Raises:
            KafkaError: the producer has failed for good or is closed.
        """
        target = TopicPartition(topic, partition)
        return [self._enqueue(target, entries, size) for entries, size in self._packed(groups)]

    def _packed(self, groups: Iterable[Sequence[Entry]]) -> Iterable[tuple[list[Entry], int]]:
        batch: list[Entry] = []
        held = 0
        for group in groups:
            size = 0
            for _, value, headers, _ in group:
                size += _OVERHEAD + _HEADER * len(headers) + (len(value) if value else 0)
            if batch and held + size > self._batch_bytes:
                yield batch, held
                batch, held = [], 0
            batch.extend(group)
            held += size
        if batch:
            yield batch, held

    def _enqueue(self, target: TopicPartition, entries: Sequence[Entry], size: int) -> Pending:
        queue = self._producer._message_accumulator  # noqa: SLF001 -- aiokafka is pinned; see the class
        if queue._exception is not None:  # noqa: SLF001 -- as above
            raise queue._exception  # noqa: SLF001 -- as above
        waiting = queue._batches.get(target)  # noqa: SLF001 -- as above
        last = waiting[-1] if waiting else None
        if last is not None and not last.retry_count and last._builder.size() + size <= self._batch_bytes:  # noqa: SLF001 -- as above
            return Pending(last.future, len(entries), _append(last._builder, entries))  # noqa: SLF001 -- as above
        # a batch that large holds one large record or person; brokers measure it as it is compressed
        builder = BatchBuilder(_UNLIMITED, DefaultRecordBatch.CODEC_ZSTD if size > self._batch_bytes else 0)
        _append(builder, entries)
        builder.close()
        return Pending(queue._append_batch(builder, target).future, len(entries))  # noqa: SLF001 -- as above


def _append(builder: BatchBuilder, entries: Sequence[Entry]) -> int:
    """Append to a batch that is not sent yet. Gives where in it the entries begin."""
    first: int = builder.record_count()
    append = builder._builder.append  # noqa: SLF001 -- the builder's own `append` makes an object a record that nobody looks at
    for number, (key, value, headers, timestamp) in enumerate(entries, first):
        append(number, timestamp, key, value, list(headers))
    builder._relative_offset = first + len(entries)  # noqa: SLF001 -- as above
    return first
