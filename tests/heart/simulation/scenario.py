"""One seed: records are published while workers crash, move, are taken for dead and come back; then everything has to add up."""

import asyncio
import contextlib
import json
import random
from collections import Counter, defaultdict

from streams.heart.chunk import Source
from streams.heart.frames import OURS, epoch_of, value_of
from streams.heart.replay import Replay
from tests.heart.simulation.broker import Broker, Kept
from tests.heart.simulation.disk import Disk
from tests.heart.simulation.loop import Loop, StuckError
from tests.heart.simulation.member import Member
from tests.heart.toy import CHANGELOG, SOURCES, Toy

PARTITIONS = 2
KEYS = 5
SETTLE_SECONDS = 120.0
TROUBLE_SECONDS = 8.0


class BrokenPromiseError(AssertionError):
    """What the heart promises did not hold."""


class Scenario:
    """`run` plays it and raises where a promise broke. The same seed plays the same, step for step."""

    def __init__(self, seed: int, toy: type[Toy] = Toy) -> None:
        self.rng = random.Random(seed)  # noqa: S311 -- a simulation
        self.loop = Loop()
        self.broker = Broker(self.rng)
        self._checked: dict[tuple[str, int], int] = defaultdict(int)
        self._told: set[str] = set()
        self._toy = toy(due_in=self.rng.choice((None, 1, 3)))
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
        self.check_end()

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
        self._check_commits()

    async def _play(self) -> None:
        self._members = [self._start(Disk()) for _ in range(self.rng.choice((1, 1, 2)))]
        await self._rebalance(lost=())
        publisher = self.loop.create_task(self._publish())
        until = self.loop.time() + TROUBLE_SECONDS
        while self.loop.time() < until:
            await asyncio.sleep(self.rng.uniform(0.01, 1.5))
            await self.rng.choice((self._crash, self._crash, self._move, self._zombie, self._join_or_leave, self._clock_jumps))()
        await publisher
        await self._mend()
        await self._settle()

    async def _publish(self) -> None:
        for _ in range(self.rng.randrange(20, 60)):
            await asyncio.sleep(self.rng.uniform(0, TROUBLE_SECONDS / 30))
            topic, partition = self.rng.choice(SOURCES), self.rng.randrange(PARTITIONS)
            keys = [f"{partition}-{self.rng.randrange(KEYS)}".encode() for _ in range(self.rng.randrange(1, 6))]
            self.broker.append(topic, partition, [(key, b"x" * self.rng.choice((5, 400)), (), None) for key in keys])

    def _start(self, disk: Disk) -> Member:
        self._number += 1
        return Member(self._number, self.broker, disk, self._toy, self.loop)

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
        return {Source(topic, partition): self.broker.logs[topic, partition] for topic in SOURCES for partition in range(PARTITIONS)}

    def _check_commits(self) -> None:
        """No commit passes a record whose output is not in the log."""
        for source, offset in self.broker.committed.items():
            for number in range(self._checked[source], offset):
                self._read_told()
                if f"{source[0]}/{source[1]}/{number}" not in self._told:
                    raise BrokenPromiseError(f"`{source}` is committed to `{offset}`, but `{number}` has no output")
            self._checked[source] = max(self._checked[source], offset)

    def _read_told(self) -> None:
        self._told = {name for partition in range(PARTITIONS) for name, _ in self._lines(partition)}

    def _lines(self, partition: int) -> list[tuple[str, int]]:
        lines = [(kept.value or b"").decode().split() for kept in self.broker.logs["told", partition]]
        return [(name, int(count)) for name, count in lines]

    def check_end(self) -> None:
        """Everything is committed, told of, in order, counted once, and still so when the changelog was compacted."""
        for source, log in self._sources().items():
            if self.broker.committed.get(source, 0) != len(log):
                raise BrokenPromiseError(f"`{source}` stands still at `{self.broker.committed.get(source)}` of `{len(log)}`")
        self._read_told()
        wanted = {f"{topic}/{partition}/{kept.offset}" for (topic, partition), log in self._sources().items() for kept in log}
        if self._told != wanted:
            raise BrokenPromiseError(f"missing outputs: {sorted(wanted - self._told)}, alien ones: {sorted(self._told - wanted)}")
        for partition in range(PARTITIONS):
            self._check_contents(partition)
            self._check_order(partition)
            self._check_state(partition, self.broker.logs[CHANGELOG, partition])
            self._check_state(partition, self.broker.compacted(CHANGELOG, partition))

    def _check_contents(self, partition: int) -> None:
        """What was told of twice says the same: it was judged again on what it was judged on before."""
        said: dict[str, int] = {}
        for name, number in self._lines(partition):
            if said.setdefault(name, number) != number:
                raise BrokenPromiseError(f"`{name}` was told of as `{said[name]}` and as `{number}`")

    def _check_order(self, partition: int) -> None:
        """Of one topic and partition nothing overtakes: first times are in order."""
        first: dict[str, int] = {}
        for name, _ in self._lines(partition):
            topic, _, offset = name.split("/")
            if int(offset) > first.get(topic, -1) + 1:
                raise BrokenPromiseError(f"`{name}` was told of before `{first.get(topic, -1) + 1}`")
            first[topic] = max(first.get(topic, -1), int(offset))

    def _check_state(self, partition: int, log: list[Kept]) -> None:
        replay, found = Replay(), dict[str, int]()
        for kept in log:
            if replay.counts(kept.key or b"", kept.value, epoch_of(kept.headers)) and not (kept.key or b"").startswith(OURS):
                found[(kept.key or b"").decode()] = json.loads(value_of(kept.value))["n"] if kept.value else 0
        expected = Counter((kept.key or b"").decode() for topic in SOURCES for kept in self.broker.logs[topic, partition])
        if {key: count for key, count in found.items() if count} != expected:
            raise BrokenPromiseError(f"partition `{partition}` counts {found} instead of {dict(expected)}")
