"""Asking a Kafka whether it is ready, and making topics that are ready when the call returns."""

import time
from collections.abc import Callable, Iterable, Mapping

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

SECONDS = 60
QUIET = {"log_level": 0, "socket.timeout.ms": 5000}


def wait(client: Mapping[str, str], nodes: Callable[[], int], deadline: float) -> bool:
    """Wait until `nodes()` brokers are in the metadata and the group coordinator answers; False when `deadline` (monotonic) passes."""
    consumer = Consumer({**client, **QUIET, "group.id": "is-anybody-there"})
    try:
        while time.monotonic() < deadline:
            if _complete(consumer, nodes()):
                return True
            time.sleep(0.1)
        return False
    finally:
        consumer.close()


def _complete(consumer: Consumer, nodes: int) -> bool:
    try:
        if len(consumer.list_topics(timeout=2).brokers) < nodes:
            return False
        consumer.committed([TopicPartition("any", 0)], timeout=3)
    except KafkaException:
        return False
    return True


def create(client: Mapping[str, str], topics: Iterable[str], partitions: int, replication: int, config: Mapping[str, str]) -> None:
    """Create topics and wait until each partition has a leader. Raises KafkaException where the broker refuses."""
    admin = AdminClient({**client, **QUIET})
    wanted = [NewTopic(topic, partitions, replication, config=dict(config)) for topic in topics]
    for made in admin.create_topics(wanted, operation_timeout=30).values():
        made.result(SECONDS)
    deadline = time.monotonic() + SECONDS
    while not all(_led(admin, topic.topic, partitions) for topic in wanted):
        if time.monotonic() > deadline:
            raise TimeoutError(f"topics got no leaders within {SECONDS} s: {[topic.topic for topic in wanted]}")
        time.sleep(0.05)


def remove(client: Mapping[str, str], prefix: str) -> None:
    """Delete all topics whose names begin so; what can't be deleted stays."""
    admin = AdminClient({**client, **QUIET})
    names = [name for name in admin.list_topics(timeout=10).topics if name.startswith(prefix)]
    for deleted in admin.delete_topics(names, request_timeout=20).values() if names else ():
        deleted.exception()


def _led(admin: AdminClient, topic: str, partitions: int) -> bool:
    found = admin.list_topics(topic, timeout=10).topics[topic].partitions
    return len(found) == partitions and all(partition.leader >= 0 for partition in found.values())
