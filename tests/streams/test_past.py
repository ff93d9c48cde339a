"""The input topics in one order."""

import pytest
from confluent_kafka import Producer

from streams.clock import milliseconds
from streams.errors import BrokerError
from streams.heart.ports import SourceRecord
from streams.past import INPUTS, MOST_AHEAD, Past
from streams.settings import Settings
from tests.support.embedded import EmbeddedKafka


def settings(embedded: EmbeddedKafka) -> Settings:
    """Those that name the broker."""
    return Settings(kafka=embedded.bootstrap)


def produce(embedded: EmbeddedKafka, *records: tuple[str, int, int]) -> None:
    """Records: topic, partition, timestamp in milliseconds. The value tells the order of writing."""
    producer = Producer({"bootstrap.servers": embedded.bootstrap, "linger.ms": 50})
    for number, (topic, partition, moment) in enumerate(records):
        producer.produce(f"vigil.{topic}", str(number).encode(), b"u1", partition, timestamp=moment)
        producer.poll(0)
    assert producer.flush(30) == 0


def read(embedded: EmbeddedKafka) -> list[SourceRecord]:
    """All of the past."""
    with Past(settings(embedded)) as past:
        return list(past.records())


def create(embedded: EmbeddedKafka, partitions: int) -> None:
    """The topics that are read."""
    embedded.create({f"vigil.{topic}": partitions for topic in INPUTS})


def test_records_come_by_their_timestamps_over_all_topics_and_partitions(embedded: EmbeddedKafka) -> None:
    """Profiles first where they are equal, then posts and messages; a topic without records holds up nobody."""
    create(embedded, 2)
    produce(embedded, ("messages", 1, 3000), ("posts", 0, 1000), ("messages", 0, 2000), ("profiles", 1, 2000), ("posts", 1, 2000))
    told = [(one.timestamp, one.topic, one.partition) for one in read(embedded)]
    assert told == [(1000, "posts", 0), (2000, "profiles", 1), (2000, "posts", 1), (2000, "messages", 0), (3000, "messages", 1)]


def test_a_partition_keeps_its_own_order(embedded: EmbeddedKafka) -> None:
    """Where a writer's clock went back, the record still comes after the one before it."""
    create(embedded, 1)
    produce(embedded, ("posts", 0, 5000), ("posts", 0, 1000), ("messages", 0, 2000), ("messages", 0, 6000))
    assert [(one.topic, one.offset) for one in read(embedded)] == [("messages", 0), ("posts", 0), ("posts", 1), ("messages", 1)]


def test_a_partition_far_ahead_waits_for_the_others(embedded: EmbeddedKafka) -> None:
    """Many more records than may wait, all later than another partition's last: everything comes, in order, none twice."""
    create(embedded, 2)
    many = 5 * MOST_AHEAD
    produce(embedded, *(("posts", 0, 10_000 + each) for each in range(many)), *(("posts", 1, each) for each in range(1, many + 1)))
    came = read(embedded)
    assert [one.timestamp for one in came] == sorted(one.timestamp for one in came)
    assert len({(one.partition, one.offset) for one in came}) == len(came) == 2 * many


def test_it_ends_where_the_topics_ended_at_first(embedded: EmbeddedKafka) -> None:
    """What is written while the past is read is no past yet."""
    create(embedded, 1)
    now = milliseconds()
    produce(embedded, ("posts", 0, now), ("messages", 0, now))
    with Past(settings(embedded)) as past:
        coming = past.records()
        first = next(coming)
        produce(embedded, ("posts", 0, now), ("messages", 0, now), ("profiles", 0, now))
        assert [first.topic, *(one.topic for one in coming)] == ["posts", "messages"]


def test_a_topic_that_is_not_there_is_an_error(embedded: EmbeddedKafka) -> None:
    """A past with a hole in it is not told as the whole."""
    embedded.create({"vigil.posts": 1})
    with pytest.raises(BrokerError, match=r"there is no topic `vigil\.profiles`"):
        read(embedded)
