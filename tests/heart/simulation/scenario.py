"""One seed: records are published while workers crash, move, are taken for dead and come back; then everything has to add up."""

import asyncio
import contextlib
import random
from collections.abc import Callable

from streams.heart.chunk import Source
from tests.heart.simulation.broker import Broker, Kept
from tests.heart.simulation.disk import Disk
from tests.heart.simulation.loop import Loop, StuckError
from tests.heart.simulation.member import Member
from tests.heart.simulation.play import PARTITIONS, BrokenPromiseError, Play

SETTLE_SECONDS = 120.0
TROUBLE_SECONDS = 8.0


class Scenario:
    """`run` plays it and raises where a promise broke. The same seed plays the same, step for step."""

    def __init__(self, seed: int, play: Callable[[Broker], Play]) -> None:
        self.rng = random.Random(seed)  # noqa: S311 -- a simulation
        self.loop = Loop()
        self.broker = Broker(self.rng, self.loop.time)
        self._played = play(self.broker)
        self._members: list[Member] = []
        self._number = 0
        self._crash_at = 0

    def run(self) -> None:
        """Play it."""
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(lambda *_: None)  # what a crash leaves behind is not news
        self.loop.on_step = self._step
        try:
            self.loop.run_until_complete(self._play())
        except StuckError:
            raise BrokenPromiseError("nothing is left that could happen, and not everything is done") from None
        finally:
            self._end()
        self._check_all_committed()
        self._played.check_end()

    def _end(self) -> None:
        self.loop.on_step = lambda: None
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        with contextlib.suppress(StuckError, Exception):
            self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
        asyncio.set_event_loop(None)

    def _step(self) -> None:
        """Before every round of callbacks: a planned crash, and the rule of commits."""
        if self._crash_at and self.loop.steps >= self._crash_at:
            self._crash_at = 0
            self.rng.choice(self._members).crash()
        self._played.check_commits()

    async def _play(self) -> None:
        self._members = [self._start(Disk()) for _ in range(self.rng.choice((1, 1, 2)))]
        await self._rebalance(lost=())
        publisher = self.loop.create_task(self._publish())
        until = self.loop.time() + TROUBLE_SECONDS
        trouble = [self._crash, self._crash, self._move, self._zombie, self._join_or_leave, *[self._clock_jumps] * self._played.clocks_jump]
        while self.loop.time() < until:
            await asyncio.sleep(self.rng.uniform(0.01, 1.5))
            await self.rng.choice(trouble)()
        await publisher
        await self._mend()
        await self._settle()

    async def _publish(self) -> None:
        for _ in range(self.rng.randrange(20, 60)):
            await asyncio.sleep(self.rng.uniform(0, TROUBLE_SECONDS / 30))
            self._played.publish()

    def _start(self, disk: Disk) -> Member:
        self._number += 1
        return Member(self._number, self.broker, disk, self._played, self.loop)

    async def _crash(self) -> None:
        """A worker dies, at some step from now; its place is taken by a new one on the same disk."""
        self._crash_at = self.loop.steps + self.rng.randrange(1, 60)
        while self._crash_at:  # noqa: ASYNC110 -- virtual time
            await asyncio.sleep(0.001)
        await self._replace()

    async def _replace(self) -> None:
        dead = [member for member in self._members if member.dead]
        self._members = [member for member in self._members if not member.dead] + [self._start(member.disk) for member in dead]
        await self._rebalance(lost=())

    async def _move(self) -> None:
        """A worker is replaced on another machine: an empty disk, or an old copy of its own."""
        member = self.rng.choice(self._members)
        snapshot = member.disk.copy()
        await asyncio.sleep(self.rng.uniform(0, 1))
        member.crash()
        member.disk = self.rng.choice((Disk(), snapshot))
        await self._replace()

    async def _zombie(self) -> None:
        """The group takes a worker for dead that is not: another takes over while it goes on for a while."""
        zombie = self.rng.choice(self._members)
        self._members.remove(zombie)
        self._members.append(self._start(zombie.disk.copy()))
        await self._rebalance(lost=())
        await asyncio.sleep(self.rng.uniform(0, 2))
        await zombie.revoked(member=False)
        zombie.crash()

    async def _join_or_leave(self) -> None:
        if len(self._members) == 1:
            self._members.append(self._start(Disk()))
            await self._rebalance(lost=())
            return
        leaving = self._members.pop(self.rng.randrange(len(self._members)))
        await self._rebalance(lost=(leaving,))
        leaving.crash()

    async def _clock_jumps(self) -> None:
        for member in self._members:
            member.clock.jumped += self.rng.randrange(-5000, 5000)

    async def _rebalance(self, lost: tuple[Member, ...]) -> None:
        """All partitions are taken and given anew, as Faust's assignor does."""
        for member in (*self._members, *lost):
            await member.revoked(member=True)
        shuffled = self.rng.sample(range(PARTITIONS), PARTITIONS)
        shares = {member.number: shuffled[index :: len(self._members)] for index, member in enumerate(self._members)}
        self.broker.owners = {partition: number for number, partitions in shares.items() for partition in partitions}
        for member in self._members:
            await member.assigned(shares[member.number])

    async def _mend(self) -> None:
        """No more trouble: what failed is started again once."""
        for member in self._members:
            if member.failed:
                member.crash()
        await self._replace()

    async def _settle(self) -> None:
        until = self.loop.time() + SETTLE_SECONDS
        while self.loop.time() < until and not self._all_committed():  # noqa: ASYNC110 -- virtual time
            await asyncio.sleep(0.2)
        await asyncio.sleep(30)  # what comes due, and what a dead worker had sent
        for member in self._members:
            if member.failed:
                raise BrokenPromiseError(f"a worker without trouble failed: {member.failed}")

    def _all_committed(self) -> bool:
        return all(self.broker.committed.get(source, 0) == len(log) for source, log in self._sources().items())

    def _sources(self) -> dict[Source, list[Kept]]:
        places = [Source(topic, partition) for topic in self._played.sources for partition in range(PARTITIONS)]
        return {place: self.broker.logs[place] for place in places}

    def _check_all_committed(self) -> None:
        for source, log in self._sources().items():
            if self.broker.committed.get(source, 0) != len(log):
                raise BrokenPromiseError(f"`{source}` stands still at `{self.broker.committed.get(source)}` of `{len(log)}`")
