"""One record written so that it is known to be there: all replicas in sync have it, in the partition that is its key's home."""

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from streams.connection import librdkafka
from streams.errors import BrokerError
from streams.heart.ports import Headers
from streams.partitioner import home
from streams.refusals import FORBIDDEN, Complaints, partitions_of
from streams.settings import Settings

SECONDS = 30
LARGEST = 10**9
"""Bytes, the most that the client allows: what a topic takes, compressed, is the broker's to say."""
TOO_LARGE = "MSG_SIZE_TOO_LARGE"


class TooLargeError(BrokerError):
    """The topic takes no record as large as this one."""


class Publisher:
    """Writes to topics named without prefix: one record after the other (`publish`, `send`), or several at a time (`enqueue`, `settle`)."""

    def __init__(self, settings: Settings) -> None:
        # a client's retry may write a record twice: all that is published here has an id, by which readers know it. Idempotence would
        # end a user without rights in an error that the client can't report
        safe = {
            "acks": "all",
            "enable.idempotence": False,
            "delivery.timeout.ms": SECONDS * 1000,
            "linger.ms": 0,
            "message.max.bytes": LARGEST,
            "compression.type": "zstd",
        }
        self._complaints = Complaints()
        self._producer = Producer(librdkafka(settings) | safe | {"log_level": 0, "error_cb": self._complaints})
        self._settings = settings
        self._problems: list[BrokerError | None] = []
        self._partitions: dict[str, int] = {}

    def publish(self, topic: str, key: str, value: bytes | None, headers: Headers = ()) -> None:
        """Write one record and wait for its acknowledgement. Raises BrokerError where that does not come: it may be there all the same."""
        self.send(topic, key.encode(), value, headers)

    def send(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), partition: int | None = None) -> None:
        """As `publish`, of bytes. `partition`: in place of the key's home."""
        self.enqueue(topic, key, value, headers, partition)
        self.settled()

    def elsewhere(self, topic: str, key: str, value: bytes | None, headers: Headers = ()) -> None:
        """Write a record to every partition that is not its key's home. Raises BrokerError as `publish`."""
        count = self._count(self._settings.topic(topic))
        for partition in {*range(count)} - {home(key.encode(), count)}:
            self.enqueue(topic, key.encode(), value, headers, partition)
        self.settled()

    def enqueue(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), partition: int | None = None) -> None:
        """Hand one record to the client; what becomes of it is for `settle` to say."""
        full, problems, number = self._settings.topic(topic), self._problems, len(self._problems)
        problems.append(self._unanswered(None, full))

        def answered(error: KafkaError | None, _: Message) -> None:
            problems[number] = None if error is None else self._unanswered(error, full)

        try:
            place = home(key or b"", self._count(full)) if partition is None else partition
            self._producer.produce(full, value, key, place, on_delivery=answered, headers=list(headers))
        except (KafkaException, BufferError) as error:
            problems[number] = self._refused(error.args[0], full)
        except BrokerError as error:
            problems[number] = error

    def settle(self) -> list[BrokerError | None]:
        """Wait until all that was handed over is answered: for each, in order, why it is not known to be there, or None."""
        self._producer.flush(SECONDS + 5)
        problems, self._problems = self._problems, []
        return problems

    def settled(self) -> None:
        """As `settle`; raises the first BrokerError."""
        for problem in self.settle():
            if problem is not None:
                raise problem

    def _unanswered(self, error: KafkaError | None, full: str) -> BrokerError:
        """A record that the brokers refused is not there; of one that nothing was heard of, nobody knows."""
        if error is not None and (error.name() in {*FORBIDDEN, TOO_LARGE} or self._complaints.forbidden):
            return self._refused(error, full)
        return BrokerError(f"the brokers did not acknowledge the record to `{full}`, which may be there or not: look, then try again")

    def _refused(self, error: object, full: str) -> BrokerError:
        if isinstance(error, KafkaError) and error.name() == TOO_LARGE:
            return TooLargeError(f"nothing was written: the record is larger than `{full}` takes; raise its `max.message.bytes` to send it")
        return BrokerError(f"nothing was written: {self._complaints.why(error, full, 'write to')}")

    def _count(self, full: str) -> int:
        """How many partitions a topic has, asked once: the number never changes."""
        if full not in self._partitions:
            self._partitions[full] = partitions_of(self._producer, full, SECONDS, lambda error: self._refused(error, full))
        return self._partitions[full]
