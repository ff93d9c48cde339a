"""One person's events meet in one picture, whatever partitioner their publishers use; and the doctor says whose is the wrong one."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner
from confluent_kafka import Producer

from streams.cli.main import main
from tests.e2e.vigil import Vigil, stop, value
from tests.support.plugin import SharedKafka

PARTITIONS = 8
PEOPLE = [f"person-{number}" for number in range(40)]


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


@pytest.mark.timeout(180)
def test_two_publishers_one_picture(kafka: SharedKafka, tmp_path: Path) -> None:
    """Half of a picture by Java's rule, half by librdkafka's: everybody's E1 is out, and only the latter publisher is told of."""
    vigil = Vigil(kafka, tmp_path, PARTITIONS)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    running = vigil.worker()
    asyncio.run(publish_as_java_does(kafka, now))
    publish_by_librdkafkas_default(kafka, now)
    vigil.wait([running])
    assert stop(running) == 0, vigil.logs()

    alerts = [value(record) for record in vigil.read("emergency-alerts")]
    assert {alert["person_id"]: alert["clauses"] for alert in alerts} == {person: ["E1"] for person in PEOPLE}
    doctor = CliRunner(env=vigil.settings).invoke(main, ["doctor", "--json"])
    told = [finding["detail"] for finding in json.loads(doctor.stdout) if finding["check"] == "publishers"]
    assert doctor.exit_code == 3
    assert len(told) == 1
    assert "on `messages`" in told[0]
    assert "partitioner=murmur2_random" in told[0]
