"""One record written so that it is known to be there: all replicas in sync have it, in the partition that is its key's home."""

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from streams.connection import librdkafka
from streams.errors import BrokerError
from streams.partitioner import home
from streams.settings import Settings

SECONDS = 30


class Publisher:
    """Writes to topics named without prefix, one record after the other."""

    def __init__(self, settings: Settings) -> None:
        safe = {"acks": "all", "enable.idempotence": True, "delivery.timeout.ms": SECONDS * 1000, "linger.ms": 0}
        self._producer = Producer(librdkafka(settings) | safe)
        self._settings = settings

    def publish(self, topic: str, key: str, value: bytes) -> None:
        """Write one record and wait for its acknowledgement. Raises BrokerError where that does not come: it may be there all the same."""
        full, answers = self._settings.topic(topic), list[KafkaError | None]()

        def answered(error: KafkaError | None, _: Message) -> None:
            answers.append(error)

        try:
            self._producer.produce(full, value, key.encode(), self._home(full, key), on_delivery=answered)
            self._producer.flush(SECONDS + 5)
        except (KafkaException, BufferError) as error:
            raise BrokerError(f"nothing was written to `{full}`: check `VIGIL_KAFKA`, the topic and this user's rights") from error
        if answers != [None]:
            raise BrokerError(f"the brokers did not acknowledge the record to `{full}`, which may be there or not: look, then try again")

    def _home(self, full: str, key: str) -> int:
        found = self._producer.list_topics(full, SECONDS).topics[full]
        if found.error is not None:
            raise KafkaException(found.error)
        return home(key.encode(), len(found.partitions))
