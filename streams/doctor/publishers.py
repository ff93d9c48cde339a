"""Which publisher puts records into a partition that is not their person's, as the records say that took the detour.

Kafka does not tell who wrote a record. What tells publishers apart is the topic, the CloudEvents source where they send one, and the rule
by which they chose the partition: whether it was that of librdkafka's default or of Sarama's can be computed from the keys.
"""

import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from streams.connection import librdkafka
from streams.doctor.finding import Finding
from streams.heart.ports import SourceRecord
from streams.judging import detour
from streams.judging.headers import header
from streams.settings import Settings

RECORDS = 5000
"""At most so many of the last records are looked at."""
SECONDS = 10.0
FNV_SEED, FNV_PRIME = 0x811C9DC5, 0x01000193


@dataclass(frozen=True, slots=True)
class Stray:
    """A record in the wrong partition: the topic and partition that it was put into, and the source that its publisher named."""

    topic: str
    partition: int
    key: bytes
    source: str | None


def publishers(settings: Settings) -> list[Finding]:
    """A finding for each publisher that strays, or one that none does."""
    try:
        strays = read(settings)
    except KafkaException as error:
        return [
            Finding("publishers", "problem", f"the detour can't be read (`{error.args[0].name()}`): give READ on it, see deploy/acls.sh")
        ]
    except LookupError:
        return [Finding("publishers", "problem", "there is no detour to read: run `vigil topics apply`")]
    return told(strays, settings.partitions)


def told(strays: Iterable[Stray], partitions: int) -> list[Finding]:
    """Strays by topic, source and rule; no key is in what is said."""
    counts = Counter((stray.topic, stray.source, rule(stray.key, stray.partition, partitions)) for stray in strays)
    findings = [
        Finding(
            "publishers",
            "problem",
            f"{count} record(s) on `{topic}`{f' from `{source}`' if source else ''} were in the wrong partition, {remedy}",
        )
        for (topic, source, remedy), count in counts.most_common()
    ]
    return findings or [Finding("publishers", "ok", "no worker has met a record in the wrong partition")]


def rule(key: bytes, partition: int, partitions: int) -> str:
    """How a publisher came to this partition, and what it should do instead."""
    if zlib.crc32(key) % partitions == partition:
        return "chosen by librdkafka's default: let that publisher set `partitioner=murmur2_random`"
    if _fnv1a(key) % partitions == partition:
        return "chosen by FNV-1a, as Sarama does: let that publisher partition by Kafka's murmur2"
    return "chosen by no rule that we know: let that publisher key by `person_id` and partition by Kafka's murmur2"


def _fnv1a(key: bytes) -> int:
    """Sarama's: the 32-bit hash as a signed number, made positive."""
    value = FNV_SEED
    for byte in key:
        value = (value ^ byte) * FNV_PRIME & 0xFFFFFFFF
    return abs(value - (1 << 32) if value >> 31 else value)


def read(settings: Settings) -> list[Stray]:
    """The last records that took the detour. Joins no group, although one must be named, and commits nothing.

    Raises KafkaException where it may not, LookupError without the topic.
    """
    quiet = {"log_level": 0, "group.id": settings.group, "enable.auto.commit": "false", "enable.partition.eof": "true"}
    consumer: Any = Consumer({**librdkafka(settings), **quiet})
    try:
        places = _tails(consumer, settings.topic(detour.TOPIC))
        consumer.assign(places)
        return _collect(consumer, len(places))
    finally:
        consumer.close()


def _tails(consumer: Any, topic: str) -> list[TopicPartition]:
    numbers = sorted(consumer.list_topics(timeout=SECONDS).topics[topic].partitions)
    tails = []
    for number in numbers:
        first, end = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=SECONDS)
        tails.append(TopicPartition(topic, number, max(first, end - RECORDS // len(numbers))))
    return tails


def _collect(consumer: Any, open_partitions: int) -> list[Stray]:
    """Until the end of each partition."""
    strays: list[Stray] = []
    while open_partitions:
        message = consumer.poll(SECONDS)
        if message is None:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT))  # noqa: SLF001 - the client's own name for it
        if message.error() is None:
            strays.extend(_stray(message))
        elif message.error().name() == "_PARTITION_EOF":
            open_partitions -= 1
        else:
            raise KafkaException(message.error())
    return strays


def _stray(message: Any) -> list[Stray]:
    """None for what is not a record on its way: an order of ours, or what no worker wrote."""
    headers = tuple((name, value or b"") for name, value in message.headers() or ())
    record = SourceRecord(detour.TOPIC, message.partition(), message.offset(), 0, message.key(), None, headers)
    try:
        origin = detour.arrive(record)
    except detour.NotADetourError:
        return []
    if isinstance(origin, detour.Order) or origin.key is None:
        return []
    return [Stray(origin.topic, origin.partition, origin.key, header(headers, "ce_source"))]
