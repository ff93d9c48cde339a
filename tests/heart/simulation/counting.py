"""The play whose outputs can be counted: the toy judge, which tells of every record and remembers how many it saw."""

import json
from collections import Counter, defaultdict

from streams.heart.frames import OURS, epoch_of, value_of
from streams.heart.ports import Judge
from streams.heart.replay import Replay
from tests.heart.simulation.broker import Broker, Kept
from tests.heart.simulation.play import PARTITIONS, BrokenPromiseError
from tests.heart.toy import CHANGELOG, SOURCES, Toy

KEYS = 5


class Counting:
    """Everything is told of, in order, and counted once, also when the changelog was compacted."""

    sources = SOURCES
    clocks_jump = True

    def __init__(self, broker: Broker) -> None:
        self._broker, self._rng = broker, broker.rng
        self._checked: dict[tuple[str, int], int] = defaultdict(int)
        self._told: set[str] = set()
        self._due_in = self._rng.choice((None, 1, 3))

    def judge(self) -> Judge:
        """It has no memory of its own."""
        return Toy(due_in=self._due_in)

    def publish(self) -> None:
        """A few keys of one partition."""
        topic, partition = self._rng.choice(SOURCES), self._rng.randrange(PARTITIONS)
        keys = [f"{partition}-{self._rng.randrange(KEYS)}".encode() for _ in range(self._rng.randrange(1, 6))]
        self._broker.append(topic, partition, [(key, b"x" * self._rng.choice((5, 400)), (), None) for key in keys])

    def check_commits(self) -> None:
        """No commit passes a record whose output is not in the log."""
        for source, offset in self._broker.committed.items():
            for number in range(self._checked[source], offset):
                self._read_told()
                if f"{source[0]}/{source[1]}/{number}" not in self._told:
                    raise BrokenPromiseError(f"`{source}` is committed to `{offset}`, but `{number}` has no output")
            self._checked[source] = max(self._checked[source], offset)

    def check_end(self) -> None:
        """Everything is told of, in order, counted once, and still so when the changelog was compacted."""
        self._read_told()
        places = [(topic, partition) for topic in SOURCES for partition in range(PARTITIONS)]
        wanted = {f"{topic}/{partition}/{kept.offset}" for topic, partition in places for kept in self._broker.logs[topic, partition]}
        if self._told != wanted:
            raise BrokenPromiseError(f"missing outputs: {sorted(wanted - self._told)}, alien ones: {sorted(self._told - wanted)}")
        for partition in range(PARTITIONS):
            self._check_contents(partition)
            self._check_order(partition)
            self._check_state(partition, self._broker.logs[CHANGELOG, partition])
            self._check_state(partition, self._broker.compacted(CHANGELOG, partition))

    def _read_told(self) -> None:
        self._told = {name for partition in range(PARTITIONS) for name, _ in self._lines(partition)}

    def _lines(self, partition: int) -> list[tuple[str, int]]:
        lines = [(kept.value or b"").decode().split() for kept in self._broker.logs["told", partition]]
        return [(name, int(count)) for name, count in lines]

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
        expected = Counter((kept.key or b"").decode() for topic in SOURCES for kept in self._broker.logs[topic, partition])
        if {key: count for key, count in found.items() if count} != expected:
            raise BrokenPromiseError(f"partition `{partition}` counts {found} instead of {dict(expected)}")
