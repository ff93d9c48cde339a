"""The thread in which the group's consumer lives: it reads ahead and keeps the membership alive while the worker's loop judges."""

import asyncio
import contextlib
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, ConsumerStoppedError, IllegalStateError, OffsetOutOfRangeError
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP
from mode.threads import QueueServiceThread

from streams.heart.buffer import Offer
from streams.heart.chunk import Source
from streams.heart.errors import HeartError, describe, quote_nothing
from streams.heart.happenings import RecordsGone
from streams.heart.names import read_any_name
from streams.heart.ports import SourceRecord
from streams.heart.read_ahead import ReadAhead

if TYPE_CHECKING:
    from streams.heart.consumer import Consumer

READ_SECONDS = 0.25
READ_RECORDS = 4000
Result = TypeVar("Result")

STOP_SECONDS = 5.0
LONG_POLL_MILLISECONDS = 100  # an idle partition's poll holds up the others of its broker for as long


class Reader(AIOKafkaConsumerThread):  # type: ignore[misc]  # faust has no types that mypy is shown
    """Everything here but `feed` runs on the thread's own loop."""

    consumer: "Consumer"
    _ahead: ReadAhead[TopicPartition]
    _appetite: asyncio.Event
    _turn: asyncio.Lock

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = LONG_POLL_MILLISECONDS  # noqa: SLF001 -- faust has it fixed at 1500; both are pinned
        consumer._auto_offset_reset = "none"  # noqa: SLF001 -- records that are gone are told of, and not passed over in silence
        return consumer

    async def on_start(self) -> None:
        """Make the consumer and start to read."""
        self.thread_loop.set_exception_handler(quote_nothing)
        self._appetite = asyncio.Event()
        self._turn = asyncio.Lock()
        self._ahead = ReadAhead()
        await super().on_start()
        self.add_future(self._read())

    async def on_thread_stop(self) -> None:
        """Leave the group, within a bound: a rebalance that waits for another member holds this up."""
        await QueueServiceThread.on_thread_stop(self)
        if self._consumer is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._consumer.stop(), STOP_SECONDS)

    async def call(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Called from the worker's loop: do something on this thread. Faust's queue of calls would never answer once a stop has begun.

        Raises:
            ConsumerStoppedError: the thread ends.
        """
        try:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.thread_loop))
        except (asyncio.CancelledError, RuntimeError) as error:
            if self.should_stop:
                raise ConsumerStoppedError from error
            raise

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let the worker's loop know, and wait for it; past Faust's queue, for the same reason."""
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.consumer.on_partitions_revoked(revoked), self.parent_loop))

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Let the worker's loop know, and wait for it."""
        told = self.consumer.on_partitions_assigned(assigned, generation_id)
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(told, self.parent_loop))

    def feed(self, epoch: int, hungry: Iterable[TopicPartition]) -> None:
        """Called from the worker's loop: read these partitions, for this epoch. An epoch of 0 reads nothing."""
        self._ahead.feed(epoch, hungry)
        self.thread_loop.call_soon_threadsafe(self._appetite.set)

    async def _read(self) -> None:
        try:
            await self._read_on()
        except ConsumerStoppedError:
            return
        except Exception as error:  # noqa: BLE001 -- whoever doesn't read stands still
            failed = HeartError(f"reading failed: {describe(error)}; see to topics, rights and brokers")
            self.parent_loop.call_soon_threadsafe(self.consumer.heart.fail, failed)

    async def _read_on(self) -> None:
        while not self.should_stop:
            async with self._turn:  # a read that began before `rewind` must have ended before it, or what it took would be missing after
                epoch, hungry = self._ahead.epoch, self._ahead.hungry
                offers = await self._fetch(hungry) if hungry else []
            if offers:
                self.parent_loop.call_soon_threadsafe(self.consumer.offered, epoch, offers)
            elif not hungry:
                await self._wait_for_appetite()

    async def _wait_for_appetite(self) -> None:
        self._appetite.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._appetite.wait(), READ_SECONDS)

    async def _fetch(self, hungry: frozenset[TopicPartition]) -> list[Offer]:
        consumer = self._ensure_consumer()
        fetcher = consumer._fetcher  # noqa: SLF001 -- `getmany` has no way to name partitions and a bound over all; aiokafka is pinned
        try:
            with fetcher._subscriptions.fetch_context():  # noqa: SLF001 -- as `getmany` does, so that the member doesn't count as idle
                found = await fetcher.fetched_records(hungry, timeout=READ_SECONDS, max_records=READ_RECORDS)
        except UnicodeDecodeError:
            read_any_name()
            self._again(consumer, hungry)
            return []
        except OffsetOutOfRangeError as error:
            return [await self._gone(target, offset) for target, offset in error.args[0].items()]
        assignment = fetcher._subscriptions.subscription.assignment  # noqa: SLF001 -- as above
        return [self._offer(target, records, assignment.state_value(target).position) for target, records in found.items()]

    def _again(self, consumer: Any, hungry: Iterable[TopicPartition]) -> None:
        """Read once more what the client took for handed over when it raised."""
        for target in hungry:
            with contextlib.suppress(IllegalStateError):  # taken away meanwhile
                consumer.seek(target, self._ahead.at(target))

    async def _gone(self, target: TopicPartition, offset: int) -> Offer:
        """The topic's retention was faster than this worker: go on with the first record that there is, and tell of it."""
        consumer = self._ensure_consumer()
        first = (await consumer.beginning_offsets([target]))[target]
        if first <= offset:
            raise HeartError(f"`{target.topic}` partition `{target.partition}` ends before `{offset}`: it was made anew or lost records")
        consumer.seek(target, first)
        offer = self._offer(target, (), first)
        self.parent_loop.call_soon_threadsafe(self.consumer.heart.parts.observe, RecordsGone(offer.source, offer.begin, first))
        return offer

    def _offer(self, target: TopicPartition, records: Iterable[Any], end: int) -> Offer:
        topic = self.consumer.without_prefix(target.topic)
        made = [
            SourceRecord(topic, target.partition, record.offset, record.timestamp, record.key, record.value, record.headers)
            for record in records
        ]
        return Offer(Source(topic, target.partition), self._ahead.took(target, end), made, end)

    @property
    def member(self) -> bool:
        """Whether, as far as is known here, the group has this worker; called from the worker's loop."""
        return bool(self._ensure_consumer()._coordinator.generation > 0)  # noqa: SLF001 -- aiokafka offers no such question

    async def quieten(self, targets: Sequence[TopicPartition]) -> None:
        """Stop fetching partitions that the group assigns and somebody else reads (the changelog)."""
        self._ensure_consumer().pause(*targets)

    async def rewind(self, targets: Sequence[TopicPartition]) -> dict[TopicPartition, tuple[int, int, int]]:
        """Seek to what is committed, or to the first record. Gives committed (-1: nothing), first and where reading starts."""
        async with self._turn:
            return await self._rewind(targets)

    async def _rewind(self, targets: Sequence[TopicPartition]) -> dict[TopicPartition, tuple[int, int, int]]:
        consumer = self._ensure_consumer()
        committed = await consumer._coordinator.fetch_committed_offsets(targets)  # noqa: SLF001 -- the public call asks for one at a time
        first, end = await consumer.beginning_offsets(targets), await consumer.end_offsets(targets)
        found = {}
        for target in targets:
            known = committed[target].offset if target in committed else -1
            start = known if first[target] <= known <= end[target] else first[target]
            consumer.seek(target, start)
            found[target] = (known, first[target], start)
        self._ahead.rewound({target: start for target, (_, _, start) in found.items()})
        return found

    async def ends(self, topic: str, partitions: Sequence[int]) -> dict[int, int]:
        """Where partitions end now."""
        found = await self._ensure_consumer().end_offsets([TopicPartition(topic, partition) for partition in partitions])
        return {target.partition: offset for target, offset in found.items()}

    async def commit_positions(self, offsets: Mapping[TopicPartition, int]) -> bool:
        """Commit. False where the group has moved on and the offsets are no longer ours to commit."""
        try:
            await self._ensure_consumer().commit({target: OffsetAndMetadata(offset, "") for target, offset in offsets.items()})
        except CommitFailedError:
            return False
        return True

    async def confirm(self) -> bool:
        """Ask the coordinator whether this worker is a member of the current generation."""
        coordinator = self._ensure_consumer()._coordinator  # noqa: SLF001 -- aiokafka offers no such question
        return coordinator.coordinator_id is not None and bool(await coordinator._do_heartbeat())  # noqa: SLF001 -- as above
