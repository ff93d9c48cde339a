"""Records that no Java client writes and every broker takes: names of headers that are no UTF-8, keys of megabytes."""

import asyncio
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

Entry = tuple[bytes | None, bytes | None, Iterable[tuple[str, bytes | None]]]


class Misnamed(str):
    """A header's name that is no UTF-8 on the wire."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """What is no text in any encoding that would be guessed."""
        del encoding, errors
        return b"\xff\xfe"


def batch(entries: Iterable[Entry], codec: int = 0) -> bytes:
    """A record batch as it is on the wire."""
    return bytes(_built(entries, codec).build())


def publish(servers: str, topic: str, partition: int, entries: Iterable[Entry]) -> None:
    """Write one batch to a partition."""
    asyncio.run(_publish(servers, topic, partition, entries))


async def _publish(servers: str, topic: str, partition: int, entries: Iterable[Entry]) -> None:
    producer, given = AIOKafkaProducer(bootstrap_servers=servers), list(entries)
    await producer.start()
    try:
        prepared = producer.create_batch()
        prepared._builder, prepared._relative_offset = _built(given, 0), len(given)
        prepared.close()
        await (await producer.send_batch(prepared, topic, partition=partition))
    finally:
        await producer.stop()


def _built(entries: Iterable[Entry], codec: int) -> Any:
    options = {"is_transactional": 0, "producer_id": -1, "producer_epoch": -1, "base_sequence": -1}
    builder = _DefaultRecordBatchBuilderPy(magic=2, compression_type=codec, batch_size=1 << 28, **options)
    for number, (key, value, headers) in enumerate(entries):
        builder.append(number, None, key, value, list(headers))
    return builder
