"""What tests of whole workers share: topics, records with numbers, workers as processes, and counting what came out."""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition

from streams.heart.frames import OURS, epoch_of, value_of
from streams.heart.replay import Replay
from tests.heart.toy import CHANGELOG, SOURCES, TOPICS
from tests.support.running import ROOT, Running


class Work(Running):
    """A worker with the toy's judge, with a folder of its own for state."""

    def __init__(self, world: "World", name: str, **settings: Any) -> None:
        state = world.folder / f"{name}-state"
        shared = {"servers": world.servers, "group": f"{world.prefix}group", "prefix": world.prefix, "state": str(state)}
        command = [sys.executable, "-m", "tests.heart.toy", json.dumps({**shared, **settings})]
        super().__init__(command, world.folder / f"{name}.log", state, {**os.environ, "PYTHONPATH": str(ROOT)})


class World:
    """Topics on a broker under a prefix, and what was published."""

    def __init__(self, servers: str, prefix: str, folder: Path, partitions: int = 4) -> None:
        self.servers, self.prefix, self.folder, self.partitions = servers, prefix, folder, partitions
        self.published: Counter[str] = Counter()
        self._works: list[Work] = []
        self._producer = Producer(
            {"bootstrap.servers": servers, "linger.ms": 5, "acks": "all", "partitioner": "murmur2_random", "log_level": 0}
        )

    def worker(self, name: str, **settings: Any) -> Work:
        """A worker, not started yet."""
        work = Work(self, name, **settings)
        self._works.append(work)
        return work

    def publish(self, topic: str, count: int, keys: int = 101, value: bytes = b"") -> None:
        """Publish records, keyed in turn."""
        for _ in range(count):
            number = self.published[topic]
            self.published[topic] += 1
            self._producer.produce(
                self.prefix + topic, key=f"u{number % keys}".encode(), value=value or f"{topic} {number}".encode() + b"." * 250
            )
            self._producer.poll(0)
        self._producer.flush(30)

    def positions(self, topic: str) -> tuple[list[int], list[int]]:
        """Committed offsets (0 where none) and ends, by partition."""
        consumer = Consumer({"bootstrap.servers": self.servers, "group.id": f"{self.prefix}group", "log_level": 0})
        targets = [TopicPartition(self.prefix + topic, partition) for partition in range(self.partitions)]
        try:
            ends = [consumer.get_watermark_offsets(target, timeout=10)[1] for target in targets]
            committed = [max(0, target.offset) for target in consumer.committed(targets, timeout=10)]
        finally:
            consumer.close()
        return committed, ends

    def caught_up(self, seconds: float) -> bool:
        """Wait until everything published is committed."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if all(committed == ends for committed, ends in map(self.positions, SOURCES)):
                return True
            time.sleep(0.3)
        return False

    def read(self, topic: str) -> Iterator[Any]:
        """All records of a topic, partition by partition."""
        consumer = Consumer({"bootstrap.servers": self.servers, "group.id": "reader", "enable.partition.eof": True, "log_level": 0})
        targets = [TopicPartition(self.prefix + topic, partition, 0) for partition in range(self.partitions)]
        consumer.assign(targets)
        ended = 0
        try:
            while ended < len(targets):
                message = consumer.poll(10)
                assert message is not None, f"`{topic}` can't be read"
                if message.error() is None:
                    yield message
                else:
                    ended += 1
        finally:
            consumer.close()

    def told(self) -> Counter[str]:
        """How often each input record was told of."""
        return Counter(message.value().split()[0].decode() for message in self.read("told"))

    def inputs(self) -> set[str]:
        """What had to be told of."""
        return {f"{topic}/{message.partition()}/{message.offset()}" for topic in SOURCES for message in self.read(topic)}

    def state(self) -> dict[str, int]:
        """How many records each key's state counts, as whoever recovers from the changelog would see it."""
        replays = [Replay() for _ in range(self.partitions)]
        found: dict[str, int] = {}
        for message in self.read(CHANGELOG):
            counts = replays[message.partition()].counts(message.key(), message.value(), epoch_of(message.headers()))
            if counts and not message.key().startswith(OURS):
                found[message.key().decode()] = json.loads(value_of(message.value()))["n"]
        return found

    def expected_state(self) -> dict[str, int]:
        """What the state had to count."""
        return dict(Counter(message.key().decode() for topic in SOURCES for message in self.read(topic)))

    def close(self) -> None:
        """End all workers."""
        for work in self._works:
            if work.running:
                work.kill()


def topic_names() -> tuple[str, ...]:
    """All topics that a world needs."""
    return TOPICS
