import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from streams.embedded import EmbeddedError, EmbeddedKafka


def test_topics_have_the_partitions_asked_for(embedded: EmbeddedKafka) -> None:
    """A client sees each topic with as many partitions as it was created with."""
    embedded.create({"posts": 8, "shadow": 3})

    topics = Producer({"bootstrap.servers": embedded.bootstrap}).list_topics(timeout=10).topics

    assert {name: len(topic.partitions) for name, topic in topics.items()} == {"posts": 8, "shadow": 3}


def test_a_record_comes_out_of_the_partition_it_was_put_into(embedded: EmbeddedKafka) -> None:
    """What is produced is consumed again: key, value and partition."""
    embedded.create({"posts": 8})
    producer = Producer({"bootstrap.servers": embedded.bootstrap})
    producer.produce("posts", key=b"u1", value=b"text", partition=5)
    assert producer.flush(10) == 0

    consumer = Consumer({"bootstrap.servers": embedded.bootstrap, "group.id": "g"})
    consumer.assign([TopicPartition("posts", 5, 0)])
    message = consumer.poll(10)
    consumer.close()

    assert message is not None
    assert (message.key(), message.value(), message.partition()) == (b"u1", b"text", 5)


def test_a_topic_that_is_there_is_refused(embedded: EmbeddedKafka) -> None:
    """Creating a topic twice is an error that names it."""
    embedded.create({"posts": 1})

    with pytest.raises(EmbeddedError, match="create topic `posts`"):
        embedded.create({"posts": 1})


def test_closing_twice_is_harmless() -> None:
    """`close` may be called again."""
    broker = EmbeddedKafka()
    broker.close()
    broker.close()
