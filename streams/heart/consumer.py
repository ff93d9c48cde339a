"""Faust's consumer with its own hand-over: nothing before recovery is complete, and nothing is done but what the agent says."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import ConsumerStoppedError, IllegalStateError
from faust.transport.drivers.aiokafka import Consumer as FaustConsumer
from faust.types import TP, ConsumerMessage

from streams.heart.buffer import Offer
from streams.heart.chunk import Chunk, Source
from streams.heart.happenings import CommitRefused, Committed, PartitionsGiven, RecordsGone
from streams.heart.heart import Heart
from streams.heart.reader import Reader

WAIT_SECONDS = 0.5


class Consumer(FaustConsumer):  # type: ignore[misc]  # faust has no types that mypy is shown
    """One Faust message is one chunk. Membership, assignment and the connection are Faust's and aiokafka's."""

    _thread: Reader
    _settled: dict[Source, int]
    _committing: asyncio.Lock

    def _new_consumer_thread(self) -> Reader:
        return Reader(self, loop=self.loop, beacon=self.beacon)

    @property
    def heart(self) -> Heart:
        """The worker's heart."""
        heart: Heart = self.app.heart
        return heart

    def without_prefix(self, topic: str) -> str:
        """A topic's name as the heart knows it."""
        return topic.removeprefix(self.app.topic_prefix)

    def target(self, source: Source) -> TopicPartition:
        """A source as the broker knows it."""
        return TopicPartition(self.app.topic_prefix + source.topic, source.partition)

    def offered(self, epoch: int, offers: Iterable[Offer]) -> None:
        """What the reading thread found."""
        self.heart.offer(epoch, offers)
        self._feed()

    def _feed(self) -> None:
        handover = self.heart.handover
        hungry = handover.hungry() if handover.open else frozenset()
        self._thread.feed(handover.epoch if handover.open else 0, map(self.target, hungry))

    async def _drain_messages(self, fetcher: Any) -> None:
        """Faust's fetcher runs this for ever: one chunk after the other goes to its agent."""
        with contextlib.suppress(asyncio.CancelledError):  # it is cancelled to stop, and Faust would crash over that during a rebalance
            while not (self.should_stop or fetcher.should_stop):
                await self._hand_next()

    async def _hand_next(self) -> None:
        chunk = self.heart.next()
        if chunk is None:
            await self.heart.stirred(WAIT_SECONDS)
        else:
            self._feed()
            await self.callback(self._message(chunk))

    def _message(self, chunk: Chunk) -> ConsumerMessage:
        tp = TP(*self.target(chunk.source))
        return ConsumerMessage(
            tp.topic, tp.partition, chunk.begin, None, 0, (), None, chunk, None, tp=tp, generation_id=self.app.consumer_generation_id
        )

    def ack(self, _message: Any) -> bool:
        """Faust acknowledges what it skips and what raised: it means nothing here."""
        return False

    async def perform_seek(self) -> None:
        """Faust seeks at the end of recovery; `begin` does, when the hand-over opens."""

    async def begin(self, since: float) -> None:
        """Recovery is complete: seek to what is committed and open the hand-over."""
        partitions = self.app.assigned_partitions()
        sources = [Source(topic, partition) for topic in self.app.source_topics for partition in sorted(partitions)]
        found = await self._thread.call(self._thread.rewind([self.target(source) for source in sources]))
        positions = {}
        self._settled = {}
        for source in sources:
            known, first, positions[source] = found[self.target(source)]
            self._settled[source] = known
            if 0 <= known < first:
                self.heart.parts.observe(RecordsGone(source, known, first))
        self.heart.begin(positions)
        self._feed()
        self.heart.parts.observe(PartitionsGiven(frozenset(partitions), self.heart.parts.clock.monotonic() - since))

    async def changelog_ends(self, partitions: Sequence[int]) -> Mapping[int, int]:
        """Where the changelog ends now."""
        return await self._thread.call(self._thread.ends(self.app.changelog, partitions))

    async def confirm(self) -> bool:
        """Ask the group's coordinator whether this worker still is a member."""
        return await self._thread.call(self._thread.confirm())

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish what is in flight, within bounds, commit it, drop the rest; all of it, if the group has gone on without this worker."""
        await self.app.tables.recovery.halt()
        if self._thread.member:
            await self.heart.drain(self.heart.parts.limits.revoke_seconds)
            self._feed()
            await self.commit()
        self.heart.end()
        self._feed()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Leave the changelog's partitions to recovery's own consumer."""
        changelog = [TopicPartition(tp.topic, tp.partition) for tp in assigned if self._is_changelog_tp(tp)]
        await self._thread.call(self._thread.quieten(changelog))
        await super().on_partitions_assigned(assigned, generation_id)

    async def wait_empty(self) -> None:
        """Called when the worker stops, before stores are closed: finish what is in flight and commit it."""
        if not self.app.assembled:
            return
        if self.heart.handover.open:
            await self.heart.drain(self.heart.parts.limits.revoke_seconds)
            self._feed()
        await self.commit()

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:  # noqa: ARG002, FBT001, FBT002 -- faust's signature
        """Commit how far the unbroken run of done goes. One at a time."""
        async with self._committing:
            ready = {source: offset for source, offset in self.heart.handover.positions().items() if offset != self._settled.get(source)}
            return bool(ready) and await self._commit_ready(ready)

    async def _commit_ready(self, ready: Mapping[Source, int]) -> bool:
        epoch = self.heart.handover.epoch
        offsets = {self.target(source): offset for source, offset in ready.items()}
        try:
            committed = bool(await self._thread.call(self._thread.commit_positions(offsets)))
        except (IllegalStateError, ConsumerStoppedError):  # no longer assigned, or gone
            committed = False
        if committed and epoch == self.heart.handover.epoch:
            self._settled.update(ready)
        self.heart.parts.observe(Committed(dict(ready)) if committed else CommitRefused(dict(ready)))
        return committed

    def __post_init__(self) -> None:
        """Set up what `commit` needs."""
        self._settled = {}
        self._committing = asyncio.Lock()

    def close(self) -> None:
        """Faust closes the connection here, from the wrong loop, when a rebalance meets a stop; `stop` does it in order."""

    async def verify_all_partitions_active(self) -> None:
        """Faust's look-out for a stream that stands still counts acks; the heart has its own."""
