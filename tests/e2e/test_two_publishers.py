"""One person's events meet in one picture, whatever partitioner their publishers use; and the doctor says whose is the wrong one."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from streams.cli.main import main
from tests.support.plugin import SharedKafka

PARTITIONS = 8
PEOPLE = [f"person-{number}" for number in range(40)]


def settings(kafka: SharedKafka, folder: Path) -> dict[str, str]:
    """What worker, doctor and `topics apply` run with."""
    return {**kafka.environment(), "VIGIL_MERGER_AT": "2026-01-01T00:00:00Z", "VIGIL_STATE_DIR": str(folder / "state")}


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[None]:
    """A worker in a process of its own, ended by SIGTERM."""
    command = [sys.executable, "-c", "from streams.cli.main import main; main()", "worker"]
    with log.open("wb") as said:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=said, stderr=said)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, log.read_text()


def post(person: str, now: str) -> dict[str, Any]:
    """Half of E1, told on the community."""
    facts = {"kind": "suicide", "thoughts": "yes", "plan": "yes"}
    place = {"post_id": f"post-{person}", "kind": "created", "first_posted_at": now}
    return {
        "schema": "post/1",
        "event_id": f"p-{person}",
        "person_id": person,
        "occurred_at": now,
        "text": ".",
        "concerns": [facts],
        **place,
    }


def message(person: str, now: str) -> dict[str, Any]:
    """The other half, told on the text line."""
    facts = {"kind": "suicide", "means": "yes", "timeframe": "immediate"}
    place = {"conversation_id": f"c-{person}", "sender": "texter"}
    return {
        "schema": "message/1",
        "event_id": f"m-{person}",
        "person_id": person,
        "occurred_at": now,
        "text": ".",
        "concerns": [facts],
        **place,
    }


async def publish_as_java_does(kafka: SharedKafka, now: str) -> None:
    """The community's publisher: aiokafka, which chooses partitions as Kafka's Java client does."""
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all") as producer:
        for person in PEOPLE:
            await producer.send_and_wait(kafka.topic("posts"), json.dumps(post(person, now)).encode(), key=person.encode())


def publish_by_librdkafkas_default(kafka: SharedKafka, now: str) -> None:
    """The text line's publisher: confluent-kafka with nothing set."""
    producer = Producer(kafka.client())
    for person in PEOPLE:
        producer.produce(kafka.topic("messages"), json.dumps(message(person, now)), person)
    assert producer.flush(20) == 0


def alerts(kafka: SharedKafka, expected: int) -> dict[str, list[str]]:
    """Clauses of each person's first alert, once there are so many or a minute is over."""
    consumer = Consumer({**kafka.client(), "group.id": "reader", "enable.auto.commit": "false"})
    topic = kafka.topic("emergency-alerts")
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in range(PARTITIONS)])
    found: dict[str, list[str]] = {}
    end = time.monotonic() + 60
    while len(found) < expected and time.monotonic() < end:
        record = consumer.poll(1)
        if record is not None and record.error() is None:
            alert = json.loads(record.value() or b"")
            found.setdefault(alert["person_id"], alert["clauses"])
    consumer.close()
    return found


@pytest.mark.timeout(180)
def test_two_publishers_one_picture(kafka: SharedKafka, tmp_path: Path) -> None:
    """Half of a picture by Java's rule, half by librdkafka's: everybody's E1 is out, and only the latter publisher is told of."""
    environment = settings(kafka, tmp_path)
    runner = CliRunner(env=environment)
    assert runner.invoke(main, ["topics", "apply"]).exit_code == 0
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    with worker(environment, tmp_path / "worker.log"):
        asyncio.run(publish_as_java_does(kafka, now))
        publish_by_librdkafkas_default(kafka, now)
        found = alerts(kafka, len(PEOPLE))

    assert found == {person: ["E1"] for person in PEOPLE}, (tmp_path / "worker.log").read_text()[-3000:]
    doctor = runner.invoke(main, ["doctor", "--json"])
    told = [finding["detail"] for finding in json.loads(doctor.stdout) if finding["check"] == "publishers"]
    assert doctor.exit_code == 3
    assert len(told) == 1
    assert "on `messages`" in told[0]
    assert "partitioner=murmur2_random" in told[0]
