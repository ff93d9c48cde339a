"""Puts a sample on a Kafka of one's own: for trying, never beside real people's records."""

from collections.abc import Iterable
from typing import Any

from confluent_kafka import Producer

from streams.connection import librdkafka
from streams.errors import BrokerError
from streams.sample.line import Line
from streams.settings import Settings

SECONDS = 60.0
"""How long the last records may take to be acknowledged."""
AT_ONCE = 10_000
"""Records on their way at a time."""


def publish(lines: Iterable[Line], settings: Settings) -> int:
    """Publish every line to its topic, in order; how many there were. Raises BrokerError where the broker didn't acknowledge them all."""
    refused: list[str] = []

    def note(error: Any, _: Any) -> None:
        if error is not None:
            refused.append(error.name())

    client = {"acks": "all", "enable.idempotence": True, "partitioner": "murmur2_random", "log_level": 0}
    producer = Producer({**librdkafka(settings), **client})
    count = left = 0
    for line in lines:
        producer.produce(settings.topic(line.topic), line.value_bytes(), line.key.encode(), on_delivery=note)
        count += 1
        if count % AT_ONCE == 0:
            left = producer.flush(SECONDS)
    left += producer.flush(SECONDS)
    if refused or left:
        reasons = ", ".join(f"`{name}`" for name in sorted(set(refused))) or "no answer in time"
        raise BrokerError(f"{max(len(refused), left)} of {count} records were not taken ({reasons}); run `vigil doctor`")
    return count
