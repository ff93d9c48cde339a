"""A broker that keeps logs, owners and commits, answers late, and delivers what a dead worker had already sent."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from streams.heart.batches import Entry, Pending
from streams.heart.chunk import Source
from streams.heart.ports import Headers

EPOCH = 1_800_000_000_000
"""Milliseconds since the epoch at which a scenario begins."""


class Kept(NamedTuple):
    """A record in a log."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int


class Told(NamedTuple):
    """What a producer learns of a batch."""

    offset: int


@dataclass
class Broker:
    """Everything here outlives every worker."""

    rng: random.Random
    seconds: Callable[[], float]  # since the scenario began; the broker's clock never jumps
    logs: dict[tuple[str, int], list[Kept]] = field(default_factory=lambda: defaultdict(list))
    committed: dict[Source, int] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)  # partition -> the member to which the group gave it

    def append(self, topic: str, partition: int, entries: Iterable[Entry]) -> int:
        """Append a batch. Gives its first offset."""
        log = self.logs[topic, partition]
        first = len(log)
        now = EPOCH + int(self.seconds() * 1000)
        log.extend(
            Kept(first + number, key, value, tuple(headers), now if timestamp is None else timestamp)
            for number, (key, value, headers, timestamp) in enumerate(entries)
        )
        return first

    def compacted(self, topic: str, partition: int) -> list[Kept]:
        """The log as compaction leaves it: each key's last record."""
        last = {kept.key: kept for kept in self.logs[topic, partition]}
        return sorted(last.values())

    def delay(self) -> float:
        """How long something takes on the way: mostly little, sometimes seconds."""
        return self.rng.expovariate(1.0) if self.rng.random() < 0.03 else self.rng.uniform(0.0005, 0.02)


class Link:
    """One producer's connection, as `Batches` would use it: in order for each partition, one batch at a time, retried until it is there."""

    def __init__(self, broker: Broker, loop: asyncio.AbstractEventLoop) -> None:
        self._broker = broker
        self._loop = loop
        self._queues: dict[tuple[str, int], asyncio.Queue[tuple[list[Entry], asyncio.Future[Told]]]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.cut = False  # dead or cut off: what is under way may still arrive, nothing new is sent

    def put(self, topic: str, partition: int, groups: Iterable[Sequence[Entry]]) -> list[Pending]:
        """Enqueue groups of records, a batch for each few of them."""
        batches: list[list[Entry]] = []
        for group in groups:
            if not batches or len(batches[-1]) > self._broker.rng.randrange(1, 20):
                batches.append([])
            batches[-1].extend(group)
        return [self._enqueue(topic, partition, batch) for batch in batches]

    def _enqueue(self, topic: str, partition: int, batch: list[Entry]) -> Pending:
        queue = self._queues.get((topic, partition))
        if queue is None:
            queue = self._queues[topic, partition] = asyncio.Queue()
            self._tasks.append(self._loop.create_task(self._send((topic, partition), queue)))
        if waiting := queue._queue:  # type: ignore[attr-defined]  # what waits behind another batch goes with what comes
            entries, future = waiting[-1]
            entries.extend(batch)
            return Pending(future, len(batch), len(entries) - len(batch))
        future = self._loop.create_future()
        queue.put_nowait((batch, future))
        return Pending(future, len(batch))

    async def _send(self, target: tuple[str, int], queue: "asyncio.Queue[tuple[list[Entry], asyncio.Future[Told]]]") -> None:
        while True:
            batch, future = await queue.get()
            if self.cut:
                return
            await asyncio.sleep(self._broker.delay())  # on the wire: from here on a dead worker's batch still arrives
            first = self._broker.append(*target, batch)
            await asyncio.sleep(self._broker.delay())
            if not self.cut and not future.done():
                future.set_result(Told(first))


class ChangelogReader:
    """Implements the recovery's `Reader`."""

    def __init__(self, broker: Broker, topic: str, partitions: Sequence[int]) -> None:
        self._broker, self._topic = broker, topic
        self._at = dict.fromkeys(partitions, 0)

    async def bounds(self) -> Mapping[int, tuple[int, int]]:
        """The first offset and the one after the last."""
        await asyncio.sleep(self._broker.delay())
        return {partition: (0, len(self._broker.logs[self._topic, partition])) for partition in self._at}

    async def seek(self, partition: int, offset: int) -> None:
        """Read on from an offset."""
        self._at[partition] = offset

    async def read(self) -> Mapping[int, tuple[Sequence[Any], int]]:
        """Some of what there is."""
        await asyncio.sleep(self._broker.delay())
        found = {}
        for partition, at in self._at.items():
            records = self._broker.logs[self._topic, partition][at : at + self._broker.rng.randrange(1, 40)]
            self._at[partition] = at + len(records)
            found[partition] = (records, at + len(records))
        return found


@asynccontextmanager
async def reading(broker: Broker, topic: str, partitions: Sequence[int]) -> AsyncIterator[ChangelogReader]:
    """A reader over these partitions."""
    yield ChangelogReader(broker, topic, partitions)
