import socket
from collections.abc import Callable

import pytest
from confluent_kafka import Producer

from tests.support.kafka import Cluster
from tests.support.plugin import SharedKafka


def produce(cluster_client: dict[str, str], topic: str) -> list[object]:
    """Produce one record; the errors that came of it, [None] where it went well."""
    errors: list[object] = []
    producer = Producer({**cluster_client, "message.timeout.ms": 20_000})
    producer.produce(topic, b"value", on_delivery=lambda error, _: errors.append(error))
    producer.flush(30)
    return errors


def test_the_shared_kafka_takes_records(kafka: SharedKafka) -> None:
    """The run's real Kafka acknowledges a record in a topic under the test's own prefix."""
    kafka.create("posts", partitions=3)

    assert produce(kafka.client(), kafka.topic("posts")) == [None]


def test_a_killed_broker_of_three_comes_back(start_cluster: Callable[..., Cluster]) -> None:
    """Three nodes survive a SIGKILL of one, and it returns with its data."""
    cluster = start_cluster(3)
    cluster.create("posts")
    cluster.nodes[1].kill()

    assert produce(cluster.client() | {"acks": "all"}, "posts") == [None]
    cluster.restart(cluster.nodes[1])
    assert all(node.running for node in cluster.nodes)


def test_a_cut_proxy_keeps_clients_out_until_it_is_mended(start_cluster: Callable[..., Cluster]) -> None:
    """While the network is cut no client gets through; afterwards it does."""
    cluster = start_cluster(1, proxied=True)
    (proxy,) = cluster.proxies
    proxy.cut()
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as client, pytest.MonkeyPatch.context():
        client.settimeout(5)
        assert client.recv(1) == b""
    proxy.mend()
    cluster.create("posts")

    assert produce(cluster.client(), "posts") == [None]
