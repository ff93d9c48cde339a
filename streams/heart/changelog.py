"""Reading the changelog outside the group, for recovery."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition

READ_RECORDS = 5000
FETCH_BYTES = 2 << 20


class Reader(Protocol):
    """Some partitions of the changelog, read in order. A record has key, value, offset and headers."""

    async def bounds(self) -> Mapping[int, tuple[int, int]]:
        """The first offset and the one after the last, by partition."""
        ...

    async def seek(self, partition: int, offset: int) -> None:
        """Read on from an offset."""
        ...

    async def read(self) -> Mapping[int, tuple[Sequence[Any], int]]:
        """What there is within a moment: by partition, records and the position after them. A partition may be missing."""
        ...


class KafkaReader:
    """Implements `Reader`."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str, partitions: Sequence[int]) -> None:
        self._consumer = consumer
        self._targets = [TopicPartition(topic, partition) for partition in partitions]

    async def bounds(self) -> dict[int, tuple[int, int]]:
        """The first offset and the one after the last, by partition."""
        first = await self._consumer.beginning_offsets(self._targets)
        end = await self._consumer.end_offsets(self._targets)
        return {target.partition: (first[target], end[target]) for target in self._targets}

    async def seek(self, partition: int, offset: int) -> None:
        """Read on from an offset."""
        self._consumer.seek(TopicPartition(self._targets[0].topic, partition), offset)

    async def read(self) -> dict[int, tuple[Sequence[Any], int]]:
        """What there is within a moment."""
        found = await self._consumer.getmany(timeout_ms=200, max_records=READ_RECORDS)
        # the position, too, of partitions that gave nothing: it moves over batches of which compaction has left no record
        return {target.partition: (found.get(target, ()), await self._consumer.position(target)) for target in self._targets}


@asynccontextmanager
async def reading(connection: Mapping[str, Any], topic: str, partitions: Sequence[int]) -> AsyncIterator[KafkaReader]:
    """A consumer of its own over these partitions."""
    consumer = AIOKafkaConsumer(
        **connection,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=FETCH_BYTES,
    )
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, partition) for partition in partitions])
        yield KafkaReader(consumer, topic, partitions)
    finally:
        await consumer.stop()
