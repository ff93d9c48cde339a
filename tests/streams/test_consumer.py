from collections.abc import Mapping
from pathlib import Path

import pytest
from confluent_kafka import Producer

from streams.consumer import Received, consume_once
from streams.embedded import EmbeddedKafka

TOPIC = "vigil.emergency-alerts"
IDLE = 1.0


def _publish(broker: EmbeddedKafka, *identities: str) -> None:
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    for identity in identities:
        producer.produce(TOPIC, b'{"clauses":["E4"]}', b"u1", headers=[("ce_id", identity.encode())])
    assert producer.flush(10) == 0


def _identities(broker: EmbeddedKafka, seen: Path, group: str) -> list[str]:
    return [output.identity for output in consume_once(_client(broker, group), [TOPIC], seen, IDLE)]


def _client(broker: EmbeddedKafka, group: str) -> Mapping[str, str]:
    return {"bootstrap.servers": broker.bootstrap, "group.id": group}


@pytest.fixture
def alerts(embedded: EmbeddedKafka) -> EmbeddedKafka:
    """A broker with a topic of alerts."""
    embedded.create({TOPIC: 1})
    return embedded


def test_what_is_written_twice_is_handed_on_once(alerts: EmbeddedKafka, tmp_path: Path) -> None:
    """An id that comes again is dropped, in the same run and in one that reads everything anew; a new one is not."""
    _publish(alerts, "a1", "a2", "a1")
    assert _identities(alerts, tmp_path / "seen", "one") == ["a1", "a2"]
    _publish(alerts, "a2", "a3")
    assert _identities(alerts, tmp_path / "seen", "two") == ["a3"]


def test_an_output_in_the_middle_of_being_handled_comes_again(alerts: EmbeddedKafka, tmp_path: Path) -> None:
    """Whoever dies while handling an output gets it again: twice rather than never."""
    _publish(alerts, "a1")
    begun = consume_once(_client(alerts, "one"), [TOPIC], tmp_path / "seen", IDLE)
    assert next(begun).json() == {"clauses": ["E4"]}
    begun.close()
    assert _identities(alerts, tmp_path / "seen", "two") == ["a1"]


def test_a_dead_letter_is_known_by_the_record_that_it_was() -> None:
    """A dead letter keeps the headers of its record, whose `ce_id` may be anybody's; its place is its own."""
    place = {"vigil.error.topic": "posts", "vigil.error.partition": "3", "vigil.error.offset": "9", "ce_id": "theirs"}
    assert Received("vigil.dead-letters", "u1", b"", place).identity == "dead posts:3:9"
