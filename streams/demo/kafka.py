"""The demo's world on Kafka: publishers, one consumer of all that Vigil writes, and the lag. No group is joined, nothing is committed."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from streams import clock
from streams.demo.world import Place, Seen
from streams.sample.line import Line

INPUTS = ("posts", "messages", "profiles", "assessments", "responses", "detour")
OUTPUTS = ("decisions", "emergency-alerts", "non-emergency-referrals", "reviews", "notices", "support", "dead-letters")
BATCH = 2000
SECONDS = 2.0
"""How long a question to the broker may take."""


class KafkaWorld:
    """Publishes to and watches the topics that begin with `prefix`; `group` is the workers'."""

    def __init__(self, bootstrap: str, prefix: str, group: str, partitions: int) -> None:
        self._prefix = prefix
        self._placed: list[tuple[str, Place]] = []
        client = {"bootstrap.servers": bootstrap, "log_level": 0}
        common = {**client, "acks": "all", "linger.ms": 5}
        # Most publishers use Java's partitioner; one is left with librdkafka's own, to show that one person's records meet all the same.
        self._java = Producer({**common, "partitioner": "murmur2_random"})
        self._librdkafka = Producer(common)
        # Waits of the watcher's own would be counted as the worker's.
        self._consumer = Consumer({**client, "group.id": "vigil-demo-watcher", "enable.auto.commit": False, "fetch.wait.max.ms": 20})
        self._consumer.assign([TopicPartition(prefix + name, number, OFFSET_BEGINNING) for name in OUTPUTS for number in range(partitions)])
        self._group = Consumer({**client, "group.id": group, "enable.auto.commit": False})
        self._inputs = [TopicPartition(prefix + name, number) for name in INPUTS for number in range(partitions)]

    def publish(self, line: Line, trace: str) -> None:
        """Hand a record to its publisher, which sends it a few milliseconds later."""
        producer = self._librdkafka if line.topic == "assessments" else self._java
        headers = [("traceparent", trace.encode())]
        producer.produce(self._prefix + line.topic, line.value_bytes(), line.key.encode(), headers=headers, on_delivery=self._note(trace))

    def _note(self, trace: str) -> Any:
        def delivered(error: Any, message: Any) -> None:
            if error is None:
                topic = message.topic().removeprefix(self._prefix)
                self._placed.append((trace, (topic, message.partition(), message.offset())))

        return delivered

    def placed(self) -> Sequence[tuple[str, Place]]:
        """What the broker has acknowledged since the last call."""
        self._java.poll(0)
        self._librdkafka.poll(0)
        placed, self._placed = self._placed, []
        return placed

    def seen(self, seconds: float) -> Sequence[Seen]:
        """What has come out since the last call."""
        messages = self._consumer.consume(BATCH, seconds)
        return [self._read(message) for message in messages if message.error() is None]

    def _read(self, message: Any) -> Seen:
        topic = message.topic().removeprefix(self._prefix)
        headers = {name: (value or b"").decode("utf-8", "replace") for name, value in message.headers() or ()}
        value = None if topic == "dead-letters" else msgspec.json.decode(message.value())
        return Seen(topic, value, headers, clock.milliseconds())

    def behind(self) -> Mapping[str, int]:
        """Records of each input topic beyond what the workers have committed."""
        behind = dict.fromkeys(INPUTS, 0)
        for place in self._group.committed(self._inputs, timeout=SECONDS):
            low, high = self._group.get_watermark_offsets(place, timeout=SECONDS)
            behind[place.topic.removeprefix(self._prefix)] += high - max(place.offset, low)
        return behind

    def check(self) -> None:
        """Brokers and publishers look after themselves; whoever owns the worker watches over it."""

    def close(self) -> None:
        """Let go of all connections."""
        self._consumer.close()
        self._group.close()
