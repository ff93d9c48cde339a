"""Batches as they wait in aiokafka's own queue."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition
from aiokafka.producer.message_accumulator import MessageAccumulator
from aiokafka.record.default_records import DefaultRecordBatch

from streams.heart.batches import Batches, Entry
from streams.heart.writers import new_producer

STATE = TopicPartition("state", 0)
LEADER = SimpleNamespace(leader_for_partition=lambda _target: 1)


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """A test that runs on a loop of its own."""

    @wraps(test)
    def run() -> None:
        asyncio.run(test())

    return run


def entries(*names: str) -> list[Entry]:
    """Records with these keys."""
    return [(name.encode(), b"value", (), None) for name in names]


def queue_of(size: int = 1000) -> tuple[Batches, Any]:
    """Batches of at most so many bytes, and the producer's queue under them."""
    queue = MessageAccumulator(LEADER, 16384, 0, 30, loop=asyncio.get_running_loop())
    return Batches(SimpleNamespace(_message_accumulator=queue), size), queue


def sent(queue: Any) -> Any:
    """The batch that the producer sends next."""
    return queue.drain_by_nodes(ignore_nodes=[])[0][1][STATE]


def keys(batch: Any) -> list[bytes]:
    """What a broker reads in a batch."""
    return [record.key for record in DefaultRecordBatch(bytes(batch.get_data_buffer()))]


@in_a_loop
async def test_what_waits_for_the_same_partition_goes_in_one_batch() -> None:
    """In the order in which it was enqueued, each part knowing its own offsets."""
    batches, queue = queue_of()
    (first,) = batches.put("state", 0, [entries("a", "b")])
    (second,) = batches.put("state", 0, [entries("c")])
    batch = sent(queue)
    assert keys(batch) == [b"a", b"b", b"c"]
    batch.done(base_offset=40)
    assert [await first.offset(), await second.offset()] == [40, 42]
    assert [first.records, second.records] == [2, 1]


@in_a_loop
async def test_an_offset_that_the_broker_does_not_tell_is_none_of_ours() -> None:
    """Whatever the place in the batch: it must not look like the offset that was expected."""
    batches, queue = queue_of()
    batches.put("state", 0, [entries("a")])
    (second,) = batches.put("state", 0, [entries("b")])
    sent(queue).done(base_offset=-1)
    assert await second.offset() == -1


@in_a_loop
async def test_nothing_joins_a_batch_that_was_sent() -> None:
    """One that is sent again after an error has its place and its number, and must stay as it was."""
    batches, queue = queue_of()
    batches.put("state", 0, [entries("a")])
    first = sent(queue)
    queue.reenqueue(first)
    batches.put("state", 0, [entries("b")])
    assert keys(sent(queue)) == [b"a"]
    assert keys(sent(queue)) == [b"b"]


@in_a_loop
async def test_a_batch_is_bounded_whoever_joins() -> None:
    """What would make it larger begins another."""
    batches, queue = queue_of(size=150)
    for name in "abcd":
        batches.put("state", 0, [entries(name)])
    assert [keys(sent(queue)) for _ in range(2)] == [[b"a", b"b"], [b"c", b"d"]]


@in_a_loop
async def test_a_batch_waits_for_a_leader_however_long_that_takes() -> None:
    """A partition without a leader is no refusal: how long to go on is the lane's to say, not the time of one request."""
    producer = new_producer({"bootstrap_servers": "127.0.0.1:9"})
    producer._closed = True  # it was never started
    queue = producer._message_accumulator
    queue._cluster = SimpleNamespace(leader_for_partition=lambda _target: -1)
    (waiting,) = Batches(producer, 1000).put("state", 0, [entries("a")])
    queue._batches[STATE][0]._ctime -= 100
    queue.drain_by_nodes(ignore_nodes=[])
    assert not waiting.future.done()
