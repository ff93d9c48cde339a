import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from confluent_kafka import Producer
from prometheus_client.parser import text_string_to_metric_families

from streams import clock
from streams.lag.broker import KafkaDescriber
from streams.lag.polling import poll_once
from streams.lag.sampling import Sampler, Wanted
from tests.heart.toy import TOPICS
from tests.support.plugin import SharedKafka
from tests.support.ports import free_ports

ROOT = Path(__file__).parents[2]
MARKER = "MARKER-of-a-person-7c1f"


class Watched:
    """A real worker, watched from outside."""

    def __init__(self, kafka: SharedKafka, folder: Path) -> None:
        self.kafka, self.log = kafka, folder / "log"
        (self.port,) = free_ports(1)
        settings = {"servers": kafka.bootstrap, "group": kafka.group, "prefix": kafka.prefix, "state": str(folder / "state")}
        command = [sys.executable, "-m", "tests.support.watched_worker", json.dumps({**settings, "port": self.port})]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stderr=log, stdout=log)
        sources = tuple(kafka.topic(name) for name in ("posts", "messages"))
        wanted = Wanted(frozenset({kafka.group}), frozenset(sources), {kafka.group: sources})  # the toy's state is no lag
        self._sampler = Sampler(KafkaDescriber(kafka.client()), clock.seconds, wanted)

    def write(self, value: str, count: int = 1) -> None:
        """Publish records whose keys and values hold a marker."""
        producer = Producer({**self.kafka.client(), "log_level": 0})
        for number in range(count):
            producer.produce(self.kafka.topic("posts"), value.encode(), key=f"{MARKER}{number}".encode(), partition=number % 4)
        assert producer.flush(20) == 0

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; 0 where nothing answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except (URLError, TimeoutError):
            return 0, ""

    def metric(self, name: str, **labels: str) -> float:
        """One sample."""
        families = text_string_to_metric_families(self.get("/metrics")[1])
        return sum(sample.value for family in families for sample in family.samples if sample.name == name and sample.labels == labels)

    def words(self) -> set[str]:
        """The status words of the group's lag, by one poll."""
        return {row.status.value for row in poll_once(self._sampler, 1.5, time.sleep).rows}


def wait(true: Callable[[], bool], seconds: float = 40) -> None:
    """Until it is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def watched(kafka: SharedKafka, tmp_path: Path) -> Iterator[Watched]:
    """A worker that has its partitions."""
    kafka.create(*TOPICS, config={"message.timestamp.type": "LogAppendTime"})
    made = Watched(kafka, tmp_path)
    try:
        wait(lambda: made.get("/readyz") == (200, "ok\n"))
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def events(watched: Watched) -> list[dict[str, object]]:
    """What it logged; every line is JSON."""
    return [json.loads(line) for line in watched.log.read_text().splitlines()]


def test_a_worker_is_seen_to_work_to_hang_and_to_end(watched: Watched) -> None:
    """Metrics, probes, lag and log agree: it judges; hung by SIGSTOP it answers nothing and is STALLED; it goes on, and ends in order."""
    watched.write("{}", 40)
    wait(lambda: watched.words() == {"OK"})
    assert watched.metric("vigil_partitions") == 4
    assert watched.metric("vigil_outputs_total", topic="told", cause="event") == 40
    assert watched.metric("vigil_stage_seconds_count", stage="store") > 0
    watched.process.send_signal(signal.SIGSTOP)
    watched.write("{}", 4)
    assert "STALLED" in watched.words()
    assert watched.get("/livez") == (0, "")
    watched.process.send_signal(signal.SIGCONT)
    wait(lambda: watched.words() == {"OK"} and watched.get("/readyz")[0] == 200)
    watched.process.send_signal(signal.SIGTERM)
    assert watched.process.wait(40) == 0
    assert watched.words() == {"STOPPED"}
    assert events(watched)[0]["event"] == "partitions.given"


def test_a_worker_that_fails_gives_nothing_away(watched: Watched) -> None:
    """A judge that raises ends the worker with a reason; neither its log nor its metrics hold the record, nor what the error says."""
    watched.write(MARKER, 8)
    wait(lambda: watched.metric("vigil_outputs_total", topic="told", cause="event") == 8)
    exposed = watched.get("/metrics")[1]
    watched.write("raise")
    assert watched.process.wait(60) == 1
    said = watched.log.read_text()
    assert "worker.failed" in said
    assert "ValueError" in said
    for secret in (MARKER, "a secret", "somebody"):
        assert secret not in said
        assert secret not in exposed
