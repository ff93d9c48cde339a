"""Topics read from the beginning to their end as of now, without a group: nothing is committed, and nobody else's reading changes.

All per-person topics are partitioned by the key, so that what is about one person lies in one partition of each (`key`), unless a
publisher put it elsewhere (`everywhere`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from streams.connection import librdkafka
from streams.errors import BrokerError
from streams.heart.ports import Headers
from streams.partitioner import home
from streams.refusals import GROUP, Complaints, partitions_of
from streams.settings import Settings

SECONDS = 20.0
"""How long the broker may be silent."""
FIRST_SECONDS = 10.0
"""How long the first answer may take."""
AHEAD, AHEAD_KIB = 5000, 16_384
"""How much of a partition is read ahead of whoever asks: however long a topic is, reading it takes no more memory than that."""
Place = tuple[str, int]
"""Topic (without prefix) and partition."""


@dataclass(frozen=True, slots=True)
class Found:
    """One record; `topic` has no prefix, `timestamp` is in milliseconds since the epoch."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp: int = 0
    headers: Headers = ()


class TopicReader:
    """Ask it for `more()` again and again: first all that there is, then what has come since."""

    def __init__(self, settings: Settings, topics: Sequence[str], key: str | None = None, everywhere: Sequence[str] = ()) -> None:
        """`key`: read only the partition that is this key's home; of topics in `everywhere` all the same."""
        self._names = {settings.topic(topic): topic for topic in topics}
        self._key = key
        self._everywhere = frozenset(settings.topic(topic) for topic in everywhere)
        self._only: Callable[[str, int], bool] = lambda _topic, _partition: True
        self._since: int | None = None
        self._next: dict[Place, int] = {}
        self.ever = 0
        """How many records were ever written to what was read, those that retention took included."""
        # librdkafka asks for a group's name even where none is joined
        alone = {"group.id": f"{settings.group}-look", "enable.auto.commit": False, "enable.partition.eof": True}
        # where retention takes what was to be read next, go on with the first that is left, and not with the end
        alone["auto.offset.reset"] = "earliest"
        alone |= {"queued.min.messages": AHEAD, "queued.max.messages.kbytes": AHEAD_KIB}
        self._complaints = Complaints()
        self._consumer = Consumer(librdkafka(settings) | alone | {"log_level": 0, "error_cb": self._complaints})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._consumer.close()

    def only(self, starts: Mapping[Place, int]) -> None:
        """Read nothing but these places, each from an offset on."""
        self._only = lambda topic, partition: (topic, partition) in starts
        self._next |= starts

    def since(self, milliseconds: int) -> None:
        """Leave out what was written before a moment, by the records' own timestamps. The brokers find the place."""
        self._since = milliseconds

    def more(self) -> Iterator[Found]:
        """What lies between where the last call ended and the end as it is now. Raises BrokerError where Kafka can't be read."""
        self._complaints.forget()
        yield from self._read(self._behind())

    def _behind(self) -> dict[Place, int]:
        """Ends of the places that have something new; the consumer is put where each goes on."""
        ends, starts = {}, []
        self.ever = 0
        for full, topic in self._names.items():
            for partition in filter(partial(self._only, topic), self._partitions(full)):
                first, end = self._bounds(full, partition)
                self.ever += end
                start = max(first, self._next.get((topic, partition), 0), self._at(full, partition, end))
                if start < end:
                    ends[topic, partition] = end
                    starts.append(TopicPartition(full, partition, start))
        self._consumer.assign(starts)
        return ends

    def _partitions(self, full: str) -> Sequence[int]:
        count = partitions_of(self._consumer, full, FIRST_SECONDS, lambda error: self._refused(error, full))
        return range(count) if self._key is None or full in self._everywhere else [home(self._key.encode(), count)]

    def _bounds(self, full: str, partition: int) -> tuple[int, int]:
        try:
            first, end = self._consumer.get_watermark_offsets(TopicPartition(full, partition), SECONDS)
        except KafkaException as error:
            raise self._refused(error.args[0], full) from None
        return first, end

    def _at(self, full: str, partition: int, end: int) -> int:
        """Where reading since a moment begins. One before it is asked for: of records of one millisecond brokers may find a later one."""
        if self._since is None:
            return 0
        try:
            [found] = self._consumer.offsets_for_times([TopicPartition(full, partition, max(0, self._since - 1))], SECONDS)
        except KafkaException as error:
            raise self._refused(error.args[0], full) from None
        return end if found.offset < 0 else int(found.offset)

    def _refused(self, error: object, full: str) -> BrokerError:
        self._consumer.poll(0)
        return BrokerError(self._complaints.why(error, full, "read"))

    def _read(self, ends: dict[Place, int]) -> Iterator[Found]:
        left = dict(ends)
        while left:
            message = self._consumer.poll(SECONDS)
            if message is None:
                raise BrokerError(f"kafka said nothing for {SECONDS:.0f} s: what was read so far is not all; try again")
            yield from self._one(message, left)
        self._next |= ends

    def _one(self, message: Any, left: dict[Place, int]) -> Iterator[Found]:
        error, full = message.error(), message.topic()
        if error is not None and error.name() == GROUP:
            return
        if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 librdkafka's own name for it
            raise self._refused(error, full or next(iter(self._names)))
        place = (self._names[full], message.partition())
        end = left.get(place)
        if end is None:
            return
        if error is None and message.offset() < end:
            self._next[place] = message.offset() + 1
            yield _found(place, message)
        if error is not None or message.offset() >= end - 1:
            del left[place]


def _found(place: Place, message: Any) -> Found:
    return Found(*place, message.offset(), message.key(), message.value(), message.timestamp()[1], headers_of(message))


def headers_of(message: Any) -> Headers:
    """A message's headers as they are, one without a value among them. Where a name is no UTF-8 the client fails, and none is told."""
    try:
        return tuple(message.headers() or ())
    except (SystemError, UnicodeDecodeError):
        return ()
