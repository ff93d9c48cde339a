"""The rights that deploy/acls.sh gives, on a real Kafka that asks who one is."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition

from schemas.events import Post
from schemas.wire import write
from tests.support.kafka import Cluster
from tests.support.principals import LOGINS, grant_all, vigil
from tests.support.security import Security


def produced(cluster: Cluster, user: str, topic: str, value: bytes = b"{}") -> str | None:
    """Produce one record as a principal; Kafka's word for why it was refused, None where it was not."""
    errors: list[str | None] = []
    producer = Producer({**cluster.client(LOGINS[user]), "message.timeout.ms": 10_000, "partitioner": "murmur2_random", "log_level": 0})
    producer.produce(topic, value, b"u1", on_delivery=lambda error, _: errors.append(error.name() if error else None))
    producer.flush(15)
    return errors[0]


def consumed(cluster: Cluster, user: str, topic: str) -> bytes:
    """The first record of a topic as a principal reads it. Raises KafkaException where that is refused."""
    settings = {"group.id": f"{user}-test", "enable.auto.commit": "false", "log_level": "0"}
    consumer = Consumer({**cluster.client(LOGINS[user]), **settings})
    consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in range(2)])
    end = time.monotonic() + 60
    try:
        while time.monotonic() < end:
            message = consumer.poll(1)
            if message is not None and message.error() is None:
                return message.value() or b""
            if message is not None and message.error().name() != "GROUP_AUTHORIZATION_FAILED":  # it joins none, but has to name one
                raise KafkaException(message.error())
    finally:
        consumer.close()
    pytest.fail(f"nothing came on `{topic}`")


def hidden(cluster: Cluster, user: str, topic: str) -> bool:
    """Whether a topic may not even be seen."""
    found = Producer({**cluster.client(LOGINS[user]), "log_level": 0}).list_topics(topic, timeout=20).topics[topic]
    return found.error is not None and found.error.name() == "TOPIC_AUTHORIZATION_FAILED"


def post() -> bytes:
    """A post without anything in it."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    fields = {"schema": "post/1", "event_id": "e1", "kind": "created", "post_id": "p1", "person_id": "u1", "occurred_at": now}
    return write(Post.model_validate({**fields, "first_posted_at": now, "text": "hello"}))


@pytest.mark.timeout(240)
def test_each_principal_may_do_its_work_and_no_more(start_cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    """Set up by the operator, a post by the community, judged by the worker, read by responders; each is refused what is another's."""
    cluster = start_cluster(1, security=Security("SASL_PLAINTEXT", tuple(LOGINS.values())))
    grant_all(cluster, tmp_path)
    applied = vigil(cluster, "vigil-operator", "topics", "apply")
    assert applied.communicate(timeout=60)[1].startswith("warning: ")
    assert applied.returncode == 0

    worker = vigil(cluster, "vigil-worker", "worker", VIGIL_STATE_DIR=str(tmp_path / "state"))
    try:
        assert produced(cluster, "community", "vigil.posts", post()) is None
        assert b'"e1"' in consumed(cluster, "vigil-console", "vigil.decisions")
        doctor = vigil(cluster, "vigil-operator", "doctor")
        told = doctor.communicate(timeout=60)[0]
        assert doctor.returncode == 0, told
        lag = vigil(cluster, "vigil-lag", "lag", "--json", "--poll", "1")
        rows, complaint = lag.communicate(timeout=60)
        assert '"status"' in rows, complaint
        canary = vigil(cluster, "vigil-canary", "canary", "--once")
        landed, complaint = canary.communicate(timeout=60)
        assert (canary.returncode, complaint, landed.count(" right ")) == (0, "", 2), landed + complaint
    finally:
        worker.send_signal(signal.SIGTERM)
        ended = worker.communicate(timeout=60)
    assert worker.returncode == 0, ended

    assert produced(cluster, "community", "vigil.messages") == "TOPIC_AUTHORIZATION_FAILED"
    for topic in ("vigil.emergency-alerts", "vigil.detour", "vigil.canary-decisions"):
        assert produced(cluster, "vigil-operator", topic) == "TOPIC_AUTHORIZATION_FAILED"
    assert produced(cluster, "responders", "vigil.emergency-alerts") == "TOPIC_AUTHORIZATION_FAILED"
    assert produced(cluster, "vigil-console", "vigil.responses") == "TOPIC_AUTHORIZATION_FAILED"
    assert produced(cluster, "community", "vigil.canary") == "TOPIC_AUTHORIZATION_FAILED"
    assert produced(cluster, "vigil-canary", "vigil.messages") == "TOPIC_AUTHORIZATION_FAILED"
    assert produced(cluster, "vigil-canary", "vigil.canary-decisions") == "TOPIC_AUTHORIZATION_FAILED"
    assert hidden(cluster, "vigil-canary", "vigil.decisions")
    assert hidden(cluster, "responders", "vigil.posts")
    assert not hidden(cluster, "responders", "vigil.reviews")
