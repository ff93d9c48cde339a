import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from policy.state.cases import Line
from policy.steps import responses
from policy.steps.work import Work
from policy.telling import telling
from policy.telling.raising import Raising
from schemas.events import Response
from streams.heart.handover import Handover
from streams.heart.lane import Lane
from streams.heart.replay import Replay
from streams.heart.run import Run
from streams.heart.writers import OutputWriter
from streams.judging.memory import Chunk
from tests.heart.simulation.broker import Broker
from tests.heart.simulation.counting import Counting
from tests.heart.simulation.judged import Judged
from tests.heart.simulation.play import BrokenPromiseError, Play
from tests.heart.simulation.scenario import Scenario

SEEDS = int(os.environ.get("VIGIL_SEEDS", "200"))
FIRST = int(os.environ.get("VIGIL_FIRST_SEED", "0"))
BLOCK = 50


@pytest.mark.parametrize("block", range(FIRST, FIRST + SEEDS, BLOCK))
def test_nothing_is_lost_whatever_the_seed(block: int) -> None:
    """Every record is told of and counted once, no commit passes one that is not, nothing stands still, whenever workers crash."""
    play(Counting, range(block, min(block + BLOCK, FIRST + SEEDS)))


@pytest.mark.parametrize("block", range(FIRST, FIRST + SEEDS, BLOCK))
def test_the_policy_is_carried_out_whatever_the_seed(block: int) -> None:
    """With the worker's own judge: a decision or one dead letter, the alert, its escalations unless it is answered, nothing new again.

    One seed in four, since they take four times as long.
    """
    play(Judged, range(block, min(block + BLOCK, FIRST + SEEDS), 4))


def play(kind: Callable[[Broker], Play], seeds: Iterable[int]) -> None:
    """Play seeds, and say which one failed."""
    for seed in seeds:
        try:
            Scenario(seed, kind).run()
        except BaseException as error:
            error.add_note(f"again: VIGIL_FIRST_SEED={seed} VIGIL_SEEDS=1 pytest tests/heart/simulation")
            raise


def not_waiting(self: OutputWriter, outputs: Any, _write: Callable[..., Any] = OutputWriter.write) -> Any:
    """A writer that tells of success before brokers do."""
    _write(self, outputs)
    done = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done


def read_is_done(self: Run, chunk: Any, _hand: Callable[..., Any] = Run.hand) -> None:
    """A run that counts what was handed over as done."""
    _hand(self, chunk)
    self.position = chunk.end


async def changelog_first(self: Lane) -> None:
    """A lane that remembers before it has told."""
    work = await self._telling.get()
    work.kept = self._parts.journal.write(self.partition, work.frames) if work.frames else None
    if work.told is not None:
        await self._asking.acknowledged(work.told, "outputs")
    self._keeping.put_nowait(work)


def believing(self: Replay, key: bytes, value: bytes | None, epoch: int, _counts: Callable[..., bool] = Replay.counts) -> bool:
    """A replay to which every record counts."""
    counts = _counts(self, key, value, epoch)
    self.late.clear()
    return counts or epoch < self.epoch


async def not_noting(self: Lane) -> None:
    """A lane that tells before brokers have the order."""
    work = await self._noting.get()
    work.told = self._parts.sink.write(work.outputs) if work.outputs else None
    self._telling.put_nowait(work)


def forgetting_the_rest(self: Lane, _order: Any) -> None:
    """A lane that notes only what it has judged itself, so that a second crash finds nothing of what was under way at the first."""
    self._before = deque(maxlen=0)


def following_nothing(self: Handover, positions: Any, _orders: Any = None, _begin: Callable[..., int] = Handover.begin) -> int:
    """A hand-over by turns, whatever was judged before a crash."""
    return _begin(self, positions)


@pytest.mark.parametrize(
    ("where", "name", "mistake"),
    [
        (OutputWriter, "write", not_waiting),
        (Run, "hand", read_is_done),
        (Lane, "_tell", changelog_first),
        (Replay, "counts", believing),
        (Lane, "_note", not_noting),
        (Lane, "follow", forgetting_the_rest),
        (Handover, "begin", following_nothing),
    ],
)
def test_the_simulation_finds_a_mistake(where: type, name: str, mistake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes taken for acknowledged, reads for done, remembering before telling, believing a replaced worker, another order: all found."""
    monkeypatch.setattr(where, name, mistake)
    with pytest.raises(BrokenPromiseError):
        play(Counting, range(300))


def forgetful(self: Chunk, owner: str, changes: Any, _remember: Callable[..., None] = Chunk.remember) -> None:
    """Working memory that loses which events were seen."""
    _remember(self, owner, {name: part for name, part in changes.items() if not name.startswith("id/")})


def unanswered(work: Work, record: Response, digest: bytes) -> None:
    """Responses that answer nothing."""


def silent(_: Work, __: Raising, line: Line) -> Line:
    """Outputs of cases that are counted and not written."""
    return replace(line, sequence=line.sequence + 1)


@pytest.mark.parametrize(
    ("where", "name", "mistake"),
    [(Chunk, "remember", forgetful), (responses, "take_in", unanswered), (telling, "raise_output", silent)],
)
def test_the_simulation_finds_a_mistake_of_the_judge(where: Any, name: str, mistake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events that are forgotten, answers that are not heard, alerts that are not written: seeds find each."""
    monkeypatch.setattr(where, name, mistake)
    with pytest.raises(BrokenPromiseError):
        play(Judged, range(60))
