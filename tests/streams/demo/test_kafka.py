from datetime import timedelta

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from streams import clock
from streams.demo.kafka import INPUTS, OUTPUTS, KafkaWorld
from streams.embedded import EmbeddedKafka
from streams.partitioner import home
from streams.sample.line import Line
from streams.sample.stream import START

PARTITIONS = 4
PATIENCE = timedelta(seconds=20)


@pytest.fixture
def broker(embedded: EmbeddedKafka) -> EmbeddedKafka:
    """A broker with all topics that the demo looks at."""
    embedded.create(dict.fromkeys((f"vigil.{name}" for name in (*INPUTS, *OUTPUTS)), PARTITIONS))
    return embedded


def _published(world: KafkaWorld, *lines: Line) -> dict[str, tuple[str, int, int]]:
    for number, line in enumerate(lines):
        world.publish(line, f"trace-{number}")
    placed: dict[str, tuple[str, int, int]] = {}
    end = clock.now() + PATIENCE
    while len(placed) < len(lines) and clock.now() < end:
        placed.update(world.placed())
        world.seen(0.05)
    return placed


def test_posts_lie_where_their_person_lives(broker: EmbeddedKafka) -> None:
    """The publisher of posts uses Java's partitioner: the place that the broker tells is the key's home, and the trace is known again."""
    world = KafkaWorld(broker.bootstrap, "vigil.", "vigil", PARTITIONS)
    people = [f"u{number}" for number in range(20)]
    placed = _published(world, *(Line(START, "posts", person, {"event_id": person}) for person in people))
    world.close()
    assert [placed[f"trace-{number}"][:2] for number in range(20)] == [("posts", home(key.encode(), PARTITIONS)) for key in people]


def test_what_is_not_committed_is_behind(broker: EmbeddedKafka) -> None:
    """A group that never committed is behind by all there is; what it commits no longer counts."""
    world = KafkaWorld(broker.bootstrap, "vigil.", "vigil", PARTITIONS)
    _published(world, *(Line(START, "posts", "u1", {}) for _ in range(3)))
    assert world.behind() == {**dict.fromkeys(INPUTS, 0), "posts": 3}
    worker = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "vigil"})
    worker.commit(offsets=[TopicPartition("vigil.posts", home(b"u1", PARTITIONS), 2)], asynchronous=False)
    assert world.behind()["posts"] == 1
    world.close()
    worker.close()


def test_the_words_in_a_dead_letter_are_not_read(broker: EmbeddedKafka) -> None:
    """Of a dead letter only headers are looked at; of any other output, its value."""
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    producer.produce("vigil.dead-letters", b'{"text":"mine"}', b"u1", headers=[("vigil.error.reason", b"invalid")])
    producer.produce("vigil.decisions", b'{"outcome":"none"}', b"u1")
    assert producer.flush(10) == 0
    world = KafkaWorld(broker.bootstrap, "vigil.", "vigil", PARTITIONS)
    seen = {}
    end = clock.now() + PATIENCE
    while len(seen) < 2 and clock.now() < end:
        seen.update({output.topic: output for output in world.seen(0.2)})
    world.close()
    assert seen["dead-letters"].value is None
    assert seen["dead-letters"].headers == {"vigil.error.reason": "invalid"}
    assert seen["decisions"].value == {"outcome": "none"}
