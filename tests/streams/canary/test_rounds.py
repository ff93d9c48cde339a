import json
from collections.abc import Iterable
from itertools import islice, pairwise

from streams import clock
from streams.assessing.assess import MemoryState
from streams.canary.flights import Landed
from streams.canary.rounds import Rounds
from streams.canary.sent import Answer, read
from streams.heart.ports import SourceRecord
from streams.judging.build import build_judge
from streams.judging.canary import TOPIC
from streams.settings import Settings

SETTINGS = Settings(partitions=3, canary_seconds=10, canary_lost_after=30, merger_at="2026-03-01T00:00:00Z")  # type: ignore[arg-type]


class Pipeline:
    """Both ends, and a real judge between them; its partitions that are `deaf` say nothing. Time passes by waiting."""

    def __init__(self, deaf: Iterable[int] = ()) -> None:
        self.judge = build_judge(SETTINGS)
        self.deaf = set(deaf)
        self.now = 0.0
        self.sent: list[tuple[float, int, str]] = []
        self._waiting: list[Answer] = []

    def send(self, partition: int, name: str, value: bytes) -> None:
        """Judge it at once."""
        self.sent.append((self.now, partition, json.loads(value)["event_id"]))
        record = SourceRecord(TOPIC, partition, len(self.sent), clock.milliseconds(), name.encode(), value)
        outputs = self.judge.judge(partition, [record], MemoryState(), clock.milliseconds()).outputs
        if partition not in self.deaf:
            self._waiting += [read(output.key, output.partition, output.value, dict(output.headers)) for output in outputs]

    def answers(self, seconds: float) -> list[Answer]:
        """Wait, and give what has come."""
        self.now += seconds
        came, self._waiting = self._waiting, []
        return came


def test_a_round_asks_every_partition_once() -> None:
    """And is right where the rules of the settings find the emergency in the words."""
    pipeline = Pipeline()
    landed = Rounds(SETTINGS, pipeline, lambda: pipeline.now).once()
    assert [(one.partition, one.outcome) for one in landed] == [(0, "right"), (1, "right"), (2, "right")]
    assert [partition for _, partition, _ in pipeline.sent] == [0, 1, 2]


def test_a_round_ends_when_the_last_one_is_lost() -> None:
    """Each partition is told of, the deaf one as lost after its bound."""
    pipeline = Pipeline(deaf=[1])
    landed = Rounds(SETTINGS, pipeline, lambda: pipeline.now).once()
    assert [one.outcome for one in landed] == ["right", "lost", "right"]
    assert 30 <= pipeline.now < 31


def test_rounds_go_on_whatever_is_lost() -> None:
    """Every ten seconds, each canary with a name of its own; each is told of when it leaves and when it lands."""
    pipeline, left, landed = Pipeline(deaf=[2]), list[int](), list[Landed]()
    rounds = Rounds(SETTINGS, pipeline, lambda: pipeline.now).forever(left.append, landed.append)
    for _ in islice(rounds, 5 * 60):
        pass
    moments = sorted({moment for moment, _, _ in pipeline.sent})
    assert all(9.7 < later - earlier < 10.3 for earlier, later in pairwise(moments))
    assert left == [0, 1, 2] * len(moments)
    assert len({name for _, _, name in pipeline.sent}) == len(pipeline.sent)
    assert {(one.partition, one.outcome) for one in landed} == {(0, "right"), (1, "right"), (2, "lost")}


def test_after_a_pause_rounds_are_not_caught_up_with() -> None:
    """A process that was stopped for an hour sends one round and not 360."""
    pipeline, left = Pipeline(), list[int]()
    rounds = Rounds(SETTINGS, pipeline, lambda: pipeline.now).forever(left.append, lambda _: None)
    next(rounds)
    pipeline.now += 3600
    for _ in islice(rounds, 10):
        pass
    assert left == [0, 1, 2] * 2
