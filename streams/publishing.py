"""One record written so that it is known to be there: all replicas in sync have it, in the partition that is its key's home."""

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from streams.connection import librdkafka
from streams.errors import BrokerError
from streams.heart.ports import Headers
from streams.partitioner import home
from streams.refusals import FORBIDDEN, Complaints
from streams.settings import Settings

SECONDS = 30
LARGEST = 17 * 2**20
"""Bytes: the largest dead letter can be sent back. What a topic takes is the broker's to say."""


class Publisher:
    """Writes to topics named without prefix, one record after the other."""

    def __init__(self, settings: Settings) -> None:
        # a client's retry may write a record twice: all that is published here has an id, by which readers know it. Idempotence would
        # end a user without rights in an error that the client can't report
        safe = {
            "acks": "all",
            "enable.idempotence": False,
            "delivery.timeout.ms": SECONDS * 1000,
            "linger.ms": 0,
            "message.max.bytes": LARGEST,
        }
        self._complaints = Complaints()
        self._producer = Producer(librdkafka(settings) | safe | {"log_level": 0, "error_cb": self._complaints})
        self._settings = settings

    def publish(self, topic: str, key: str, value: bytes | None, headers: Headers = ()) -> None:
        """Write one record and wait for its acknowledgement. Raises BrokerError where that does not come: it may be there all the same."""
        self.send(topic, key.encode(), value, headers)

    def send(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), partition: int = 0) -> None:
        """As `publish`, of bytes; `partition` is where a record without a key goes."""
        full, answers = self._settings.topic(topic), list[KafkaError | None]()

        def answered(error: KafkaError | None, _: Message) -> None:
            answers.append(error)

        try:
            place = partition if key is None else self._home(full, key)
            self._producer.produce(full, value, key, place, on_delivery=answered, headers=list(headers))
            self._producer.flush(SECONDS + 5)
        except (KafkaException, BufferError) as error:
            raise self._refused(error.args[0], full) from None
        # asked by `is`: a KafkaError compared with None leaves an error behind in the client
        if not answers or answers[0] is not None:
            raise self._unanswered(answers[0] if answers else None, full)

    def _unanswered(self, error: KafkaError | None, full: str) -> BrokerError:
        """A record that the brokers refused is not there; of one that nothing was heard of, nobody knows."""
        if error is not None and (error.name() in FORBIDDEN or self._complaints.forbidden):
            return self._refused(error, full)
        return BrokerError(f"the brokers did not acknowledge the record to `{full}`, which may be there or not: look, then try again")

    def _refused(self, error: object, full: str) -> BrokerError:
        return BrokerError(f"nothing was written: {self._complaints.why(error, full, 'write to')}")

    def _home(self, full: str, key: bytes) -> int:
        found = self._producer.list_topics(full, SECONDS).topics[full]
        if found.error is not None:
            raise KafkaException(found.error)
        return home(key, len(found.partitions))
