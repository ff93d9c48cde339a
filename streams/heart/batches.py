"""Record batches handed to an aiokafka producer in order and without waiting: one future a batch, not one a record."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch

from streams.heart.ports import Headers

_OVERHEAD = 24  # bytes of a record beside key, value and headers, at most
_HEADER = 12
_UNLIMITED = 1 << 30  # the batch's size is decided here, not by the builder


class Entry(NamedTuple):
    """One record to write into a known partition."""

    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp: int | None = None

    def size(self) -> int:
        """About how many bytes it takes in a batch."""
        named = sum(_HEADER + len(name) + len(value) for name, value in self.headers)
        return _OVERHEAD + len(self.key or b"") + len(self.value or b"") + named


class Pending(NamedTuple):
    """A batch on its way: its future gives the broker's metadata."""

    future: "asyncio.Future[Any]"
    records: int


class Batches:
    """Appends to the producer's queue of a partition directly: `send_batch` allows one batch a partition and waits for it to leave.

    A queue is sent in order, one batch at a time, which with an idempotent producer keeps the order through retries.
    """

    def __init__(self, producer: AIOKafkaProducer, batch_bytes: int) -> None:
        self._producer = producer
        self._batch_bytes = batch_bytes

    def put(self, topic: str, partition: int, groups: Iterable[Sequence[Entry]]) -> list[Pending]:
        """Enqueue groups of records; no group is split over two batches.

        Raises:
            KafkaError: the producer has failed for good or is closed.
        """
        return [self._enqueue(TopicPartition(topic, partition), batch) for batch in self._packed(groups)]

    def _packed(self, groups: Iterable[Sequence[Entry]]) -> Iterable[tuple[list[Entry], int]]:
        batch: list[Entry] = []
        held = 0
        for group in groups:
            size = sum(entry.size() for entry in group)
            if batch and held + size > self._batch_bytes:
                yield batch, held
                batch, held = [], 0
            batch.extend(group)
            held += size
        if batch:
            yield batch, held

    def _enqueue(self, target: TopicPartition, packed: tuple[list[Entry], int]) -> Pending:
        entries, size = packed
        queue = self._producer._message_accumulator  # noqa: SLF001 -- aiokafka is pinned; see the class
        if queue._exception is not None:  # noqa: SLF001 -- as above
            raise queue._exception  # noqa: SLF001 -- as above
        # a batch that large holds one large record or person; brokers measure it as it is compressed
        codec = DefaultRecordBatch.CODEC_ZSTD if size > self._batch_bytes else 0
        builder = BatchBuilder(_UNLIMITED, codec)
        for entry in entries:
            builder.append(timestamp=entry.timestamp, key=entry.key, value=entry.value, headers=list(entry.headers))
        builder.close()
        return Pending(queue._append_batch(builder, target).future, len(entries))  # noqa: SLF001 -- as above
