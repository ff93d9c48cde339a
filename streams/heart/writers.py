"""Outputs and changelog on Kafka: the heart's `Sink` and `Journal` over two idempotent producers that wait for all replicas."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence
from math import inf
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.heart.batches import Entry, Pending
from streams.heart.errors import OvertakenError, WriteFailedError
from streams.heart.frames import EPOCH_HEADER, OWNER_KEY, pack_epoch
from streams.heart.ports import Headers, OutputRecord
from streams.heart.sinks import Appender, Groups

REQUEST_MILLISECONDS = 15_000  # for one request; how long the whole may take is `Limits.produce_seconds`
MAX_REQUEST_BYTES = 32 << 20


def new_producer(connection: Mapping[str, Any]) -> AIOKafkaProducer:
    """A producer that acknowledges only what all in-sync replicas have, and writes nothing twice. `connection`: servers and security."""
    producer = AIOKafkaProducer(
        **connection,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        request_timeout_ms=REQUEST_MILLISECONDS,
        max_request_size=MAX_REQUEST_BYTES,
        retry_backoff_ms=100,
    )
    # aiokafka gives up a batch whose partition has had no leader for one request's time; how long to go on is the lane's to say
    producer._message_accumulator._batch_ttl = inf  # noqa: SLF001 -- aiokafka is pinned, and a test holds it
    return producer


async def know(producer: AIOKafkaProducer, topics: Sequence[str]) -> None:
    """Learn where topics are before anything is enqueued for them.

    Raises:
        WriteFailedError: a topic does not exist, or the brokers don't answer.
    """
    for topic in topics:
        try:
            await producer.partitions_for(topic)
        except Exception as error:
            raise WriteFailedError(f"topic `{topic}` can't be written: `{type(error).__name__}`; run `vigil topics apply`") from error


class OutputWriter:
    """Implements `Sink`."""

    def __init__(self, batches: Appender, prefix: str) -> None:
        self._batches = batches
        self._prefix = prefix

    def write(self, outputs: Sequence[OutputRecord]) -> Awaitable[Any]:
        """Enqueue at once; done when brokers have acknowledged all of it."""
        targets: dict[tuple[str, int], list[list[Entry]]] = defaultdict(list)
        for topic, partition, key, value, headers, timestamp in outputs:
            targets[topic, partition].append([(key, value, headers, timestamp)])
        pending: list[Pending] = []
        for (topic, partition), groups in targets.items():
            pending += self._batches.put(self._prefix + topic, partition, groups)
        return asyncio.shield(asyncio.gather(*(batch.future for batch in pending)))


class ChangelogWriter:
    """Implements `Journal`. Knows the epoch in which each partition is held and notices whoever else writes to it."""

    def __init__(self, batches: Appender, topic: str) -> None:
        self.topic = topic
        self._batches = batches
        self._epochs: dict[int, int] = {}
        self._next: dict[int, int] = {}
        self._under_way: dict[int, set[asyncio.Future[Any]]] = defaultdict(set)
        self._latest: dict[int, asyncio.Future[int]] = {}

    def write(self, partition: int, groups: Groups) -> Awaitable[int]:
        """Enqueue at once; done with the last offset when all is acknowledged.

        Raises (when awaited):
            OvertakenError: another worker has written to the partition in between.
        """
        headers = _headers(self._epochs[partition])
        pending = self._put(partition, [[(key, frame, headers, None) for key, frame in group] for group in groups])
        latest = self._latest[partition] = asyncio.ensure_future(self._last(partition, pending, self._latest.get(partition)))
        return latest

    async def claim(self, partition: int, owner: bytes, epoch: int) -> int | None:
        """Write a claim to an epoch. Gives its offset, None where the broker did not tell it."""
        self._epochs[partition] = epoch
        (batch,) = self._put(partition, [[(OWNER_KEY, owner, _headers(epoch), None)]])
        offset = await batch.offset()
        self._next[partition] = offset + 1
        return offset if offset >= 0 else None

    def end(self, partition: int) -> int | None:
        """Where the partition ends as far as this worker's own writes go; None while one is under way."""
        return None if self._under_way[partition] else self._next.get(partition)

    async def quiet(self, partition: int) -> None:
        """Wait until nothing that was enqueued for the partition is under way any more."""
        while self._under_way[partition]:
            await asyncio.wait(self._under_way[partition])

    def _put(self, partition: int, groups: Sequence[Sequence[Entry]]) -> list[Pending]:
        pending = self._batches.put(self.topic, partition, groups)
        for batch in pending:
            self._under_way[partition].add(batch.future)
            batch.future.add_done_callback(self._under_way[partition].discard)
        return pending

    async def _last(self, partition: int, pending: Sequence[Pending], before: "asyncio.Future[int] | None") -> int:
        if before is not None:  # two may end in one batch, and then whoever waits for it alone would be counted first
            await asyncio.wait({before})
        for batch in pending:
            self._alone(partition, await batch.offset(), batch.records)
        return self._next[partition] - 1

    def _alone(self, partition: int, base: int, records: int) -> None:
        """Offsets follow one another as long as nobody else writes. A broker that no longer knows the offset gives -1: nor do we then."""
        expected = self._next[partition]
        if base != expected:
            raise OvertakenError(
                f"`{self.topic}` partition `{partition}` has a record of another worker at `{expected}`; the state is read again"
            )
        self._next[partition] = base + records


def _headers(epoch: int) -> Headers:
    return ((EPOCH_HEADER, pack_epoch(epoch)),)
