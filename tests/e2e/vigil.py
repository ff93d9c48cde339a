"""What the end-to-end tests share: a `vigil worker` as a process, records published and read by a client that is not ours."""

import json
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition

from tests.support.kafka import Cluster
from tests.support.plugin import SharedKafka
from tests.support.running import ROOT, Running, inherited

VIGIL = ROOT / ".venv" / "bin" / "vigil"
OUTPUTS = ("decisions", "emergency-alerts", "non-emergency-referrals", "dead-letters", "reviews", "notices", "support")
MERGER = "2026-09-30T23:00:00Z"
STARTED: list[subprocess.Popen[bytes]] = []
"""What the running test has started: it ends with the test, also where that fails."""


@dataclass(frozen=True, slots=True)
class Secured:
    """A cluster of one's own, under the name by which a Vigil asks for the shared one."""

    cluster: Cluster
    prefix: str = "vigil."
    group: str = "vigil"

    def topic(self, name: str) -> str:
        """A topic's full name."""
        return self.prefix + name

    def client(self) -> dict[str, str]:
        """Settings of a librdkafka client."""
        return self.cluster.client()

    def environment(self) -> dict[str, str]:
        """Vigil's settings."""
        one = {"VIGIL_ALLOW_UNREPLICATED": "1"} if len(self.cluster.nodes) == 1 else {}
        return {**self.cluster.environment(), **one}


class Vigil:
    """One deployment: its settings, its topics, its workers."""

    def __init__(self, kafka: SharedKafka | Secured, folder: Path, partitions: int = 4) -> None:
        self.kafka = kafka
        self.partitions = partitions
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []
        self.settings = kafka.environment() | {"VIGIL_MERGER_AT": MERGER, "VIGIL_PARTITIONS": str(partitions)}
        self.run("topics", "apply")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A `vigil` command to its end."""
        done = subprocess.run([VIGIL, *arguments], env=self._environment({}), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done

    def worker(self, name: str = "one") -> subprocess.Popen[bytes]:
        """Start a worker with a state folder of its own."""
        return self.start("worker", log=name, VIGIL_STATE_DIR=str(self.folder / name))

    def start(self, *arguments: str, log: str = "other", **more: str) -> subprocess.Popen[bytes]:
        """A `vigil` command that goes on, and what it needs beside the settings."""
        with (self.folder / f"{log}.log").open("ab") as said:
            self.started.append(subprocess.Popen([VIGIL, *arguments], env=self._environment(more), stdout=said, stderr=said))
        STARTED.append(self.started[-1])
        return self.started[-1]

    def running(self, name: str) -> Running:
        """A worker that can be started again on its state, not started yet."""
        state = self.folder / name
        return Running([VIGIL, "worker"], self.folder / f"{name}.log", state, self._environment({"VIGIL_STATE_DIR": str(state)}))

    def publish(self, records: Iterable[tuple[str, str | None, bytes | None]]) -> None:
        """Write records (topic, key, value) as a Java client would place them, and wait for the brokers."""
        producer = Producer(self.kafka.client() | {"partitioner": "murmur2_random", "acks": "all", "linger.ms": 5})
        for topic, key, value in records:
            producer.produce(self.kafka.topic(topic), key=key, value=value)
            producer.poll(0)
        assert producer.flush(60) == 0

    def read(self, *topics: str) -> list[tuple[str, str | None, Any]]:
        """All that is on some topics now: topic without prefix, key, value."""
        consumer = Consumer(self.kafka.client() | {"group.id": f"{self.kafka.prefix}reader", "enable.auto.commit": False})
        ends = {(t, p): self._end(consumer, t, p) for t in topics for p in range(self.partitions)}
        consumer.assign([TopicPartition(self.kafka.topic(topic), partition, 0) for topic, partition in ends])
        found, left = [], sum(ends.values())
        deadline = time.monotonic() + 60
        while left > 0 and time.monotonic() < deadline:
            for record in consumer.consume(1000, 0.2):
                assert record.error() is None
                found.append((record.topic().removeprefix(self.kafka.prefix), record.key(), record.value()))
                left -= 1
        consumer.close()
        assert left <= 0
        return [(topic, None if key is None else key.decode(), value) for topic, key, value in found]

    def behind(self) -> int:
        """How many records of the inputs are not committed yet."""
        consumer = Consumer(self.kafka.client() | {"group.id": self.kafka.group, "enable.auto.commit": False, "log_level": 0})
        inputs = ("posts", "messages", "profiles", "assessments", "responses", "detour")
        places = [TopicPartition(self.kafka.topic(topic), partition) for topic in inputs for partition in range(self.partitions)]
        committed = consumer.committed(places, 20)
        left = sum(consumer.get_watermark_offsets(place, 20)[1] - max(place.offset, 0) for place in committed)
        consumer.close()
        return left

    def wait(self, workers: Iterable[subprocess.Popen[bytes]], seconds: float = 60) -> None:
        """Until every input is committed to its end. Fails where a worker ended by itself."""
        deadline = time.monotonic() + seconds
        while self.behind():
            for worker in workers:
                assert worker.poll() is None, self.logs()
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.2)

    def logs(self) -> str:
        """What the workers said."""
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(self.folder.glob("*.log")))

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """All that a process of this deployment is given."""
        return inherited() | self.settings | more

    def _end(self, consumer: Consumer, topic: str, partition: int) -> int:
        first, end = consumer.get_watermark_offsets(TopicPartition(self.kafka.topic(topic), partition), 20)
        return int(end - first)


def stop(worker: subprocess.Popen[bytes]) -> int:
    """End a worker in good order."""
    worker.send_signal(signal.SIGTERM)
    return worker.wait(30)


def value(record: tuple[str, str | None, Any]) -> Mapping[str, Any]:
    """A record's value as JSON."""
    found: Mapping[str, Any] = json.loads(record[2])
    return found


def records(kafka: SharedKafka, topic: str, partitions: int = 4) -> list[Any]:
    """All that is on a topic now, as the client has it: bytes, headers and partitions."""
    consumer = Consumer(kafka.client() | {"group.id": f"{kafka.prefix}records", "enable.auto.commit": False})
    places = [TopicPartition(kafka.topic(topic), partition, 0) for partition in range(partitions)]
    left = sum(consumer.get_watermark_offsets(place, 20)[1] for place in places)
    consumer.assign(places)
    found = [consumer.poll(20) for _ in range(left)]
    consumer.close()
    return found
