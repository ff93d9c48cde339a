"""The play itself: publishes each record at its moment, enters what comes out, answers it, and ends once every record is accounted for."""

import heapq
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from streams.demo.ledger import Ledger
from streams.demo.show import Moment, Show
from streams.demo.summary import Summary, summarise
from streams.demo.world import World
from streams.sample.answers import answers
from streams.sample.dice import Dice
from streams.sample.line import Line

PATIENCE = 12_000
"""Milliseconds that the last records may take once all is published."""
ANSWER_AFTER = timedelta(seconds=2)
TICK, LOOK, RATE = 200, 1000, 3000
"""Milliseconds between two pictures, between two looks at the lag, and that a rate is taken over."""
WAIT = 0.05


@dataclass(frozen=True)
class Cast:
    """What is played: the records in order, for how many people."""

    lines: Sequence[Line]
    people: int
    seed: int


class Play:
    """One run. `clock` gives milliseconds since the epoch."""

    def __init__(self, world: World, cast: Cast, show: Show, clock: Callable[[], int]) -> None:
        self._world, self._cast, self._show, self._clock = world, cast, show, clock
        self.ledger = Ledger()
        self._dice = Dice(cast.seed, "traces")
        self._waiting = [(self._millis(line), number, line) for number, line in enumerate(cast.lines)]
        heapq.heapify(self._waiting)
        self._count = len(self._waiting)
        self._answered = 0
        self._recent: deque[tuple[int, str]] = deque()
        self._behind: Mapping[str, int] = {}
        self._looked = self._ticked = 0

    def run(self) -> Summary:
        """Play to the end. Raises VigilError where the worker ends early."""
        began = last = self._clock()
        while not self._settled() and self._clock() - last < PATIENCE:
            now = self._clock()
            last = now if self._publish(now) else last
            self._watch()
            self._look(now)
            self._tick(now, began)
        return summarise(self.ledger, self._behind, began, self._clock())

    @staticmethod
    def _millis(line: Line) -> int:
        return int(line.at.timestamp() * 1000)

    def _publish(self, now: int) -> bool:
        """Publish what is due; True while there is more to come."""
        while self._waiting and self._waiting[0][0] <= now:
            line = heapq.heappop(self._waiting)[2]
            trace = f"00-{self._dice.token(32)}-{self._dice.token(16)}-01"
            self.ledger.publish(trace, line, self._clock())
            self._world.publish(line, trace)
            self._recent.append((now, line.topic))
        return bool(self._waiting)

    def _watch(self) -> None:
        for trace, place in self._world.placed():
            self.ledger.place(trace, place)
        for seen in self._world.seen(WAIT):
            if self.ledger.see(seen):
                self._show.came(seen)
                self._answer(seen.topic, seen.value)
        self._world.check()

    def _answer(self, topic: str, told: Mapping[str, object] | None) -> None:
        """Put a responder's answers in the queue, a little later than what they answer."""
        if told is None:
            return
        said = answers(topic, told, self._answered, datetime.fromtimestamp(self._clock() / 1000, UTC) + ANSWER_AFTER)
        self._answered += bool(said)
        for line in said:
            self._count += 1
            heapq.heappush(self._waiting, (self._millis(line), self._count, line))

    def _look(self, now: int) -> None:
        if now - self._looked >= LOOK:
            self._behind, self._looked = self._world.behind(), now

    def _tick(self, now: int, began: int) -> None:
        if now - self._ticked >= TICK:
            self._ticked = now
            done = len(self.ledger.sent) / max(1, len(self.ledger.sent) + len(self._waiting))
            self._show.tick(Moment((now - began) / 1000, done, self._cast.people, self.ledger, self._rates(now), self._behind))

    def _rates(self, now: int) -> dict[str, float]:
        while self._recent and self._recent[0][0] < now - RATE:
            self._recent.popleft()
        return {topic: count * 1000 / RATE for topic, count in Counter(topic for _, topic in self._recent).items()}

    def _settled(self) -> bool:
        """All published, all accounted for, and nothing left uncommitted at the latest look."""
        if self._waiting or not self.ledger.sent or next(self.ledger.unaccounted(), None) is not None:
            return False
        self._behind, self._looked = self._world.behind(), self._clock()
        return bool(self._behind) and not any(self._behind.values())
