"""The heart: what was read goes to its lane, and what is done becomes a position to commit."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from streams.heart.buffer import Offer
from streams.heart.chunk import Chunk, Source
from streams.heart.errors import HeartError, OvertakenError, StandstillError, describe
from streams.heart.frames import ORDER_KEY
from streams.heart.handover import Handover
from streams.heart.happenings import Failed, PartitionsTaken
from streams.heart.lane import Lane
from streams.heart.order import Progress, noted, still_open
from streams.heart.pace import Pace
from streams.heart.sinks import Store
from streams.heart.strangers import Ends, find_stranger
from streams.heart.work import Parts

BRIEF_SECONDS = 0.002
BREATHS = 12
IDLE_SECONDS = 10.0  # a chunk that was handed over and is not taken for so long never will be


class Heart:
    """One per worker. Everything here runs on one loop; what the reading thread brings comes in through `offer`."""

    def __init__(self, parts: Parts, store_of: Callable[[int], Store], fail: Callable[[HeartError], None]) -> None:
        self.handover = Handover(parts.limits)
        self.failed: HeartError | None = None
        self.parts = parts
        self._store_of = store_of
        self._tell_failure = fail
        self._lanes: dict[int, Lane] = {}
        self._pace = Pace(parts.limits)
        self._stirred = asyncio.Event()
        self._calm = asyncio.Event()
        self._untaken: dict[Chunk, float] = {}
        self._progress = Progress()
        self.on_overtaken: Callable[[], None] = lambda: None

    def begin(self, positions: Mapping[Source, int]) -> int:
        """Partitions are ours, their state is complete, and reading was sought to these positions. Gives the epoch."""
        self.end()
        orders = {}
        for partition in {source.partition for source in positions}:
            store = self._store_of(partition)
            order = orders[partition] = still_open(noted(store.get(ORDER_KEY)), partition, positions)
            self._lanes[partition] = Lane(partition, store, self.parts, self._done, self.fail)
            self._lanes[partition].follow(order)
        self._stirred.set()
        return self.handover.begin(positions, orders)

    def offer(self, epoch: int, offers: Iterable[Offer]) -> None:
        """What was read in an epoch."""
        try:
            for offer in offers:
                self.handover.offer(epoch, offer)
        except RuntimeError as error:
            self.fail(HeartError(str(error)))
        self._stirred.set()

    def next(self) -> Chunk | None:
        """The next chunk to hand over, or None while there is none."""
        if self.failed or len(self._untaken) >= self.parts.limits.waiting:
            return None
        self._lapse_again()
        chunk = self.handover.next(self._pace.records())
        if chunk is not None:
            self._untaken[chunk] = self.parts.clock.monotonic()
        return chunk

    def _lapse_again(self) -> None:
        busy = {chunk.source.partition for chunk in self._untaken}
        while not self.failed and (found := self.handover.due_again(busy)) is not None:
            self._look(partial(self._lanes[found[0]].lapse_again, found[1]))

    async def stirred(self, seconds: float) -> None:
        """Wait until there may be something to hand over."""
        self._stirred.clear()
        try:
            await asyncio.wait_for(self._stirred.wait(), seconds)
        except TimeoutError:
            return

    async def take(self, chunk: Chunk) -> None:
        """A chunk came back as an event: judge it, and let the loop see to the brokers before the next.

        A request takes some ten rounds of the loop; with one chunk a round it would take as long as judging ten of them.
        """
        began = self.parts.clock.monotonic()
        self.judge(chunk)
        if self.parts.clock.monotonic() - began > BRIEF_SECONDS:
            for _ in range(BREATHS):
                await asyncio.sleep(0)

    def judge(self, chunk: Chunk) -> None:
        """Judge a chunk. One of an earlier epoch, or when failed, is dropped: it will be read again."""
        self._untaken.pop(chunk, None)
        self._stirred.set()
        lane = self._lanes.get(chunk.source.partition)
        if lane is None or self.failed or not self.handover.live(chunk) or not self.handover.open:
            return
        try:
            self._pace.took(len(chunk.records), lane.take(chunk))
        except HeartError as error:
            self.fail(error)
        except Exception as error:  # noqa: BLE001 -- Faust would acknowledge the chunk and go on
            self.fail(HeartError(f"a chunk of `{chunk.source.topic}` failed: {describe(error)}; it is a bug, report it with this line"))

    def lapse(self) -> None:
        """Look again at what has come due, in every partition. To be called a few times a second."""
        now = self.parts.clock.now() // 1000
        for partition, lane in self._lanes.items():
            if self.handover.open and not self.handover.ordered(partition):
                self._look(partial(lane.lapse, now))

    def _look(self, look: Callable[[], object]) -> None:
        try:
            look()
        except HeartError as error:
            self.fail(error)
        except Exception as error:  # noqa: BLE001 -- deadlines that are looked at no more would pass unseen
            self.fail(HeartError(f"what is due can't be looked at: {describe(error)}; see to the disk"))

    def check(self) -> None:
        """Fail where a chunk was handed over and has not come back: its partition would stand still for good."""
        now = self.parts.clock.monotonic()
        self._check_orders(now)
        lost = next((chunk for chunk, since in self._untaken.items() if now - since > IDLE_SECONDS), None)
        if lost is not None and self.handover.open:
            self.fail(
                StandstillError(
                    f"partition `{lost.source.partition}` of `{lost.source.topic}` stands still; restart the worker and report this"
                )
            )

    def _check_orders(self, now: float) -> None:
        for partition in self._progress.stuck({partition: self.handover.ordered(partition) for partition in self._lanes}, now):
            self.handover.forget_order(partition)
            self._lanes[partition].follow(())
            self._stirred.set()

    async def verify(self, ends: Ends) -> None:
        """Compare where changelogs end with what this worker wrote, for partitions that are idle: a write would notice by itself.

        A replaced worker's late record does not count, but compaction may keep it instead of a good one; so it must not lie there for long.
        """
        partition = await find_stranger(lambda: self._lanes, self.parts.journal, ends)
        if partition is not None:
            self.fail(OvertakenError(f"the changelog of partition `{partition}` has a record of another worker; the state is read again"))

    async def drain(self, seconds: float) -> None:
        """Hand over nothing more and wait, no longer than this, until what is in flight is done."""
        self.handover.pause()
        self._untaken.clear()
        self._calm.clear()
        if self._busy():
            try:
                await asyncio.wait_for(self._calm.wait(), seconds)
            except TimeoutError:
                return

    def end(self) -> None:
        """Partitions are taken away: drop what is in flight, never marking it done."""
        dropped = self.handover.in_flight()
        partitions = frozenset(self._lanes)
        self.handover.end()
        self._untaken.clear()
        for lane in self._lanes.values():
            lane.close()
        self._lanes = {}
        if partitions:
            self.parts.judge.forget(partitions)
            self.parts.observe(PartitionsTaken(partitions, dropped))

    def fail(self, error: HeartError) -> None:
        """The worker ends, with this reason; nothing more is handed over, judged or enqueued. Only when overtaken it recovers instead."""
        if isinstance(error, OvertakenError):
            self.end()
            self.on_overtaken()
        elif self.failed is None:
            self.failed = error
            self.handover.pause()
            for lane in self._lanes.values():
                lane.close()
            self._calm.set()
            self.parts.observe(Failed(str(error)))
            self._tell_failure(error)

    def _done(self, chunk: Chunk | None) -> None:
        if chunk is not None:
            self.handover.done(chunk)
        self._stirred.set()
        if not self.handover.open and not self._busy():
            self._calm.set()

    def _busy(self) -> bool:
        return self.failed is None and any(lane.busy for lane in self._lanes.values())
