"""One worker in the simulation: the real heart, with what Faust does around it reduced to its order of calls."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial

from streams.heart.buffer import Offer
from streams.heart.chunk import Source
from streams.heart.errors import HeartError
from streams.heart.happenings import Happening
from streams.heart.heart import Heart
from streams.heart.limits import Limits
from streams.heart.ports import SourceRecord
from streams.heart.read_ahead import ReadAhead
from streams.heart.restore import Restorer
from streams.heart.work import Parts
from streams.heart.writers import ChangelogWriter, OutputWriter
from tests.heart.simulation.broker import EPOCH, Broker, Link, reading
from tests.heart.simulation.disk import Disk
from tests.heart.simulation.play import Play
from tests.heart.toy import CHANGELOG

LIMITS = Limits(
    chunk_records=7, chunk_bytes=2000, buffer_records=20, buffer_bytes=5000, revoke_seconds=1.0, drain_seconds=2.0, produce_seconds=60.0
)


class VirtualClock:
    """Wall time may jump, as machines' clocks do; monotonic time may not."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.jumped = 0

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return EPOCH + int(self._loop.time() * 1000) + self.jumped

    def monotonic(self) -> float:
        """Virtual seconds."""
        return self._loop.time()


class Member:
    """`number` is new for every start: a group knows a restarted worker as another member."""

    def __init__(self, number: int, broker: Broker, disk: Disk, play: Play, loop: asyncio.AbstractEventLoop) -> None:
        self.number, self.disk = number, disk
        self.clock = VirtualClock(loop)
        self.failed: HeartError | None = None
        self.dead = False
        self.happenings: list[Happening] = []
        self._broker, self._loop = broker, loop
        self._links = [Link(broker, loop), Link(broker, loop)]
        journal = ChangelogWriter(self._links[1], CHANGELOG)
        self._sources = play.sources
        parts = Parts(play.judge(), OutputWriter(self._links[0], ""), journal, self.clock, LIMITS, self.happenings.append)
        self.heart = Heart(parts, disk.__getitem__, self._fail)
        self.heart.on_overtaken = self.recover
        self._restorer = Restorer(
            reading=partial(reading, broker, CHANGELOG),
            journal=journal,
            stores=disk,
            confirm=self._confirm,
            owner=lambda: broker.rng.randbytes(8),
            clock=self.clock,
            observe=self.happenings.append,
        )
        self._partitions: tuple[int, ...] = ()
        self._ahead = ReadAhead[Source]()
        self._turn = asyncio.Lock()
        self._recovery: asyncio.Task[None] | None = None
        self._tasks = [loop.create_task(work) for work in (self._hand_over(), self._read(), self._commit_often(), self._lapse())]

    async def assigned(self, partitions: Iterable[int]) -> None:
        """The group gives partitions."""
        self._partitions = tuple(sorted(partitions))
        self.recover()

    def recover(self) -> None:
        """Recover what the group gave."""
        self._halt()
        self._recovery = self._loop.create_task(self._recover())

    async def revoked(self, *, member: bool) -> None:
        """The group takes partitions away; `member`: it still knows this one."""
        self._halt()
        if member:
            await self.heart.drain(LIMITS.revoke_seconds)
            self._feed()
            await self._commit()
        self.heart.end()
        self._feed()
        self._partitions = ()

    def crash(self) -> None:
        """Everything in memory is gone at this very step; what is on the wire is not."""
        self.dead = True
        for link in self._links:
            link.cut = True
        self.heart.end()
        for task in (*self._tasks, *([self._recovery] if self._recovery else [])):
            task.cancel()

    def _halt(self) -> None:
        if self._recovery is not None:
            self._recovery.cancel()

    def _fail(self, error: HeartError) -> None:
        self.failed = error

    async def _confirm(self) -> bool:
        await asyncio.sleep(self._broker.delay())
        return self._owns(self._partitions)

    def _owns(self, partitions: Iterable[int]) -> bool:
        return all(self._broker.owners.get(partition) == self.number for partition in partitions)

    async def _recover(self) -> None:
        self.heart.end()
        try:
            await self._restorer.restore(self._partitions)
        except HeartError as error:
            self.heart.fail(error)
            return
        sources = [Source(topic, partition) for topic in self._sources for partition in self._partitions]
        positions = await self._rewind(sources)
        self.heart.begin(positions)
        self._feed()

    def _feed(self) -> None:
        handover = self.heart.handover
        self._ahead.feed(handover.epoch if handover.open else 0, handover.hungry())

    async def _rewind(self, sources: list[Source]) -> dict[Source, int]:
        async with self._turn:
            await asyncio.sleep(self._broker.delay())
            positions = {source: self._broker.committed.get(source, 0) for source in sources}
            self._at = dict(positions)
            self._ahead.rewound(positions)
        await asyncio.sleep(self._broker.delay())  # the way back to the worker's loop
        return positions

    async def _hand_over(self) -> None:
        while True:
            chunk = self.heart.next()
            if chunk is None:
                await self.heart.stirred(0.5)
            else:
                self._feed()
                await asyncio.sleep(self._broker.rng.choice((0, 0, 0.001)))
                await self.heart.take(chunk)

    async def _read(self) -> None:
        while True:
            await asyncio.sleep(self._broker.delay())
            async with self._turn:
                epoch, hungry = self._ahead.epoch, self._ahead.hungry
                await asyncio.sleep(self._broker.delay())
                offers = [offer for source in sorted(hungry) if (offer := self._fetched(source))]
            await asyncio.sleep(self._broker.delay())  # the way to the worker's loop
            if offers:
                self.heart.offer(epoch, offers)
                self._feed()

    def _fetched(self, source: Source) -> Offer | None:
        log, at = self._broker.logs[source], self._at[source]
        found = log[at : at + self._broker.rng.randrange(1, 15)]
        if not found:
            return None
        self._at[source] = at + len(found)
        records = [SourceRecord(*source, kept.offset, kept.timestamp, kept.key, kept.value, kept.headers) for kept in found]
        return Offer(source, self._ahead.took(source, self._at[source]), records, self._at[source])

    async def _commit_often(self) -> None:
        while True:
            await asyncio.sleep(self._broker.rng.uniform(0.05, 0.5))
            await self._commit()

    async def _commit(self) -> None:
        positions = self.heart.handover.positions()
        await asyncio.sleep(self._broker.delay())
        if self._owns({source.partition for source in positions}):
            self._broker.committed.update(positions)

    async def _lapse(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.heart.check()
            self.heart.lapse()
            await self.heart.verify(self._ends)

    async def _ends(self, partitions: Sequence[int]) -> dict[int, int]:
        await asyncio.sleep(self._broker.delay())
        return {partition: len(self._broker.logs[CHANGELOG, partition]) for partition in partitions}
