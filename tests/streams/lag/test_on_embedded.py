"""A broker that describes neither groups nor settings: what it doesn't say is unknown, and is not waited for at each poll."""

import time

from confluent_kafka import Consumer, Producer, TopicPartition

from streams.embedded import EmbeddedKafka
from streams.lag.broker import KafkaDescriber

TOPIC, GROUP = "vigil.posts", "vigil"


def written(embedded: EmbeddedKafka, count: int) -> None:
    """A topic with so many records on its first partition."""
    embedded.create({TOPIC: 2})
    producer = Producer({"bootstrap.servers": embedded.bootstrap})
    for _ in range(count):
        producer.produce(TOPIC, b"{}", partition=0)
    assert producer.flush(20) == 0


def test_none_at_all_proves_nothing_of_a_group_that_cannot_be_described(embedded: EmbeddedKafka) -> None:
    """Such a group is asked partition by partition: what it committed is found, and where nothing is found it isn't known."""
    written(embedded, 5)
    describer = KafkaDescriber({"bootstrap.servers": embedded.bootstrap})
    describer.partitions()
    assert describer.groups([GROUP, "other"]).groups == {GROUP: None, "other": None}
    assert describer.committed([GROUP, "other"]) == {GROUP: None, "other": None}

    consumer = Consumer({"bootstrap.servers": embedded.bootstrap, "group.id": GROUP})
    consumer.commit(offsets=[TopicPartition(TOPIC, 0, 3)], asynchronous=False)
    consumer.close()
    assert describer.committed([GROUP, "other"]) == {GROUP: {(TOPIC, 0): 3}, "other": None}


def test_what_no_broker_answers_is_not_waited_for_at_each_poll(embedded: EmbeddedKafka) -> None:
    """How long topics are kept is asked once and then left for a while; nothing is taken for unlimited meanwhile."""
    written(embedded, 1)
    describer = KafkaDescriber({"bootstrap.servers": embedded.bootstrap}, seconds=0.5)
    assert describer.keeping([TOPIC]) == {}
    began = time.monotonic()

    assert [describer.keeping([TOPIC]) for _ in range(20)] == [{}] * 20
    assert time.monotonic() - began < 0.5
