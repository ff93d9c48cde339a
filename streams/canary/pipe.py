"""A canary's two ends of the pipe on Kafka: it writes to chosen partitions, and reads what workers answer. It joins no group."""

from collections.abc import Iterable
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from streams.broker import Broker
from streams.canary.sent import Answer, read
from streams.connection import librdkafka
from streams.errors import BrokerError, SettingsError
from streams.judging.canary import DECISIONS, TOPIC
from streams.settings import Settings

SECONDS = 5.0
MOST = 1000
EXPECTED = frozenset({"GROUP_AUTHORIZATION_FAILED", "_PARTITION_EOF"})
"""A consumer has to name a group, also where it joins none and needs no right to it."""


class Pipe:
    """`trouble`: Kafka's word for what went wrong last, None where nothing did since something came back."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.trouble: str | None = None
        quiet = {**librdkafka(settings), "log_level": 0, "client.id": "vigil-canary", "error_cb": self._complained}
        bound = {"acks": "all", "linger.ms": 0, "delivery.timeout.ms": round(settings.canary_lost_after * 1000)}
        alone = {"group.id": "vigil-canary", "enable.auto.commit": False, "auto.offset.reset": "earliest"}
        self._producer: Any = Producer({**quiet, **bound})
        self._consumer: Any = Consumer({**quiet, **alone})

    def open(self) -> None:
        """Begin to listen at the ends of all partitions, so that no answer to what is sent after this is missed.

        Raises BrokerError where brokers don't answer or a topic is not there, SettingsError for another number of partitions.
        """
        check(self._settings, Broker(self._settings).layout())
        places = [TopicPartition(self._settings.topic(DECISIONS), number) for number in range(self._settings.partitions)]
        try:
            for place in places:
                place.offset = self._consumer.get_watermark_offsets(place, timeout=SECONDS)[1]
            self._consumer.assign(places)
        except KafkaException as error:
            raise BrokerError(
                f"`{places[0].topic}` can't be read (`{error.args[0].name()}`): see to the brokers, and to rights by deploy/acls.sh"
            ) from None

    def send(self, partition: int, name: str, value: bytes) -> None:
        """Hand one over. What does not arrive is found out by its not coming back."""
        try:
            self._producer.produce(self._settings.topic(TOPIC), value, name, partition, on_delivery=self._delivered)
        except (KafkaException, BufferError) as error:
            self.trouble = type(error).__name__
        self._producer.poll(0)

    def answers(self, seconds: float) -> Iterable[Answer]:
        """What has come by now; waits so long for the first."""
        self._producer.poll(0)
        message = self._consumer.poll(seconds)
        for _ in range(MOST):
            if message is None:
                return
            if message.error() is None:
                self.trouble = None
                headers = {name: value or b"" for name, value in message.headers() or ()}
                yield read(message.key(), message.partition(), message.value(), headers)
            else:
                self._complained(message.error())
            message = self._consumer.poll(0)

    def close(self) -> None:
        """Let go of both ends."""
        self._consumer.close()

    def _delivered(self, error: KafkaError | None, _: Any) -> None:
        if error is not None:
            self._complained(error)

    def _complained(self, error: Any) -> None:
        if error.name() not in EXPECTED:
            self.trouble = error.name()


def check(settings: Settings, layout: dict[str, tuple[int, int]]) -> None:
    """Refuse to begin without both topics, or with another number of partitions. `layout` as `Broker.layout` gives it."""
    for name in map(settings.topic, (TOPIC, DECISIONS)):
        if name not in layout:
            raise BrokerError(f"topic `{name}` is not there, or this login may not see it: run `vigil topics apply`, or see deploy/acls.sh")
        if layout[name][0] != settings.partitions:
            raise SettingsError(f"topic `{name}` has {layout[name][0]} partitions and not {settings.partitions}: set `VIGIL_PARTITIONS`")
