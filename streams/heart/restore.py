"""Bringing local stores up to their changelog, and claiming the changelog for this worker, before any record is handed over."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from streams.heart.catch_up import CatchUp
from streams.heart.changelog import Reader
from streams.heart.clock import Clock
from streams.heart.errors import StoreFailedError
from streams.heart.happenings import Observer, Overtaken, Recovering
from streams.heart.sinks import LocalStores
from streams.heart.writers import ChangelogWriter

TRUSTED_MILLISECONDS = 12 * 3600 * 1000  # half of the shortest time for which a deletion is kept in the changelog
CONFIRM_SECONDS = 0.5
TELL_SECONDS = 1.0


class Restorer:
    """Reads with a consumer of its own, outside the group.

    A worker that was taken for dead may still write to the changelog. So this one reads to the end, asks the coordinator whether it still
    is a member (`confirm`), claims the next epoch by a record in the changelog itself, and reads on to its own claim: from there on nobody
    counts records of an older epoch. Who comes second to an epoch asks and claims again.
    """

    def __init__(
        self,
        *,
        reading: Callable[[Sequence[int]], AbstractAsyncContextManager[Reader]],
        journal: ChangelogWriter,
        stores: LocalStores,
        confirm: Callable[[], Awaitable[bool]],
        owner: Callable[[], bytes],
        clock: Clock,
        observe: Observer,
    ) -> None:
        self._reading = reading
        self._journal = journal
        self._stores = stores
        self._confirm = confirm
        self._owner = owner
        self._clock = clock
        self._observe = observe

    async def restore(self, partitions: Sequence[int]) -> None:
        """Bring these partitions' open stores up to date and claim them.

        Raises:
            StoreFailedError: a store is ahead of its changelog.
            OvertakenError: another worker wrote during the repair.
            KafkaError: brokers don't answer.
        """
        async with self._reading(partitions) as reader:
            catching = await self._start(reader)
            await self._read(reader, catching)
            for state in catching.values():
                await self._claim(reader, catching, state)

    async def follow(self, partitions: Sequence[int]) -> None:
        """Keep open stores close to changelogs that another worker writes, claiming nothing, until cancelled.

        Raises:
            StoreFailedError: a store is ahead of its changelog.
            KafkaError: brokers don't answer.
        """
        async with self._reading(partitions) as reader:
            following = await self._start(reader)
            while True:
                for partition, (records, position) in (await reader.read()).items():
                    following[partition].apply(records, position)

    async def _start(self, reader: Reader) -> dict[int, CatchUp]:
        catching = {}
        for partition, (first, end) in (await reader.bounds()).items():
            self._trust(partition, end)
            state = catching[partition] = CatchUp(partition, self._stores[partition], first, end)
            await reader.seek(partition, state.position)
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

    async def _read(self, reader: Reader, catching: Mapping[int, CatchUp]) -> None:
        """Read until every partition is where its end is."""
        told = self._clock.monotonic()
        while not all(state.there for state in catching.values()):
            for partition, (records, position) in (await reader.read()).items():
                catching[partition].apply(records, position)
            if self._clock.monotonic() - told > TELL_SECONDS:
                told = self._clock.monotonic()
                self._tell(catching)
        self._tell(catching)

    def _tell(self, catching: Mapping[int, CatchUp]) -> None:
        for state in catching.values():
            self._observe(Recovering(state.partition, state.applied, state.total))

    async def _claim(self, reader: Reader, catching: Mapping[int, CatchUp], state: CatchUp) -> None:
        await self._journal.quiet(state.partition)
        while True:
            while not await self._confirm():  # noqa: ASYNC110 -- the coordinator has no event to wait for
                await asyncio.sleep(CONFIRM_SECONDS)  # a rebalance is coming, which cancels this
            owner, epoch = self._owner(), state.replay.epoch + 1
            offset = await self._journal.claim(state.partition, owner, epoch)
            if offset is None:
                continue
            state.end = offset + 1
            await self._read(reader, catching)
            if state.replay.owned_by(owner, epoch):
                return await self._repair(state)

    async def _repair(self, state: CatchUp) -> None:
        """Write again what a late record would hide from compaction."""
        late = sorted(state.replay.late)
        if late:
            self._observe(Overtaken(state.partition, len(late)))
            again = [(key, state.store.frame(key)) for key in late]
            state.end = await self._journal.write(state.partition, [again]) + 1
        state.finish()
