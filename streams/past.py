"""What is on the input topics, in the order of its Kafka timestamps over all topics and partitions, up to the ends as they are at first.

Reads alone: no group is joined, nothing is committed. Within a partition the order is the partition's own, whatever its timestamps say.
Of equal timestamps profiles come first, then posts, messages, assessments and responses, then the lower partition.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from streams.connection import librdkafka
from streams.errors import BrokerError
from streams.heart.ports import SourceRecord
from streams.refusals import GROUP, Complaints, partitions_of
from streams.settings import Settings
from streams.topic_reading import headers_of

INPUTS = ("profiles", "posts", "messages", "assessments", "responses")
SECONDS = 20.0
"""How long the broker may be silent."""
MOST_AHEAD = 2000
"""Records of one partition that may wait for the others' to catch up; beyond it the partition is paused."""
Place = tuple[int, int]
"""A topic's place among the inputs, and the partition."""
Progress = Callable[[int, int, int], None]
"""Told of each record handed on: how many so far, how many at most, and its timestamp in milliseconds."""


class Past:
    """The input topics between two moments, in milliseconds since the epoch: from `since` on, and before `until`; None: without bound."""

    def __init__(self, settings: Settings, since: int | None = None, until: int | None = None) -> None:
        self._names = [settings.topic(topic) for topic in INPUTS]
        self._since, self._until = since, until
        # librdkafka asks for a group's name even where none is joined
        alone = {"group.id": f"{settings.group}-look", "enable.auto.commit": False, "enable.partition.eof": True}
        self._complaints = Complaints()
        self._consumer = Consumer(librdkafka(settings) | alone | {"log_level": 0, "error_cb": self._complaints})
        self._ahead: dict[Place, deque[SourceRecord]] = {}
        self._ends: dict[Place, int] = {}
        self._paused: set[Place] = set()
        self._now_at = self._names[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._consumer.close()

    def records(self, progress: Progress = lambda *_: None) -> Iterator[SourceRecord]:
        """All records, in order. Raises BrokerError where Kafka can't be read to the ends."""
        try:
            total = self._assign()
            for done, record in enumerate(self._merged(), 1):
                progress(done, total, record.timestamp)
                if self._lies_in(record.timestamp):
                    yield record
        except KafkaException as error:
            self._consumer.poll(0)
            raise BrokerError(self._complaints.why(error.args[0], self._now_at, "read")) from None

    def _lies_in(self, moment: int) -> bool:
        return (self._since is None or moment >= self._since) and (self._until is None or moment < self._until)

    def _assign(self) -> int:
        """Choose where each partition begins and ends; gives how many offsets lie between."""
        starts = {}
        for number, name in enumerate(self._names):
            for partition in self._partitions(name):
                start, end = self._bounds(TopicPartition(name, partition))
                if start < end:
                    starts[number, partition] = start
                    self._ends[number, partition] = end
        self._ahead = {place: deque() for place in starts}
        self._consumer.assign([TopicPartition(self._names[number], partition, start) for (number, partition), start in starts.items()])
        return sum(self._ends[place] - start for place, start in starts.items())

    def _partitions(self, name: str) -> range:
        self._now_at = name
        return range(partitions_of(self._consumer, name, SECONDS, KafkaException))

    def _bounds(self, place: TopicPartition) -> tuple[int, int]:
        first, end = self._consumer.get_watermark_offsets(place, SECONDS)
        until = None if self._until is None else self._until + 1
        return max(first, self._from(place, self._since, first, end)), min(end, self._from(place, until, end, end))

    def _from(self, place: TopicPartition, moment: int | None, unbound: int, end: int) -> int:
        """Not after the first offset whose timestamp is not before a moment. Of records of one millisecond brokers may find a later one."""
        if moment is None:
            return unbound
        asked = TopicPartition(place.topic, place.partition, max(0, moment - 1))
        (found,) = self._consumer.offsets_for_times([asked], SECONDS)
        if found.error is not None:
            raise KafkaException(found.error)
        return end if found.offset < 0 else int(found.offset)

    def _merged(self) -> Iterator[SourceRecord]:
        """The next is known only once every partition that goes on has shown what it has next."""
        hidden, heads, latest = set(self._ahead), list[tuple[int, Place]](), dict.fromkeys(self._ahead, 0)
        while hidden or heads:
            while hidden:
                self._read()
                for place in [one for one in hidden if self._ahead[one] or one not in self._ends]:
                    hidden.discard(place)
                    self._show(place, heads, latest)
            if heads:
                _, place = heapq.heappop(heads)
                yield self._ahead[place].popleft()
                self._go_on(place)
                if not self._ahead[place] and place in self._ends:
                    hidden.add(place)
                self._show(place, heads, latest)

    def _show(self, place: Place, heads: list[tuple[int, Place]], latest: dict[Place, int]) -> None:
        if self._ahead[place]:
            latest[place] = max(latest[place], self._ahead[place][0].timestamp)
            heapq.heappush(heads, (latest[place], place))

    def _read(self) -> None:
        """Take in one message, or the news that a partition has ended."""
        message = self._consumer.poll(SECONDS)
        if message is None:
            raise BrokerError(f"kafka said nothing for {SECONDS:.0f} s: what was read so far is not all; try again")
        error = message.error()
        if error is not None and error.name() == GROUP:
            return
        self._now_at = message.topic() or self._now_at
        place = (self._names.index(self._now_at), message.partition())
        end = self._ends.get(place)
        if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 librdkafka's own name for it
            raise KafkaException(error)
        if end is None:
            return
        if error is None and message.offset() < end:
            self._ahead[place].append(_record(INPUTS[place[0]], message))
        if error is not None or message.offset() >= end - 1:
            del self._ends[place]
            self._consumer.pause([self._at(place)])
        elif len(self._ahead[place]) >= MOST_AHEAD:
            self._paused.add(place)
            self._consumer.pause([self._at(place)])

    def _go_on(self, place: Place) -> None:
        if place in self._paused and place in self._ends and len(self._ahead[place]) < MOST_AHEAD // 2:
            self._paused.discard(place)
            self._consumer.resume([self._at(place)])

    def _at(self, place: Place) -> TopicPartition:
        return TopicPartition(self._names[place[0]], place[1])


def _record(topic: str, message: Any) -> SourceRecord:
    moment = message.timestamp()[1]
    return SourceRecord(topic, message.partition(), message.offset(), moment, message.key(), message.value(), headers_of(message))
