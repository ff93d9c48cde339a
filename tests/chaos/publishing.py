"""Publishing all the while, and answering what comes out, as two services and a responder would."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from streams import clock
from streams.consumer import consume_once
from tests.chaos.traffic import Record, Traffic
from tests.e2e.vigil import Vigil

PAUSE_SECONDS = 0.1
IDLE_SECONDS = 3.0


class Published(NamedTuple):
    """A record that brokers have acknowledged, and where it lies."""

    record: Record
    partition: int
    offset: int

    @property
    def origin(self) -> tuple[str, int, int]:
        """Its place."""
        return self.record.topic, self.partition, self.offset


class Publisher:
    """What was acknowledged is in `published`; only that was published. Tries for as long as brokers are away."""

    def __init__(self, vigil: Vigil) -> None:
        self.published: list[Published] = []
        self._vigil = vigil
        settings = {"partitioner": "murmur2_random", "enable.idempotence": True, "linger.ms": 5, "message.timeout.ms": 0, "log_level": 0}
        self._producer = Producer(vigil.kafka.client() | settings)

    def send(self, record: Record) -> None:
        """Publish one record, some time soon."""

        def delivered(error: KafkaError | None, message: Message) -> None:
            assert error is None, error
            self.published.append(Published(record, message.partition(), message.offset()))

        place = {} if record.partition is None else {"partition": record.partition}
        topic = self._vigil.kafka.topic(record.topic)
        self._producer.produce(topic, record.value, record.key, on_delivery=delivered, **place)
        self._producer.poll(0)

    def flush(self, seconds: float = 120) -> None:
        """Wait until brokers have all of it."""
        assert self._producer.flush(seconds) == 0, "what was published was not acknowledged"


class Responder:
    """A consumer as Vigil ships it: keeps ids in a file, acknowledges three alerts of four; what nobody answers is escalated."""

    def __init__(self, vigil: Vigil, publisher: Publisher) -> None:
        self.seen: list[str] = []
        self._vigil, self._publisher = vigil, publisher

    def work(self, ended: threading.Event) -> None:
        """Read alerts until told to end and nothing has come for a while."""
        while not ended.is_set():
            with suppress(KafkaException):  # brokers are away
                self._read()

    def _read(self) -> None:
        client = self._vigil.kafka.client() | {"group.id": f"{self._vigil.kafka.prefix}responders", "log_level": 0}
        for alert in consume_once(client, [self._vigil.kafka.topic("emergency-alerts")], self._vigil.folder / "seen.db", IDLE_SECONDS):
            self.seen.append(alert.identity)
            if int(alert.identity[:4], 16) % 4:
                self._publisher.send(answer(alert.json()))


def answer(alert: Mapping[str, Any]) -> Record:
    """An acknowledgement."""
    event = f"r-{alert['alert_id']}"
    made = {
        "schema": "response/1",
        "event_id": event,
        "person_id": alert["person_id"],
        "alert_id": alert["alert_id"],
        "responder_id": "s1",
        "state": "acknowledged",
        "occurred_at": clock.now().isoformat(),
    }
    return Record("responses", alert["person_id"].encode(), json.dumps(made).encode(), "kept", event)


@contextmanager
def publishing(publisher: Publisher, traffic: Traffic, responder: Responder, rate: int) -> Iterator[None]:
    """Publish about so many records a second, and answer, until the block ends; what was sent is then acknowledged."""
    ended = threading.Event()

    def publish() -> None:
        while not ended.wait(PAUSE_SECONDS):
            for _ in range(int(rate * PAUSE_SECONDS)):
                publisher.send(traffic.next())

    threads = [threading.Thread(target=publish), threading.Thread(target=responder.work, args=(ended,))]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
        publisher.flush()
