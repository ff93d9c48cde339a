"""Bringing local stores up to their changelog, and claiming the changelog for this worker, before any record is handed over."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.heart.catch_up import CatchUp
from streams.heart.clock import Clock
from streams.heart.errors import StoreFailedError
from streams.heart.frames import due_of, value_of
from streams.heart.happenings import Observer, Overtaken, Recovering
from streams.heart.ports import Change
from streams.heart.stores import Stores
from streams.heart.writers import ChangelogWriter

READ_RECORDS = 5000
TRUSTED_MILLISECONDS = 12 * 3600 * 1000  # half of the shortest time for which a deletion is kept in the changelog
CONFIRM_SECONDS = 0.5


class Restorer:
    """Reads with a consumer of its own, outside the group.

    A worker that was taken for dead may still write to the changelog. So this one reads to the end, asks the coordinator whether it still
    is a member (`confirm`), claims the next epoch by a record in the changelog itself, and reads on to its own claim: from there on nobody
    counts records of an older epoch. Who comes second to an epoch asks and claims again.
    """

    def __init__(  # noqa: PLR0913 -- one argument for each thing that is wired in
        self,
        *,
        connection: Mapping[str, Any],
        journal: ChangelogWriter,
        stores: Stores,
        confirm: Callable[[], Awaitable[bool]],
        clock: Clock,
        observe: Observer,
    ) -> None:
        self._connection = connection
        self._journal = journal
        self._stores = stores
        self._confirm = confirm
        self._clock = clock
        self._observe = observe

    async def restore(self, partitions: Sequence[int]) -> None:
        """Bring these partitions' open stores up to date and claim them.

        Raises:
            StoreFailedError: a store is ahead of its changelog.
            WriteFailedError: another worker wrote during the claim.
            KafkaError: brokers don't answer.
        """
        consumer = AIOKafkaConsumer(
            **self._connection,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=50,
            max_partition_fetch_bytes=2 << 20,
        )
        await consumer.start()
        try:
            consumer.assign([TopicPartition(self._journal.topic, partition) for partition in partitions])
            catching = await self._start(consumer, partitions)
            await self._read(consumer, catching)
            for partition in partitions:
                await self._claim(consumer, catching[partition])
        finally:
            await consumer.stop()

    async def _start(self, consumer: AIOKafkaConsumer, partitions: Sequence[int]) -> dict[int, CatchUp]:
        targets = [TopicPartition(self._journal.topic, partition) for partition in partitions]
        first = await consumer.beginning_offsets(targets)
        end = await consumer.end_offsets(targets)
        catching = {}
        for target in targets:
            self._trust(target.partition, end[target])
            place = self._stores[target.partition].place
            catching[target.partition] = CatchUp(target.partition, self._stores[target.partition], end[target], first[target])
            consumer.seek(target, max(place.offset + 1, first[target]))
        return catching

    def _trust(self, partition: int, end: int) -> None:
        place = self._stores[partition].place
        if place.offset >= end:
            raise StoreFailedError(
                f"the state of partition `{partition}` has read to `{place.offset}` of a changelog that ends at `{end}`; "
                f"`{self._journal.topic}` was made anew or lost records: restore it, or remove the state's folder if it is to be empty"
            )
        if place.offset >= 0 and self._clock.now() - place.at > TRUSTED_MILLISECONDS:
            self._stores.wipe(partition)

    async def _read(self, consumer: AIOKafkaConsumer, catching: Mapping[int, CatchUp]) -> None:
        """Read until every partition is where its end was."""
        told = self._clock.monotonic()
        while not await self._all_there(consumer, catching):
            for target, records in (await consumer.getmany(timeout_ms=200, max_records=READ_RECORDS)).items():
                catching[target.partition].apply(records)
            if self._clock.monotonic() - told > 1:
                told = self._clock.monotonic()
                self._progress(catching)
        self._progress(catching)

    async def _all_there(self, consumer: AIOKafkaConsumer, catching: Mapping[int, CatchUp]) -> bool:
        for partition, state in catching.items():
            state.position = await consumer.position(TopicPartition(self._journal.topic, partition))
        return all(state.there for state in catching.values())

    def _progress(self, catching: Mapping[int, CatchUp]) -> None:
        for state in catching.values():
            self._observe(Recovering(state.partition, state.applied, state.total))

    async def _claim(self, consumer: AIOKafkaConsumer, state: CatchUp) -> None:
        await self._journal.quiet(state.partition)
        while True:
            while not await self._confirm():  # noqa: ASYNC110 -- the coordinator has no event to wait for
                await asyncio.sleep(CONFIRM_SECONDS)  # a rebalance is coming, which cancels this
            owner, epoch = secrets.token_bytes(16), state.replay.epoch + 1
            offset = await self._journal.claim(state.partition, owner, epoch)
            if offset is not None:
                state.end = offset + 1
                await self._read_on(consumer, state)
                if state.replay.owned_by(owner, epoch):
                    break
        await self._repair(state)

    async def _read_on(self, consumer: AIOKafkaConsumer, state: CatchUp) -> None:
        target = TopicPartition(self._journal.topic, state.partition)
        while not state.there:
            for records in (await consumer.getmany(target, timeout_ms=200, max_records=READ_RECORDS)).values():
                state.apply(records)
            state.position = await consumer.position(target)

    async def _repair(self, state: CatchUp) -> None:
        """Write again what a late record would hide from compaction."""
        late = sorted(state.replay.late)
        if late:
            self._observe(Overtaken(state.partition, len(late)))
            changes = [_again(key, state.store.frame(key)) for key in late]
            state.end = (await self._journal.write(state.partition, [changes]) or state.end - 1) + 1
        state.finish()


def _again(key: bytes, frame: bytes | None) -> Change:
    return Change(key, None) if frame is None else Change(key, value_of(frame), due_of(frame))
