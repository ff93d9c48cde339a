"""A reference consumer: whatever Vigil writes twice, it hands on once. Use it, or copy its idea into any language: keep the ids.

Vigil promises at least once: after a crash the same output may come again, with the id it had (`ce_id`). An id counts as seen only once its
output has been handled, so a consumer that dies in the middle handles that one again rather than never.
"""

import json
import sqlite3
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaException

_PLACE = ("vigil.error.topic", "vigil.error.partition", "vigil.error.offset")  # a dead letter is known by the record that it was

_WAIT = 0.5


@dataclass(frozen=True, slots=True)
class Received:
    """One output. `topic` is the full name; headers are text."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, str]

    @property
    def identity(self) -> str:
        """What only this output has."""
        place = ":".join(self.headers.get(name, "") for name in _PLACE)
        return f"dead {place}" if place.strip(":") else self.headers["ce_id"]

    def json(self) -> Any:
        """The value, read."""
        return json.loads(self.value)


def consume_once(
    client: Mapping[str, Any], topics: Sequence[str], seen: Path | str, idle_seconds: float | None = None
) -> Generator[Received, None, None]:
    """Every output of these topics, each once; asking for the next one says that the last is done with.

    `client`: librdkafka's settings, with a `group.id`. `seen`: a file that keeps the ids. Ends after `idle_seconds` without a record, or
    never. Raises KafkaException where the broker refuses.
    """
    consumer = Consumer({"auto.offset.reset": "earliest", **client, "enable.auto.offset.store": False})
    ids = sqlite3.connect(seen, isolation_level=None)
    ids.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP)")
    consumer.subscribe(list(topics))
    try:
        for message in _messages(consumer, idle_seconds):
            if message.error():
                raise KafkaException(message.error())
            output = _received(message)
            if not ids.execute("SELECT 1 FROM seen WHERE id = ?", (output.identity,)).fetchone():
                yield output
                ids.execute("INSERT OR IGNORE INTO seen (id) VALUES (?)", (output.identity,))
            consumer.store_offsets(message)
    finally:
        consumer.close()
        ids.close()


def _messages(consumer: Consumer, idle_seconds: float | None) -> Iterator[Any]:
    """Messages as they come, asked for in short waits, so that Ctrl-C is heard. To be without partitions yet is not to be idle."""
    idle = 0.0
    while idle_seconds is None or idle < idle_seconds:
        message = consumer.poll(_WAIT)
        idle = 0.0 if message or not consumer.assignment() else idle + _WAIT
        if message is not None:
            yield message


def _received(message: Any) -> Received:
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in message.headers() or ()}
    return Received(message.topic(), (message.key() or b"").decode("utf-8", "replace"), message.value() or b"", headers)
