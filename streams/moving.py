"""Moving a deployment to topics with another number of partitions: profiles and state are written again, each key to its new home.

The number is never changed in place, since a person's later records would lie elsewhere than their earlier ones. Everything that was
published before must have been judged; what has been written (alerts, decisions, ...) stays on the old topics until its retention ends.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition

from streams.broker import Broker, Group
from streams.connection import librdkafka
from streams.errors import BrokerError
from streams.heart.frames import OURS, epoch_of
from streams.heart.replay import Replay
from streams.judging.memory import owner_and_part
from streams.partitioner import home
from streams.settings import Settings
from streams.topics import changelog, table

SECONDS = 30.0
WAIT = 0.2
BATCH = 1000
MESSAGE_BYTES = 17_000_000


def move(old: Settings, new: Settings) -> dict[str, int]:
    """Write profiles and state of `old` again for `new`; how many records went to each new topic.

    Raises BrokerError, with nothing written, where workers of either still run, records wait to be judged, or the new topics are in use.
    """
    try:
        _refuse_busy(old, new)
        return _move(old, new)
    except KafkaException as error:
        raise BrokerError(
            f"kafka does not let this be moved (`{error.args[0].name()}`): see `vigil doctor`; the old topics are as they were"
        ) from None


def _move(old: Settings, new: Settings) -> dict[str, int]:
    profiles = (message for message in _all(new, old.topic("profiles")) if message.key() is not None)
    state = _counting(_all(new, changelog(old)))
    return {
        new.topic("profiles"): _write(new, new.topic("profiles"), ((message, message.key()) for message in profiles)),
        changelog(new): _write(new, changelog(new), ((message, _owner(message.key())) for message in state)),
    }


def _refuse_busy(old: Settings, new: Settings) -> None:
    broker = Broker(new)
    for settings in (old, new):
        group = broker.group(settings.group)
        if not isinstance(group, Group) or group.members:
            raise BrokerError(f"group `{settings.group}` has members, or can't be described: stop its workers, and all others, first")
    committing, reading = _consumer(old), _consumer(new)
    for topic in (name for name, row in table().items() if row.writer == "publisher" or name == "detour"):
        waiting = _waiting(committing, old.topic(topic))
        if waiting:
            raise BrokerError(f"`{waiting}` records of `{old.topic(topic)}` wait to be judged: let a worker finish, then stop it")
    for name in (new.topic("profiles"), changelog(new)):
        if sum(end - first for first, end in _bounds(reading, name).values()):
            raise BrokerError(f"`{name}` holds records already: move to topics that are new (`vigil topics apply` makes them)")


def _waiting(consumer: Any, topic: str) -> int:
    """Records that the consumer's group has not committed; all of a partition where it never did."""
    bounds = _bounds(consumer, topic)
    committed = consumer.committed([TopicPartition(topic, number) for number in bounds], timeout=SECONDS)
    return sum(bounds[place.partition][1] - max(place.offset, bounds[place.partition][0]) for place in committed)


def _write(new: Settings, target: str, messages: Iterator[tuple[Any, bytes]]) -> int:
    """Each message to the home of its owner; without headers, since a new changelog begins its own count of its owners."""
    safe = {"acks": "all", "enable.idempotence": True, "message.max.bytes": MESSAGE_BYTES, "log_level": 0}
    producer: Any = Producer({**librdkafka(new), **safe})
    failed: list[Any] = []
    written = 0
    for message, owner in messages:
        while len(producer) > 10 * BATCH:
            producer.poll(0.1)
        producer.produce(target, message.value(), message.key(), home(owner, new.partitions), on_delivery=_listen(failed))
        written += 1
    if producer.flush(4 * SECONDS) or failed:
        raise BrokerError(f"not all records were taken by `{target}`: delete it and begin again; the old topics are as they were")
    return written


def _listen(failed: list[Any]) -> Callable[[Any, Any], None]:
    return lambda error, _: failed.append(error) if error else None


def _counting(messages: Iterator[Any]) -> Iterator[Any]:
    """Of a changelog what a worker would take from it: nothing of its own, and nothing of a worker that had been replaced."""
    replays: dict[int, Replay] = defaultdict(Replay)
    for message in messages:
        epoch = epoch_of(tuple(message.headers() or ()))
        counts = replays[message.partition()].counts(message.key(), message.value(), epoch)
        if counts and not message.key().startswith(OURS):
            yield message


def _all(settings: Settings, topic: str) -> Iterator[Any]:
    """Every record of a topic, in the order of each partition."""
    consumer = _consumer(settings)
    open_partitions = {number for number, (first, end) in _bounds(consumer, topic).items() if end > first}
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in open_partitions])
    heard = time.monotonic()
    while open_partitions:
        messages = consumer.consume(BATCH, timeout=WAIT)  # it waits so long for a whole batch
        heard = time.monotonic() if messages else heard
        if time.monotonic() - heard > SECONDS:
            raise BrokerError(f"`{topic}` could not be read to its end within {SECONDS:.0f} s: begin again")
        for message in messages:
            if message.error() is None:
                yield message
            elif message.error().code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the client's own name for it
                open_partitions.discard(message.partition())
            else:
                raise KafkaException(message.error())
    consumer.close()


def _consumer(settings: Settings) -> Any:
    """Reads and looks without joining a group or committing."""
    alone = {"group.id": settings.group, "enable.auto.commit": False, "enable.partition.eof": True, "log_level": 0}
    return Consumer({**librdkafka(settings), **alone})


def _bounds(consumer: Any, topic: str) -> dict[int, tuple[int, int]]:
    """First and next offset of each partition."""
    found = consumer.list_topics(timeout=SECONDS).topics.get(topic)
    if found is None:
        raise BrokerError(f"topic `{topic}` is not there, or this login may not see it: check prefix and group")
    return {number: consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=SECONDS) for number in found.partitions}


def _owner(key: bytes) -> bytes:
    return owner_and_part(key)[0].encode()
